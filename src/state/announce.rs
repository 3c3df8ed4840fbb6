//! What a screen reader is told, and when: messages of others are gathered and named together, a
//! text stays long enough to be read, and the same text twice is heard twice.
//!
//! The list of messages itself is not live: an announcer of its own never repeats the whole window,
//! says nothing of history, of one's own messages or of a switch of conversation.

use std::collections::VecDeque;

use switchboard_protocol::UserId;

/// Messages are announced this often at most, ms.
const GATHER: u64 = 1_000;
/// How long a text stays in the document, ms: speech may be queued behind other speech.
const STAY: u64 = 7_000;
/// Between two texts, ms: changed at once, the first would not be heard.
const PAUSE: u64 = 150;
/// Most texts that wait; the oldest is dropped.
const QUEUE: usize = 8;

/// Messages of others since the last announcement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// How many.
    pub count: usize,
    /// Who sent them, in order of their first one, each once; `None` where it is not known.
    pub from: Vec<Option<UserId>>,
    /// The text, if it is a single one in the open conversation.
    pub text: Option<String>,
}

/// The queue behind the one polite live region.
#[derive(Debug, Default)]
pub struct Announcer {
    queue: VecDeque<String>,
    news: News,
    /// When the gathered messages are announced.
    news_at: Option<u64>,
    /// When messages were announced last.
    told_at: Option<u64>,
    /// What stands in the region, and since when.
    spoken: Option<(String, u64)>,
    again: bool,
}

impl Announcer {
    /// Something to be said, in whole.
    pub fn say(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.queue.len() == QUEUE {
            self.queue.pop_front();
        }
        self.queue.push_back(text.to_owned());
    }

    /// A message of somebody else arrived; `text` where it can be read aloud.
    pub fn received(&mut self, now: u64, from: Option<UserId>, text: Option<String>) {
        let is_first = self.news.count == 0;
        self.gather(now, 1);
        self.news.text = text.filter(|_| is_first);
        if !self.news.from.contains(&from) {
            self.news.from.push(from);
        }
    }

    /// So many messages arrived of which no more is known.
    pub fn gather(&mut self, now: u64, messages: usize) {
        if messages == 0 {
            return;
        }
        self.news.count += messages;
        self.news.text = None;
        let earliest = self.told_at.map_or(now, |told| told + GATHER);
        self.news_at.get_or_insert(earliest.max(now));
    }

    /// What the region says now, if that changes, and when to ask again. `word` puts gathered
    /// messages into words.
    pub fn poll(
        &mut self,
        now: u64,
        word: impl FnOnce(News) -> String,
    ) -> (Option<String>, Option<u64>) {
        if self.news_at.is_some_and(|at| at <= now) {
            self.news_at = None;
            self.told_at = Some(now);
            let text = word(std::mem::take(&mut self.news));
            self.say(&text);
        }
        let ready = self
            .spoken
            .as_ref()
            .is_none_or(|(_, since)| now >= since + PAUSE);
        if ready && let Some(text) = self.queue.pop_front() {
            // A text that does not differ is not spoken: an invisible mark makes it differ.
            let repeats = self.spoken.as_ref().is_some_and(|(old, _)| *old == text);
            self.again = repeats && !self.again;
            let shown = if self.again {
                [text.as_str(), "\u{200b}"].concat()
            } else {
                text.clone()
            };
            self.spoken = Some((text, now));
            return (Some(shown), self.next());
        }
        if let Some((_, since)) = &self.spoken
            && now >= since + STAY
        {
            self.spoken = None;
            self.again = false;
            return (Some(String::new()), self.next());
        }
        (None, self.next())
    }

    fn next(&self) -> Option<u64> {
        let region = self
            .spoken
            .as_ref()
            .map(|(_, since)| since + if self.queue.is_empty() { STAY } else { PAUSE });
        [region, self.news_at].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str) -> Option<UserId> {
        Some(UserId::try_from(name).unwrap())
    }

    fn word(news: News) -> String {
        let from: Vec<&str> = news.from.iter().flatten().map(UserId::as_str).collect();
        match news.text {
            Some(text) => format!("{}: {text}", from.join("+")),
            None => format!("{} from {}", news.count, from.join("+")),
        }
    }

    #[test]
    fn a_burst_is_one_sentence_a_second() {
        let mut announcer = Announcer::default();
        announcer.received(0, user("ana"), Some("hi".to_owned()));
        let (said, next) = announcer.poll(0, word);
        assert_eq!((said.as_deref(), next), (Some("ana: hi"), Some(7_000)));
        let mut spoken = Vec::new();
        for n in 0..50_u64 {
            let now = 10 + n * 20;
            announcer.received(now, user(if n % 2 == 0 { "ana" } else { "bo" }), None);
            spoken.extend(announcer.poll(now, word).0);
        }
        spoken.extend(announcer.poll(2_000, word).0);
        assert_eq!(spoken, ["50 from ana+bo"]);
    }

    #[test]
    fn the_same_text_is_heard_again_and_goes_in_the_end() {
        let mut announcer = Announcer::default();
        announcer.say("Copied");
        assert_eq!(announcer.poll(0, word).0.as_deref(), Some("Copied"));
        announcer.say("Copied");
        assert_eq!(announcer.poll(100, word), (None, Some(150)));
        assert_eq!(
            announcer.poll(150, word).0.as_deref(),
            Some("Copied\u{200b}")
        );
        announcer.say("Copied");
        assert_eq!(announcer.poll(300, word).0.as_deref(), Some("Copied"));
        assert_eq!(announcer.poll(7_299, word).0, None);
        assert_eq!(announcer.poll(7_300, word), (Some(String::new()), None));
    }

    #[test]
    fn nothing_waits_without_end() {
        let mut announcer = Announcer::default();
        for n in 0..100 {
            announcer.say(&n.to_string());
        }
        announcer.say("");
        assert_eq!(announcer.poll(0, word).0.as_deref(), Some("92"));
    }
}
