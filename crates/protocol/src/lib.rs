//! What both ends of the wire agree on: frames, ids, limits and wire profiles.
//!
//! It knows no I/O, clock or randomness. The client and the backend both depend on it, so
//! a change here is a change of the contract in `docs/protocol.md`.
//!
//! - [`id`]: user, conversation, message and connection ids, and how a conversation's id
//!   follows from its participants.
//! - [`client`]: frames a client sends (`action` selects the route).
//! - [`server`]: frames a client receives (`event` names the kind).
//! - [`platform`]: the gateway's own error frames.
//! - [`profile`]: how to talk to Switchboard and to five older systems (S1–S5), as data.
//! - [`json`]: how the browser reads and writes objects.
//! - [`sorted`]: the map this project uses in the browser.
//! - [`limits`]: every number of the wire.

pub mod client;
pub mod id;
pub mod json;
pub mod limits;
pub mod platform;
pub mod profile;
pub mod server;
pub mod sorted;

pub use client::ClientFrame;
pub use id::{ConnectionId, ConversationId, MessageId, Seq, UserId};
pub use platform::PlatformFrame;
pub use profile::Profile;
pub use server::{Inbound, Message, ServerFrame};

/// Version of Switchboard's own frames, sent as `v`.
pub const VERSION: u32 = 1;
