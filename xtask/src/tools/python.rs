//! Packages from Python's index, in an environment of our own under target/.

use std::{fs, path::PathBuf};

use super::Tool;
use crate::{
    failure::{Failure, Outcome},
    shell::{Shell, install},
};

/// Every package with its version.
const REQUIREMENTS: &str = "xtask/python/requirements.txt";
const FOLDER: &str = "target/tools/python";
/// A copy of the requirements pip ran with: equal means nothing to do.
const STAMP: &str = "installed-requirements.txt";

/// The environment's programs.
#[derive(Clone, Debug)]
pub(crate) struct Python {
    bin: PathBuf,
}

impl Python {
    /// Whether there is a Python that can make environments: Debian has it in parts.
    pub(super) fn can_install(shell: &Shell) -> bool {
        shell
            .answer("python3", &["-c", "import ensurepip, venv"])
            .is_some()
    }

    pub(super) fn of(shell: &Shell) -> Self {
        Self {
            bin: shell.repo.at(FOLDER).join("bin"),
        }
    }

    /// One of its programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

pub(super) fn packages(shell: &Shell) -> Tool {
    let wanted = fs::read(shell.repo.at(REQUIREMENTS));
    let stamp = fs::read(shell.repo.at(FOLDER).join(STAMP));
    Tool {
        name: "emulators of AWS, its command line and a linter of templates by pip".to_owned(),
        takes: "a minute",
        present: matches!((wanted, stamp), (Ok(wanted), Ok(stamp)) if wanted == stamp),
        install: packages_anew,
    }
}

fn packages_anew(shell: &Shell) -> Outcome {
    let folder = shell.repo.at(FOLDER);
    let requirements = shell.repo.at(REQUIREMENTS);
    install(
        "making a Python environment",
        shell
            .command("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    install(
        "pip install",
        shell
            .command(Python::of(shell).program("python"))
            .args(["-m", "pip", "--disable-pip-version-check", "install"])
            .args(["--quiet", "--no-deps", "--requirement"])
            .arg(&requirements),
    )?;
    let stamp = folder.join(STAMP);
    fs::copy(&requirements, &stamp)
        .map(|_| ())
        .map_err(|error| Failure::file("write", &stamp, &error))
}
