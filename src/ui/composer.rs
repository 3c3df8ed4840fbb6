//! Where a message is written.

mod bar;
mod field;
mod files;
mod suggestions;

use leptos::ev;
use leptos::prelude::*;
use switchboard_client::Account;
use switchboard_protocol::ConversationId;
use switchboard_protocol::limits::MAX_FRAME_BYTES;
use wasm_bindgen::JsCast;

use super::emoji_picker;
use super::icon::icon;
use crate::later;
use crate::signal::{Memo, RwSignal, StoredValue, effect};
use crate::state::budget::Budget;
use crate::state::compose::keys::{self, Act, Press};
use crate::state::compose::parts::{Part, split};
use crate::state::compose::{Compose, open_fence};
use crate::state::dialog::Dialog;
use crate::state::{App, Intent};
use crate::strings::chat as text;
use crate::strings::composer;
use crate::view::{View, view};
pub(crate) use bar::bar;
use field::Field;
pub(crate) use suggestions::{Suggestions, view as suggestions};

/// The field's element id, the skip link's target.
const FIELD: &str = "message";

/// Puts the focus into the message field, if there is one.
pub(super) fn focus() {
    let field = document().get_element_by_id(FIELD);
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Best effort.
        let _ = field.focus();
    }
}

/// What the composer's handlers share.
#[derive(Clone, Copy)]
pub(crate) struct Composer {
    app: App,
    field: Field,
    suggestions: Suggestions,
    budget: RwSignal<Budget>,
    /// In how many parts the text could be sent; 0 where it need not or cannot be.
    parts: RwSignal<usize>,
    /// Whether a file was offered.
    file: RwSignal<bool>,
}

impl Composer {
    fn new(app: App) -> Self {
        let field = Field::new(app);
        Self {
            app,
            field,
            suggestions: Suggestions::new(app, field),
            budget: RwSignal::new(Budget::Ample),
            parts: RwSignal::new(0),
            file: RwSignal::new(false),
        }
    }

    fn with_account<T>(self, read: impl FnOnce(&Account) -> T) -> Option<T> {
        self.app
            .account
            .with_untracked(|account| account.as_ref().map(read))
    }

    /// Shows the open conversation's draft.
    fn write(self) {
        self.field.write();
        self.suggestions.hide();
        self.measure();
    }

    /// What is sent next, and what of the wire it takes.
    fn measure(self) {
        let Some(open) = self.app.open.get_untracked() else {
            return;
        };
        let unsent = self.app.drafts.unsent(&open);
        let compose = self.app.drafts.compose(&open);
        let now = self.with_account(|account| Budget::of(account, &open, &compose, &unsent));
        let now = now.unwrap_or_default();
        let parts = match (now, compose) {
            (Budget::Over(_), Compose::New | Compose::Reply(_)) => self.split(&open, &unsent).len(),
            _ => 0,
        };
        if self.parts.get_untracked() != parts {
            self.parts.set(parts);
        }
        if self.budget.get_untracked() != now {
            self.budget.set(now);
        }
    }

    /// The parts of a text that is too long; none where they would be too many.
    fn split(self, open: &ConversationId, text: &str) -> Vec<Part> {
        // Measured again when it comes.
        match untrack(|| later::wait(self.app)) {
            Some(later) => (later.split)(self, open, text),
            None => Vec::new(),
        }
    }

    /// The same, behind the boundary.
    pub(crate) fn parts(self, open: &ConversationId, text: &str) -> Vec<Part> {
        let compose = self.app.drafts.compose(open);
        let (kind, re) = compose.sent_as();
        let parts = self.with_account(|account| {
            let bytes = |part: &str| account.frame_bytes(open, kind.clone(), part, re);
            split(text, MAX_FRAME_BYTES, &bytes, &self.app.services.border)
        });
        parts.unwrap_or_default()
    }

    /// The person changed the text; `as_typed` unless it was undone or came otherwise.
    fn typed(self, as_typed: bool) {
        self.app.refusal.set(None);
        self.file.set(false);
        self.field.take();
        self.measure();
        self.suggestions.look();
        if let Some(open) = self.app.open.get_untracked() {
            self.app.ask(Intent::Typing(open));
        }
        if as_typed && !self.field.is_composing() {
            self.suggestions.replace_code();
        }
    }

    /// Opens the picker of emoji beside its button.
    fn pick_emoji(self, event: &ev::MouseEvent) {
        let button = event.current_target().and_then(|it| it.dyn_into().ok());
        let insertion = self.app.insertion;
        if let Some(button) = button {
            emoji_picker::open(self.app, &button, move |emoji| {
                insertion.set(emoji.to_owned());
            });
        }
    }

