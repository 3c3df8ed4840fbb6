//! One composer's text, and what of it is on its way.
//!
//! The composer clears only once the message is written (docs/protocol.md, *Durable*). Until
//! then its text still stands there, possibly with more typed behind it: `sent₁ sent₂ … rest`.

use switchboard_protocol::MessageId;
use switchboard_protocol::json::{Object, Writer};

use crate::state::compose::Compose;

/// Longest draft that is stored, bytes; of a longer one the last state that was shorter stays.
pub const MOST_BYTES: usize = 256 * 1024;

/// A text that was sent from here and is not answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sent {
    id: MessageId,
    text: String,
    /// What it replies to: the reply's again if it is refused.
    reply: Option<MessageId>,
}

/// An own message being written anew, above the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    of: MessageId,
    text: String,
    /// The text before.
    was: String,
    sent: Option<(MessageId, String)>,
}

/// What stands in one conversation's composer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Draft {
    text: String,
    /// In order; together a prefix of `text`.
    sent: Vec<Sent>,
    reply: Option<MessageId>,
    edit: Option<Edit>,
}

impl Draft {
    /// What stands in the field.
    pub(super) fn text(&self) -> &str {
        match &self.edit {
            Some(edit) => &edit.text,
            None => &self.text,
        }
    }

    pub(super) fn typed(&mut self, text: String) {
        match &mut self.edit {
            Some(edit) => edit.text = text,
            None => self.text = text,
        }
    }

    /// The start of the draft itself, for a list.
    pub(super) fn line(&self) -> &str {
        self.unsent().trim()
    }

    pub(super) fn compose(&self) -> Compose {
        match (&self.edit, &self.reply) {
            (Some(edit), _) => Compose::Edit(edit.of.clone()),
            (None, Some(reply)) => Compose::Reply(reply.clone()),
            (None, None) => Compose::New,
        }
    }

    /// Begins a reply or an edit, or gives it up. `was` is the edited message's text.
    pub(super) fn begin(&mut self, compose: Compose, was: &str) {
        match compose {
            Compose::New if self.edit.is_some() => self.edit = None,
            Compose::New => self.reply = None,
            Compose::Reply(id) => {
                self.edit = None;
                self.reply = Some(id);
            }
            Compose::Edit(of) => {
                self.edit = Some(Edit {
                    of,
                    text: was.to_owned(),
                    was: was.to_owned(),
                    sent: None,
                });
            }
        }
    }

    /// The part of the text that has not been sent. Of an edit, all of it, unless that is on its
    /// way or as it was.
    pub(super) fn rest(&self) -> &str {
        if let Some(edit) = &self.edit {
            let sent = edit.sent.as_ref().map(|(_, text)| text.as_str());
            return if edit.text == edit.was || sent == Some(&edit.text) {
                ""
            } else {
                &edit.text
            };
        }
        self.unsent()
    }

    fn unsent(&self) -> &str {
        self.sent
            .iter()
            .try_fold(self.text.as_str(), |rest, sent| {
                rest.strip_prefix(sent.text.as_str())
            })
            .unwrap_or(&self.text)
    }

    /// `text` is on its way: the next of the draft, or the whole of the edit.
    pub(super) fn sent(&mut self, id: MessageId, text: String) {
        match &mut self.edit {
            Some(edit) => edit.sent = Some((id, text)),
            None => {
                let reply = self.reply.take();
                self.sent.push(Sent { id, text, reply });
            }
        }
    }

    /// Forgets a sent message; with `clear`, its text goes too. Whether it came from here.
    pub(super) fn answered(&mut self, id: &MessageId, clear: bool) -> bool {
        if let Some(edit) = &mut self.edit
            && let Some((_, sent)) = edit.sent.take_if(|(sent, _)| sent == id)
        {
            if clear && sent == edit.text {
                self.edit = None;
            } else if clear {
                edit.was = sent;
            }
            return true;
        }
        let Some(place) = self.sent.iter().position(|sent| sent.id == *id) else {
            return false;
        };
        let start: usize = self.sent[..place].iter().map(|sent| sent.text.len()).sum();
        let Sent { text, reply, .. } = self.sent.remove(place);
        if clear
            && self
                .text
                .get(start..)
                .is_some_and(|tail| tail.starts_with(&text))
        {
            self.text.replace_range(start..start + text.len(), "");
            // A line break typed to part two messages belongs to neither.
            if start == 0 && self.text.trim().is_empty() {
                self.text.clear();
            }
        } else if !clear {
            // What follows is no longer a known prefix; nothing typed is touched from here on.
            self.sent.truncate(place);
            self.reply = self.reply.take().or(reply);
        }
        true
    }

