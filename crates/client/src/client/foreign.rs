//! Older systems: messages without ids, a log or confirmation, read and written by a profile.

use switchboard_protocol::profile::{ForeignMessage, Recipients};
use switchboard_protocol::{ConversationId, MessageId, PlatformFrame, UserId};

use super::Client;
use crate::io::{Change, Item, ItemState, Now, Pending, Sender};
use crate::mutant::Mutant;
use crate::timeline::Loose;

/// How long the echo of a message may take, ms; later, the same text is somebody else's.
const ECHO: u64 = 30_000;

impl Client {
    /// A frame of another system, read by its profile.
    pub(super) fn foreign(&mut self, now: Now, text: &str) {
        if let Some(frame) = PlatformFrame::parse(text) {
            self.platform(frame);
            return;
        }
        let Some(session) = &self.session else {
            return;
        };
        let profile = session.account.profile;
        let Some(message) = profile.read(text) else {
            return;
        };
        let lobby = ConversationId::lobby();
        if profile.echo && self.is_echo(now, &message) {
            self.changed(Change::Timeline(lobby));
            self.changed(Change::Status);
            return;
        }
        let Some(session) = &mut self.session else {
            return;
        };
        let from = message.from.and_then(|from| UserId::try_from(from).ok());
        // Only users can be answered; a connection id that "says" something is in the room.
        let conversation = match (&from, profile.recipients) {
            (Some(from), Recipients::Users) => {
                ConversationId::of([from, &session.account.user]).unwrap_or(lobby)
            }
            _ => lobby,
        };
        let sender = match from {
            Some(from) if Some(from.as_str()) == session.connection_id.as_deref() => Sender::Me,
            Some(from) => Sender::Other(from),
            None => Sender::Unknown,
        };
        let id = MessageId::from_random(self.rng.next_u128());
        let state = ItemState::Received;
        let item = Item::new(id.clone(), sender, now.wall, message.text, state);
        let timeline = session.timeline(conversation.clone());
        timeline.push_loose(Loose {
            item,
            echo_until: None,
        });
        self.changed(Change::Timeline(conversation.clone()));
        self.changed(Change::Conversations);
        self.changed(Change::Received(conversation, id));
    }

    /// Whether `message` is an own one coming back. Where frames name their connection (S4), two
    /// echoes in a row from the same one teach us which is ours: a single match may be somebody
    /// else who said the same at the same time.
    fn is_echo(&mut self, now: Now, message: &ForeignMessage) -> bool {
        let Some(session) = &mut self.session else {
            return false;
        };
        if let (Some(own), Some(from)) = (&session.connection_id, &message.from)
            && own != from
        {
            return false;
        }
        let timeline = session.timeline(ConversationId::lobby());
        let is_echo = timeline.echo(&message.text, now);
        if is_echo && let Some(from) = &message.from {
            if session.echoed_by.as_ref() == Some(from) {
                session.connection_id = Some(from.clone());
            }
            session.echoed_by = Some(from.clone());
        }
        is_echo
    }

    /// A foreign backend confirms nothing: once transmitted, a message is out of our hands.
    pub(super) fn hand_over(&mut self, now: Now, pending: Pending) {
        let Some(session) = &mut self.session else {
            return;
        };
        if session.account.profile.is_own() {
            if self.config.is(Mutant::ConfirmOnSend) {
                self.confirm_alone(&pending.id);
            }
            return;
        }
        let state = ItemState::HandedOver;
        let id = pending.id.clone();
        let item = Item::new(id, Sender::Me, pending.at, pending.text, state);
        let echo_until = session.account.profile.echo.then(|| now.mono + ECHO);
        let timeline = session.timeline(pending.conversation);
        timeline.push_loose(Loose { item, echo_until });
        self.confirm_alone(&pending.id);
    }
}
