//! The rows of a timeline: which message opens a group, and where a day begins.

use switchboard_client::{Item, Sender};

use super::Key;

/// Messages of one person closer together than this stand in one group.
const GROUP_GAP_MS: u64 = 5 * 60 * 1000;

/// Local days begin on a quarter of an hour of UTC in every time zone.
pub const QUARTER_HOUR_MS: u64 = 15 * 60 * 1000;

/// One message as the timeline shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The message.
    pub item: Item,
    /// Whether the sender's name and picture stand above it.
    pub opens_group: bool,
    /// Whether the next message, if there is one in the document, opens another group.
    pub closes_group: bool,
    /// Whether it is the first that was unread when the conversation was opened.
    pub first_unread: bool,
}

/// A day's messages, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Its name.
    pub name: String,
    /// The rows of those in the document.
    pub rows: Vec<Key>,
}

/// The rows in the document, and the days they stand in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// In display order.
    pub rows: Vec<(Key, Row)>,
    /// In display order.
    pub days: Vec<(Key, Day)>,
}

/// The rows of `items`, which are in display order, without the first `lead`: those only tell what
/// the next one continues. `unread` is the first unread message, `day` names the local day of a
/// time.
#[must_use]
pub fn rows(
    items: Vec<Item>,
    lead: usize,
    unread: Option<&str>,
    day: impl Fn(u64) -> String,
) -> Rows {
    let mut all = Rows::default();
    let mut before: Option<(Sender, u64)> = None;
    let mut today = String::new();
    for (at, item) in items.into_iter().enumerate() {
        let same_quarter = before
            .as_ref()
            .is_some_and(|(_, at)| at / QUARTER_HOUR_MS == item.at / QUARTER_HOUR_MS);
        let mut new_day = false;
        if !same_quarter {
            let name = day(item.at);
            new_day = name != today;
            today = name;
        }
        let first_unread = unread == Some(item.id.as_str());
        let continues = !new_day
            && !first_unread
            && before.as_ref().is_some_and(|(from, at)| {
                *from == item.from && item.at.abs_diff(*at) < GROUP_GAP_MS
            });
        if continues && let Some((_, last)) = all.rows.last_mut() {
            last.closes_group = false;
        }
        before = Some((item.from.clone(), item.at));
        if at >= lead {
            let key = Key::from(item.id.as_str());
            match all.days.last_mut() {
                Some((_, day)) if !new_day => day.rows.push(key.clone()),
                _ => {
                    let name = today.clone();
                    let rows = vec![key.clone()];
                    let is_taken = |key: &str| all.days.iter().any(|(other, _)| **other == *key);
                    all.days
                        .push((day_key(is_taken, &name), Day { name, rows }));
                }
            }
            let row = Row {
                opens_group: !continues,
                closes_group: true,
                first_unread,
                item,
            };
            all.rows.push((key, row));
        }
    }
    all
}

/// A day is known by its name: it stays the same when earlier messages of it are loaded. Where
/// clocks were wrong a day may come twice.
pub(super) fn day_key(is_taken: impl Fn(&str) -> bool, name: &str) -> Key {
    let mut key = name.to_owned();
    while is_taken(&key) {
        key.push('\u{1f}');
    }
    Key::from(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_client::ItemState;
    use switchboard_protocol::{MessageId, UserId};

    const DAY: u64 = 86_400_000;

    fn item(id: &str, from: &str, at: u64) -> Item {
        Item::new(
            MessageId::try_from(id).unwrap(),
            Sender::Other(UserId::try_from(from).unwrap()),
            at,
            String::new(),
            ItemState::Received,
        )
    }

    fn items() -> Vec<Item> {
        vec![
            item("1", "ana", DAY - 120_000),
            item("2", "ana", DAY - 60_000),
            item("3", "ana", DAY + 1_000),
            item("4", "bo", DAY + 2_000),
            item("5", "bo", DAY + 2_000 + GROUP_GAP_MS),
            item("6", "bo", DAY + 3_000 + GROUP_GAP_MS),
        ]
    }

    #[test]
    fn a_group_closes_where_the_next_message_opens_one() {
        let rows = rows(items(), 0, Some("6"), |at| (at / DAY).to_string());
        let closes: Vec<bool> = rows.rows.iter().map(|(_, row)| row.closes_group).collect();
        assert_eq!(closes, [false, true, true, true, true, true]);
        let opens = rows.rows.iter().skip(1).map(|(_, row)| row.opens_group);
        assert!(opens.chain([true]).eq(closes));
    }

    fn shown(lead: usize, unread: Option<&str>) -> (Vec<bool>, Vec<(String, usize)>) {
        let rows = rows(items(), lead, unread, |at| (at / DAY).to_string());
        let opens = rows.rows.iter().map(|(_, row)| row.opens_group).collect();
        let days = rows.days.into_iter();
        (
            opens,
            days.map(|(_, day)| (day.name, day.rows.len())).collect(),
        )
    }

    #[test]
    fn groups_break_at_another_sender_a_pause_a_new_day_and_the_first_unread() {
        let (opens, days) = shown(0, None);
        assert_eq!(opens, [true, false, true, true, true, false]);
        assert_eq!(days, [("0".to_owned(), 2), ("1".to_owned(), 4)]);
        let (opens, _) = shown(0, Some("6"));
        assert_eq!(opens, [true, false, true, true, true, true]);
    }

    #[test]
    fn rows_look_the_same_wherever_the_window_begins() {
        let (all, _) = shown(0, None);
        for lead in 1..6 {
            let rows = rows(items().split_off(lead - 1), 1, None, |at| {
                (at / DAY).to_string()
            });
            let opens: Vec<bool> = rows.rows.iter().map(|(_, row)| row.opens_group).collect();
            assert_eq!(opens, all[lead..]);
            assert_eq!(rows.days.len(), if lead < 2 { 2 } else { 1 });
        }
    }

    #[test]
    fn a_day_that_comes_twice_by_wrong_clocks_loses_nothing() {
        let items = vec![
            item("1", "ana", DAY),
            item("2", "ana", 0),
            item("3", "ana", DAY),
        ];
        let rows = rows(items, 0, None, |at| (at / DAY).to_string());
        let keys: Vec<&str> = rows.days.iter().map(|(key, _)| &**key).collect();
        assert_eq!(keys, ["1", "0", "1\u{1f}"]);
        let names: Vec<&str> = rows.days.iter().map(|(_, day)| day.name.as_str()).collect();
        assert_eq!(names, ["1", "0", "1"]);
    }
}
