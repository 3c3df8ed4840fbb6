//! The field itself: whose text stands in it, and when it may be written.
//!
//! It is not controlled: its value is written only when another text is to stand there, and never
//! while an input method composes, which would break the composition. What is to be written then
//! waits for its end.

use js_sys::JsString;
use leptos::prelude::*;
use switchboard_protocol::ConversationId;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

use crate::signal::StoredValue;
use crate::state::App;
use crate::view::NodeRef;

/// The message field. Places in it are UTF-16, as the browser counts.
#[derive(Clone, Copy)]
pub(super) struct Field {
    app: App,
    /// The element.
    pub(super) node: NodeRef<web_sys::HtmlTextAreaElement>,
    composing: StoredValue<bool>,
    /// Whether a write waits for the end of a composition, and what stands in the field before
    /// the text that is to stay: the sent one.
    waits: StoredValue<Option<String>>,
    /// Whose draft stands in the field.
    shown: StoredValue<Option<ConversationId>>,
}

impl Field {
    pub(super) fn new(app: App) -> Self {
        Self {
            app,
            node: NodeRef::new(),
            composing: StoredValue::new(false),
            waits: StoredValue::new(None),
            shown: StoredValue::new(None),
        }
    }

    fn element(self) -> Option<HtmlTextAreaElement> {
        self.node.try_get_untracked()
    }

    pub(super) fn value(self) -> String {
        self.element()
            .map(|field| field.value())
            .unwrap_or_default()
    }

    pub(super) fn is_composing(self) -> bool {
        self.composing.get_value()
    }

    pub(super) fn focus(self) {
        if let Some(field) = self.element() {
            // Best effort.
            let _focused = field.focus();
        }
    }

    pub(super) fn has_focus(self) -> bool {
        let field = self.element().map(JsCast::unchecked_into);
        field.is_some() && document().active_element() == field
    }

    /// Notes what stands in the field as the draft of whoever's it is.
    pub(super) fn take(self) {
        let (Some(field), Some(shown)) = (self.element(), self.shown.get_value()) else {
            return;
        };
        let value = field.value();
        let sent = self.waits.get_value().unwrap_or_default();
        let text = value.strip_prefix(sent.as_str()).unwrap_or(&value);
        self.app.drafts.typed(&shown, text.to_owned());
        self.size(&field);
    }

    /// Shows the open conversation's draft, now or when the composition has ended.
    pub(super) fn write(self) {
        let (Some(field), Some(open)) = (self.element(), self.app.open.get_untracked()) else {
            return;
        };
        let draft = self.app.drafts.text(&open);
        let value = field.value();
        if self.is_composing() {
            let sent = value.strip_suffix(draft.as_str()).unwrap_or_default();
            self.waits.set_value(Some(sent.to_owned()));
            return;
        }
        self.waits.set_value(None);
        self.shown.set_value(Some(open));
        if value != draft {
            match value.strip_suffix(draft.as_str()) {
                // The caret stays among what was typed since.
                Some(sent) if !draft.is_empty() => {
                    let _cut = field.set_range_text_with_start_and_end("", 0, units(sent));
                }
                _ => field.set_value(&draft),
            }
        }
        self.size(&field);
    }

    pub(super) fn composition_begins(self) {
        self.composing.set_value(true);
    }

    /// The value is final: in Firefox the `input` event is still to come.
    pub(super) fn composition_ends(self) {
        self.composing.set_value(false);
        self.take();
        if self.waits.with_value(Option::is_some) {
            self.write();
        }
    }

    /// Ends a composition, so that the field may be written.
    pub(super) fn end_composition(self) {
        if let (true, Some(field)) = (self.is_composing(), self.element()) {
            let _ended = field.blur();
            let _back = field.focus();
        }
    }

    /// What stands before the caret.
    pub(super) fn before_caret(self) -> String {
        let text = JsString::from(self.value());
        String::from(text.substring(0, self.selection().0))
    }

    fn selection(self) -> (u32, u32) {
        let field = self.element();
        let read =
            |place: fn(&HtmlTextAreaElement) -> Result<Option<u32>, wasm_bindgen::JsValue>| {
                let field = field.as_ref()?;
                place(field).ok().flatten()
            };
        let end = read(HtmlTextAreaElement::selection_end).unwrap_or(0);
        let start = read(HtmlTextAreaElement::selection_start).unwrap_or(end);
        (start, end)
    }

    /// Puts `text` in the place of the last `back` UTF-16 units before the caret and of what is
    /// selected, as if it was typed: it can be undone. Not during a composition.
    pub(super) fn insert(self, back: u32, text: &str) {
        let Some(field) = self.element() else { return };
        let (start, end) = self.selection();
        // Focused first: what the browser types goes there.
        let _focused = field.focus();
        let start = start.saturating_sub(back);
        let _selected = field.set_selection_range(start, end);
        self.type_text(&field, start, end, text);
    }

    fn type_text(self, field: &HtmlTextAreaElement, start: u32, end: u32, text: &str) {
        let command = if text.is_empty() {
            "delete"
        } else {
            "insertText"
        };
        let page = document().unchecked_into::<HtmlDocument>();
        let before = field.value();
        let typed = page.exec_command_with_show_ui_and_value(command, false, text);
        // Not every browser types into a field by command.
        if !matches!(typed, Ok(true)) && before == field.value() {
            let _put = field.set_range_text_with_start_and_end(text, start, end);
            let after = start + units(text);
            let _caret = field.set_selection_range(after, after);
            self.take();
        }
    }

    /// Puts `mark` around what is selected, or takes it away where it is.
    pub(super) fn wrap(self, mark: &str) {
        let Some(field) = self.element() else { return };
        let (start, end) = self.selection();
        let width = units(mark);
        let text = JsString::from(field.value());
        let part = |from: u32, to: u32| String::from(text.substring(from, to));
        let inside = part(start, end);
        let is_wrapped = start >= width
            && part(start - width, start) == mark
            && part(end, end + width) == mark
            // `**bold**` is not italic.
            && (mark.len() > 1 || start < 2 || part(start - 2, start) != [mark, mark].concat());
        let (from, to, put, at) = if is_wrapped {
            let (from, to) = (start - width, end + width);
            (from, to, inside, from)
        } else {
            (start, end, [mark, &inside, mark].concat(), start + width)
        };
        let _selected = field.set_selection_range(from, to);
        self.type_text(&field, from, to, &put);
        let _selected = field.set_selection_range(at, at + (end - start));
    }

    /// As high as its text, where the browser cannot do that by itself; the style sheet bounds it.
    fn size(self, field: &HtmlTextAreaElement) {
        if (self.app.services.hands)().sizes {
            return;
        }
        let style = web_sys::HtmlElement::style(field);
        let _sized = if field.value().is_empty() {
            style.remove_property("block-size").map(drop)
        } else {
            let _small = style.set_property("block-size", "0");
            let height = [&field.scroll_height().to_string(), "px"].concat();
            style.set_property("block-size", &height)
        };
    }
}

/// How long `text` is as the browser counts.
pub(super) fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}
