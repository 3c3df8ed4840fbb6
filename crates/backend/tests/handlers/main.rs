//! Every route, driven by events as the platform delivers them, against fakes of the ports.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

mod connections;
mod cost;
mod events;
mod hello;
mod history;
mod hostile;
mod identity;
mod large_rooms;
mod logs;
mod posts;
mod presence;
mod s1_direct;
mod s2_by_user;
mod s3_queue;
mod s4_broadcast;
mod s5_room;
mod send;
mod signals;
mod support;
