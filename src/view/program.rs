//! The static string that `view!` makes of a view's elements, and the nodes it stands for.
//!
//! It is a row of signs, each a control character with a text behind it. What is the same for
//! every view of the program is made once; each view clones it and goes through the clone by the
//! same program, to find the places.

use std::cell::RefCell;

use leptos::prelude::document;
use switchboard_protocol::sorted::SortedMap;
use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Element, Node};

/// One instruction. `switchboard_view::view` writes the same signs.
pub(super) enum Sign {
    /// An element of this name begins.
    Open,
    /// It ends.
    Close,
    /// It has an attribute of this name, whose value is the next sign where it has one.
    Attribute,
    Value,
    /// A text stands here.
    Text,
    /// A place: the attribute of this name.
    Filled,
    /// A place: whether the element is of this class.
    Class,
    /// A place: the property of this name.
    Property,
    /// A place: the custom property of this name.
    Style,
    /// A place: what hears this event.
    Event,
    /// A place: what is to know the element.
    Hook,
    /// A place: what stands here.
    Child,
}

/// The program's signs in order, with the text behind each.
pub(super) fn signs(program: &'static str) -> impl Iterator<Item = (Sign, &'static str)> {
    let mut rest = program;
    std::iter::from_fn(move || {
        let sign = match rest.as_bytes().first()? {
            1 => Sign::Open,
            2 => Sign::Close,
            3 => Sign::Attribute,
            4 => Sign::Value,
            5 => Sign::Text,
            6 => Sign::Filled,
            7 => Sign::Class,
            8 => Sign::Property,
            11 => Sign::Event,
            12 => Sign::Hook,
            15 => Sign::Style,
            _ => Sign::Child,
        };
        rest = &rest[1..];
        let end = rest.bytes().position(|byte| byte < b' ' && byte != b'\n');
        let (text, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some((sign, text))
    })
}

thread_local! {
    /// What has been made, by the program's address.
    static MADE: RefCell<SortedMap<usize, Node>> = RefCell::default();
}

/// A fragment with the program's nodes, its places empty. A child's place is an empty text.
pub(super) fn nodes(program: &'static str) -> Option<Node> {
    MADE.with_borrow_mut(|made| {
        let address = program.as_ptr().addr();
        if made.get(&address).is_none() {
            made.insert(address, make(program)?.into());
        }
        made.get(&address)?.clone_node_with_deep(true).ok()
    })
}

fn make(program: &'static str) -> Option<DocumentFragment> {
    let document = document();
    let fragment = document.create_document_fragment();
    let mut open: Vec<Node> = vec![fragment.clone().into()];
    let mut attribute = "";
    for (sign, text) in signs(program) {
        let inner = open.last()?;
        match sign {
            Sign::Open => {
                let made: Element = match text {
                    "svg" | "use" => document
                        .create_element_ns(Some("http://www.w3.org/2000/svg"), text)
                        .ok()?,
                    _ => document.create_element(text).ok()?,
                };
                inner.append_child(&made).ok()?;
                open.push(made.into());
            }
            Sign::Close => {
                open.pop();
            }
            Sign::Attribute | Sign::Value => {
                let value = match sign {
                    Sign::Value => text,
                    _ => {
                        attribute = text;
                        ""
                    }
                };
                inner
                    .unchecked_ref::<Element>()
                    .set_attribute(attribute, value)
                    .ok()?;
            }
            Sign::Text | Sign::Child => {
                inner.append_child(&document.create_text_node(text)).ok()?;
            }
            Sign::Filled
            | Sign::Class
            | Sign::Property
            | Sign::Style
            | Sign::Event
            | Sign::Hook => {}
        }
    }
    Some(fragment)
}
