//! A page of its own: no script, nothing fetched, printable.

use super::{Entry, Export};
use crate::format::{self, Piece, Tag};
use crate::strings::{self, export as text};

const STYLE: &str = "body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;color-scheme:light dark}h1{font-size:1.4rem}h2{margin:2rem 0 .5rem;font-size:1rem}article{margin:.75rem 0;break-inside:avoid}header,footer{font-size:.85rem}.text{white-space:pre-wrap;overflow-wrap:anywhere}pre{overflow:auto;padding:.5rem;border:1px solid}blockquote{margin:.25rem 0;padding-inline-start:.75rem;border-inline-start:3px solid}ul,ol{margin:.25rem 0}.old{opacity:.75}bdi{font-weight:600}@media print{body{margin:0;max-width:none}}";

/// The page.
pub(super) fn write(export: &Export) -> String {
    let language = strings::current();
    let mut page = String::from("<!doctype html>\n<html lang=\"");
    page.push_str(language.code());
    page.push_str("\" dir=\"");
    page.push_str(language.direction());
    page.push_str("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>");
    escape(&mut page, &export.title);
    page.push_str("</title><style>");
    page.push_str(STYLE);
    page.push_str("</style></head><body><h1 dir=\"auto\">");
    escape(&mut page, &export.title);
    page.push_str("</h1><p>");
    escape(
        &mut page,
        &text::saved_on(&(export.day)(export.at), &(export.time)(export.at)),
    );
    page.push_str("</p>\n");
    let mut today = String::new();
    for message in &export.messages {
        let day = (export.day)(message.at);
        if day != today {
            page.push_str("<h2>");
            escape(&mut page, &day);
            page.push_str("</h2>\n");
            today = day;
        }
        article(export, message, &mut page);
    }
    page.push_str("</body></html>\n");
    page
}

fn article(export: &Export, message: &Entry, page: &mut String) {
    page.push_str("<article><header><bdi>");
    escape(page, export.name(message));
    page.push_str("</bdi> ");
    escape(page, &export.remarks(message));
    page.push_str("</header>");
    if let Some((who, words)) = export.replied(message) {
        page.push_str("<blockquote dir=\"auto\">");
        escape(page, &text::reply(who, &words));
        page.push_str("</blockquote>");
    }
    page.push_str("<div class=\"text\" dir=\"auto\">");
    if message.deleted {
        page.push_str("<i>");
        escape(page, text::deleted());
        page.push_str("</i>");
    } else {
        rich(page, &message.text);
    }
    page.push_str("</div>");
    for (at, before) in &message.edits {
        page.push_str("<div class=\"text old\" dir=\"auto\">");
        escape(page, &text::before((export.time)(*at).as_str()));
        page.push_str("<br>");
        rich(page, before);
        page.push_str("</div>");
    }
    if !message.reactions.is_empty() {
        page.push_str("<footer>");
        for (emoji, who) in &message.reactions {
            escape(page, emoji);
            page.push(' ');
            escape(page, &who.join(", "));
            page.push_str(" &nbsp; ");
        }
        page.push_str("</footer>");
    }
    page.push_str("</article>\n");
}

/// A message's text with its formatting.
fn rich(page: &mut String, message: &str) {
    let mut open: Vec<Tag<'_>> = Vec::new();
    let mut said = String::new();
    for piece in format::parse(message, &|_| 0) {
        match piece {
            Piece::Text(text) => {
                escape(page, text);
                said.push_str(text);
            }
            Piece::Unseen(c) => {
                for c in c.escape_unicode() {
                    page.push(c);
                }
            }
            Piece::Open(tag) => {
                match tag {
                    Tag::Link(address) => {
                        said.clear();
                        page.push_str("<a rel=\"noopener noreferrer nofollow\" href=\"");
                        escape(page, address);
                        page.push_str("\">");
                    }
                    Tag::Item(Some(number)) => {
                        page.push_str("<li value=\"");
                        page.push_str(&number.to_string());
                        page.push_str("\">");
                    }
                    Tag::Fence(_) => page.push_str("<pre dir=\"ltr\"><code>"),
                    _ => {
                        page.push('<');
                        page.push_str(name(tag));
                        page.push('>');
                    }
                }
                open.push(tag);
            }
            Piece::Close => match open.pop() {
                Some(Tag::Link(address)) => {
                    page.push_str("</a>");
                    if said != address {
                        page.push_str(" (");
                        escape(page, address);
                        page.push(')');
                    }
                }
                Some(Tag::Fence(_)) => page.push_str("</code></pre>"),
                Some(tag) => {
                    page.push_str("</");
                    page.push_str(name(tag));
                    page.push('>');
                }
                None => {}
            },
        }
    }
}

fn name(tag: Tag<'_>) -> &'static str {
    match tag {
        Tag::Quote => "blockquote",
        Tag::List { ordered: true } => "ol",
        Tag::List { ordered: false } => "ul",
        Tag::Item(_) => "li",
        Tag::Bold | Tag::Mention(_) => "strong",
        Tag::Italic => "em",
        Tag::Strike => "s",
        Tag::Code => "code",
        Tag::Fence(_) => "pre",
        Tag::Link(_) => "a",
    }
}

/// Text as text, in elements and in quoted attributes.
fn escape(page: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            // A page cannot hold it.
            '\0' => page.push('\u{fffd}'),
            c => page.push(c),
        }
    }
}
