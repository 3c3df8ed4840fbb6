//! A message's text on the page: elements and texts, never HTML, whatever it holds.

use std::cell::OnceCell;

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement};

use crate::format::{self, Piece, Tag};
use crate::state::App;
use crate::strings::chat as strings;
use crate::view::{IntoPart, Part, View, view};

/// What stands so far in an element that is open, or in none.
#[derive(Default)]
struct Inside {
    parts: Vec<Part>,
    /// Its text alone.
    said: String,
}

/// What `text` looks like. `stop` is the `tabindex` of links and buttons: in the list those of one message
/// are on the way of Tab, and no others.
pub(super) fn rich_text(app: App, text: &str, stop: &'static str) -> Part {
    let all = OnceCell::new();
    let longest = |rest: &str| {
        let all = all.get_or_init(|| people(app));
        format::longest(all.iter().map(String::as_str), rest)
    };
    let mut outer: Vec<(Tag<'_>, Inside)> = Vec::new();
    let mut inside = Inside::default();
    for piece in format::parse(text, &longest) {
        match piece {
            Piece::Text(text) => {
                inside.parts.push(text.to_owned().into_part());
                inside.said.push_str(text);
            }
            Piece::Unseen(c) => {
                inside.parts.push(unseen(c).into_part());
                inside.said.push(c);
            }
            Piece::Open(tag) => outer.push((tag, std::mem::take(&mut inside))),
            Piece::Close => {
                let Some((tag, around)) = outer.pop() else {
                    break;
                };
                let Inside { parts, said } = std::mem::replace(&mut inside, around);
                inside.said.push_str(&said);
                inside
                    .parts
                    .push(tagged(app, stop, tag, parts, &said).into_part());
            }
        }
    }
    // Most messages are nothing but text.
    match <[Part; 1]>::try_from(inside.parts) {
        Ok([part]) => part,
        Err(parts) => parts.into_part(),
    }
}

/// Whose mention is one.
fn people(app: App) -> Vec<String> {
    let open = app.open.get_untracked();
    let others = open.map(|open| app.others(&open)).unwrap_or_default();
    let online = app.people.get_untracked();
    let others = others.into_iter().map(String::from);
    others
        .chain(online.iter().map(|key| String::from(&**key)))
        .chain(app.me().map(String::from))
        .collect()
}

/// Its name is shown in its place by the style sheet; the text stays what it is, to be copied.
fn unseen(c: char) -> View {
    let code: String = c.escape_unicode().collect();
    view! { <bdi class="unseen" data-code=code>{String::from(c)}</bdi> }
}

/// What `tag` says; `said` is the text alone of what it holds.
fn tagged(app: App, stop: &'static str, tag: Tag<'_>, parts: Vec<Part>, said: &str) -> View {
    match tag {
        Tag::Quote => view! { <blockquote>{parts}</blockquote> },
        Tag::List { ordered: true } => view! { <ol>{parts}</ol> },
        Tag::List { ordered: false } => view! { <ul>{parts}</ul> },
        Tag::Item(number) => {
            view! { <li value=number.map(|number| number.to_string())>{parts}</li> }
        }
        Tag::Bold => view! { <strong>{parts}</strong> },
        Tag::Italic => view! { <em>{parts}</em> },
        Tag::Strike => view! { <s>{parts}</s> },
        Tag::Code => view! { <code>{parts}</code> },
        Tag::Mention(id) => {
            let is_me = app.me().is_some_and(|me| me.as_str() == id);
            let class = if is_me { "mention me" } else { "mention" };
            view! { <bdi class=class>{parts}</bdi> }
        }
        Tag::Fence(language) => fence(stop, language, parts),
        Tag::Link(address) => view! {
            // The parser lets no other scheme through.
            <a class="link" tabindex=stop href=address.to_owned() rel="noopener noreferrer nofollow" target="_blank">
                {parts}
                {host(address, said).map(|host| view! { <bdi class="host">{host}</bdi> })}
            </a>
        },
    }
}

/// Code in lines, to be scrolled by keyboard too and copied.
fn fence(stop: &'static str, language: &str, code: Vec<Part>) -> View {
    view! {
        <div class="fence">
            <div class="fence-head">
                <span>{language.to_owned()}</span>
                <button class="button small" type="button" tabindex=stop data-act="copy-code">
                    {strings::copy_code()}
                </button>
            </div>
            <pre tabindex="0" role="group" aria-label=strings::code() dir="ltr"><code>{code}</code></pre>
        </div>
    }
}

/// The code of the fence whose copy button was pressed.
pub(super) fn code_beside(button: &Element) -> Option<String> {
    let fence = button.closest(".fence").ok()??;
    fence.query_selector("code").ok()??.text_content()
}

/// Where a link says anything but its plain address, the host it leads to stands behind it, in
/// ASCII as the browser reads it: neither a label nor letters that look alike deceive.
fn host(address: &str, said: &str) -> Option<String> {
    let link: HtmlAnchorElement = document().create_element("a").ok()?.unchecked_into();
    link.set_href(address);
    let host = link.host();
    let is_plain =
        said == address && said.is_ascii() && link.username().is_empty() && !host.contains("xn--");
    if is_plain {
        None
    } else if host.is_empty() {
        // A mail address has no host of its own.
        Some(link.pathname())
    } else {
        Some(host)
    }
}