    /// What is on its way: its id; of an edit, what it edits and the new text too.
    pub(super) fn on_its_way(
        &self,
    ) -> impl Iterator<Item = (MessageId, Option<(MessageId, String)>)> {
        let edit = self.edit.iter().filter_map(|edit| {
            let (id, text) = edit.sent.clone()?;
            Some((id, Some((edit.of.clone(), text))))
        });
        let texts = self.sent.iter().map(|sent| (sent.id.clone(), None));
        texts.chain(edit)
    }

    /// Forgets that anything is on its way: whoever sent it tells what becomes of it.
    pub(super) fn settled(mut self) -> Self {
        self.sent.clear();
        if let Some(edit) = &mut self.edit {
            edit.sent = None;
        }
        self
    }

    /// How storage keeps it; `None` where there is nothing to keep.
    pub(super) fn to_json(&self) -> Option<String> {
        if self.text.trim().is_empty() && self.reply.is_none() && self.edit.is_none() {
            return None;
        }
        let mut row = Writer::new();
        row.text("text", &self.text);
        if let Some(reply) = &self.reply {
            row.text("re", reply.as_str());
        }
        if !self.sent.is_empty() {
            row.texts("sent", self.sent.iter().map(|sent| sent.id.as_str()));
            row.texts("sent_texts", self.sent.iter().map(|sent| &*sent.text));
        }
        if let Some(edit) = &self.edit {
            row.text("edit", edit.of.as_str());
            row.text("edit_text", &edit.text);
            row.text("edit_was", &edit.was);
            if let Some((id, text)) = &edit.sent {
                row.text("edit_sent", id.as_str());
                row.text("edit_sent_text", text);
            }
        }
        Some(row.finish())
    }

