//! How the logs grow: acknowledgements, pushed messages, pages and heads.

use switchboard_protocol::client::Kind;
use switchboard_protocol::server::{Ack, Heads, Message, Page};
use switchboard_protocol::{ConversationId, MessageId, UserId};

use super::Client;
use crate::connection::Role;
use crate::io::{Change, Now, Output, StoreOperation};
use crate::mutant::Mutant;
use crate::stored::Stretch;
use crate::timeline::{Added, Answer};

impl Client {
    pub(super) fn acknowledged(&mut self, now: Now, ack: Ack) {
        let Some(session) = &self.session else { return };
        let draft = session.outbox.draft(&ack.id, &ack.conv);
        if let Some(draft) = draft {
            let from = session.account.user.clone();
            let Ack {
                id, conv, seq, at, ..
            } = ack;
            self.receive(
                now,
                Message {
                    conv,
                    seq,
                    id,
                    from,
                    at,
                    kind: draft.kind,
                    content: draft.content,
                    re: draft.re,
                },
            );
        }
    }

    pub(super) fn page(&mut self, now: Now, page: Page) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Some(timeline) = session.timelines.get_mut(&page.conv) else {
            return;
        };
        if !timeline.awaits(page.rid) {
            return;
        }
        if session.epoch.as_ref() != Some(&page.epoch) {
            self.new_epoch(page.epoch);
            return;
        }
        let conversation = page.conv.clone();
        let own = own_ids(&page.messages, &session.account.user);
        match timeline.page(page, now, &self.config) {
            Some(Answer::Page(added)) => {
                for id in &own {
                    self.confirm(id);
                }
                self.changed(Change::Timeline(conversation.clone()));
                self.added(&conversation, added);
            }
            Some(Answer::Restored) => self.changed(Change::Timeline(conversation)),
            None => {}
        }
    }

    /// Storage told what lies below the loaded part of a log.
    pub(super) fn load_stored(&mut self, stretch: Stretch) {
        let Some(session) = &mut self.session else {
            return;
        };
        let conversation = stretch.conversation.clone();
        if session.epoch.as_ref() == Some(&stretch.epoch)
            && let Some(timeline) = session.timelines.get_mut(&conversation)
            && timeline.load_stored(stretch)
        {
            self.changed(Change::Timeline(conversation));
            self.changed(Change::Conversations);
        }
    }

    /// The log is another one: what we know of it means nothing. What waits to be sent does.
    pub(super) fn new_epoch(&mut self, epoch: String) {
        let Some(session) = &mut self.session else {
            return;
        };
        let old = session.epoch.replace(epoch);
        if old.is_none() || old == session.epoch {
            return;
        }
        // What still comes on the replaced socket speaks of the old log.
        self.outputs
            .extend(session.connection.drained().map(Output::Disconnect));
        let mut changed = Vec::new();
        for (conversation, timeline) in session.timelines.iter_mut() {
            timeline.forget();
            changed.push(Change::Timeline(conversation.clone()));
        }
        for change in changed {
            self.changed(change);
        }
        self.changed(Change::Conversations);
    }

    /// Takes the server's word for how far each log goes. `news` tells that conversations not
    /// seen before are news, not history; `greeting`, that we are newly connected.
    pub(super) fn heads(&mut self, now: Now, heads: Heads, news: bool, greeting: bool) {
        let mut added = false;
        for (conversation, head) in heads {
            let Some(session) = &mut self.session else {
                return;
            };
            if !conversation.includes(&session.account.user) {
                continue;
            }
            let known = session.timelines.contains_key(&conversation);
            added |= !known;
            let timeline = session.timeline(conversation.clone());
            let missing = timeline.missing();
            timeline.note_head(head, news && !known, now);
            if greeting {
                timeline.greeted(head, now);
            }
            // What is missing has a row of its own.
            if timeline.missing() != missing {
                self.changed(Change::Timeline(conversation));
            }
        }
        if added {
            self.changed(Change::Conversations);
        }
    }

    /// A pushed message. Before `welcome` it is not known of which epoch it is: then it only tells
    /// how far the log goes.
    pub(super) fn message(&mut self, now: Now, role: Role, message: Message) {
        let Some(session) = &mut self.session else {
            return;
        };
        if !message.conv.includes(&session.account.user) {
            return;
        }
        match role {
            Role::Active | Role::Draining => self.receive(now, message),
            Role::Only | Role::Candidate => {
                let timeline = session.timeline(message.conv);
                timeline.note_head(message.seq, false, now);
            }
        }
    }

    /// A log entry: pushed, or own and acknowledged. Both take the same path.
    fn receive(&mut self, now: Now, message: Message) {
        let conversation = message.conv.clone();
        // A full buffer is given up, with what is one's own in it.
        let ended_with_log = self.ends_with_log(&conversation);
        let Some(me) = self.session.as_ref().map(|it| it.account.user.clone()) else {
            return;
        };
        let id = (message.from == me).then(|| message.id.clone());
        let is_confirmed = id.as_ref().is_some_and(|id| self.confirm(id));
        let Some(session) = &mut self.session else {
            return;
        };
        let known = session.timelines.contains_key(&conversation);
        let timeline = session.timeline(conversation.clone());
        // Its row is still there: what was to store the log so far did not.
        let is_again = is_confirmed && message.seq <= timeline.log().through;
        let again = is_again.then(|| Added::one(message.clone()));
        let added = timeline.receive(message, now, &self.config).or(again);
        if !known {
            self.changed(Change::Conversations);
        }
        let is_theirs = |message: &Message| message.kind == Kind::Text && message.from != me;
        let appended = added
            .as_ref()
            .is_some_and(|added| added.messages.iter().all(is_theirs))
            && ended_with_log
            && self.ends_with_log(&conversation);
        self.changed(if appended {
            Change::Appended(conversation.clone())
        } else {
            Change::Timeline(conversation.clone())
        });
        if self.config.is(Mutant::RemoveAboveGap)
            && let Some(id) = id
        {
            self.persist(StoreOperation::Remove(id));
        }
        self.added(&conversation, added);
    }

    /// The server has an own message: the outbox forgets it, though its row may have to stay.
    /// Tells whether it knew it.
    fn confirm(&mut self, id: &MessageId) -> bool {
        let Some(session) = &mut self.session else {
            return false;
        };
        let Some(unaccepted) = session.outbox.take(id) else {
            return false;
        };
        self.changed(Change::Status);
        if unaccepted {
            self.changed(Change::Accepted {
                id: id.clone(),
                durable: true,
            });
        }
        true
    }

    /// The same for one that no log holds.
    pub(super) fn confirm_alone(&mut self, id: &MessageId) {
        if self.confirm(id) {
            self.persist(StoreOperation::Remove(id.clone()));
        }
    }

    /// Stores and announces what the log has grown by. Own messages, also those another tab sent,
    /// leave the stored outbox in the same transaction, and not before: above a gap, or where a
    /// write failed, a page that starts without a network has them from there alone. One that
    /// starts with it sends them again, and the server knows them.
    fn added(&mut self, conversation: &ConversationId, added: Option<Added>) {
        self.changed(Change::Conversations);
        if let Some(added) = added {
            self.added_to_log(conversation, added);
        }
        self.store_mark(conversation);
    }

    fn added_to_log(&mut self, conversation: &ConversationId, added: Added) {
        let Some(session) = &self.session else { return };
        let mut news = Vec::new();
        if let Some(epoch) = &session.epoch
            && (added.through > added.after || added.replaces)
        {
            if let Some(from) = added.news_from {
                let is_news = |m: &&Message| {
                    m.seq >= from && m.from != session.account.user && m.kind == Kind::Text
                };
                news.extend(added.messages.iter().filter(is_news).map(|m| m.id.clone()));
            }
            let stretch = Stretch {
                conversation: conversation.clone(),
                epoch: epoch.clone(),
                after: added.after,
                through: added.through,
                confirmed: own_ids(&added.messages, &session.account.user),
                messages: added.messages,
                replaces: added.replaces,
            };
            self.persist(StoreOperation::Log(Box::new(stretch)));
        }
        for id in news {
            self.changed(Change::Received(conversation.clone(), id));
        }
    }
}

/// The ids of the messages that are `me`'s.
pub(super) fn own_ids<'a>(
    messages: impl IntoIterator<Item = &'a Message>,
    me: &UserId,
) -> Vec<MessageId> {
    let own = messages.into_iter().filter(|message| message.from == *me);
    own.map(|message| message.id.clone()).collect()
}
