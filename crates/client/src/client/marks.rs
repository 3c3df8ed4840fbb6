//! What others may know of the person: that they type, and how far they have read.

use switchboard_protocol::client::{ClientFrame, Kind, Signal};
use switchboard_protocol::{ConversationId, MessageId};

use super::Client;
use super::frame::frame;
use crate::io::{Change, Now, Output, SocketId, StoreOperation};
use crate::outbox::Draft;
use crate::stored::Mark;

impl Client {
    /// Tells the others that the person types, now and then. Where it cannot be told now it is not
    /// told at all.
    pub(super) fn typing(&mut self, now: Now, conversation: ConversationId) {
        let Some(session) = &mut self.session else {
            return;
        };
        let socket = match session.connection.up() {
            Some(up) if up.flows() => up.socket,
            Some(_) | None => return,
        };
        if session.account.profile.is_own()
            && !conversation.is_lobby()
            && conversation.includes(&session.account.user)
            && session.timeline(conversation.clone()).types(now)
        {
            let signal = ClientFrame::Signal(Signal {
                conv: conversation,
                kind: "typing".to_owned(),
            });
            self.transmit(socket, &signal);
        }
    }

    /// The person has read everything up to a message.
    pub(super) fn read(&mut self, conversation: ConversationId, through: &MessageId, tell: bool) {
        let Some(session) = &mut self.session else {
            return;
        };
        // Who reads an own message that waits or stands above a gap has read all that is here.
        let is_own = session.outbox.draft(through, &conversation).is_some();
        let Some(timeline) = session.timelines.get_mut(&conversation) else {
            return;
        };
        let tell = tell && !conversation.is_lobby();
        let is_new = if is_own || timeline.ahead().any(|entry| entry.id == through.as_str()) {
            timeline.read_all(tell)
        } else {
            timeline.read_through(through, tell)
        };
        if is_new {
            self.store_mark(&conversation);
            self.changed(Change::Conversations);
        }
    }

    /// The person takes a message and what follows as unread.
    pub(super) fn unread(&mut self, conversation: &ConversationId, from: &MessageId) {
        let Some(session) = &mut self.session else {
            return;
        };
        let timeline = session.timelines.get_mut(conversation);
        if timeline.is_some_and(|timeline| timeline.unread_from(from)) {
            self.store_mark(conversation);
        }
        // Where it was unread already, the page may have taken it as read before.
        self.changed(Change::Conversations);
    }

    /// Stores a conversation's mark, if it has changed.
    pub(super) fn store_mark(&mut self, conversation: &ConversationId) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Some(epoch) = &session.epoch else { return };
        let timeline = session.timelines.get_mut(conversation);
        let mark = timeline.and_then(|timeline| timeline.take_changed_mark());
        if let Some((through, tell, lowered)) = mark {
            let mark = Mark {
                conversation: conversation.clone(),
                epoch: epoch.clone(),
                through,
                tell,
                lowered,
            };
            self.persist(StoreOperation::Mark(mark));
        }
    }

    /// Stores every mark that has changed.
    pub(super) fn store_marks(&mut self) {
        let Some(session) = &self.session else { return };
        let all: Vec<ConversationId> = session.timelines.iter().map(|(id, _)| id.clone()).collect();
        for conversation in all {
            self.store_mark(&conversation);
        }
    }

    /// Tells others how far the person has read, where nothing else is on its way.
    pub(super) fn tell(&mut self, now: Now, socket: SocketId) {
        let Some(session) = &mut self.session else {
            return;
        };
        if !session.account.profile.is_own() {
            return;
        }
        for (conversation, timeline) in session.timelines.iter_mut() {
            let Some(through) = timeline.tell_now(now) else {
                continue;
            };
            if !session.outbox.is_idle(conversation) {
                continue;
            }
            let draft = Draft {
                conversation: conversation.clone(),
                id: MessageId::by_machine(self.rng.next_u128()),
                kind: Kind::Read,
                content: String::new(),
                re: Some(through),
            };
            let text = frame(&session.account, &draft);
            session.outbox.tell(draft, now, &self.config);
            self.outputs.push_back(Output::Transmit(socket, text));
        }
    }
}
