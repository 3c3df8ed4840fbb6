//! A field with a list one picks from while the focus stays in the field (the combobox pattern):
//! the quick switcher's and the choice of recipients'.

use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::dom::is_composing;
use crate::signal::RwSignal;
use crate::state::Key;
use crate::strings::join;
use crate::view::{MakeRow, View, each, view};

/// The list's element id: one picker shows at a time, in the dialog.
pub(super) const LIST: &str = "options";

/// What can be picked, and which of it Enter would pick.
#[derive(Clone, Copy)]
pub(super) struct Picker {
    options: RwSignal<Vec<Key>>,
    active: RwSignal<Option<Key>>,
}

impl Picker {
    pub(super) fn new() -> Self {
        Self {
            options: RwSignal::new(Vec::new()),
            active: RwSignal::new(None),
        }
    }

    /// Offers `options`; with `first`, Enter picks the first, else none until one is moved to.
    pub(super) fn offer(self, options: Vec<Key>, first: bool) {
        self.activate(options.first().filter(|_| first).cloned());
        self.options.set(options);
    }

    fn activate(self, key: Option<Key>) {
        if self.active.with_untracked(|old| *old != key) {
            self.active.set(key);
        }
    }

    /// Whether there is nothing to pick.
    pub(super) fn is_empty(self) -> bool {
        self.options.with(Vec::is_empty)
    }

    /// For `aria-activedescendant`.
    pub(super) fn active_id(self) -> Option<String> {
        self.active.with(|active| active.as_deref().map(element_id))
    }

    /// What Enter picks.
    pub(super) fn active(self) -> Option<Key> {
        self.active.get_untracked()
    }

    /// Moves among the options as an arrow key asks; goes round. Whether it did.
    pub(super) fn moved(self, event: &ev::KeyboardEvent) -> bool {
        if is_composing(event) || event.alt_key() {
            return false;
        }
        let options = self.options.get_untracked();
        let count = options.len();
        let here = self.active.get_untracked();
        let here = here.and_then(|key| options.iter().position(|it| *it == key));
        let next = match event.key().as_str() {
            "ArrowDown" => here.map_or(0, |here| here + 1),
            "ArrowUp" => here.unwrap_or(0) + count.saturating_sub(1),
            _ => return false,
        };
        event.prevent_default();
        if count > 0 {
            let next = options[next % count].clone();
            if let Some(element) = document().get_element_by_id(&element_id(&next)) {
                let nearest = web_sys::ScrollIntoViewOptions::new();
                nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
                element.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
            self.activate(Some(next));
        }
        true
    }

    /// The list: `content` makes what stands in an option, `picked` hears of a press on one.
    pub(super) fn list(
        self,
        label: &'static str,
        content: impl Fn(&Key) -> View + Send + Sync + 'static,
        picked: impl Fn(Key) + 'static,
    ) -> View {
        let active = self.active;
        let row: MakeRow = Rc::new(move |key| {
            let here = key.clone();
            let is_active = move || active.with(|active| active.as_ref() == Some(&here));
            let key_text = String::from(&*key);
            view! {
                <li
                    class="menu-item" role="option" id=element_id(&key) data-key=key_text
                    aria-selected=move || if is_active() { "true" } else { "false" }
                >
                    {content(&key)}
                </li>
            }
        });
        let pressed = move |event: ev::MouseEvent| {
            let target = event
                .target()
                .and_then(|it| it.dyn_into::<web_sys::Element>().ok());
            let option = target.and_then(|it| it.closest("[data-key]").ok().flatten());
            if let Some(key) = option.and_then(|option| option.get_attribute("data-key")) {
                picked(Key::from(key));
            }
        };
        view! {
            <ul
                class="options" role="listbox" id=LIST aria-label=label
                // The focus stays in the field.
                on:mousedown=|event| event.prevent_default()
                on:click=pressed
            >
                {each(self.options, row)}
            </ul>
        }
    }
}

/// An id has no blanks, a key may: FNV-1a.
fn element_id(key: &str) -> String {
    let hash = key.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    join(&["option-", &hash.to_string()])
}

#[cfg(test)]
mod tests {
    use super::element_id;

    #[test]
    fn options_have_ids_of_their_own() {
        assert_ne!(element_id("ana"), element_id("bo"));
        assert!(!element_id("a b\u{202e}").contains(' '));
    }
}
