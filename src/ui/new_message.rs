//! To whom? One, several or everyone: picked among the people known, typed, or pasted in bulk.

use std::rc::Rc;

use leptos::ev;
use switchboard_protocol::profile::Recipients;
use switchboard_protocol::{ConversationId, UserId};
use wasm_bindgen::{JsCast, JsValue};

use super::avatar::avatar;
use super::dialogs::{close_now, head};
use super::dom::is_composing;
use super::icon::icon;
use super::picker::{LIST, Picker};
use crate::signal::{RwSignal, effect};
use crate::state::rank::best;
use crate::state::recipients::{self, Why};
use crate::state::{App, Key};
use crate::strings::{chat, shell as text};
use crate::view::{MakeRow, NodeRef, View, each, view};

/// People offered at most.
const MOST: usize = 50;

/// What is being chosen.
#[derive(Clone, Copy)]
struct Choice {
    app: App,
    chosen: RwSignal<Vec<Key>>,
    problems: RwSignal<String>,
    field: NodeRef<web_sys::HtmlInputElement>,
    picker: Picker,
}

impl Choice {
    fn new(app: App) -> Self {
        Self {
            app,
            chosen: RwSignal::new(Vec::new()),
            problems: RwSignal::new(String::new()),
            field: NodeRef::new(),
            picker: Picker::new(),
        }
    }

    fn typed(self) -> String {
        self.field
            .get_untracked()
            .map(|field| field.value())
            .unwrap_or_default()
    }

    fn write(self, text: &str) {
        if let Some(field) = self.field.get_untracked() {
            field.set_value(text);
        }
        self.offer();
    }

    fn focus(self) {
        if let Some(field) = self.field.get_untracked() {
            // Best effort.
            let _ = field.focus();
        }
    }

    /// Offers whoever matches what is typed and is not chosen yet.
    fn offer(self) {
        let typed = self.typed();
        let typed = typed.trim();
        let people = self.app.shell.people.order().get_untracked();
        let people = self.chosen.with_untracked(|chosen| {
            let left = people.into_iter().filter(|key| !chosen.contains(key));
            let named = left.map(|key| {
                let name = (self.app.services.fold)(&key);
                (key, name)
            });
            best(named, &(self.app.services.fold)(typed), MOST)
        });
        self.picker.offer(people, !typed.is_empty());
    }

    /// Adds ids. What could not be taken stays in the field and is explained; whether all was.
    fn add(self, texts: Vec<String>) -> bool {
        let chosen = self.chosen.with_untracked(|chosen| people(chosen));
        let single = self.app.profile().recipients == Recipients::Connection;
        let added = recipients::add(chosen, texts, single);
        self.problems.set(text::problems(&added.problems));
        let keys = added.chosen.iter().map(|id| Key::from(id.as_str()));
        self.chosen.set(keys.collect());
        self.write(&added.left().join(", "));
        added.problems.iter().all(|(_, why)| *why == Why::Twice)
    }

    /// Adds what is typed, as it is.
    fn add_typed(self) -> bool {
        let texts = recipients::typed(&self.typed());
        texts.is_empty() || self.add(texts)
    }

    fn remove(self, key: &Key) {
        self.problems.set(String::new());
        self.chosen.update(|chosen| chosen.retain(|it| it != key));
        self.offer();
        self.focus();
    }

    fn start(self) {
        if !self.add_typed() {
            self.focus();
            return;
        }
        let Some(me) = self.app.me() else { return };
        let people = self.chosen.with_untracked(|chosen| people(chosen));
        match recipients::conversation(&me, &people) {
            Ok(conversation) => open(self.app, conversation),
            Err(why) => {
                self.problems.set(chat::recipients_error(None, why));
                self.focus();
            }
        }
    }

    fn pressed(self, event: &ev::KeyboardEvent) {
        if self.picker.moved(event) || is_composing(event) {
            return;
        }
        let typed = self.typed();
        match event.key().as_str() {
            "Enter" => {
                // Enter adds, and starts once there is nothing to add.
                let several = recipients::typed(&typed).len() > 1;
                if let Some(key) = self.picker.active().filter(|_| !several) {
                    event.prevent_default();
                    self.write("");
                    self.add(vec![String::from(&*key)]);
                } else if !typed.trim().is_empty() {
                    event.prevent_default();
                    self.add_typed();
                }
            }
            // A blank behind a comma is nothing typed, to Enter and to Backspace alike.
            "Backspace" if typed.trim().is_empty() => {
                let last = self.chosen.with_untracked(|chosen| chosen.last().cloned());
                if let Some(last) = last {
                    event.prevent_default();
                    self.remove(&last);
                }
            }
            _ => {}
        }
    }

    fn wrote(self, event: &ev::Event) {
        let composing = js_sys::Reflect::get(event, &JsValue::from("isComposing"));
        let typed = self.typed();
        // What stands before a comma is done.
        if let Some((done, rest)) = typed.rsplit_once(recipients::SEPARATORS)
            && !composing.is_ok_and(|composing| composing.is_truthy())
        {
            let texts = recipients::typed(done);
            self.add(texts);
            let left = self.typed();
            let left = [&left, rest.trim_start()];
            self.write(
                &left
                    .map(str::to_owned)
                    .join(if left[0].is_empty() { "" } else { ", " }),
            );
            return;
        }
        self.problems.set(String::new());
        self.offer();
    }

