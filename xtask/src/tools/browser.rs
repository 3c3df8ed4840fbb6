//! Chromium, its driver and the fonts of the reference pictures: found, or installed by apt.

use std::{
    env,
    path::{Path, PathBuf},
};

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
        install: |shell| {
            by_apt(
                shell,
                "Chromium or chromedriver",
                &["chromium", "chromium-driver"],
            )
        },
    }
}

/// The packages of `e2e/look/fonts.conf`, and a file of each.
const FONTS: [(&str, &str); 5] = [
    ("fonts-inter-variable", "inter-vf/Inter-roman.var.ttf"),
    (
        "fonts-jetbrains-mono",
        "jetbrains-mono/JetBrainsMono-Regular.ttf",
    ),
    ("fonts-noto-ui-core", "noto/NotoSansArabicUI-Regular.ttf"),
    ("fonts-droid-fallback", "droid/DroidSansFallbackFull.ttf"),
    ("fonts-noto-color-emoji", "noto/NotoColorEmoji.ttf"),
];

/// What the reference pictures are written in. Elsewhere than on Debian they are taken as they are.
pub(super) fn fonts(shell: &Shell) -> Tool {
    let folder = Path::new("/usr/share/fonts/truetype");
    let there = FONTS.iter().all(|(_, file)| folder.join(file).is_file());
    Tool {
        name: "the fonts of the reference pictures by apt".to_owned(),
        takes: "a download of some 15 MB",
        present: there || shell.find("apt-get").is_none(),
        install: |shell| by_apt(shell, "a font", &FONTS.map(|(package, _)| package)),
    }
}

pub(super) fn by_apt(shell: &Shell, what: &str, packages: &[&str]) -> Outcome {
    if shell.find("apt-get").is_none() {
        return Err(Failure::new(format!(
            "{what} is missing and there is no apt-get here: install what Debian has as {} by \
                 hand (a browser is also found by CHROMIUM and CHROMEDRIVER).",
            packages.join(", ")
        )));
    }
    let root = geteuid().is_root();
    if !root && shell.find("sudo").is_none() {
        return Err(Failure::new(format!(
            "{what} is missing, and installing it needs root or sudo: run `apt-get install {}` as \
             root, then the same command again.",
            packages.join(" ")
        )));
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
        install("installing by apt", &mut command)
    };
    apt(&["update"])?;
    let words = ["install", "-y", "--no-install-recommends"];
    apt(&[&words, packages].concat())
}
