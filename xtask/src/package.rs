//! `cargo xtask package`: the functions as Lambda runs them and the site, ready to be deployed.

use std::{fs, path::Path};

use crate::{
    build,
    failure::{Failure, Outcome},
    say,
    shell::{self, Shell},
    tools::{self, COMPILER, TARGET},
};

/// The functions of `serverless/template.yaml`, each a program of `crates/lambda`.
pub(crate) const FUNCTIONS: [&str; 5] = ["routes", "publisher", "kick", "authorizer", "tickets"];
/// Where the template looks for them, each as `bootstrap` in a folder of its name.
pub(crate) const FOLDER: &str = "target/lambda";
/// The value of the template's parameter, beside them.
pub(crate) const INLINE_SCRIPTS: &str = "target/lambda/inline-scripts.txt";
/// The C library of Amazon Linux 2023, which `provided.al2023` is.
const LIBC: (u32, u32) = (2, 34);
/// A larger one starts later.
const MAX_BYTES: u64 = 12_000_000;

pub(crate) fn run(shell: &Shell, with_site: bool) -> Outcome {
    functions(shell)?;
    if with_site {
        build::app(shell)?;
        let mut node = shell.command("node");
        node.args(["xtask/npm/inline.mjs", "dist/index.html"]);
        let hashes = shell::capture("hashing the page's inline scripts", &mut node)?;
        write(&shell.repo.at(INLINE_SCRIPTS), hashes.as_bytes())?;
        say::result(format!("site     dist/\nscripts {hashes}"));
    }
    say::result("\nDeploy it with `cargo xtask deploy`, which shows a plan first.");
    Ok(())
}

fn functions(shell: &Shell) -> Outcome {
    tools::for_functions(shell)?;
    say::step("build the functions for arm64", || {
        let mut cargo = shell.cargo(&["build", "--locked", "--profile", "function"]);
        cargo
            .args(["--package", "switchboard-lambda", "--bins"])
            .args(["--target", TARGET])
            .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", COMPILER)
            .env("CC_aarch64_unknown_linux_gnu", COMPILER);
        shell::run("building the functions", &mut cargo)
    })?;
    say::result("\nfunction        bytes");
    for name in FUNCTIONS {
        let built = shell.repo.built(&format!("{TARGET}/function/{name}"));
        let program = fs::read(&built).map_err(|error| Failure::file("read", &built, &error))?;
        check(name, &program)?;
        let folder = shell.repo.at(FOLDER).join(name);
        fs::create_dir_all(&folder).map_err(|error| Failure::file("create", &folder, &error))?;
        let bootstrap = folder.join("bootstrap");
        // With its permission to be executed, which the archive must have.
        fs::copy(&built, &bootstrap).map_err(|error| Failure::file("write", &bootstrap, &error))?;
        say::result(format!(
            "{name:<12}{:>9}",
            say::thousands(program.len() as u64)
        ));
    }
    Ok(())
}

/// What would otherwise show at the first invocation.
fn check(name: &str, program: &[u8]) -> Outcome {
    if program.len() as u64 > MAX_BYTES {
        return Err(Failure::new(format!(
            "{name} has {} bytes, and {MAX_BYTES} is the limit: look at what it links \
             (`cargo tree -p switchboard-lambda -e normal`).",
            program.len()
        )));
    }
    match newest_libc(program) {
        Some(needed) if needed > LIBC => Err(Failure::new(format!(
            "{name} needs glibc {}.{}, and Lambda has {}.{}: build on a system that is not newer \
             (Debian 12), or in a container of one.",
            needed.0, needed.1, LIBC.0, LIBC.1
        ))),
        Some(_) | None => Ok(()),
    }
}

/// The newest version of glibc that a program's symbols ask for.
fn newest_libc(program: &[u8]) -> Option<(u32, u32)> {
    const PREFIX: &[u8] = b"GLIBC_";
    program
        .windows(PREFIX.len())
        .enumerate()
        .filter(|(_, window)| *window == PREFIX)
        .filter_map(|(at, _)| {
            let rest = program.get(at + PREFIX.len()..)?;
            let end = rest
                .iter()
                .position(|byte| !byte.is_ascii_digit() && *byte != b'.')?;
            let mut numbers = std::str::from_utf8(rest.get(..end)?).ok()?.split('.');
            let mut number = || numbers.next()?.parse().ok();
            Some((number()?, number()?))
        })
        .max()
}

fn write(path: &Path, content: &[u8]) -> Outcome {
    fs::write(path, content).map_err(|error| Failure::file("write", path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_libc_is_found_among_the_symbols() {
        let symbols = b"\0GLIBC_2.17\0GLIBC_2.34\0GLIBC_2.4.1\0GLIBC_PRIVATE\0GLIBC_";
        assert_eq!(newest_libc(symbols), Some((2, 34)));
        assert_eq!(newest_libc(b"no symbols"), None);
        assert!(check("f", symbols).is_ok());
        let newer = check("f", b"GLIBC_2.38\0").unwrap_err().to_string();
        assert!(newer.contains("needs glibc 2.38"), "{newer}");
        assert!(check("f", &vec![0; 12_000_001]).is_err());
    }

    #[test]
    fn the_template_names_these_functions() {
        let template = include_str!("../../serverless/template.yaml");
        for name in FUNCTIONS {
            assert!(
                template.contains(&format!("CodeUri: ../{FOLDER}/{name}\n")),
                "{name}"
            );
        }
    }
}
