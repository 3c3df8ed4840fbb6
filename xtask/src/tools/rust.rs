//! The wasm target, trunk, wasm-bindgen's programs and the locked crates.

use std::{fs, path::Path, process::Command};

use super::{Tool, lock_file};
use crate::{
    failure::{Failure, Outcome},
    lockfile,
    shell::{Shell, install},
    small,
};

const TARGET: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";
/// Of the same release as the `wasm_split_helpers` that Leptos has.
const WASM_SPLIT: &str = "0.2.4";
const DYNOXIDE: &str = "3.2.0";
const COMPILES: &str = "compiled once, some minutes";

pub(super) fn wasm_target(shell: &Shell) -> Tool {
    target(shell, TARGET, |shell| add(shell, TARGET))
}

/// The standard library of a target, which `install` adds.
pub(super) fn target(shell: &Shell, name: &str, install: fn(&Shell) -> Outcome) -> Tool {
    let present = shell
        .answer("rustc", &["--print", "target-libdir", "--target", name])
        .is_some_and(|folder| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()));
    Tool {
        name: format!("Rust target {name}"),
        takes: "",
        present,
        install,
    }
}

/// Adds it.
pub(super) fn add(shell: &Shell, target: &str) -> Outcome {
    install(
        "adding a Rust target",
        shell.command("rustup").args(["target", "add", target]),
    )
}

pub(super) fn trunk(shell: &Shell) -> Tool {
    let present = version(shell, "trunk").is_some_and(|found| at_least(&found, TRUNK));
    Tool {
        name: format!("trunk {TRUNK}"),
        takes: COMPILES,
        present,
        install: |shell| cargo_install(shell, "trunk", TRUNK, &[]),
    }
}

/// wasm-bindgen's programs must be of exactly the version the app is linked with.
pub(super) fn wasm_bindgen(shell: &Shell) -> Outcome<Tool> {
    let wanted = locked_wasm_bindgen(shell)?;
    let present = ["wasm-bindgen", "wasm-bindgen-test-runner"]
        .iter()
        .all(|program| version(shell, program).as_deref() == Some(wanted.as_str()));
    Ok(Tool {
        name: format!("wasm-bindgen-cli {wanted}"),
        takes: COMPILES,
        present,
        install: |shell| {
            let wanted = locked_wasm_bindgen(shell)?;
            cargo_install(shell, "wasm-bindgen-cli", &wanted, &[])
        },
    })
}

/// The program cannot be asked for its version: any will be ours.
pub(super) fn wasm_split(shell: &Shell) -> Tool {
    Tool {
        name: format!("wasm_split_cli_support {WASM_SPLIT}"),
        takes: COMPILES,
        present: shell.find("wasm-split-cli").is_some(),
        install: |shell| {
            cargo_install(
                shell,
                "wasm_split_cli_support",
                WASM_SPLIT,
                &["--features", "build-binary"],
            )
        },
    }
}

/// A DynamoDB on SQLite. It tells a version of its own, not its crate's: any will be ours.
pub(super) fn dynoxide(shell: &Shell) -> Tool {
    Tool {
        name: format!("dynoxide {DYNOXIDE}"),
        takes: COMPILES,
        present: shell.find("dynoxide").is_some(),
        install: |shell| {
            let features = "native-sqlite,http-server,cli";
            let options = ["--no-default-features", "--features", features];
            cargo_install(shell, "dynoxide-rs", DYNOXIDE, &options)
        },
    }
}

/// trunk and the tests then build with no network.
pub(super) fn crates(shell: &Shell) -> Tool {
    let mut offline = fetch(shell);
    offline.arg("--offline");
    let present = offline.output().is_ok_and(|output| output.status.success());
    Tool {
        name: "the crates Cargo.lock names".to_owned(),
        takes: "",
        present,
        install: |shell| install("fetching the crates", &mut fetch(shell)),
    }
}

/// The standard library's source, which the release app is built with.
pub(super) fn source(shell: &Shell) -> Tool {
    let present = shell
        .answer("rustc", &["--print", "sysroot"])
        .is_some_and(|root| {
            Path::new(&root)
                .join("lib/rustlib/src/rust/library/Cargo.lock")
                .exists()
        });
    Tool {
        name: "the source of Rust's standard library".to_owned(),
        takes: "",
        present,
        install: |shell| {
            install(
                "adding rust-src",
                shell
                    .command("rustup")
                    .args(["component", "add", "rust-src"]),
            )
        },
    }
}

/// The crates the standard library itself is made of.
pub(super) fn std_crates(shell: &Shell) -> Tool {
    let mut offline = fetch(shell);
    small::build_std(&mut offline).arg("--offline");
    let present = offline.output().is_ok_and(|output| output.status.success());
    Tool {
        name: "the crates of the standard library".to_owned(),
        takes: "",
        present,
        install: |shell| {
            install(
                "fetching the standard library's crates",
                small::build_std(&mut fetch(shell)),
            )
        },
    }
}

fn fetch(shell: &Shell) -> Command {
    let mut command = shell.cargo(&["fetch", "--locked", "--target", TARGET]);
    if let Some(host) = shell.answer("rustc", &["--print", "host-tuple"]) {
        command.args(["--target", &host]);
    }
    command
}

fn locked_wasm_bindgen(shell: &Shell) -> Outcome<String> {
    let path = lock_file(shell);
    let lock = fs::read_to_string(&path).map_err(|error| Failure::file("read", &path, &error))?;
    lockfile::version_of(&lock, "wasm-bindgen")
        .map(str::to_owned)
        .ok_or_else(|| {
            Failure::new(
                "Cargo.lock names no single version of wasm-bindgen: restore it from the repository.",
            )
        })
}

/// Installs where the person's cargo programs are, unless another version lives there: that
/// one stays, and ours goes to `.tools`.
fn cargo_install(shell: &Shell, package: &str, version: &str, options: &[&str]) -> Outcome {
    let program = package.trim_end_matches("-cli");
    let root = shell.repo.at(".tools");
    let attempt = |locked: bool| {
        let mut command = shell.cargo(&["install", package, "--version", version]);
        command.args(options);
        if locked {
            command.arg("--locked");
        }
        if shell.find(program).is_some() {
            command.arg("--force").arg("--root").arg(&root);
        }
        // The tools' own release profiles link for speed of theirs; here the wait counts.
        command
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env_remove("CARGO_TARGET_DIR");
        install(&format!("installing {package} {version}"), &mut command)
    };
    match attempt(true) {
        Err(failure) if failure.another_try_helps() => attempt(false),
        outcome => outcome,
    }
}

/// The last word but commit hashes of `program --version`: `trunk 0.21.14`.
fn version(shell: &Shell, program: &str) -> Option<String> {
    shell.find(program)?;
    let answer = shell.answer(program, &["--version"])?;
    answer.split_whitespace().nth(1).map(str::to_owned)
}

fn at_least(found: &str, wanted: &str) -> bool {
    let numbers = |version: &str| -> Vec<u32> {
        version
            .split(['.', '-'])
            .map_while(|part| part.parse().ok())
            .collect()
    };
    numbers(found) >= numbers(wanted)
}

#[cfg(test)]
mod tests {
    use super::at_least;

    #[test]
    fn versions_compare_by_number() {
        assert!(at_least("0.21.14", "0.21.14"));
        assert!(at_least("0.22.1", "0.21.14"));
        assert!(!at_least("0.21.9", "0.21.14"));
        assert!(!at_least("nonsense", "0.21.14"));
    }
}
