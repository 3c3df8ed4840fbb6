//! A message's text on the page.
//!
//! Its elements are made by hand, not by a view: a view type for each kind of part would cost many
//! times the bytes, and a text is shown anew as a whole or not at all.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement};

use super::dom::{add, add_text, add_with, set};
use crate::format::{self, Piece, Tag};
use crate::signal::{RwSignal, effect_now};
use crate::state::{App, Row};
use crate::strings::chat as strings;

/// As a directive, `use:rich_text=(app, row)`: shows a message's text in the element, now and
/// whenever it is another.
pub(super) fn rich_text(element: Element, (app, row): (App, RwSignal<Row>)) {
    let mut shown = None;
    effect_now(move || {
        row.with(|row| {
            let text = &row.item.text;
            if shown.as_ref() != Some(text) {
                fill(app, &element, text);
                shown = Some(text.clone());
            }
        });
    });
}

/// Shows `text` in `element` in place of what it held.
pub(super) fn fill(app: App, element: &Element, text: &str) {
    element.set_text_content(None);
    let _set = element.toggle_attribute_with_force("data-large", format::is_large(text));
    let people = People::of(app);
    let mut open = vec![element.clone()];
    for piece in format::parse(text, &|rest| people.longest(rest)) {
        let Some(inner) = open.last() else { return };
        match piece {
            Piece::Text(text) => add_text(inner, text),
            Piece::Unseen(c) => add_unseen(inner, c),
            Piece::Open(tag) => {
                let made = add_tag(inner, tag, &people);
                open.push(made);
            }
            Piece::Close => {
                let closed = open.pop();
                if let Some(link) = closed.as_ref().and_then(|closed| closed.dyn_ref()) {
                    show_host(link);
                }
            }
        }
    }
}

/// Whose mention is one.
struct People {
    me: Option<String>,
    others: Vec<String>,
}

impl People {
    fn of(app: App) -> Self {
        let open = app.open.get_untracked();
        let others = open.map(|open| app.others(&open)).unwrap_or_default();
        let online = app.people.get_untracked();
        Self {
            me: app.me().map(String::from),
            others: others
                .into_iter()
                .map(String::from)
                .chain(online.iter().map(|key| String::from(&**key)))
                .collect(),
        }
    }

    fn longest(&self, rest: &str) -> usize {
        let all = self.others.iter().chain(&self.me);
        format::longest(all.map(String::as_str), rest)
    }
}

/// Its name is shown in its place by the style sheet; the text stays what it is, to be copied.
fn add_unseen(to: &Element, c: char) {
    let made = add(to, "bdi", "unseen");
    set(&made, "data-code", &c.escape_unicode().collect::<String>());
    add_text(&made, c.encode_utf8(&mut [0; 4]));
}

/// Appends what `tag` says, and tells where its content goes.
fn add_tag(to: &Element, tag: Tag<'_>, people: &People) -> Element {
    match tag {
        Tag::Quote => add(to, "blockquote", ""),
        Tag::List { ordered: true } => add(to, "ol", ""),
        Tag::List { ordered: false } => add(to, "ul", ""),
        Tag::Item(number) => {
            let item = add(to, "li", "");
            if let Some(number) = number {
                set(&item, "value", &number.to_string());
            }
            item
        }
        Tag::Bold => add(to, "strong", ""),
        Tag::Italic => add(to, "em", ""),
        Tag::Strike => add(to, "s", ""),
        Tag::Code => add(to, "code", ""),
        Tag::Mention(id) => {
            let is_me = people.me.as_deref() == Some(id);
            add(to, "bdi", if is_me { "mention me" } else { "mention" })
        }
        Tag::Fence(language) => fence(to, language),
        Tag::Link(address) => {
            let link = add(to, "a", "link");
            // The parser lets no other scheme through.
            set(&link, "href", address);
            set(&link, "rel", "noopener noreferrer nofollow");
            set(&link, "target", "_blank");
            link
        }
    }
}

/// Code in lines, to be scrolled by keyboard too and copied.
fn fence(to: &Element, language: &str) -> Element {
    let block = add(to, "div", "fence");
    let head = add(&block, "div", "fence-head");
    add_with(&head, "span", "", language);
    let copy = add(&head, "button", "button small");
    set(&copy, "type", "button");
    set(&copy, "data-act", "copy-code");
    add_text(&copy, strings::copy_code());
    let lines = add(&block, "pre", "");
    set(&lines, "tabindex", "0");
    set(&lines, "role", "group");
    set(&lines, "aria-label", strings::code());
    set(&lines, "dir", "ltr");
    add(&lines, "code", "")
}

/// The code of the fence whose copy button was pressed.
pub(super) fn code_beside(button: &Element) -> Option<String> {
    let fence = button.closest(".fence").ok()??;
    fence.query_selector("code").ok()??.text_content()
}

/// Where a link says anything but its plain address, the host it leads to stands behind it, in
/// ASCII as the browser reads it: neither a label nor letters that look alike deceive.
fn show_host(link: &HtmlAnchorElement) {
    let said = link.text_content().unwrap_or_default();
    let is_plain = link.get_attribute("href").as_deref() == Some(&*said)
        && said.is_ascii()
        && link.username().is_empty()
        && !link.host().contains("xn--");
    if is_plain {
        return;
    }
    let mut host = link.host();
    if host.is_empty() {
        // A mail address has no host of its own.
        host = link.pathname();
    }
    add_with(link, "bdi", "host", &host);
}