    fn send(self) {
        // Whoever presses the button may still be composing.
        self.field.end_composition();
        self.field.take();
        self.measure();
        self.suggestions.hide();
        let Some(open) = self.app.open.get_untracked() else {
            return;
        };
        let unsent = self.app.drafts.unsent(&open);
        let compose = self.app.drafts.compose(&open);
        match (compose, self.budget.get_untracked()) {
            // Nothing is left of the message: is it to go?
            (Compose::Edit(id), _) if self.field.value().trim().is_empty() => {
                self.app.show_dialog(Dialog::Delete(id));
            }
            // As it was.
            (Compose::Edit(_), _) if unsent.is_empty() && !self.is_sending(&open) => self.cancel(),
            (_, Budget::Over(_)) => {}
            _ if unsent.trim().is_empty() => {}
            _ => self.app.send(open, unsent),
        }
    }

    /// Whether an edit is on its way.
    fn is_sending(self, open: &ConversationId) -> bool {
        let on_their_way = self.app.drafts.on_their_way();
        on_their_way
            .iter()
            .any(|sent| sent.place == *open && sent.edit.is_some())
    }

    fn send_parts(self) {
        let Some(open) = self.app.open.get_untracked() else {
            return;
        };
        let unsent = self.app.drafts.unsent(&open);
        let parts = self.split(&open, &unsent);
        self.app.send_parts(&open, &unsent, parts);
        self.measure();
        self.field.focus();
    }

    /// Gives up the reply or the edit.
    fn cancel(self) {
        self.app.compose.set(Compose::New);
        self.field.focus();
    }

    fn keys(self, event: &ev::KeyboardEvent) {
        let press = Press {
            key: &event.key(),
            code: &event.code(),
            shift: event.shift_key(),
            alt: event.alt_key(),
            ctrl: event.ctrl_key(),
            meta: event.meta_key(),
            composing: event.is_composing(),
            key_code: event.key_code(),
        };
        let app = self.app;
        let hands = (app.services.hands)();
        let is_enter = press.key == "Enter";
        let field = keys::Field {
            enter_sends: app.settings.with_untracked(|settings| settings.enter_sends),
            touch: hands.touch,
            mac: hands.mac,
            in_fence: is_enter && open_fence(&self.field.before_caret()).is_some(),
            is_empty: self.field.value().is_empty(),
            has_bar: app
                .compose
                .with_untracked(|compose| *compose != Compose::New),
            suggests: self.suggestions.is_shown(),
            chosen: self.suggestions.is_chosen(),
        };
        let Some(act) = keys::act(&press, &field) else {
            // The caret goes where nothing is asked for.
            if matches!(press.key, "ArrowLeft" | "ArrowRight" | "Home" | "End") {
                self.suggestions.hide();
            }
            return;
        };
        match act {
            Act::EditLast => match app.last_own() {
                Some(id) => app.compose.set(Compose::Edit(id)),
                None => return,
            },
            Act::Send => self.send(),
            Act::Pick => self.suggestions.pick(),
            Act::Next => self.suggestions.step(true),
            Act::Previous => self.suggestions.step(false),
            Act::Dismiss => self.suggestions.hide(),
            Act::Cancel => self.cancel(),
            Act::Wrap(mark) => self.field.wrap(mark),
        }
        event.prevent_default();
        // The page has keys of its own: one press does one thing.
        event.stop_propagation();
    }

    /// A composition has ended: what waited for it is done.
    fn composed(self) {
        self.field.composition_ends();
        self.suggestions.insert();
        self.put();
        self.measure();
    }

    /// Puts in what is to be put in at the caret.
    fn put(self) {
        let text = self.app.insertion.get_untracked();
        if !text.is_empty() && !self.field.is_composing() {
            self.app.insertion.set(String::new());
            self.field.insert(0, &text);
        }
    }

    /// Somebody chose what is to be written, by a press on a message, say.
    fn begin(self, compose: Compose) {
        let Some(open) = self.app.open.get_untracked() else {
            return;
        };
        if compose == self.app.drafts.compose(&open) {
            return;
        }
        self.field.take();
        let was = match &compose {
            Compose::Edit(id) => self
                .app
                .timeline
                .get(id.as_str())
                .map(|row| row.with_untracked(|row| row.item.text.clone())),
            Compose::New | Compose::Reply(_) => None,
        };
        let is_given_up = compose == Compose::New;
        self.app
            .drafts
            .begin(&open, compose, &was.unwrap_or_default());
        self.app.show_compose();
        self.app.ask(Intent::Typing(open));
        if !is_given_up {
            self.field.focus();
        }
    }

    fn problem(self) -> String {
        match (self.budget.get(), self.app.refusal.get(), self.file.get()) {
            (Budget::Over(_), _, _) => text::budget(self.budget.get()),
            (_, Some(failure), _) => text::reason(failure).to_owned(),
            (_, _, true) => composer::no_files().to_owned(),
            _ => String::new(),
        }
    }

    /// How the keys work, or what becomes of what is written now.
    fn help(self) -> &'static str {
        let hands = (self.app.services.hands)();
        let is_up = self.app.voice.is_calm();
        let enter_sends = self.app.settings.with(|settings| settings.enter_sends);
        match (self.app.volatile.get(), is_up) {
            (true, _) => text::volatile(),
            (false, false) => text::sent_later(),
            (false, true) if hands.touch => "",
            (false, true) if enter_sends => text::keys(),
            (false, true) if hands.mac => composer::command_enter(),
            (false, true) => composer::control_enter(),
        }
    }
}

