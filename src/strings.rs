//! Every text a person sees, in one place: constants and typed functions, plain English.
//!
//! A text says what happened and what to do. Texts with a number or a name are functions.

pub mod chat;
pub mod connect;
pub mod frames;
pub mod status;

/// The product.
pub const PRODUCT: &str = "Switchboard";
/// The first link of the page.
pub const SKIP_TO_COMPOSER: &str = "Skip to the message field";
/// Closes a dialog or panel.
pub const CLOSE: &str = "Close";
/// Leaves a dialog without doing anything.
pub const CANCEL: &str = "Cancel";

/// The parts in a row.
pub(crate) fn join(parts: &[&str]) -> String {
    parts.concat()
}

/// `n` with a noun, e.g. `3 messages`.
#[must_use]
pub fn count(n: usize, one: &str, many: &str) -> String {
    join(&[&n.to_string(), " ", if n == 1 { one } else { many }])
}
