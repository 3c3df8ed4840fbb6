//! What is said aloud and shown in passing: the announcer, short notices, and how loudly the
//! connection's state is told.

use switchboard_client::{Client, Sender};
use switchboard_protocol::{ConversationId, MessageId, UserId};

use super::App;
use super::announce::{Announcer, News};
use super::outage::{Outage, Truth};
use crate::format::plain;
use crate::signal::{RwSignal, StoredValue};
use crate::strings::announce as text;

/// Characters of a message that are read aloud.
const SPOKEN_CHARS: usize = 300;
/// Of so many messages at once, the newest, the senders are looked up; the rest are counted.
const NAMED: usize = 20;

/// The signals of it.
#[derive(Clone, Copy)]
pub struct Voice {
    /// What the live region says.
    pub spoken: RwSignal<String>,
    /// Changes when [`App::speak`] has something new to look at.
    pub asked: RwSignal<u32>,
    /// A short confirmation, such as that a text was copied; shown for a while.
    pub notice: RwSignal<String>,
    /// How loudly the connection is told of.
    pub truth: RwSignal<Truth>,
    announcer: StoredValue<Announcer>,
    outage: StoredValue<Outage>,
}

impl Voice {
    pub(super) fn new() -> Self {
        Self {
            spoken: RwSignal::new(String::new()),
            asked: RwSignal::new(0),
            notice: RwSignal::new(String::new()),
            truth: RwSignal::new(Truth::First),
            announcer: StoredValue::new(Announcer::default()),
            outage: StoredValue::new(Outage::default()),
        }
    }

    /// Whether all is well, as far as a person need know.
    #[must_use]
    pub fn is_calm(self) -> bool {
        matches!(self.truth.get(), Truth::Silent | Truth::Back { .. })
    }

    /// Whether messages are known that are not here yet.
    pub(super) fn behind(self, behind: bool) {
        self.outage.update_value(|outage| outage.behind = behind);
    }

    /// The next session's connection is another one.
    pub(super) fn forget(self) {
        self.outage.set_value(Outage::default());
    }
}

impl App {
    /// Has a sentence said to those who listen.
    pub fn announce(self, sentence: &str) {
        self.voice
            .announcer
            .update_value(|announcer| announcer.say(sentence));
        self.voice.asked.update(|asked| *asked += 1);
    }

    /// Shows a short confirmation for a while, and has it said.
    pub fn notice(self, sentence: &str) {
        self.voice.notice.set(sentence.to_owned());
        self.announce(sentence);
    }

    /// Brings the live region up to date; when to call it again, ms from now.
    pub fn speak(self) -> Option<u64> {
        let now = (self.services.now)().mono;
        let polled = self
            .voice
            .announcer
            .try_update_value(|announcer| announcer.poll(now, words));
        let (text, next) = polled?;
        if let Some(text) = text {
            self.voice.spoken.set(text);
        }
        next.map(|next| next.saturating_sub(now))
    }

    /// Decides how loudly the connection is told of; when to look again, on the monotonic clock.
    pub fn judge(self, now: u64) -> Option<u64> {
        let judged = self.voice.outage.try_update_value(|outage| {
            self.status
                .with_untracked(|status| outage.judge(now, status))
        });
        let (truth, next) = judged?;
        let before = self.voice.truth.get_untracked();
        if truth != before {
            self.voice.truth.set(truth);
            match truth {
                Truth::Loud => {
                    let sentence = self.status.with_untracked(crate::strings::status::sentence);
                    self.announce(sentence);
                }
                Truth::Back { sent, caught_up } => self.announce(&text::back(sent, caught_up)),
                Truth::First | Truth::Silent | Truth::Quiet => {}
            }
        }
        next
    }

    /// Messages of others have just arrived: those who listen hear of them, in the order they
    /// came.
    pub(super) fn heard(self, client: &Client, received: &[(&ConversationId, &MessageId)]) {
        let now = (self.services.now)().mono;
        self.voice.outage.update_value(|outage| {
            for _ in received {
                outage.received(now);
            }
        });
        if received.is_empty() || !self.is_visible() {
            return;
        }
        let told = received
            .iter()
            .filter(|(conversation, _)| !self.is_muted(conversation));
        let unnamed = told.clone().count().saturating_sub(NAMED);
        self.voice
            .announcer
            .update_value(|announcer| announcer.gather(now, unnamed));
        for (conversation, id) in told.skip(unnamed) {
            let item = client
                .place(conversation, id)
                .and_then(|place| client.slice(conversation, place..place + 1).pop());
            let Some(item) = item else { continue };
            let from = match item.from {
                Sender::Other(user) => Some(user),
                Sender::Unknown => None,
                Sender::Me => continue,
            };
            let open = self
                .open
                .with_untracked(|open| open.as_ref() == Some(conversation));
            let text = open.then(|| plain(&item.text).chars().take(SPOKEN_CHARS).collect());
            self.voice
                .announcer
                .update_value(|announcer| announcer.received(now, from, text));
        }
        self.voice.asked.update(|asked| *asked += 1);
    }
}

/// The gathered messages in words.
fn words(news: News) -> String {
    let names: Vec<&str> = news.from.iter().flatten().map(UserId::as_str).collect();
    match (news.text, names.as_slice()) {
        (Some(said), [name]) => text::says(name, &said),
        (Some(said), _) => said,
        (None, []) => text::new_messages(news.count),
        (None, [name]) => text::from_one(news.count, name),
        (None, [first, second]) => text::from_two(news.count, first, second),
        (None, [first, second, rest @ ..]) => {
            text::from_more(news.count, first, second, rest.len())
        }
    }
}
