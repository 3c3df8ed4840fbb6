//! The handlers, one file per route.

pub(crate) mod bye;
mod connect;
mod default;
mod disconnect;
mod hello;
mod ping;
mod publish;
mod send_message_direct;
mod sendmessage;
mod signal;
mod sync;
