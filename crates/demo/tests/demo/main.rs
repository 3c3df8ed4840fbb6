//! The demo on virtual time, as a page's sockets see it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says where"
)]

mod hostile;
mod people;
mod rig;
mod trouble;
