//! Texts that are said aloud.

pub use super::texts::announce::*;

/// What became of what waited, e.g. *Back online: sent 3, caught up on 12*.
#[must_use]
pub fn back(sent: usize, caught_up: usize) -> String {
    match (sent, caught_up) {
        (0, 0) => online().to_owned(),
        (_, 0) => online_with(&back_sent(sent)),
        (0, _) => online_with(&back_caught_up(caught_up)),
        _ => online_with_both(&back_sent(sent), &back_caught_up(caught_up)),
    }
}