/// Whether a letter was typed: what is undone, pasted or put in stays as it is.
fn is_typed(event: &ev::Event) -> bool {
    let how = js_sys::Reflect::get(event, &"inputType".into());
    how.is_ok_and(|how| how == "insertText")
}

/// The composer, or why there is none.
pub fn composer(app: App) -> View {
    // Stored, as every handler holds it: the state alone is a kilobyte.
    let stored = StoredValue::new(Composer::new(app));
    let composer = move || stored.get_value();
    let Composer {
        budget,
        parts,
        file,
        ..
    } = composer();
    let field = composer().field.node;
    let (controls, active) = composer().suggestions.aria();
    // Emoji may be asked for before their book is there.
    let book = app.emoji.book;
    effect(move || {
        app.later.track();
        composer().measure();
    });
    effect(move || {
        // The first sign asked for one or the other, and what is suggested is looked for again.
        app.later.track();
        book.track();
        if composer().field.has_focus() {
            // Not under an input method's hands.
            if !composer().field.is_composing() {
                composer().suggestions.replace_code();
            }
            composer().suggestions.look();
        }
    });
    let (open, written) = (app.open, app.drafts.written());
    effect(move || {
        open.track();
        written.track();
        composer().write();
    });
    let compose = app.compose;
    effect(move || composer().begin(compose.get()));
    let insertion = app.insertion;
    effect(move || {
        insertion.track();
        composer().put();
    });
    let profile = app.profile();
    let cannot = Memo::new(move |_| {
        open.with(|open| {
            let open = open.as_ref();
            open.and_then(|open| text::cannot_write(profile, open))
        })
    });
    let nothing = Memo::new(move |_| open.with(Option::is_none));
    let problem = Memo::new(move |_| composer().problem());
    let edits = Memo::new(move |_| compose.with(|it| matches!(it, Compose::Edit(_))));
    let (settings, hands) = (app.settings, app.services.hands);
    let enter = move || {
        let sends = settings.with(|settings| settings.enter_sends);
        if sends && !hands().touch {
            "send"
        } else {
            "enter"
        }
    };
    let send = move || {
        if edits.get() {
            composer::save()
        } else {
            text::send()
        }
    };
    view! {
        <p class="cannot" hidden=move || nothing.get() || cannot.get().is_none()>
            {move || cannot.get().unwrap_or_default()}
        </p>
        <form
            class="composer" novalidate
            hidden=move || nothing.get() || cannot.get().is_some()
            on:submit=move |event| {
                event.prevent_default();
                composer().send();
                focus();
            }
            on:dragover=move |event| files::over(&event)
            on:drop=move |event| files::dropped(&event, file)
        >
            {bar::typing(app)}
            <p class="error" id="message-error" role="alert">{problem}</p>
            <button
                class="button send-parts" type="button" hidden=move || parts.get() == 0
                on:click=move |_| composer().send_parts()
            >
                {move || composer::send_parts(parts.get())}
            </button>
            {suggestions::status(app, stored)}
            <div class="composer-box">
                {later::once(app, move || app.compose.with(|it| *it != Compose::New), move |later| (later.compose_bar)(app, stored))}
                <textarea
                    node_ref=field id=FIELD rows="1" dir="auto" enterkeyhint=enter
                    aria-label=text::message() placeholder=text::message()
                    aria-describedby="compose-about message-error message-help"
                    aria-invalid=move || if problem.with(String::is_empty) { "false" } else { "true" }
                    aria-autocomplete="list"
                    aria-controls=controls
                    aria-activedescendant=active
                    on:keydown=move |event| composer().keys(&event)
                    on:input=move |event| composer().typed(is_typed(&event))
                    on:paste=move |event| files::pasted(&event, file)
                    // It leaves the document with the focus when another tab signs the person out.
                    on:blur=move |_| {
                        if let Some(composer) = stored.try_get_value() {
                            composer.suggestions.hide();
                        }
                    }
                    on:compositionstart=move |_| composer().field.composition_begins()
                    on:compositionend=move |_| composer().composed()
                ></textarea>
                <button
                    class="button ghost" type="button" aria-haspopup="dialog"
                    title=composer::emoji() aria-label=composer::emoji()
                    on:click=move |event| composer().pick_emoji(&event)
                >
                    {icon("smile")}
                </button>
                <button class="button primary send" type="submit" aria-label=send>
                    <span hidden=edits>{icon("send")}</span>
                    <span hidden=move || !edits.get()>{icon("check")}</span>
                </button>
            </div>
            <p class="composer-foot">
                <span id="message-help" class="help">{move || composer().help()}</span>
                <span class="help push">
                    {move || match budget.get() {
                        Budget::Over(_) => String::new(),
                        near => text::budget(near),
                    }}
                </span>
            </p>
        </form>
    }
}
