//! The rows of a timeline: which message opens a group, and where a day begins.

use switchboard_client::Item;

use super::Key;

/// Rows in the document when a conversation opens.
pub const WINDOW: usize = 200;

/// Further rows each time the person asks for older messages.
pub const MORE: usize = 50;

/// Messages of one person closer together than this stand in one group.
const GROUP_GAP_MS: u64 = 5 * 60 * 1000;

/// Local days begin on a quarter of an hour of UTC in every time zone.
const QUARTER_HOUR_MS: u64 = 15 * 60 * 1000;

/// One message as the timeline shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The message.
    pub item: Item,
    /// Whether the sender's name and picture stand above it.
    pub opens_group: bool,
    /// The day's name, where a day begins.
    pub day: Option<String>,
}

/// The rows of `items`, which are in display order. `day` names the local day of a time.
#[must_use]
pub fn rows(items: Vec<Item>, day: impl Fn(u64) -> String) -> Vec<(Key, Row)> {
    let mut rows: Vec<(Key, Row)> = Vec::with_capacity(items.len());
    let mut today = String::new();
    for item in items {
        let previous = rows.last().map(|(_, row)| &row.item);
        let same_quarter =
            previous.is_some_and(|before| before.at / QUARTER_HOUR_MS == item.at / QUARTER_HOUR_MS);
        let mut begins = None;
        if !same_quarter {
            let name = day(item.at);
            if name != today {
                today.clone_from(&name);
                begins = Some(name);
            }
        }
        let continues = begins.is_none()
            && previous.is_some_and(|before| {
                before.from == item.from && item.at.abs_diff(before.at) < GROUP_GAP_MS
            });
        rows.push((
            Key::from(item.id.as_str()),
            Row {
                opens_group: !continues,
                day: begins,
                item,
            },
        ));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_client::{ItemState, Sender};
    use switchboard_protocol::{MessageId, UserId};

    fn item(id: &str, from: &str, at: u64) -> Item {
        Item::new(
            MessageId::try_from(id).unwrap(),
            Sender::Other(UserId::try_from(from).unwrap()),
            at,
            String::new(),
            ItemState::Received,
        )
    }

    #[test]
    fn groups_break_at_another_sender_a_pause_and_a_new_day() {
        const DAY: u64 = 86_400_000;
        let items = vec![
            item("1", "ana", DAY - 120_000),
            item("2", "ana", DAY - 60_000),
            item("3", "ana", DAY + 1_000),
            item("4", "bo", DAY + 2_000),
            item("5", "bo", DAY + 2_000 + GROUP_GAP_MS),
        ];
        let rows = rows(items, |at| (at / DAY).to_string());
        let opens: Vec<bool> = rows.iter().map(|(_, row)| row.opens_group).collect();
        assert_eq!(opens, [true, false, true, true, true]);
        let days: Vec<Option<&str>> = rows.iter().map(|(_, row)| row.day.as_deref()).collect();
        assert_eq!(days, [Some("0"), None, Some("1"), None, None]);
    }
}
