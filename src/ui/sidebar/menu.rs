//! What can be done with a conversation: one menu for all rows, and for the head of the open one.

use leptos::ev;
use leptos::prelude::document;
use switchboard_protocol::ConversationId;
use wasm_bindgen::JsCast;

use super::super::dom::{closest, set};
use super::super::icon::icon;
use super::super::roving;
use crate::signal::{Memo, Signal, effect};
use crate::state::dialog::Dialog;
use crate::state::marks::Mark;
use crate::state::{App, Intent};
use crate::strings::{chat, shell as text};
use crate::view::{NodeRef, View, request_animation_frame, view};

/// The menu's element id.
const ID: &str = "conversation-menu";

/// The button that was pressed while there was no menu yet.
const FIRST: &str = "[data-first]";

/// The button that opens the menu of what `conversation` names.
pub(in super::super) fn more(
    app: App,
    class: &'static str,
    conversation: Signal<Option<ConversationId>>,
) -> View {
    let label = move || text::options(&title(app, conversation.get().as_ref()));
    view! {
        <button
            class=class type="button" tabindex=if class == "row-more" { "-1" } else { "0" }
            popovertarget=ID aria-haspopup="menu" aria-label=label
            // Before the browser opens the menu: it does so after the event.
            on:click=move |event| {
                if document().get_element_by_id(ID).is_none()
                    && let Some(button) = closest(&event, "button")
                {
                    set(&button, "data-first", "");
                }
                app.shell.menu.set(conversation.get_untracked());
            }
        >
            {icon("more")}
        </button>
    }
}

/// The menu.
pub(crate) fn menu(app: App) -> View {
    let element = NodeRef::<web_sys::HtmlElement>::new();
    let about = app.shell.menu;
    // Made by the first press, which may have found none to open. Pressed again, the button opens it and is
    // what it stands beside.
    effect(move || {
        if let Some(menu) = element.get()
            && let Ok(Some(button)) = document().query_selector(FIRST)
            && let Ok(button) = button.dyn_into::<web_sys::HtmlElement>()
        {
            let _removed = button.remove_attribute("data-first");
            // A press by hand goes on after this, and finds it.
            request_animation_frame(move || {
                if !menu.matches(":popover-open").unwrap_or(true) {
                    button.click();
                }
            });
        }
    });
    let mark = Memo::new(move |_| {
        about.with(|about| {
            let mark = |it| app.shell.marks.with(|marks| marks.of(it));
            about.as_ref().map(mark).unwrap_or_default()
        })
    });
    let read = Memo::new(move |_| {
        let row = about.with(|about| app.conversations.get(about.as_ref()?.as_str()));
        row.is_none_or(|row| row.with(|row| row.summary.unread == 0))
    });
    let pressed = move |event: ev::MouseEvent| {
        let target = event
            .target()
            .and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let item = target.and_then(|it| it.closest("[data-act]").ok().flatten());
        let act = item.and_then(|item| item.get_attribute("data-act"));
        if let (Some(act), Some(about)) = (act, about.get_untracked()) {
            // First of all: the focus goes back to the row, and from there into a dialog.
            if let Some(menu) = element.get_untracked() {
                let _ = menu.hide_popover();
            }
            act_on(app, &act, about);
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        if let Some(menu) = element.get_untracked() {
            roving::moved(&event, &menu);
        }
    };
    let item = |act: &'static str, name: &'static str, label: Signal<&'static str>| {
        view! {
            <button
                class="menu-item" type="button" role="menuitem" tabindex="-1" data-rove=""
                autofocus=act == "pin" data-act=act hidden=move || act == "read" && read.get()
            >
                {icon(name)}{label}
            </button>
        }
    };
    let label = |label: &'static str| Signal::stored(label);
    view! {
        <div
            class="menu" popover="auto" role="menu" id=ID node_ref=element
            aria-label=move || text::options(&title(app, about.get().as_ref()))
            on:click=pressed on:keydown=keys
        >
            {item("pin", "pin", Signal::derive(move || pin_label(mark.get())))}
            {item("mute", "mute", Signal::derive(move || mute_label(mark.get())))}
            {item("read", "check", label(text::mark_read()))}
            {item("export", "download", label(text::export()))}
            {item("link", "link", label(text::copy_link()))}
        </div>
    }
}

/// What pinning would do now.
pub(in super::super) fn pin_label(mark: Mark) -> &'static str {
    if mark.pinned {
        text::unpin()
    } else {
        text::pin()
    }
}

/// What muting would do now.
pub(in super::super) fn mute_label(mark: Mark) -> &'static str {
    if mark.muted {
        text::unmute()
    } else {
        text::mute()
    }
}

/// Carries out what an item of the menu stands for.
pub(in super::super) fn act_on(app: App, act: &str, about: ConversationId) {
    match act {
        "pin" => app.mark(about, |mark| mark.pinned = !mark.pinned),
        "mute" => app.mark(about, |mark| mark.muted = !mark.muted),
        "read" => app.read_all_of(&about),
        "export" => app.show_dialog(Dialog::Export(about)),
        "link" => app.ask(Intent::CopyLink(about, None)),
        _ => {}
    }
}

fn title(app: App, conversation: Option<&ConversationId>) -> String {
    conversation.map_or_else(String::new, |it| {
        chat::title(app.profile(), it, &app.others(it))
    })
}
