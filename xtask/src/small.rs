//! How the release app is compiled beyond `[profile.web]`: the levers that need the standard
//! library built with the app, measured together at a fifth of the wasm's brotli size.
//!
//! - `build-std` with `optimize_for_size`: the standard library at the app's own `opt-level`.
//! - `panic=immediate-abort`, `location-detail=none`, `fmt-debug=none`: no code and no text for
//!   messages a visitor never sees. Development builds keep them.
//!
//! And `split`: what is opened later is a wasm of its own (src/later.rs), which the linker's
//! relocations and symbols are needed for; wasm-opt drops both afterwards.
//!
//! Stable Rust guards these behind `RUSTC_BOOTSTRAP`, which is set for this one build alone:
//! `trunk build` without xtask works too and makes the larger app.

use std::process::Command;

const FLAGS: &str = "-Zlocation-detail=none -Zfmt-debug=none -Zunstable-options \
                     -Cpanic=immediate-abort --cfg=split -Clink-arg=--emit-relocs";

/// Makes this cargo or trunk build its own standard library.
pub(crate) fn build_std(command: &mut Command) -> &mut Command {
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
}

/// Makes this trunk build the smallest app.
pub(crate) fn release_app(command: &mut Command) -> &mut Command {
    build_std(command)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", FLAGS)
        .env("CARGO_PROFILE_WEB_STRIP", "none")
}
