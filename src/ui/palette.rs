//! The quick switcher: conversations, people and everything one can do, by name.

mod command;

use leptos::ev;
use leptos::prelude::*;
use switchboard_protocol::{ConversationId, UserId};

use command::Command;

use super::avatar::avatar;
use super::dialogs::{TITLE, close_now};
use super::dom::is_composing;
use super::icon::icon;
use super::picker::{LIST, Picker};
use super::shortcuts::keys_of;
use super::sidebar::{can_start, conversation_name, conversation_picture};
use crate::signal::{StoredValue, effect};
use crate::state::dialog::Dialog;
use crate::state::rank::best;
use crate::state::{App, Key};
use crate::strings::{join, shell as text};
use crate::view::{NodeRef, View, view};

/// Options at most: nobody reads more.
const MOST: usize = 50;
/// Conversations and people offered before anything is typed.
const AT_FIRST: usize = 7;

/// What an option leads to; its key begins with a letter for the kind.
enum Target {
    Conversation(Key),
    Person(Key),
    Command(Command),
    /// An id nobody has talked to.
    Stranger(Key),
    /// Search over the messages.
    Search(Key),
}

impl Target {
    fn of(key: &Key) -> Option<Self> {
        let rest = || key.get(1..).map(Key::from);
        match key.chars().next()? {
            'c' => Some(Self::Conversation(rest()?)),
            'p' => Some(Self::Person(rest()?)),
            'n' => Some(Self::Stranger(rest()?)),
            's' => Some(Self::Search(rest()?)),
            letter => {
                let place = u32::from(letter).checked_sub(u32::from('A'))?;
                Command::ALL
                    .get(usize::try_from(place).ok()?)
                    .copied()
                    .map(Self::Command)
            }
        }
    }

    fn command_key(place: usize) -> Key {
        let letter = u8::try_from(place).unwrap_or(0).saturating_add(b'A');
        Key::from(char::from(letter).to_string())
    }

    fn name(&self, app: App) -> String {
        match self {
            Self::Conversation(key) => conversation_name(app, key),
            Self::Person(key) => String::from(&**key),
            Self::Command(command) => command.name(app).0.to_owned(),
            Self::Stranger(key) => text::message_to(key),
            Self::Search(key) => text::search_messages(key),
        }
    }
}

/// What stands in the dialog, whose field begins with what was typed `ahead` of it.
pub(super) fn palette(app: App, ahead: String) -> View {
    let picker = Picker::new();
    let field = NodeRef::<web_sys::HtmlInputElement>::new();
    let candidates = StoredValue::new(candidates(app));
    let look = move |typed: &str| {
        let typed = typed.trim();
        let mut found = candidates.with_value(|all| {
            if typed.is_empty() {
                let first = all.iter().filter(|(_, _, at_first)| *at_first);
                return first.map(|(key, _, _)| key.clone()).collect();
            }
            let all = all.iter().map(|(key, name, _)| (key.clone(), name.clone()));
            best(all, &(app.services.fold)(typed), MOST)
        });
        if !typed.is_empty() {
            let is_known = app.shell.people.get(typed).is_some()
                || app.me().is_some_and(|me| me.as_str() == typed);
            if can_start(app) && !is_known && UserId::try_from(typed).is_ok() {
                found.push(Key::from(join(&["n", typed])));
            }
            found.push(Key::from(join(&["s", typed])));
        }
        picker.offer(found, true);
    };
    look(&ahead);
    effect(move || {
        if let Some(field) = field.get() {
            // More is written behind it, not before.
            let _ = field.set_selection_range(u32::MAX, u32::MAX);
        }
    });
    let pick = move |key: Key| {
        if let Some(target) = Target::of(&key) {
            go(app, target);
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        if picker.moved(&event) || is_composing(&event) {
            return;
        }
        if event.key() == "Enter" {
            event.prevent_default();
            if let Some(key) = picker.active() {
                pick(key);
            }
        }
    };
    view! {
        <div class="palette">
            <h2 class="quiet" id=TITLE>{text::palette()}</h2>
            <div class="palette-field">
                {icon("search")}
                <input
                    type="text" role="combobox" node_ref=field autofocus=true dir="auto" autocomplete="off"
                    autocapitalize="none" spellcheck="false" enterkeyhint="go"
                    aria-label=text::palette_field() placeholder=text::palette_field() value=ahead
                    aria-expanded="true" aria-controls=LIST aria-autocomplete="list"
                    aria-activedescendant=move || picker.active_id()
                    on:input=move |event| look(&event_target_value(&event)) on:keydown=keys
                />
            </div>
            {picker.list(text::palette(), move |key| option(app, key), pick)}
        </div>
    }
}

/// Everything that can be found, with its folded name, and whether it shows before anything is
/// typed.
fn candidates(app: App) -> Vec<(Key, String, bool)> {
    let mut all = Vec::new();
    for (place, conversation) in app.recent().iter().enumerate() {
        let key = Key::from(conversation.as_str());
        let name = (app.services.fold)(&conversation_name(app, &key));
        all.push((Key::from(join(&["c", &key])), name, place < AT_FIRST));
    }
    let mut shown = 0;
    for person in app.shell.people.order().get_untracked() {
        // Whoever one talks to alone is there already.
        let alone = app.me().zip(UserId::try_from(&*person).ok());
        let alone = alone.and_then(|(me, it)| ConversationId::of([&me, &it]).ok());
        if alone.is_none_or(|id| app.conversations.get(id.as_str()).is_none()) {
            all.push((
                Key::from(join(&["p", &person])),
                (app.services.fold)(&person),
                shown < AT_FIRST,
            ));
            shown += 1;
        }
    }
    for (place, command) in Command::ALL.iter().enumerate() {
        if command.is_possible(app) {
            let name = (app.services.fold)(command.name(app).0);
            all.push((Target::command_key(place), name, true));
        }
    }
    all
}

fn option(app: App, key: &Key) -> View {
    let Some(target) = Target::of(key) else {
        return View::default();
    };
    let (picture, kind) = match &target {
        Target::Conversation(key) => (conversation_picture(app, key), text::conversation()),
        Target::Person(key) => (avatar(key), text::person()),
        Target::Command(command) => (icon(command.name(app).1), ""),
        Target::Stranger(_) => (icon("compose"), ""),
        Target::Search(_) => (icon("search"), ""),
    };
    let keys = match &target {
        Target::Command(command) => command.key().map(|action| keys_of(app, action)),
        _ => None,
    };
    view! {
        {picture}
        <bdi class="option-name">{target.name(app)}</bdi>
        <span class="option-kind">{kind}{keys}</span>
    }
}

/// Goes where an option leads.
fn go(app: App, target: Target) {
    match target {
        Target::Conversation(key) => {
            if let Ok(id) = ConversationId::try_from(&*key) {
                close_now(app);
                app.open_conversation(id);
                super::composer::focus();
            }
        }
        Target::Person(key) | Target::Stranger(key) => {
            close_now(app);
            app.open_person(&key);
            super::composer::focus();
        }
        Target::Search(key) => app.search_for(String::from(&*key)),
        Target::Command(command) => {
            let before = app.dialog.get_untracked();
            command.run(app);
            // It may have opened another dialog, or signed out.
            if app.dialog.get_untracked() == before && before == Some(Dialog::Palette) {
                close_now(app);
            }
        }
    }
}
