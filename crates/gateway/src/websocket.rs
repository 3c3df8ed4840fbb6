//! The gateway's side of the WebSocket protocol (RFC 6455), frame by frame.
//!
//! It is written here and not taken from a library because the platform's rules speak of
//! frames: 32 KB in one, 128 KB in a message, exact close codes and reasons both ways.

pub(crate) mod close;
pub(crate) mod frame;
pub(crate) mod handshake;
pub(crate) mod inflate;
pub(crate) mod message;
pub(crate) mod session;
