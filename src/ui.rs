//! The views. They read [`crate::state::App`], ask it for what a person wants, and touch the
//! document's elements; no browser service, no text of their own (see [`crate::strings`]).

pub mod announcer;
pub mod avatar;
pub mod composer;
pub mod connect_form;
pub mod conversation;
pub mod dialogs;
mod dom;
pub mod emoji_picker;
mod export;
pub mod find_bar;
#[cfg(debug_assertions)]
pub mod gallery;
pub mod icon;
pub mod inspector;
mod language_choice;
pub mod message_details;
pub mod message_row;
pub mod new_message;
mod notes;
mod palette;
mod picker;
mod rich_text;
pub mod root;
mod roving;
mod search;
pub mod settings;
mod shortcuts;
pub mod sidebar;
pub mod sign_out;
pub mod status;
pub mod timeline;

pub use root::root;
