//! Packages from Python's index, in environments of our own under target/.

use std::{fs, path::PathBuf};

use super::Tool;
use crate::{
    failure::{Failure, Outcome},
    shell::{Shell, install},
};

/// A copy of the requirements pip ran with: equal means nothing to do.
const STAMP: &str = "installed-requirements.txt";

/// An environment and its programs.
#[derive(Clone, Debug)]
pub(crate) struct Python {
    name: &'static str,
    takes: &'static str,
    folder: PathBuf,
    /// Every package with its version.
    requirements: PathBuf,
    install: fn(&Shell) -> Outcome,
}

impl Python {
    /// Whether there is a Python that can make environments: Debian has it in parts.
    pub(super) fn can_install(shell: &Shell) -> bool {
        shell
            .answer("python3", &["-c", "import ensurepip, venv"])
            .is_some()
    }

    pub(super) fn aws(shell: &Shell) -> Self {
        Self {
            name: "emulators of AWS, its command line and a linter of templates by pip",
            takes: "a minute",
            folder: shell.repo.at("target/tools/python"),
            requirements: shell.repo.at("xtask/python/requirements.txt"),
            install: |shell| Self::aws(shell).anew(shell),
        }
    }

    /// Apart: it asks for other versions of the same packages.
    pub(super) fn sam(shell: &Shell) -> Self {
        Self {
            name: "the SAM command line by pip",
            takes: "two minutes",
            folder: shell.repo.at("target/tools/sam"),
            requirements: shell.repo.at("xtask/python/requirements-sam.txt"),
            install: |shell| Self::sam(shell).anew(shell),
        }
    }

    /// One of its programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    pub(super) fn tool(&self) -> Tool {
        let wanted = fs::read(&self.requirements);
        let stamp = fs::read(self.folder.join(STAMP));
        Tool {
            name: self.name.to_owned(),
            takes: self.takes,
            present: matches!((wanted, stamp), (Ok(wanted), Ok(stamp)) if wanted == stamp),
            install: self.install,
        }
    }

    fn anew(&self, shell: &Shell) -> Outcome {
        install(
            "making a Python environment",
            shell
                .command("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&self.folder),
        )?;
        install(
            "pip install",
            shell
                .command(self.program("python"))
                .args(["-m", "pip", "--disable-pip-version-check", "install"])
                .args(["--quiet", "--no-deps", "--requirement"])
                .arg(&self.requirements),
        )?;
        let stamp = self.folder.join(STAMP);
        fs::copy(&self.requirements, &stamp)
            .map(|_| ())
            .map_err(|error| Failure::file("write", &stamp, &error))
    }
}
