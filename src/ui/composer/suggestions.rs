//! People after `@` and emoji after `:`, in a list above the field.
//!
//! The focus stays in the field, which names the chosen one only once an arrow key was pressed:
//! else a screen reader would read the first suggestion after every letter.

use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use switchboard_protocol::UserId;
use wasm_bindgen::JsCast;

use super::Composer;
use super::field::{Field, units};
use crate::later;
use crate::signal::{Memo, RwSignal, StoredValue};
use crate::state::compose::open_fence;
use crate::state::compose::suggest::{self, Kind};
use crate::state::{App, Key, emoji};
use crate::strings::composer as text;
use crate::ui::avatar::avatar;
use crate::view::{MakeRow, View, each, view};

/// The list's element id.
pub(super) const LIST: &str = "suggestions";

/// What is suggested.
#[derive(Clone, Copy)]
pub(crate) struct Suggestions {
    app: App,
    field: Field,
    /// For people their ids; for emoji the emoji, a space and its code.
    keys: RwSignal<Vec<Key>>,
    chosen: RwSignal<usize>,
    /// Whether an arrow key has chosen.
    moved: RwSignal<bool>,
    kind: StoredValue<Kind>,
    /// Whether nothing but the sign is written.
    is_bare: StoredValue<bool>,
    /// A suggestion taken while an input method composes.
    picked: StoredValue<Option<Key>>,
}

impl Suggestions {
    pub(super) fn new(app: App, field: Field) -> Self {
        Self {
            app,
            field,
            keys: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(0),
            moved: RwSignal::new(false),
            kind: StoredValue::new(Kind::Person),
            is_bare: StoredValue::new(true),
            picked: StoredValue::new(None),
        }
    }

    /// Looks at what stands before the caret.
    pub(super) fn look(self) {
        let before = self.field.before_caret();
        let Some(query) = suggest::query(&before) else {
            self.hide();
            return;
        };
        // Looked at again when it comes.
        if let Some(later) = untrack(|| later::wait(self.app)) {
            (later.suggest)(self, &query);
        }
    }

    /// Suggests what fits.
    pub(crate) fn suggest(self, query: &suggest::Query<'_>) {
        let found = match query.kind {
            Kind::Person => self.people(query.text),
            // The book may still be on its way; `look` is called again when it is there.
            Kind::Emoji => untrack(|| self.app.complete_emoji(query.text, suggest::MOST))
                .into_iter()
                .map(|(emoji, code)| Key::from([&emoji, " ", &code].concat()))
                .collect(),
        };
        // Nothing to add to what is written in full already.
        if let [only] = &found[..]
            && **only == *query.text
        {
            self.hide();
            return;
        }
        self.is_bare.set_value(query.text.is_empty());
        self.kind.set_value(query.kind);
        if self.keys.with_untracked(|keys| *keys != found) {
            self.chosen.set(0);
            self.moved.set(false);
            self.keys.set(found);
        }
    }

    /// Puts an emoji in the place of the code that has just been closed: `:smile:`.
    pub(super) fn replace_code(self) {
        if let Some(later) = later::here() {
            (later.replace_code)(self);
        }
    }

    pub(crate) fn put_emoji(self) {
        let before = self.field.before_caret();
        let line = before.rsplit('\n').next().unwrap_or_default();
        // What stands in code stays as it is.
        let in_code = line.matches('`').count() % 2 == 1 || open_fence(&before).is_some();
        if let Some((at, code)) = emoji::finished(&before)
            && !in_code
            && let Some(put) = self.app.emoji_of(code)
        {
            self.field.insert(units(&before[at..]), &put);
            self.app.used_emoji(&put);
        }
    }

    fn people(self, wanted: &str) -> Vec<Key> {
        let app = self.app;
        let here = app.open.with_untracked(|open| {
            let open = open.as_ref();
            open.map(|open| app.others(open)).unwrap_or_default()
        });
        app.people.with_untracked(|online| {
            suggest::people(
                wanted,
                here.iter().map(UserId::as_str),
                online.iter().map(|key| &**key),
                app.services.fold,
            )
        })
    }

    pub(super) fn hide(self) {
        if self.is_shown() {
            self.keys.set(Vec::new());
        }
    }

    pub(super) fn is_shown(self) -> bool {
        !self.keys.with_untracked(Vec::is_empty)
    }

    /// Whether Enter takes a suggestion: not while nothing but the sign is written and nothing was
    /// chosen.
    pub(super) fn is_chosen(self) -> bool {
        self.is_shown() && (self.moved.get_untracked() || !self.is_bare.get_value())
    }

