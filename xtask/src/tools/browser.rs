//! Chromium and its driver: found, or installed by apt.

use std::{env, path::PathBuf};

use nix::unistd::geteuid;

use super::Tool;
use crate::{
    failure::{Failure, Outcome},
    shell::{Shell, install},
};

/// A Chromium and the driver that fits it.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// CHROMIUM and CHROMEDRIVER where they are set, else the usual names on PATH.
    pub(super) fn find(shell: &Shell) -> Option<Self> {
        let named = |variable: &str, names: &[&str]| {
            env::var_os(variable)
                .map(PathBuf::from)
                .filter(|path| path.is_file())
                .or_else(|| names.iter().find_map(|name| shell.find(name)))
        };
        Some(Self {
            chromium: named(
                "CHROMIUM",
                &["chromium", "chromium-browser", "google-chrome"],
            )?,
            driver: named("CHROMEDRIVER", &["chromedriver"])?,
        })
    }
}

pub(super) fn chromium(shell: &Shell) -> Tool {
    Tool {
        name: "Chromium and its driver by apt".to_owned(),
        takes: "a download of some 100 MB",
        present: Browser::find(shell).is_some(),
        install: by_apt,
    }
}

fn by_apt(shell: &Shell) -> Outcome {
    if shell.find("apt-get").is_none() {
        return Err(Failure::new(
            "Chromium or chromedriver is missing and there is no apt-get here: install both, or \
             set CHROMIUM and CHROMEDRIVER to their paths.",
        ));
    }
    let root = geteuid().is_root();
    if !root && shell.find("sudo").is_none() {
        return Err(Failure::new(
            "Chromium or chromedriver is missing, and installing them needs root or sudo: run \
             `apt-get install chromium chromium-driver` as root, then the same command again.",
        ));
    }
    let apt = |arguments: &[&str]| {
        let mut command = if root {
            shell.command("env")
        } else {
            let mut sudo = shell.command("sudo");
            // Where there is someone to type the password, let them.
            sudo.stdin(std::process::Stdio::inherit()).arg("env");
            sudo
        };
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .args(arguments);
        install("installing Chromium by apt", &mut command)
    };
    apt(&["update"])?;
    apt(&[
        "install",
        "-y",
        "--no-install-recommends",
        "chromium",
        "chromium-driver",
    ])
}
