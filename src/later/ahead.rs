//! What is typed for a dialog or the find bar while it is being fetched: whatever has the focus
//! meanwhile would write it, act on it, or send what is written.
#![cfg_attr(not(split), expect(dead_code, reason = "nothing is fetched there"))]

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{KeyboardEvent, window};

use crate::state::App;

thread_local! {
    static TYPED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What was typed, once.
pub(crate) fn typed() -> String {
    TYPED.take()
}

/// Catches keys before anything else hears them, until it is dropped.
pub(super) struct Keys(Closure<dyn FnMut(KeyboardEvent)>);

const KEY: &str = "keydown";

impl Keys {
    /// As long as one of them is asked for; Escape asks for it no more.
    pub(super) fn catch(app: App) -> Self {
        let hear = Closure::new(move |event: KeyboardEvent| {
            let key = event.key();
            let is_letter = key.chars().nth(1).is_none();
            // Of those with a modifier AltGr's are letters; F5 and its like are the browser's.
            let is_command = (event.ctrl_key() || event.meta_key() || event.alt_key())
                && !event.get_modifier_state("AltGraph");
            let is_browsers = key.starts_with('F') && !is_letter;
            let is_asked =
                app.dialog.with_untracked(Option::is_some) || app.find.open.get_untracked();
            if is_command || is_browsers || !is_asked {
                return;
            }
            TYPED.with_borrow_mut(|typed| match key.as_str() {
                "Escape" => {
                    typed.clear();
                    app.close_what_is_missing();
                }
                "Backspace" => drop(typed.pop()),
                letter if is_letter => typed.push_str(letter),
                _ => {}
            });
            event.prevent_default();
            event.stop_propagation();
        });
        Self::bind(&hear, true);
        Self(hear)
    }

    fn bind(hear: &Closure<dyn FnMut(KeyboardEvent)>, on: bool) {
        let Some(window) = window() else { return };
        let hear = hear.as_ref().unchecked_ref();
        // They fail only for a name that is none.
        let _bound = if on {
            window.add_event_listener_with_callback_and_bool(KEY, hear, true)
        } else {
            window.remove_event_listener_with_callback_and_bool(KEY, hear, true)
        };
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        Self::bind(&self.0, false);
    }
}
