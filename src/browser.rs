//! What the app asks of the browser. Only this module and its children call browser services;
//! each child turns one of them into a small Rust face and knows nothing of chat.

pub mod address;
pub mod clock;
pub mod config;
pub mod database;
pub mod demo;
pub mod drafts;
pub mod erase;
pub mod file;
pub mod intl;
pub mod language;
pub mod lifecycle;
pub mod notification;
pub mod page;
pub mod socket;
pub mod sound;
pub mod storage;
pub mod store;
pub mod text;
pub mod ticket;
pub mod timer;
pub mod update;
