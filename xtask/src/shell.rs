//! Running other programs: found on a PATH that includes what xtask installed, from the
//! repository's root, without stdin, and with a sentence when one fails.

use std::{
    collections::VecDeque,
    env,
    ffi::{OsStr, OsString},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use crate::{
    failure::{Failure, Outcome},
    paths::Repo,
    say,
};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Makes Ctrl-C, SIGTERM and a closed terminal set a flag that waiting loops read.
pub(crate) fn listen_for_interrupt() -> Outcome {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst))
        .map_err(|error| Failure::new(format!("could not listen for Ctrl-C: {error}.")))
}

pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// The repository and the PATH its commands run with.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    pub(crate) repo: Repo,
    path: OsString,
}

impl Shell {
    pub(crate) fn new(repo: Repo) -> Outcome<Self> {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let mut folders = vec![
            repo.at(".tools/bin"),
            repo.at("xtask/npm/node_modules/.bin"),
        ];
        folders.extend(env::split_paths(&inherited));
        folders.extend(cargo_bin());
        let path = env::join_paths(folders)
            .map_err(|error| Failure::new(format!("PATH cannot be extended: {error}.")))?;
        Ok(Self { repo, path })
    }

    /// The first program of this name on the extended PATH.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        env::split_paths(&self.path)
            .map(|folder| folder.join(program))
            .find(|candidate| is_executable(candidate))
    }

    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let program = program.as_ref();
        let found = program.to_str().and_then(|name| self.find(name));
        let mut command = Command::new(found.as_deref().map_or(program, Path::as_os_str));
        command
            .current_dir(self.repo.root())
            .env("PATH", &self.path)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }

    /// What the command prints, where it runs and succeeds.
    pub(crate) fn answer(&self, program: &str, arguments: &[&str]) -> Option<String> {
        let output = self.command(program).args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    }
}

/// Runs a command with its output passed on as it comes.
pub(crate) fn run(what: &str, command: &mut Command) -> Outcome {
    say::progress(format!("$ {}", line(command)));
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    judge(what, command, status, false)
}

/// Like [`run`], but the command's stdout is its answer.
pub(crate) fn capture(what: &str, command: &mut Command) -> Outcome<String> {
    let (text, status) = captured(command)?;
    judge(what, command, status, false)?;
    Ok(text)
}

/// Like [`capture`], where ending with this code is an answer too: whether it ended so.
pub(crate) fn capture_or(what: &str, command: &mut Command, code: i32) -> Outcome<(String, bool)> {
    let (text, status) = captured(command)?;
    let is_other = status.code() == Some(code);
    if !is_other {
        judge(what, command, status, false)?;
    }
    Ok((text, is_other))
}

fn captured(command: &mut Command) -> Outcome<(String, ExitStatus)> {
    say::progress(format!("$ {}", line(command)));
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| not_started(command, &error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok((text.trim_end().to_owned(), output.status))
}

/// Like [`capture`], where failing is an answer too: what the command complained of.
pub(crate) fn attempt(command: &mut Command) -> Outcome<Result<String, String>> {
    say::progress(format!("$ {}", line(command)));
    let output = command
        .output()
        .map_err(|error| not_started(command, &error))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    Ok(match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(text(&output.stderr)),
    })
}

/// Like [`run`], for commands that download: reads along, so that a missing network is
/// called by its name.
pub(crate) fn install(what: &str, command: &mut Command) -> Outcome {
    say::progress(format!("$ {}", line(command)));
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let reader = thread::spawn(move || out.map(pass_on).unwrap_or_default());
    let mut tail = err.map(pass_on).unwrap_or_default();
    tail.extend(reader.join().unwrap_or_default());
    let status = child.wait().map_err(|error| not_started(command, &error))?;
    judge(
        what,
        command,
        status,
        tail.iter().any(|line| no_network(line)),
    )
}

fn judge(what: &str, command: &Command, status: ExitStatus, offline: bool) -> Outcome {
    if status.success() {
        Ok(())
    } else if interrupted() {
        Err(Failure::interrupted())
    } else if offline {
        Err(Failure::offline(what))
    } else {
        Err(Failure::new(format!(
            "{what} failed: `{}` ended with {}; the reason stands above.",
            shortened(&line(command)),
            ending(status)
        )))
    }
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    match error.kind() {
        std::io::ErrorKind::NotFound => Failure::new(format!(
            "`{program}` is not on PATH: install it, or run `cargo xtask setup`."
        )),
        _ => Failure::new(format!("`{program}` could not be started: {error}.")),
    }
}

/// Prints lines as they come and keeps the last ones.
fn pass_on(stream: impl std::io::Read) -> VecDeque<String> {
    let mut tail = VecDeque::new();
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        say::progress(&line);
        tail.push_back(line);
        if tail.len() > 60 {
            tail.pop_front();
        }
    }
    tail
}

/// Whether a line of rustup, cargo, npm or apt says that there is no way out.
fn no_network(line: &str) -> bool {
    const SIGNS: [&str; 14] = [
        "could not resolve host",
        "couldn't resolve host",
        "could not download file",
        "could not connect to",
        "failed to connect to",
        "failed to lookup address",
        "temporary failure resolving",
        "temporary failure in name resolution",
        "network is unreachable",
        "spurious network error",
        "enotfound",
        "eai_again",
        "econnrefused",
        "enetunreach",
    ];
    let line = line.to_lowercase();
    SIGNS.iter().any(|sign| line.contains(sign))
}

/// The command as a person would type it.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut line = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

/// A command that names forty files hides what is said of it.
fn shortened(line: &str) -> String {
    const WIDTH: usize = 160;
    match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None => line.to_owned(),
    }
}

/// `code 101`, or the signal that ended it.
pub(crate) fn ending(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => "no code".to_owned(),
    }
}

fn cargo_bin() -> Option<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")))
        .map(|home| home.join("bin"))
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_network_is_recognised_whoever_says_it() {
        for line in [
            "warning: spurious network error (3 tries remaining): [6] Could not resolve hostname",
            "npm error code EAI_AGAIN",
            "  Temporary failure resolving 'mirror'",
            "error: could not download file from 'x' to 'y'",
        ] {
            assert!(no_network(line), "{line}");
        }
        assert!(!no_network("error[E0432]: unresolved import `network`"));
    }

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["fmt", "--check"]);
        assert_eq!(line(&command), "cargo fmt --check");
    }
}
