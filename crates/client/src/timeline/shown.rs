//! What a view asks of the window.

use switchboard_protocol::{MessageId, Seq, UserId};

use super::Timeline;
use super::entries::Entry;

impl Timeline {
    /// How many texts the window has.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The text in a row of the window; the oldest is row 0.
    pub(crate) fn text(&self, row: usize) -> Option<Entry<'_>> {
        self.rows.text(row)
    }

    /// The newest text of the window with this id below a place.
    pub(crate) fn find(&self, id: &MessageId, below: Seq) -> Option<Entry<'_>> {
        self.rows.find(id.as_str(), below)
    }

    /// The row of a text of the window.
    pub(crate) fn row(&self, id: &MessageId) -> Option<usize> {
        let text = self.find(id, self.applied.next())?;
        self.rows.rows_through(text.seq).checked_sub(1)
    }

    /// Own entries that were acknowledged and stand above a gap.
    pub(crate) fn ahead(&self) -> impl Iterator<Item = Entry<'_>> {
        let entries = self.buffer.iter().map(|(_, entry)| Entry::from(entry));
        entries.filter(|entry| *entry.from == self.me)
    }

    /// The other participants; nobody in the lobby.
    pub(crate) fn others(&self) -> &[UserId] {
        &self.others
    }

    /// How far each of the others has been handed this conversation, and how far each has read.
    pub(crate) fn progress(&self) -> impl Iterator<Item = (Seq, Seq)> {
        self.others.iter().map(|user| {
            let read = self.rows.read_by(user);
            let reached = self.reached.get(user).copied().unwrap_or_default();
            (reached.max(read), read)
        })
    }

    /// Places known to be taken beyond the window.
    pub(crate) fn missing(&self) -> u64 {
        self.head.get().saturating_sub(self.applied.get())
    }
}
