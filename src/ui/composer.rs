//! Where a message is written.
//!
//! The field is not controlled: its value is written only when a draft comes back or a sent
//! text goes, and never while an input method composes, which would break the composition.

use leptos::prelude::*;
use leptos::{ev, html};
use switchboard_client::Phase;
use switchboard_protocol::ConversationId;
use wasm_bindgen::JsCast;

use super::icon::icon;
use crate::state::budget::Budget;
use crate::state::compose::keys::{Act, Field, Press, act};
use crate::state::{Intent, use_app};
use crate::strings::chat as text;

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

/// The composer, or why there is none.
#[component]
pub fn Composer() -> impl IntoView {
    let app = use_app();
    let field = NodeRef::<html::Textarea>::new();
    let budget = RwSignal::new(Budget::Ample);
    // Whether an input method composes, and whether a write waits for its end.
    let composing = StoredValue::new(false);
    let waiting = StoredValue::new(false);

    let measure = move |conversation: &ConversationId, text: &str| {
        let now = app.account.with_untracked(|account| {
            account.as_ref().map_or(Budget::Ample, |account| {
                Budget::of(
                    account,
                    conversation,
                    &app.drafts.compose(conversation),
                    text,
                )
            })
        });
        if budget.get_untracked() != now {
            budget.set(now);
        }
    };
    let write = move || {
        let (Some(field), Some(open)) = (field.get_untracked(), app.open.get_untracked()) else {
            return;
        };
        if composing.get_value() {
            waiting.set_value(true);
            return;
        }
        let draft = app.drafts.text(&open);
        if field.value() != draft {
            field.set_value(&draft);
        }
        measure(&open, &draft);
    };
    Effect::new(move |_| {
        app.open.track();
        app.drafts.written().track();
        write();
    });
    let take = move || {
        if let (Some(field), Some(open)) = (field.get_untracked(), app.open.get_untracked()) {
            let value = field.value();
            measure(&open, &value);
            app.drafts.typed(&open, value);
        }
    };
    let send = move || {
        take();
        let Some(open) = app.open.get_untracked() else {
            return;
        };
        let unsent = app.drafts.unsent(&open);
        if !unsent.trim().is_empty() && !matches!(budget.get_untracked(), Budget::Over(_)) {
            app.send(open, unsent);
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
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
        let hands = (app.services.hands)();
        let field = Field {
            enter_sends: app.settings.with_untracked(|settings| settings.enter_sends),
            touch: hands.touch,
            mac: hands.mac,
            ..Field::default()
        };
        if act(&press, &field) == Some(Act::Send) {
            event.prevent_default();
            send();
        }
    };
    let ended = move |_| {
        composing.set_value(false);
        if waiting.try_update_value(std::mem::take).unwrap_or(false) {
            write();
        }
    };
    let cannot = Memo::new(move |_| {
        app.open.with(|open| {
            open.as_ref()
                .and_then(|open| text::cannot_write(app.profile(), open))
        })
    });
    let nothing = Memo::new(move |_| app.open.with(Option::is_none));
    let down = Memo::new(move |_| app.status.with(|status| !matches!(status.phase, Phase::Up)));
    let problem = move || match (budget.get(), app.refusal.get()) {
        (Budget::Over(_), _) => text::budget(budget.get()),
        (_, Some(failure)) => text::reason(failure).to_owned(),
        _ => String::new(),
    };
    let problem = Signal::derive(problem);
    view! {
        <p class="cannot" hidden=move || nothing.get() || cannot.get().is_none()>
            {move || cannot.get().unwrap_or_default()}
        </p>
        <form
            class="composer" novalidate
            hidden=move || nothing.get() || cannot.get().is_some()
            on:submit=move |event| {
                event.prevent_default();
                send();
                focus();
            }
        >
            <p class="error" id="message-error" role="alert">{problem}</p>
            <div class="composer-box">
                <textarea
                    node_ref=field id=FIELD rows="1" dir="auto" enterkeyhint="send"
                    aria-label=text::message() placeholder=text::message()
                    aria-describedby="message-error message-help"
                    aria-invalid=move || if problem.with(String::is_empty) { "false" } else { "true" }
                    on:keydown=keys
                    on:input=move |_| {
                        app.refusal.set(None);
                        take();
                        if let Some(open) = app.open.get_untracked() {
                            app.ask(Intent::Typing(open));
                        }
                    }
                    on:compositionstart=move |_| composing.set_value(true)
                    on:compositionend=ended
                ></textarea>
                <button class="button primary send" type="submit" aria-label=text::send()>{icon("send")}</button>
            </div>
            <p class="composer-foot">
                <span id="message-help" class="help">
                    {move || match (app.volatile.get(), down.get()) {
                        (true, _) => text::volatile(),
                        (false, true) => text::sent_later(),
                        (false, false) => text::keys(),
                    }}
                </span>
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