    /// An `<input>` would drop the line breaks that part ids.
    fn pasted(self, event: &ev::Event) {
        let data = event
            .dyn_ref::<web_sys::ClipboardEvent>()
            .and_then(web_sys::ClipboardEvent::clipboard_data);
        let text = data.and_then(|data| data.get_data("text").ok());
        if let Some(text) = text.filter(|text| recipients::is_list(text)) {
            let known = |id: &str| self.app.shell.people.get(id).is_some();
            if known(text.trim()) {
                return;
            }
            event.prevent_default();
            let mut texts = recipients::typed(&self.typed());
            texts.extend(recipients::pasted(&text, known));
            self.add(texts);
        }
    }
}

fn people(keys: &[Key]) -> Vec<UserId> {
    let people = keys.iter();
    people
        .filter_map(|key| UserId::try_from(&**key).ok())
        .collect()
}

fn open(app: App, conversation: ConversationId) {
    close_now(app);
    app.open_conversation(conversation);
    super::composer::focus();
}

/// What stands in the dialog.
pub(super) fn new_message(app: App) -> View {
    form(Choice::new(app))
}

/// The same with two people chosen and somebody who cannot be, for the gallery.
#[cfg(debug_assertions)]
pub(super) fn sample(app: App) -> View {
    let choice = Choice::new(app);
    effect(move || {
        if choice.field.get().is_some() {
            choice.add(["Maya", "健二", "two\u{7}lines"].map(str::to_owned).into());
        }
    });
    form(choice)
}

fn form(choice: Choice) -> View {
    let Choice {
        app,
        chosen,
        problems,
        picker,
        ..
    } = choice;
    let profile = app.profile();
    // Who comes and goes meanwhile.
    effect(move || {
        app.shell.people.order().track();
        choice.offer();
    });
    let chip: MakeRow = Rc::new(move |key| {
        let name = String::from(&*key);
        let label = chat::remove(&name);
        view! {
            <li class="chip">
                <bdi>{name}</bdi>
                <button
                    class="chip-remove" type="button" aria-label=label
                    on:click=move |_| choice.remove(&key)
                >
                    {icon("close")}
                </button>
            </li>
        }
    });
    let lobby = profile.recipients == Recipients::UsersAndLobby;
    let hint = chat::no_presence(profile);
    view! {
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                choice.start();
            }
        >
            {head(app, chat::to_whom())}
            <div class="field">
                <label for="ids">{chat::id_label(profile)}</label>
                // What was chosen is not thrown away by a press beside the dialog.
                <div
                    class="chips-field" data-keep=move || (!chosen.with(Vec::is_empty)).then_some("")
                    on:click=move |_| choice.focus()
                >
                    <ul class="chips" aria-label=text::chosen() hidden=move || chosen.with(Vec::is_empty)>
                        {each(chosen, chip)}
                    </ul>
                    <input
                        node_ref=choice.field id="ids" role="combobox" autofocus=true dir="auto"
                        autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="done"
                        aria-expanded=move || if picker.is_empty() { "false" } else { "true" }
                        aria-controls=LIST aria-autocomplete="list"
                        aria-activedescendant=move || picker.active_id()
                        aria-describedby="ids-error ids-help"
                        aria-invalid=move || if problems.with(String::is_empty) { "false" } else { "true" }
                        on:keydown=move |event| choice.pressed(&event)
                        on:input=move |event| choice.wrote(&event)
                        on:paste=move |event| choice.pasted(&event)
                    />
                </div>
                <p class="error lines" id="ids-error" role="alert">{problems}</p>
                <p class="help" id="ids-help">{chat::id_help(profile)}</p>
                <p class="quiet" role="status">
                    {move || match chosen.with(Vec::len) {
                        0 => String::new(),
                        count => text::chosen_count(count),
                    }}
                </p>
            </div>
            <div class="dialog-list" hidden=move || picker.is_empty()>
                {picker.list(
                    text::people(),
                    move |key| person(app, key),
                    move |key| {
                        choice.write("");
                        choice.add(vec![String::from(&*key)]);
                        choice.focus();
                    },
                )}
            </div>
            <p class="hint" hidden=move || hint.is_none() && !app.people.with(Vec::is_empty)>
                {move || hint.unwrap_or_else(|| chat::nobody(app.is_up()))}
            </p>
            <footer class="dialog-foot">
                <button
                    class="button" type="button" hidden=!lobby title=chat::everyone_help()
                    on:click=move |_| open(app, ConversationId::lobby())
                >
                    {icon("people")}{chat::everyone()}
                </button>
                <button class="button primary push" type="submit">{chat::start()}</button>
            </footer>
        </form>
    }
}

fn person(app: App, key: &Key) -> View {
    let online = app.shell.people.get(key).map(RwSignal::from);
    let offline = move || online.is_none_or(|online| !online.get());
    view! {
        {avatar(key)}
        <bdi class="option-name">{String::from(&**key)}</bdi>
        <span class="option-kind" hidden=move || !offline()>{text::offline()}</span>
        <span class="presence" aria-hidden="true" hidden=offline></span>
    }
}
