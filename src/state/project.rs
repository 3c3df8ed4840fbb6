//! From the client core to the signals.

use switchboard_client::{Change, Client, Earlier, Failure, Item, Status, Summary};
use switchboard_protocol::{ConversationId, MessageId};

use super::App;
use super::dialog::Dialog;
use super::marks::Mark;
use super::reading::Details;
use super::rows::{CoreLog, Log};

/// A line of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRow {
    /// What the core tells; of what is in sight nothing is unread.
    pub summary: Summary,
    /// Whether it is pinned or muted.
    pub mark: Mark,
}

impl ConversationRow {
    /// Shows that everything is read, before the core says so.
    pub(super) fn read(&mut self) {
        self.summary.unread = 0;
        self.summary.mentions = 0;
    }
}

impl App {
    /// Shows what changed. Call it after every drain of the core's outputs, with the changes of
    /// that drain: each part is projected once however often it changed. Call it after
    /// [`super::Intent::Open`] too, even without changes.
    pub fn apply(self, client: &Client, changes: &[Change]) {
        let open = self.open.get_untracked();
        let (mut status, mut list, mut presence) = (false, false, false);
        let mut heard = Vec::new();
        let mut timeline = self.timeline_of.with_value(|shown| *shown != open);
        let mut appended = false;
        for change in changes {
            match change {
                Change::Status => status = true,
                Change::Conversations => list = true,
                Change::Timeline(conversation) => {
                    // Its marks (waiting, failed) may have changed too.
                    list = true;
                    timeline |= open.as_ref() == Some(conversation);
                }
                Change::Appended(conversation) => appended |= open.as_ref() == Some(conversation),
                Change::Presence => presence = true,
                Change::Received(conversation, id) => {
                    list = true;
                    self.received(conversation);
                    heard.push((conversation, id));
                }
                Change::Signal(..) => {}
                Change::Accepted { id, durable } => {
                    // What is written next will fare alike.
                    self.keeps_nothing.set_value(!durable);
                    status = true;
                    self.answered(id, None);
                }
                Change::Refused(id, failure) => self.answered(id, Some(*failure)),
            }
        }
        // What comes in one go with the end of an interruption had been missed by it.
        self.voice.behind(client.is_behind());
        if status {
            self.set_status(client.status());
        }
        self.heard(client, &heard);
        if presence {
            self.set_online(client.online());
        }
        if list {
            self.set_conversations(client.conversations());
        }
        // What is looked for is known to be missing only when connected.
        timeline |= status && self.reading.sought.with_untracked(Option::is_some);
        if timeline || appended {
            self.show_open(client, !timeline);
        }
    }

    /// Shows the rows of the open conversation that belong in the document, and who has got the
    /// message whose details are shown.
    pub fn look(self, client: &Client) {
        self.show_open(client, false);
    }

    fn show_open(self, client: &Client, appended: bool) {
        let Some(open) = self.open.get_untracked() else {
            self.timeline_of.set_value(None);
            return;
        };
        let conversation = &open;
        self.show_rows(
            conversation,
            &CoreLog {
                client,
                conversation,
            },
            appended,
        );
        if let Some(Dialog::Details(id)) = self.dialog.get_untracked() {
            let receipts = client.receipts(conversation, &id);
            let place = client.place(conversation, &id);
            self.reading.details.set(Details {
                receipts,
                place: place.map(|at| (at + 1, client.len(conversation))),
            });
        }
    }

    /// The message is written: its text leaves the composer. With a failure it was not taken: the
    /// text stays and the reason is shown.
    pub fn answered(self, id: &MessageId, failure: Option<Failure>) {
        if !self.drafts.answered(id, failure.is_none()) {
            return;
        }
        if failure.is_some() {
            self.refusal.set(failure);
        }
        // A refused reply is one again, and an edit that went through is over.
        self.show_compose();
    }

    /// Shows a connection status.
    pub fn set_status(self, status: Status) {
        let volatile = status.volatile > 0 || self.keeps_nothing.get_value();
        if self.volatile.get_untracked() != volatile {
            self.volatile.set(volatile);
        }
        if self.status.with_untracked(|old| *old != status) {
            self.status.set(status);
        }
        self.judge((self.services.now)().mono);
    }

    /// Shows the list of conversations.
    pub fn set_conversations(self, summaries: Vec<Summary>) {
        let row = |summary| ConversationRow {
            mark: Mark::default(),
            summary,
        };
        self.arrange(summaries.into_iter().map(row).collect());
    }

    /// Shows a conversation's messages, if it is still the open one.
    pub fn set_timeline(self, conversation: ConversationId, items: Vec<Item>, earlier: Earlier) {
        if self
            .open
            .with_untracked(|open| open.as_ref() == Some(&conversation))
        {
            self.show_rows(&conversation, &List { items, earlier }, false);
        }
    }

    /// Counts somebody else's new message below what is in sight.
    pub fn received(self, conversation: &ConversationId) {
        let is_open = self
            .open
            .with_untracked(|open| open.as_ref() == Some(conversation));
        if is_open && !self.at_bottom.get_untracked() {
            self.below.update(|count| *count += 1);
        }
    }

    pub(super) fn mark_read(self, conversation: &ConversationId) {
        let row = self.conversations.get(conversation.as_str());
        if let Some(row) = row.filter(|row| row.with_untracked(|row| row.summary.unread > 0)) {
            row.update(ConversationRow::read);
        }
    }
}

/// A conversation that is given as a whole.
struct List {
    items: Vec<Item>,
    earlier: Earlier,
}

impl Log for List {
    fn rows(&self) -> usize {
        self.items.len()
    }

    fn slice(&self, from: usize, to: usize) -> Vec<Item> {
        self.items.get(from..to).unwrap_or_default().to_vec()
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.items.iter().position(|item| item.id.as_str() == id)
    }

    fn earlier(&self) -> Earlier {
        self.earlier
    }

    fn missing(&self) -> u64 {
        0
    }

    fn first_unread(&self) -> Option<MessageId> {
        None
    }
}
