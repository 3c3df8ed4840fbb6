//! Component tests in headless Chrome; one binary, so one browser start.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says where"
)]

mod appending;
mod composer;
mod composing;
mod connect_form;
mod database;
mod database_faults;
mod demo_socket;
mod drafts;
mod fake_socket;
mod fixture;
mod hostile;
#[path = "../ime/mod.rs"]
mod ime;
mod inspector;
mod languages;
mod left;
mod new_message;
mod notify;
mod raw_database;
mod screen;
mod session;
mod shell;
mod sidebar;
mod sign_out;
mod socket;
mod status;
mod suggestions;
mod ticket;
mod timeline;
mod view;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
