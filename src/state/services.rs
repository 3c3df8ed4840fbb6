//! What the state needs of the browser.

use switchboard_client::Now;
use switchboard_protocol::MessageId;

/// What the state needs of the browser, as plain functions.
#[derive(Debug, Clone, Copy)]
pub struct Services {
    /// The local time of day of a wall clock value, e.g. `14:05`.
    pub time: fn(u64) -> String,
    /// The same to the millisecond, e.g. `14:05:09.250`.
    pub instant: fn(u64) -> String,
    /// The local day of a wall clock value, e.g. `Monday, 3 November`.
    pub day: fn(u64) -> String,
    /// The number of a wall clock value's local day; of now without one.
    pub local_day: fn(Option<u64>) -> u64,
    /// The local weekday of a wall clock value, short, e.g. `Mon`.
    pub weekday: fn(u64) -> String,
    /// The local date of a wall clock value, short, e.g. `03/11/2026`.
    pub date: fn(u64) -> String,
    /// Both clocks.
    pub now: fn() -> Now,
    /// A fresh message id.
    pub mint: fn() -> MessageId,
    /// A text without the differences of capitals and accents, to be compared.
    pub fold: fn(&str) -> String,
    /// The beginning of a local day written as `2026-11-01`, ms since the Unix epoch.
    pub midnight: fn(&str) -> Option<u64>,
    /// See [`super::compose::parts::Border`].
    pub border: fn(&str, usize, bool) -> usize,
    /// What the person has under their hands.
    pub hands: fn() -> Hands,
}

/// What the person has under their hands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hands {
    /// Fingers on a screen and nothing finer: the keyboard is probably on the screen too.
    pub touch: bool,
    /// A Mac's keyboard: shortcuts go with ⌘.
    pub mac: bool,
    /// A browser that makes a field as high as its text by itself (`field-sizing`).
    pub sizes: bool,
}
