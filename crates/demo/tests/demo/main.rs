//! The demo on virtual time, as a page's sockets see it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on says where, and with which seed"
)]

mod hostile;
mod people;
mod rig;
mod trouble;
