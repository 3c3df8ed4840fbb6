//! What compiles for the processor that the functions run on.

use super::{Tool, browser::by_apt, rust};
use crate::shell::Shell;

/// Lambda's arm64, which costs a fifth less than x86-64 for the same work.
pub(crate) const TARGET: &str = "aarch64-unknown-linux-gnu";
/// Links, and compiles what of the cryptography is C and assembly. Of Debian's package of that name.
pub(crate) const COMPILER: &str = "aarch64-linux-gnu-gcc";

pub(super) fn target(shell: &Shell) -> Tool {
    rust::target(shell, TARGET, |shell| rust::add(shell, TARGET))
}

pub(super) fn compiler(shell: &Shell) -> Tool {
    Tool {
        name: "a C compiler for arm64 by apt".to_owned(),
        takes: "a download of some 50 MB",
        present: shell.find(COMPILER).is_some(),
        install: |shell| {
            by_apt(
                shell,
                "a C compiler for arm64",
                &["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"],
            )
        },
    }
}
