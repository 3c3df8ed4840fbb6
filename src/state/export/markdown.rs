//! Markdown: headings for days, a block for each message, its own marks kept as it wrote them.

use super::{Entry, Export};
use crate::strings::{export as text, join};

/// The file.
pub(super) fn write(export: &Export) -> String {
    let mut file = String::from("# ");
    escape(&mut file, &export.title);
    file.push_str("\n\n");
    escape(
        &mut file,
        &text::saved_on(&(export.day)(export.at), &(export.time)(export.at)),
    );
    file.push('\n');
    let mut today = String::new();
    for message in &export.messages {
        let day = (export.day)(message.at);
        if day != today {
            file.push_str("\n## ");
            escape(&mut file, &day);
            file.push('\n');
            today = day;
        }
        entry(export, message, &mut file);
    }
    file
}

fn entry(export: &Export, message: &Entry, file: &mut String) {
    file.push_str("\n**");
    escape(file, export.name(message));
    file.push_str("** ");
    escape(file, &export.remarks(message));
    file.push_str("\n\n");
    if let Some((who, words)) = export.replied(message) {
        file.push_str("> > ");
        escape(file, &text::reply(who, &words));
        file.push_str("\n>\n");
    }
    if message.deleted {
        file.push_str("> *");
        escape(file, text::deleted());
        file.push_str("*\n");
    } else {
        quoted(file, &message.text);
    }
    for (at, before) in &message.edits {
        file.push_str("\n*");
        escape(file, &text::before((export.time)(*at).as_str()));
        file.push_str("*\n\n");
        quoted(file, before);
    }
    if !message.reactions.is_empty() {
        file.push('\n');
        for (emoji, who) in &message.reactions {
            escape(file, &join(&[emoji, " ", &who.join(", "), "  \n"]));
        }
    }
}

/// A message in a quote of its own: its marks are Markdown already, and whatever it opens ends with
/// the quote. Only what Markdown would pass on as HTML is taken from it.
fn quoted(file: &mut String, text: &str) {
    for line in text.split('\n') {
        file.push_str("> ");
        for c in line.chars() {
            match c {
                '<' => file.push_str("&lt;"),
                // A lone one would be a line's end.
                '\r' | '\0' => {}
                c => file.push(c),
            }
        }
        // As in the chat, a line ends where it ends.
        file.push_str("  \n");
    }
}

/// Text as text in one line.
fn escape(file: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '>' | '|' | '~' | '!' => {
                file.push('\\');
                file.push(c);
            }
            '<' => file.push_str("&lt;"),
            '&' => file.push_str("&amp;"),
            '\r' | '\0' => {}
            c => file.push(c),
        }
    }
}
