//! The chat backend: one handler per route, over ports.
//!
//! Nothing here knows AWS, sockets, a clock or a thread: [`Store`], [`Post`] and [`Clock`]
//! come from outside, so the same handlers run in the local gateway, on Lambda, in the
//! simulator and inside a page. Events and answers have the platform's own JSON shape.

pub mod backend;
pub mod event;
pub mod memory;
pub mod ports;
pub mod queue;
pub mod response;
pub mod settings;
pub mod store;
#[cfg(feature = "store-suite")]
pub mod store_suite;

mod body;
mod broadcast;
mod commit;
mod fan_out;
mod frames;
mod identity;
mod kick;
mod origin;
mod presence;
mod refusal;
mod roster;
mod routes;

pub use backend::{Backend, ROUTES};
pub use event::Event;
pub use kick::Kicked;
pub use memory::MemoryStore;
pub use ports::{Clock, Post, PostError, QueueError};
pub use queue::{BatchResponse, QueueEvent, QueueRecord};
pub use response::{HandlerError, Response};
pub use settings::Settings;
pub use store::Store;