    /// Reads what was stored; `None` for what is no draft.
    pub(super) fn parse(stored: &str) -> Option<Self> {
        // JSON takes at most six bytes for one of the text, and more than one text may be there.
        if stored.len() > 16 * MOST_BYTES {
            return None;
        }
        let mut row = Object::parse(stored)?;
        let text = row.text("text").filter(|text| text.len() <= MOST_BYTES)?;
        let ids = row.ids::<MessageId>("sent").unwrap_or_default();
        let texts = row.ids::<String>("sent_texts").unwrap_or_default();
        let sent = ids.into_iter().zip(texts);
        let sent = sent.map(|(id, text)| Sent {
            id,
            text,
            reply: None,
        });
        let edit = row.id("edit").and_then(|of| {
            Some(Edit {
                of,
                text: row.text("edit_text")?,
                was: row.text("edit_was")?,
                sent: row.id("edit_sent").zip(row.text("edit_sent_text")),
            })
        });
        Some(Self {
            text,
            sent: sent.collect(),
            reply: row.id("re"),
            edit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> MessageId {
        MessageId::try_from(text).unwrap()
    }

    fn draft(text: &str, sent: &[(&str, &str)]) -> Draft {
        let mut draft = Draft::default();
        draft.typed(text.to_owned());
        for (name, text) in sent {
            draft.sent(id(name), (*text).to_owned());
        }
        draft
    }

    #[test]
    fn acceptance_takes_away_what_was_sent_and_keeps_what_was_typed_since() {
        let mut draft = draft("onetwothree", &[("1", "one"), ("2", "two")]);
        assert_eq!(draft.rest(), "three");
        assert!(draft.answered(&id("2"), true));
        assert_eq!((draft.text(), draft.rest()), ("onethree", "three"));
        assert!(draft.answered(&id("1"), true));
        assert_eq!(draft.text(), "three");
        assert!(!draft.answered(&id("1"), true));
    }

    #[test]
    fn refusal_keeps_the_text_and_what_it_replies_to() {
        let mut draft = draft("one", &[]);
        draft.begin(Compose::Reply(id("m")), "");
        draft.sent(id("1"), "one".to_owned());
        assert_eq!((draft.rest(), draft.compose()), ("", Compose::New));
        assert!(draft.answered(&id("1"), false));
        assert_eq!((draft.text(), draft.rest()), ("one", "one"));
        assert_eq!(draft.compose(), Compose::Reply(id("m")));
    }

    #[test]
    fn a_text_changed_since_is_never_cut() {
        let mut draft = draft("anders", &[("1", "one")]);
        assert_eq!(draft.rest(), "anders");
        assert!(draft.answered(&id("1"), true));
        assert_eq!(draft.text(), "anders");
    }

    #[test]
    fn an_edit_stands_above_the_draft_and_leaves_it_as_it_was() {
        let mut draft = draft("half a thought", &[]);
        draft.begin(Compose::Reply(id("m")), "");
        draft.begin(Compose::Edit(id("own")), "old text");
        assert_eq!((draft.text(), draft.rest()), ("old text", ""));
        assert_eq!(draft.compose(), Compose::Edit(id("own")));
        draft.typed("new text".to_owned());
        assert_eq!(draft.rest(), "new text");
        let mut given_up = draft.clone();
        given_up.begin(Compose::New, "");
        assert_eq!(given_up.text(), "half a thought");
        assert_eq!(given_up.compose(), Compose::Reply(id("m")));
        draft.sent(id("1"), "new text".to_owned());
        assert_eq!(draft.rest(), "", "not twice");
        let mut refused = draft.clone();
        assert!(refused.answered(&id("1"), false));
        assert_eq!((refused.text(), refused.rest()), ("new text", "new text"));
        let mut changed = draft.clone();
        changed.typed("newer text".to_owned());
        assert!(changed.answered(&id("1"), true));
        assert_eq!(
            (changed.text(), changed.rest()),
            ("newer text", "newer text")
        );
        assert!(draft.answered(&id("1"), true));
        assert_eq!(draft.text(), "half a thought");
        assert_eq!(draft.compose(), Compose::Reply(id("m")));
    }

    #[test]
    fn a_draft_reads_back_and_nothing_is_not_kept() {
        assert_eq!(Draft::default().to_json(), None);
        assert_eq!(draft(" \n", &[]).to_json(), None);
        let mut full = draft("one\"\u{0}😀", &[("1", "one")]);
        full.begin(Compose::Reply(id("m")), "");
        full.begin(Compose::Edit(id("own")), "old");
        full.typed("new".to_owned());
        full.sent(id("2"), "new".to_owned());
        let read = Draft::parse(&full.to_json().unwrap()).unwrap();
        assert_eq!(read, full);
        let ids: Vec<_> = read.on_its_way().collect();
        let edit = Some((id("own"), "new".to_owned()));
        assert_eq!(ids, [(id("1"), None), (id("2"), edit)]);
        assert_eq!(read.settled().on_its_way().count(), 0);
        let mut reply = Draft::default();
        reply.begin(Compose::Reply(id("m")), "");
        assert_eq!(Draft::parse(&reply.to_json().unwrap()), Some(reply));
    }

    #[test]
    fn what_is_no_draft_is_not_read() {
        let long = ["{\"text\":\"", &"x".repeat(MOST_BYTES + 1), "\"}"].concat();
        for hostile in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"text":7}"#,
            "{\"text\":\"",
            long.as_str(),
        ] {
            assert_eq!(
                Draft::parse(hostile),
                None,
                "{}",
                &hostile[..hostile.len().min(40)]
            );
        }
        // Single fields that are nonsense do not take the text with them.
        let odd = r#"{"text":"a","re":"","sent":"x","sent_texts":[1],"edit":"e","edit_text":3}"#;
        assert_eq!(Draft::parse(odd), Some(draft("a", &[])));
    }
}
