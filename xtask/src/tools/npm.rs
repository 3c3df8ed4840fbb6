//! Packages from npm: the build's (xtask/npm) and the tests' (e2e), each by its lock file.

use std::fs;

use super::Tool;
use crate::{
    failure::{Failure, Outcome},
    shell::{Shell, install},
};

const AWS_SDK: &str = "xtask/sdk";

/// A copy of the lock file `npm ci` ran with: equal means nothing to do.
const STAMP: &str = "node_modules/.installed-lock.json";

pub(super) fn build_tools(shell: &Shell) -> Tool {
    Tool {
        name: "wasm-opt and what shrinks the glue from npm".to_owned(),
        takes: "",
        present: installed(shell, "xtask/npm"),
        install: |shell| clean_install(shell, "xtask/npm"),
    }
}

pub(super) fn test_tools(shell: &Shell) -> Tool {
    Tool {
        name: "the end-to-end tests' packages from npm".to_owned(),
        takes: "",
        present: installed(shell, "e2e"),
        install: |shell| clean_install(shell, "e2e"),
    }
}

pub(super) fn kits(shell: &Shell) -> Tool {
    Tool {
        name: "what the page is measured against, and Lighthouse, from npm".to_owned(),
        takes: "a minute",
        present: installed(shell, "e2e/bench/kits"),
        install: |shell| clean_install(shell, "e2e/bench/kits"),
    }
}

pub(super) fn aws_sdk(shell: &Shell) -> Tool {
    Tool {
        name: "AWS's SDK for JavaScript from npm".to_owned(),
        takes: "",
        present: installed(shell, AWS_SDK),
        install: |shell| clean_install(shell, AWS_SDK),
    }
}

fn installed(shell: &Shell, folder: &str) -> bool {
    let folder = shell.repo.at(folder);
    let (lock, stamp) = (
        fs::read(folder.join("package-lock.json")),
        fs::read(folder.join(STAMP)),
    );
    matches!((lock, stamp), (Ok(lock), Ok(stamp)) if lock == stamp)
}

fn clean_install(shell: &Shell, name: &str) -> Outcome {
    let folder = shell.repo.at(name);
    install(
        &format!("npm ci in {name}"),
        shell
            .command("npm")
            .args(["ci", "--no-progress"])
            .current_dir(&folder),
    )?;
    let (lock, stamp) = (folder.join("package-lock.json"), folder.join(STAMP));
    fs::copy(&lock, &stamp)
        .map(|_| ())
        .map_err(|error| Failure::file("write", &stamp, &error))
}
