//! From the client core to the signals.

use leptos::prelude::*;
use switchboard_client::{Change, Client, Earlier, Failure, Item, Status, Summary};
use switchboard_protocol::{ConversationId, MessageId};

use super::App;
use super::marks::Mark;
use super::timeline::rows;

/// A line of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRow {
    /// What the core tells.
    pub summary: Summary,
    /// Messages that came while nobody looked.
    pub unread: usize,
    /// Whether it is pinned or muted.
    pub mark: Mark,
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
        for change in changes {
            match change {
                Change::Status => status = true,
                Change::Conversations => list = true,
                Change::Timeline(conversation) => {
                    // Its marks (waiting, failed) may have changed too.
                    list = true;
                    timeline |= open.as_ref() == Some(conversation);
                }
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
        self.heard(client, &heard);
        if status {
            self.set_status(client.status());
        }
        if presence {
            self.set_online(client.online());
        }
        if list {
            self.set_conversations(client.conversations());
        }
        if timeline {
            match open {
                Some(open) => {
                    let window = self.window.get_value();
                    // One more than is shown tells whether there is more in memory.
                    let mut items = client.items(&open, window + 1);
                    let mut earlier = client.earlier(&open);
                    if items.len() > window {
                        items.remove(0);
                        if earlier == Earlier::None {
                            earlier = Earlier::Available;
                        }
                    }
                    self.set_timeline(open, items, earlier);
                }
                None => self.timeline_of.set_value(None),
            }
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
        let rows = self.unread.with_value(|unread| {
            summaries
                .into_iter()
                .map(|summary| ConversationRow {
                    unread: unread
                        .get(&summary.id)
                        .copied()
                        .unwrap_or(0)
                        .max(summary.unread),
                    mark: Mark::default(),
                    summary,
                })
                .collect()
        });
        self.arrange(rows);
    }

    /// Shows a conversation's messages, if it is still the open one.
    pub fn set_timeline(self, conversation: ConversationId, items: Vec<Item>, earlier: Earlier) {
        if self
            .open
            .with_untracked(|open| open.as_ref() != Some(&conversation))
        {
            return;
        }
        self.timeline_of.set_value(Some(conversation));
        self.timeline.project(rows(items, self.services.day));
        if self.earlier.get_untracked() != earlier {
            self.earlier.set(earlier);
        }
    }

    /// Counts somebody else's new message.
    pub fn received(self, conversation: &ConversationId) {
        let is_open = self
            .open
            .with_untracked(|open| open.as_ref() == Some(conversation));
        if is_open && !self.at_bottom.get_untracked() {
            self.below.update(|count| *count += 1);
        }
        if !self.shows(conversation) {
            self.unread.update_value(|unread| {
                *unread.get_or_default(conversation.clone()) += 1;
            });
        }
    }

    pub(super) fn mark_read(self, conversation: &ConversationId) {
        self.unread.update_value(|unread| {
            unread.remove(conversation);
        });
        let row = self.conversations.get(conversation.as_str());
        if let Some(row) = row.filter(|row| row.with_untracked(|row| row.unread > 0)) {
            row.update(|row| {
                row.unread = 0;
                row.summary.mentions = 0;
            });
        }
    }
}
