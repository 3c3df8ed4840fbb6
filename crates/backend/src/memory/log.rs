//! Conversations in memory.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_protocol::{ConversationId, Message, MessageId, Seq, UserId, server::Heads};

use crate::store::{Committed, LogPage, NewMessage, PageBuilder, PageRequest};

/// The messages of every conversation.
#[derive(Debug, Default)]
pub struct Log {
    conversations: BTreeMap<ConversationId, Conversation>,
    of_user: BTreeMap<UserId, BTreeSet<ConversationId>>,
}

#[derive(Debug, Default)]
struct Conversation {
    head: Seq,
    messages: BTreeMap<Seq, Message>,
    dedupe: BTreeMap<(UserId, MessageId), Dedupe>,
}

#[derive(Debug)]
struct Dedupe {
    seq: Seq,
    until: u64,
}

impl Log {
    /// Appends a message, or finds the earlier commit of it.
    pub fn commit(&mut self, entry: &NewMessage) -> Committed {
        let conversation = self.conversations.entry(entry.conv.clone()).or_default();
        let key = (entry.from.clone(), entry.id.clone());
        let earlier = conversation
            .dedupe
            .get(&key)
            .filter(|row| row.until > entry.at)
            .and_then(|row| conversation.messages.get(&row.seq));
        if let Some(message) = earlier {
            return Committed {
                message: message.clone(),
                duplicate: true,
            };
        }
        let seq = conversation.head.next();
        let message = entry.at_place(seq);
        conversation.head = seq;
        conversation.messages.insert(seq, message.clone());
        let until = entry.dedupe_until;
        conversation.dedupe.insert(key, Dedupe { seq, until });
        for user in entry.conv.participants().unwrap_or_default() {
            let conversations = self.of_user.entry(user).or_default();
            conversations.insert(entry.conv.clone());
        }
        Committed {
            message,
            duplicate: false,
        }
    }

    /// The last places of these conversations.
    #[must_use]
    pub fn heads<'a>(&self, conversations: impl IntoIterator<Item = &'a ConversationId>) -> Heads {
        conversations
            .into_iter()
            .filter_map(|conv| Some((conv.clone(), self.conversations.get(conv)?.head)))
            .collect()
    }

    /// The last places of the user's conversations and of the lobby.
    #[must_use]
    pub fn heads_of(&self, user: &UserId) -> Heads {
        let lobby = ConversationId::lobby();
        let own = self.of_user.get(user).into_iter().flatten();
        self.heads(own.chain([&lobby]))
    }

    /// A piece of a conversation.
    #[must_use]
    pub fn page(&self, request: &PageRequest) -> LogPage {
        let Some(conversation) = self.conversations.get(&request.conv) else {
            return PageBuilder::new(request, Seq::ZERO).finish();
        };
        let mut page = PageBuilder::new(request, conversation.head);
        let (from, to) = page.bounds();
        if from <= to {
            let range = conversation.messages.range(from..=to);
            let messages = range.map(|(_, message)| message.clone());
            if page.is_forward() {
                fill(&mut page, messages);
            } else {
                fill(&mut page, messages.rev());
            }
        }
        page.finish()
    }
}

fn fill(page: &mut PageBuilder, messages: impl Iterator<Item = Message>) {
    for message in messages {
        if !page.push(message) {
            break;
        }
    }
}