    /// Chooses the next or the one before; the list is round.
    pub(super) fn step(self, forward: bool) {
        let count = self.keys.with_untracked(Vec::len);
        let at = self.chosen.get_untracked();
        let is_first_step = !self.moved.get_untracked();
        self.moved.set(true);
        self.chosen.set(match forward {
            // The first one looks chosen already; now it is.
            true if is_first_step => at,
            true => (at + 1) % count.max(1),
            false => at.checked_sub(1).unwrap_or(count.saturating_sub(1)),
        });
    }

    /// Takes the chosen one.
    pub(super) fn pick(self) {
        let at = self.chosen.get_untracked();
        let key = self.keys.with_untracked(|keys| keys.get(at).cloned());
        if let Some(key) = key {
            self.take(key);
        }
    }

    fn take(self, key: Key) {
        // On a phone every word is composed, also Latin ones.
        self.picked.set_value(Some(key));
        self.field.end_composition();
        if !self.field.is_composing() {
            self.insert();
        }
    }

    /// Puts what was taken into the field; called again when a composition has ended.
    pub(super) fn insert(self) {
        if let Some(later) = later::here() {
            (later.insert_suggestion)(self);
        }
    }

    pub(crate) fn put(self) {
        let picked = self.picked.try_update_value(Option::take).flatten();
        let Some(key) = picked else { return };
        // The composition's end may have changed what is to be replaced.
        let before = self.field.before_caret();
        if let Some(query) = suggest::query(&before) {
            let put = match query.kind {
                Kind::Person => ["@", &*key, " "].concat(),
                Kind::Emoji => {
                    let put = key.split(' ').next().unwrap_or_default();
                    self.app.used_emoji(put);
                    put.to_owned()
                }
            };
            self.field.insert(units(&before[query.start..]), &put);
        }
        self.hide();
    }

    /// For `aria-controls` and `aria-activedescendant`.
    pub(super) fn aria(
        self,
    ) -> (
        impl Fn() -> Option<&'static str> + Copy,
        impl Fn() -> Option<String> + Copy,
    ) {
        let (keys, moved, chosen) = (self.keys, self.moved, self.chosen);
        let is_shown = move || !keys.with(Vec::is_empty);
        let controls = move || is_shown().then_some(LIST);
        let active = move || (moved.get() && is_shown()).then(|| option_id(chosen.get()));
        (controls, active)
    }
}

/// How many there are, said aloud, and the list once there are some.
pub(super) fn status(app: App, composer: StoredValue<Composer>) -> View {
    let keys = composer.get_value().suggestions.keys;
    let told = move || match keys.with(Vec::len) {
        0 => String::new(),
        count => text::suggestions(count),
    };
    view! {
        <p class="quiet" role="status">{told}</p>
        {later::once(app, move || !keys.with(Vec::is_empty), move |later| (later.suggestions)(composer))}
    }
}

/// The list.
pub(crate) fn view(composer: StoredValue<Composer>) -> View {
    let Suggestions {
        keys, chosen, kind, ..
    } = composer.get_value().suggestions;
    let row: MakeRow = Rc::new(move |key| option(&key, keys, chosen, kind.get_value()));
    view! {
        // The focus must not leave the field: no key would reach it any more.
        <ul
            class="menu suggestions" id=LIST role="listbox" aria-label=text::suggested()
            hidden=move || keys.with(Vec::is_empty)
            on:mousedown=|event: ev::MouseEvent| event.prevent_default()
            on:click=move |event| {
                if let Some(key) = pressed(&event) {
                    composer.get_value().suggestions.take(key);
                }
            }
        >
            {each(keys, row)}
        </ul>
    }
}

fn option(key: &Key, keys: RwSignal<Vec<Key>>, chosen: RwSignal<usize>, kind: Kind) -> View {
    let name = String::from(&**key);
    let here = key.clone();
    let at = Memo::new(move |_| {
        let place = keys.with(|keys| keys.iter().position(|other| *other == here));
        place.unwrap_or_default()
    });
    let selected = move || {
        if at.get() == chosen.get() {
            "true"
        } else {
            "false"
        }
    };
    let picture = (kind == Kind::Person).then(|| avatar(&name));
    view! {
        <li
            class="menu-item" role="option" id=move || option_id(at.get())
            aria-selected=selected data-key=name.clone()
        >
            {picture}
            <bdi>{name.clone()}</bdi>
        </li>
    }
}

fn option_id(at: usize) -> String {
    ["suggestion-", &at.to_string()].concat()
}

fn pressed(event: &ev::MouseEvent) -> Option<Key> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let row = target.closest("[data-key]").ok()??;
    row.get_attribute("data-key").map(Key::from)
}
