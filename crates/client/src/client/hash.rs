//! One number for the whole state, so that a replay can tell whether it came to the same.

use super::Client;
use crate::io::{ItemState, Sender};

impl Client {
    /// A hash of what this client shows and plans (but not of who is named in a text), with the
    /// lengths of texts rather than the texts and with conversations by their place rather than by name: a trace without names and
    /// texts leads to the same. Not stable between versions.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hash = Hash(0xCBF2_9CE4_8422_2325);
        for counter in [self.sockets, self.attempts, self.operations, self.requests] {
            hash.number(counter);
        }
        hash.number(self.rng.clone().next());
        hash.number(self.poll_timeout().map_or(0, |at| at.saturating_add(1)));
        let status = self.status();
        hash.number(u64::from(status.attempt));
        hash.count(status.waiting);
        hash.count(self.online().len());
        let Some(session) = &self.session else {
            return hash.0;
        };
        for (id, timeline) in session.timelines.iter() {
            let log = timeline.log();
            hash.number(log.after.get());
            hash.number(log.through.get());
            for message in log.messages.iter() {
                hash.number(message.seq.get());
            }
            hash.count(timeline.unread());
            hash.number(timeline.missing());
            for item in self.items(id, usize::MAX) {
                hash.number(item.at);
                hash.count(item.text.len());
                hash.count(item.edits.len());
                hash.number(u64::from(item.deleted));
                hash.number(u64::from(item.pending));
                hash.count(item.reply.map_or(0, |reply| reply.text.len() + 1));
                for reaction in item.reactions {
                    hash.count(reaction.emoji.len());
                    hash.count(reaction.who.len());
                }
                hash.number(match item.from {
                    Sender::Me => 1,
                    Sender::Other(_) => 2,
                    Sender::Unknown => 3,
                });
                let state = match item.state {
                    ItemState::Received => 1,
                    ItemState::Waiting => 2,
                    ItemState::Sending => 3,
                    ItemState::Unconfirmed => 4,
                    ItemState::HandedOver => 5,
                    ItemState::Failed(_) => 6,
                    ItemState::Sent { reached, of, read } => {
                        hash.count(reached);
                        hash.count(read);
                        hash.count(of);
                        7
                    }
                };
                hash.number(state);
            }
        }
        hash.0
    }
}

/// FNV-1a over whole numbers.
struct Hash(u64);

impl Hash {
    fn number(&mut self, number: u64) {
        for byte in number.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }

    fn count(&mut self, count: usize) {
        self.number(u64::try_from(count).unwrap_or(u64::MAX));
    }
}
