//! Set-up, builds and checks: `cargo xtask dev | test | build | bench`.
fn main() {}
