//! From stored rows to what the core starts with.

use switchboard_client::{Bounds, Mark, Pending, Restored, Stretch};
use switchboard_protocol::json::{Object, Writer};
use switchboard_protocol::server::Message;
use switchboard_protocol::{ConversationId, Seq};

/// Most places kept of a log, to be searched and saved; older messages are the server's to tell.
pub const KEPT: u64 = 5_000;

/// Most places of a log the core starts with: what fills a screen or two.
pub const LOADED: u64 = 50;

/// Everything an account's database holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// What could be read.
    pub restored: Restored,
    /// Rows of the outbox that could not: they stay where they are, and the person is told.
    pub unreadable: usize,
    /// A log's row could not be read; then no log is restored.
    pub is_log_broken: bool,
}

impl Rows {
    /// Reads the rows of each store; messages come in the order of their keys.
    #[must_use]
    pub fn read(outbox: &[String], logs: &[String], messages: &[String], marks: &[String]) -> Self {
        let pending: Vec<Pending> = outbox
            .iter()
            .filter_map(|row| Pending::parse(row))
            .collect();
        let unreadable = outbox.len() - pending.len();
        let logs = stretches(logs, messages);
        Self {
            unreadable,
            is_log_broken: logs.is_none(),
            restored: Restored {
                outbox: pending,
                logs: logs.unwrap_or_default(),
                // One that cannot be read costs no more than a mark.
                marks: marks.iter().filter_map(|row| Mark::parse(row)).collect(),
            },
        }
    }
}

fn stretches(logs: &[String], messages: &[String]) -> Option<Vec<Stretch>> {
    let mut stretches = Vec::with_capacity(logs.len());
    for row in logs {
        let (conversation, bounds) = bounds(row)?;
        stretches.push(Stretch {
            conversation,
            after: loaded_after(&bounds),
            epoch: bounds.epoch,
            through: bounds.through,
            messages: Vec::new(),
            confirmed: Vec::new(),
            replaces: false,
        });
    }
    for row in messages {
        let message = Message::parse(row)?;
        let stretch = stretches
            .iter_mut()
            .rev()
            .find(|stretch| stretch.conversation == message.conv)?;
        if message.seq <= stretch.after || message.seq > stretch.through {
            return None;
        }
        stretch.messages.push(message);
    }
    Some(stretches)
}

/// The place above which a stored log is loaded.
pub(super) fn loaded_after(bounds: &Bounds) -> Seq {
    let after = bounds.through.get().saturating_sub(LOADED);
    Seq::try_from(after).map_or(bounds.after, |after| after.max(bounds.after))
}

/// How a log's bounds are stored.
pub(super) fn bounds_row(conversation: &ConversationId, bounds: &Bounds) -> String {
    let mut row = Writer::new();
    row.text("conv", conversation.as_str());
    row.text("epoch", &bounds.epoch);
    row.number("after", bounds.after.get());
    row.number("through", bounds.through.get());
    row.finish()
}

/// Reads one back.
pub(super) fn bounds(row: &str) -> Option<(ConversationId, Bounds)> {
    let mut row = Object::parse(row)?;
    let bounds = Bounds {
        epoch: row.text("epoch")?,
        after: row.seq("after")?,
        through: row.seq("through")?,
    };
    Some((row.id("conv")?, bounds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seq(n: u64) -> Seq {
        Seq::try_from(n).unwrap()
    }

    fn message(n: u64) -> String {
        format!(
            r#"{{"conv":"lobby","seq":{n},"id":"m{n}","from":"bo","at":1,"kind":"text","content":"x"}}"#
        )
    }

    fn log(after: u64, through: u64) -> String {
        let bounds = Bounds {
            epoch: "e".to_owned(),
            after: seq(after),
            through: seq(through),
        };
        let row = bounds_row(&ConversationId::lobby(), &bounds);
        assert_eq!(super::bounds(&row), Some((ConversationId::lobby(), bounds)));
        row
    }

    #[test]
    fn messages_find_their_stretch() {
        let rows = Rows::read(&[], &[log(4, 9)], &[message(5), message(8)], &[]);
        let [stretch] = &rows.restored.logs[..] else {
            panic!("{rows:?}");
        };
        let places: Vec<u64> = stretch.messages.iter().map(|m| m.seq.get()).collect();
        assert_eq!(places, [5, 8]);
        assert_eq!((stretch.after, stretch.through), (seq(4), seq(9)));
        assert!(!rows.is_log_broken);
    }

    #[test]
    fn a_log_that_cannot_be_trusted_is_not_restored() {
        for (logs, messages) in [
            (vec![log(0, 9)], vec!["{}".to_owned()]),
            (vec![log(0, 9)], vec![String::new()]),
            (vec!["[]".to_owned()], vec![]),
            (vec![log(4, 9)], vec![message(4)]),
            (vec![log(4, 9)], vec![message(10)]),
            (vec![], vec![message(1)]),
        ] {
            let rows = Rows::read(&[], &logs, &messages, &[]);
            assert!(rows.is_log_broken, "{logs:?} {messages:?}");
            assert!(rows.restored.logs.is_empty());
        }
    }

    #[test]
    fn unreadable_outbox_rows_are_counted() {
        let good = r#"{"id":"a","conversation":"lobby","text":"x","at":1,"order":1}"#;
        let rows = Rows::read(
            &["{".to_owned(), good.to_owned(), String::new()],
            &[],
            &[],
            &[],
        );
        assert_eq!((rows.restored.outbox.len(), rows.unreadable), (1, 2));
    }
}
