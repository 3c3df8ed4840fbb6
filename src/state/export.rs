//! A conversation as a file: a page to read and print, Markdown, or JSON for programs.
//!
//! Pure: the driver gathers the messages and saves what comes out. Nothing a person wrote can
//! become markup of the file.

mod entries;
mod html;
mod markdown;

use switchboard_client::Item;
use switchboard_protocol::ConversationId;
use switchboard_protocol::json::Writer;

pub use entries::Entries;

use crate::strings::{export as text, join};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A page of its own, to be read and printed.
    Html,
    /// Text with marks.
    Markdown,
    /// For programs.
    Json,
}

impl Format {
    /// All of them, the most useful first.
    pub const ALL: [Self; 3] = [Self::Html, Self::Markdown, Self::Json];

    /// The end of the file's name.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Html => ".html",
            Self::Markdown => ".md",
            Self::Json => ".json",
        }
    }
}

/// A message as it is saved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// When it was sent, ms since the Unix epoch.
    pub at: u64,
    /// Who sent it; empty where the system does not tell.
    pub from: String,
    /// Its text as it was last edited; empty once deleted.
    pub text: String,
    /// Its earlier texts, oldest first, each with the time it began to say so.
    pub edits: Vec<(u64, String)>,
    /// Whether it was deleted.
    pub deleted: bool,
    /// The message it replies to.
    pub reply: Option<String>,
    /// Emoji on it, each with who put it there.
    pub reactions: Vec<(String, Vec<String>)>,
    /// Whether it is own and not in the log yet.
    pub unsent: bool,
}

/// Everything a file says.
#[derive(Debug, Clone)]
pub struct Export {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its name for the person here.
    pub title: String,
    /// The person here.
    pub me: String,
    /// When it is saved, ms since the Unix epoch.
    pub at: u64,
    /// The messages, oldest first.
    pub messages: Vec<Entry>,
    /// The local day of a time.
    pub day: fn(u64) -> String,
    /// The local time of day.
    pub time: fn(u64) -> String,
}

impl Export {
    /// The file's text.
    #[must_use]
    pub fn write(&self, format: Format) -> String {
        match format {
            Format::Html => html::write(self),
            Format::Markdown => markdown::write(self),
            Format::Json => self.json(),
        }
    }

    /// A name for the file that every system takes.
    #[must_use]
    pub fn file_name(&self, format: Format) -> String {
        let mut name = String::from("Switchboard ");
        for c in self.title.chars().take(60) {
            let is_fine = c >= ' ' && !crate::format::is_unseen(c) && !"/\\:*?\"<>|".contains(c);
            name.push(if is_fine { c } else { '_' });
        }
        name.truncate(name.trim_end_matches([' ', '.']).len());
        name.push_str(format.ending());
        name
    }

    fn json(&self) -> String {
        let mut file = Writer::new();
        file.text("conversation", self.conversation.as_str());
        file.text("title", &self.title);
        file.text("saved_by", &self.me);
        file.number("saved_at", self.at);
        list(&mut file, "messages", &self.messages, |message| {
            let mut row = Writer::new();
            row.text("id", &message.id);
            row.number("at", message.at);
            row.text("from", &message.from);
            row.text("text", &message.text);
            list(&mut row, "edits", &message.edits, |(at, text)| {
                let mut edit = Writer::new();
                edit.number("at", *at);
                edit.text("text", text);
                edit.finish()
            });
            row.raw("deleted", if message.deleted { "true" } else { "false" });
            row.raw("unsent", if message.unsent { "true" } else { "false" });
            match &message.reply {
                Some(reply) => row.text("reply_to", reply),
                None => row.null("reply_to"),
            }
            list(&mut row, "reactions", &message.reactions, |(emoji, who)| {
                let mut reaction = Writer::new();
                reaction.text("emoji", emoji);
                reaction.texts("who", who.iter().map(String::as_str));
                reaction.finish()
            });
            row.finish()
        });
        file.finish()
    }

    /// The message another one replies to: who wrote it, and the start of its words.
    fn replied(&self, message: &Entry) -> Option<(&str, String)> {
        let id = message.reply.as_ref()?;
        let original = self.messages.iter().rev().find(|other| other.id == *id)?;
        let words = crate::format::plain(&original.text);
        Some((self.name(original), words.chars().take(80).collect()))
    }

    fn name<'e>(&'e self, message: &'e Entry) -> &'e str {
        if message.from.is_empty() {
            crate::strings::chat::unknown()
        } else {
            &message.from
        }
    }

    /// What is said of a message beside its text.
    fn remarks(&self, message: &Entry) -> String {
        let mut said = (self.time)(message.at);
        for (is_so, remark) in [
            (message.unsent, text::unsent()),
            (
                !message.edits.is_empty() && !message.deleted,
                text::edited(),
            ),
        ] {
            if is_so {
                said = join(&[&said, ", ", remark]);
            }
        }
        said
    }
}

fn list<T>(to: &mut Writer, name: &str, rows: &[T], write: impl Fn(&T) -> String) {
    let mut all = String::from("[");
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            all.push(',');
        }
        all.push_str(&write(row));
    }
    all.push(']');
    to.raw(name, &all);
}

/// Adds the rows that no log has: own unsent ones, and those of systems without a log.
pub fn add_items(entries: &mut Vec<Entry>, items: &[Item], me: &str) {
    for item in items {
        if !entries
            .iter()
            .rev()
            .any(|entry| entry.id == item.id.as_str())
        {
            entries.push(entries::of_item(item, me));
        }
    }
}

#[cfg(test)]
mod tests;
