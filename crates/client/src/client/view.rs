//! What a view shows.

use std::ops::Range;

use switchboard_protocol::client::Kind;
use switchboard_protocol::{ConversationId, MessageId, UserId};

use super::Client;
use super::frame::frame;
use super::shown::{Shown, start};
use crate::account::Account;
use crate::io::{Earlier, Item, ItemState, Receipt, Status, Summary};
use crate::outbox::Draft;
use crate::stored::Log;
use crate::timeline::Timeline;
use switchboard_protocol::sorted::{SortedMap, insert_by};

impl Client {
    /// Who is signed in.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        self.session.as_ref().map(|session| &session.account)
    }

    /// The connection, truthfully.
    #[must_use]
    pub fn status(&self) -> Status {
        let Some(session) = &self.session else {
            return Status::default();
        };
        Status {
            ready_state: session.connection.ready_state(),
            phase: session.connection.phase(),
            last_close: session.connection.last_close.clone(),
            ticket_refusal: session.connection.ticket_refusal,
            attempt: session.connection.attempt,
            connection: session.connection_id.clone(),
            waiting: session.outbox.waiting(),
            volatile: session.outbox.volatile(),
        }
    }

    /// People with a live connection, by id; empty while that is unknown.
    #[must_use]
    pub fn online(&self) -> &[UserId] {
        self.session.as_ref().map_or(&[], |session| &session.online)
    }

    /// All conversations, the most recently active first, then by id.
    #[must_use]
    pub fn conversations(&self) -> Vec<Summary> {
        let Some(session) = &self.session else {
            return Vec::new();
        };
        let mut waits: SortedMap<&ConversationId, (usize, usize)> = SortedMap::new();
        for (pending, state) in session.outbox.all() {
            let (waiting, failed) = waits.get_or_default(&pending.conversation);
            match state {
                ItemState::Failed(_) => *failed += 1,
                _ => *waiting += 1,
            }
        }
        let mut list = Vec::new();
        for (id, timeline) in session.timelines.iter() {
            let (waiting, failed) = waits.get(&id).copied().unwrap_or_default();
            let mut summary = Summary {
                waiting,
                failed,
                unread: timeline.unread(),
                mentions: timeline.mentions(),
                first_unread: timeline.first_unread(),
                ..Summary::new(id.clone())
            };
            let shown = Shown::new(session, id);
            let last = shown.and_then(|shown| shown.item(shown.len().checked_sub(1)?));
            if let Some(item) = last {
                summary.last_at = item.at;
                let mut text = item.text;
                text.truncate(start(&text).len());
                summary.last = Some((item.from, text));
            }
            // Timelines come in order of id, which decides among equals.
            insert_by(&mut list, summary, |a, b| a.last_at > b.last_at);
        }
        list
    }

    /// How many rows of a conversation are loaded: texts, own unsent ones among them.
    #[must_use]
    pub fn len(&self, conversation: &ConversationId) -> usize {
        self.shown(conversation).map_or(0, |shown| shown.len())
    }

    /// These rows of a conversation in display order: the confirmed ones by place in the log, then
    /// own unconfirmed ones in the order they were written. The oldest is row 0.
    #[must_use]
    pub fn slice(&self, conversation: &ConversationId, rows: Range<usize>) -> Vec<Item> {
        let shown = self.shown(conversation).map(Shown::with_progress);
        shown.map_or_else(Vec::new, |shown| {
            let rows = rows.start..rows.end.min(shown.len());
            rows.filter_map(|row| shown.item(row)).collect()
        })
    }

    /// The newest rows.
    #[must_use]
    pub fn items(&self, conversation: &ConversationId, newest: usize) -> Vec<Item> {
        let len = self.len(conversation);
        self.slice(conversation, len.saturating_sub(newest)..len)
    }

    /// The row of a message, if it is loaded.
    #[must_use]
    pub fn place(&self, conversation: &ConversationId, id: &MessageId) -> Option<usize> {
        self.shown(conversation)?.place(id)
    }

    /// How far an own message got with each of those it is for; nothing where nobody counts.
    #[must_use]
    pub fn receipts(
        &self,
        conversation: &ConversationId,
        id: &MessageId,
    ) -> Vec<(UserId, Receipt)> {
        let shown = self.shown(conversation);
        shown.map_or_else(Vec::new, |shown| shown.receipts(id, self.online()))
    }

    /// Whether nothing of a conversation is shown that stands above a gap, or in no log.
    pub(super) fn ends_with_log(&self, conversation: &ConversationId) -> bool {
        self.shown(conversation)
            .is_some_and(|shown| shown.ends_with_log())
    }

    fn shown<'a>(&'a self, conversation: &'a ConversationId) -> Option<Shown<'a>> {
        Shown::new(self.session.as_ref()?, conversation)
    }

    /// Own messages of any kind that are in no log yet.
    #[must_use]
    pub fn unsent(&self) -> Vec<MessageId> {
        let session = self.session.as_ref();
        session.map_or_else(Vec::new, |session| {
            session.outbox.unsent().cloned().collect()
        })
    }

    /// Places of newer messages that are known to exist and are not here yet.
    #[must_use]
    pub fn missing(&self, conversation: &ConversationId) -> u64 {
        let session = self.session.as_ref();
        let timeline = session.and_then(|s| s.timelines.get(conversation));
        timeline.map_or(0, Timeline::missing)
    }

    /// Whether any conversation has [`Client::missing`] messages.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.session
            .as_ref()
            .is_some_and(|session| session.timelines.iter().any(|(_, it)| it.missing() > 0))
    }

    /// The confirmed, contiguous part of a conversation's log that is loaded.
    #[must_use]
    pub fn log(&self, conversation: &ConversationId) -> Option<Log<'_>> {
        let timelines = &self.session.as_ref()?.timelines;
        timelines.get(conversation).map(Timeline::log)
    }

    /// Whether messages older than the loaded ones may be unread, and the place up to which the
    /// person has read is no more than `places` below them.
    #[must_use]
    pub fn unread_is_earlier(&self, conversation: &ConversationId, places: u64) -> bool {
        let session = self.session.as_ref();
        let timeline = session.and_then(|s| s.timelines.get(conversation));
        timeline.is_some_and(|timeline| timeline.unread_is_earlier(places))
    }

    /// Whether older messages than the loaded ones exist.
    #[must_use]
    pub fn earlier(&self, conversation: &ConversationId) -> Earlier {
        let timeline = self
            .session
            .as_ref()
            .and_then(|s| s.timelines.get(conversation));
        timeline.map_or(Earlier::None, Timeline::earlier)
    }

    /// Bytes of the frame that would carry `text`, envelope included.
    #[must_use]
    pub fn frame_bytes(&self, conversation: &ConversationId, text: &str) -> usize {
        self.session.as_ref().map_or(0, |session| {
            session
                .account
                .frame_bytes(conversation, Kind::Text, text, None)
        })
    }

    /// What must hold after every input; tests and simulation ask after each.
    ///
    /// # Errors
    /// Names the conversation and what is broken.
    pub fn invariants(&self) -> Result<(), String> {
        let Some(session) = &self.session else {
            return Ok(());
        };
        session.connection.invariants().map_err(str::to_owned)?;
        session
            .outbox
            .invariants(&self.config)
            .map_err(str::to_owned)?;
        for (id, timeline) in session.timelines.iter() {
            timeline
                .invariants()
                .map_err(|broken| [id.as_str(), ": ", broken].concat())?;
        }
        Ok(())
    }
}

impl Account {
    /// Bytes of the frame that would carry `content`, envelope included; for the composer's budget.
    #[must_use]
    pub fn frame_bytes(
        &self,
        conversation: &ConversationId,
        kind: Kind,
        content: &str,
        re: Option<&MessageId>,
    ) -> usize {
        let draft = Draft {
            conversation: conversation.clone(),
            id: MessageId::from_random(0),
            kind,
            content: content.to_owned(),
            re: re.cloned(),
        };
        frame(self, &draft).len()
    }
}
