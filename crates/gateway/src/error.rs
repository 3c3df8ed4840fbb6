//! What can keep a gateway from starting, each in one clear sentence.

use std::{fmt, io, net::SocketAddr, path::PathBuf};

/// A gateway that cannot start as it was told to.
#[derive(Debug)]
pub enum ConfigError {
    /// The address is taken or not ours.
    Listen(SocketAddr, io::Error),
    /// The app's folder is missing or holds no page.
    App(PathBuf),
    /// The data folder cannot be used.
    Data(PathBuf, String),
    /// The folder of programs holds none for the routes.
    Functions(PathBuf),
    /// Signatures are to be checked, and with which keys is not said.
    Keys,
    /// Tickets were asked for where nobody can issue them.
    Tickets,
    /// The route selection expression cannot be read.
    Selection(String),
    /// The stage's name is not one path segment of letters, digits, `_` and `-`.
    Stage(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) if error.kind() == io::ErrorKind::AddrInUse => write!(
                formatter,
                "{address} is in use by another program: stop it or choose another address with --listen"
            ),
            Self::Listen(address, error) => {
                write!(formatter, "cannot listen on {address}: {error}")
            }
            Self::App(path) => write!(
                formatter,
                "{} has no index.html: build the app first (cargo xtask build) or name its folder with --app",
                path.display()
            ),
            Self::Data(path, reason) => write!(
                formatter,
                "cannot use the data folder {}: {reason}",
                path.display()
            ),
            Self::Functions(path) => write!(
                formatter,
                "{} holds no program for the routes: package the functions first (cargo xtask package)",
                path.display()
            ),
            Self::Keys => formatter.write_str(
                "--check-signatures needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment",
            ),
            Self::Tickets => formatter.write_str(
                "--identity tickets needs the programs authorizer and tickets in the folder of --functions",
            ),
            Self::Selection(expression) => write!(
                formatter,
                "{expression:?} is no route selection expression: write $request.body.name or ${{request.body.name}}"
            ),
            Self::Stage(stage) => write!(
                formatter,
                "{stage:?} is no stage name: use letters, digits, _ and -"
            ),
        }
    }
}

impl std::error::Error for ConfigError {}
