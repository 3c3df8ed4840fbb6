//! Cases of reading a log in pieces.

use switchboard_protocol::ConversationId;

use super::{Harness, commit, conversation, entry, filled, places, seq};
use crate::store::{LogPage, PageRequest, Place, Store};

async fn page(
    store: &impl Store,
    conv: &ConversationId,
    place: Place,
    limit: usize,
    max_bytes: usize,
) -> LogPage {
    let conv = conv.clone();
    let request = PageRequest {
        conv,
        place,
        limit,
        max_bytes,
    };
    store.page(&request).await.unwrap()
}

/// `after`, the places, `covered`, `head`.
fn shape(page: &LogPage) -> (u64, Vec<u64>, u64, u64) {
    let messages = places(&page.messages);
    let (after, covered, head) = (page.after.get(), page.covered.get(), page.head.get());
    (after, messages, covered, head)
}

/// Nothing there, nothing claimed.
pub async fn an_empty_conversation(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    for place in [Place::After(seq(0)), Place::Before(seq(5)), Place::Newest] {
        let page = page(&store, &conv, place, 10, 10_000).await;
        assert_eq!(shape(&page), (0, vec![], 0, 0), "{place:?}");
    }
}

/// Piece by piece to the head.
pub async fn forward_from_a_cursor(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    filled(&store, &conv, 5).await;
    let at = async |after: u64, limit| {
        shape(&page(&store, &conv, Place::After(seq(after)), limit, 10_000).await)
    };
    assert_eq!(at(0, 2).await, (0, vec![1, 2], 2, 5));
    assert_eq!(at(2, 2).await, (2, vec![3, 4], 4, 5));
    assert_eq!(at(4, 2).await, (4, vec![5], 5, 5));
    assert_eq!(at(5, 2).await, (5, vec![], 5, 5));
    assert_eq!(at(0, 5).await, (0, vec![1, 2, 3, 4, 5], 5, 5));
}

/// History, newest piece first, each in order.
pub async fn backward_to_the_beginning(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    filled(&store, &conv, 5).await;
    let at = async |before: u64, limit| {
        shape(&page(&store, &conv, Place::Before(seq(before)), limit, 10_000).await)
    };
    assert_eq!(at(5, 2).await, (2, vec![3, 4], 4, 5));
    assert_eq!(at(3, 2).await, (0, vec![1, 2], 2, 5));
    assert_eq!(at(2, 2).await, (0, vec![1], 1, 5));
    assert_eq!(at(1, 2).await, (0, vec![], 0, 5));
    assert_eq!(at(0, 2).await, (0, vec![], 0, 5));
    assert_eq!(at(99, 2).await, (3, vec![4, 5], 5, 5));
}

/// The end of the log, in order.
pub async fn the_newest_page(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    filled(&store, &conv, 5).await;
    let newest = page(&store, &conv, Place::Newest, 2, 10_000).await;
    assert_eq!(shape(&newest), (3, vec![4, 5], 5, 5));
    let all = page(&store, &conv, Place::Newest, 9, 10_000).await;
    assert_eq!(shape(&all), (0, vec![1, 2, 3, 4, 5], 5, 5));
}

/// Across the point where decimal places of a different length sort wrongly.
pub async fn limits_are_kept(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    filled(&store, &conv, 120).await;
    let forward = page(&store, &conv, Place::After(seq(7)), 100, 1_000_000).await;
    assert_eq!(shape(&forward), (7, (8..=107).collect(), 107, 120));
    let newest = page(&store, &conv, Place::Newest, 100, 1_000_000).await;
    assert_eq!(shape(&newest), (20, (21..=120).collect(), 120, 120));
}

/// A page stops before the message that would pass the budget, and says so.
pub async fn the_byte_budget_is_kept(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    for number in 1..=5 {
        let mut sent = entry(&conv, "ana", &format!("m{number}"));
        // Six encoded bytes each: the budget is of what is sent, not of characters.
        sent.content = "\u{0}".repeat(500);
        commit(&store, &sent).await;
    }
    for budget in [3_300, 7_000, 10_000] {
        let fits = |page: &LogPage| serde_json::to_string(&page.messages).unwrap().len() <= budget;
        let forward = page(&store, &conv, Place::After(seq(0)), 5, budget).await;
        assert!(fits(&forward) && forward.covered < forward.head, "{budget}");
        assert_eq!(forward.covered, forward.messages.last().unwrap().seq);
        let newest = page(&store, &conv, Place::Newest, 5, budget).await;
        assert!(fits(&newest) && newest.after > seq(0), "{budget}");
        assert_eq!(newest.after.next(), newest.messages.first().unwrap().seq);
        assert_eq!(newest.covered, seq(5));
    }
}

/// Otherwise a client could never get past it.
pub async fn one_large_message_always_fits(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    filled(&store, &conv, 3).await;
    let forward = page(&store, &conv, Place::After(seq(1)), 5, 1).await;
    assert_eq!(shape(&forward), (1, vec![2], 2, 3));
    let newest = page(&store, &conv, Place::Newest, 5, 1).await;
    assert_eq!(shape(&newest), (2, vec![3], 3, 3));
}

/// A cursor from before a restore: nothing is claimed beyond the head.
pub async fn a_cursor_beyond_the_head(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    filled(&store, &conv, 2).await;
    let page = page(&store, &conv, Place::After(seq(9)), 5, 1_000).await;
    assert_eq!(shape(&page), (9, vec![], 2, 2));
}

/// Conversations whose ids are prefixes of one another.
pub async fn conversations_do_not_mix(harness: &impl Harness) {
    let store = harness.fresh().await;
    let names: [&[&str]; 4] = [&["a"], &["a", "b"], &["a#M"], &["a#"]];
    for (number, people) in names.iter().enumerate() {
        filled(&store, &conversation(people), number + 1).await;
    }
    for (number, people) in names.iter().enumerate() {
        let page = page(&store, &conversation(people), Place::Newest, 9, 9_999).await;
        assert_eq!(page.messages.len(), number + 1, "{people:?}");
    }
}
