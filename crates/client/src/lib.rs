//! The chat client without a browser.
//!
//! A state machine that does no I/O and reads no clock: every input carries the time, and
//! randomness is seeded by the caller. The run loop is always the same:
//!
//! 1. [`Client::handle`] one [`Input`];
//! 2. carry out every [`Client::poll_output`] until it is `None`;
//! 3. arm one timer for [`Client::poll_timeout`]; when it fires, go to 1 with [`Input::Timer`].
//!
//! The getters ([`Client::status`], [`Client::conversations`], [`Client::len`],
//! [`Client::slice`], [`Client::online`]) tell what a view shows; [`Output::Changed`] tells when to ask again.

pub mod account;
mod client;
mod close_code;
mod config;
mod connection;
mod io;
pub mod mention;
mod mutant;
mod outbox;
mod rng;
pub mod stored;
mod timeline;
pub mod trace;

pub use client::Client;
pub use config::Config;

pub use account::{Account, DEMO, EndpointError, endpoint};
pub use io::{
    AttemptId, Change, CloseInfo, Earlier, Failure, Input, Item, ItemState, Lifecycle, Now,
    OpenError, OperationId, Output, Pending, Phase, Reaction, ReadyState, Receipt, Reply, Sender,
    SocketId, Status, Stop, StoreError, StoreOperation, Summary, TicketAnswer, Unsaved, Version,
};
pub use mutant::Mutant;
pub use stored::{Bounds, Join, Log, Mark, Restored, Stretch};
pub use switchboard_protocol::client::Kind;
pub use timeline::{Entries, Entry};
