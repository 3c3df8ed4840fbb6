//! The page: the connect form, or the chat with its panes.

use leptos::prelude::*;
use leptos::{ev, html};

use super::connect_form::ConnectForm;
use super::conversation::Conversation;
use super::inspector::InspectorPanel;
use super::new_message::NewMessage;
use super::sidebar::Sidebar;
use super::sign_out::SignOut;
use super::status::{Announcement, Banner, StorageWarning};
use crate::state::App;
use crate::strings;

/// Everything. `main.rs` mounts it, tests too.
#[component]
pub fn Root(
    /// The state, provided to all views below.
    app: App,
) -> impl IntoView {
    provide_context(app);
    let signed_in = Memo::new(move |_| app.account.with(Option::is_some));
    view! {
        <div class="page" data-theme=move || app.theme.get().name()>
            {move || {
                if signed_in.get() {
                    view! { <Chat /> }.into_any()
                } else {
                    view! { <ConnectForm /> }.into_any()
                }
            }}
            <p class="quiet" role="status">{move || app.notice.get()}</p>
        </div>
    }
}

#[component]
fn Chat() -> impl IntoView {
    let app = crate::state::use_app();
    let dialog = NodeRef::<html::Dialog>::new();
    let leave = NodeRef::<html::Dialog>::new();
    let keys = window_event_listener(ev::keydown, move |event| {
        if event.key() == strings::frames::KEY {
            event.prevent_default();
            app.frames.toggle();
        }
    });
    on_cleanup(move || keys.remove());
    let pane = move || {
        if app.open.with(Option::is_some) {
            "conversation"
        } else {
            "list"
        }
    };
    view! {
        <a class="skip" href="#message">{strings::SKIP_TO_COMPOSER}</a>
        <Banner />
        <StorageWarning />
        <div class="chat" data-pane=pane class:with-frames=move || app.frames.open.get()>
            <main class="panes">
                <h1 class="quiet">{strings::PRODUCT}</h1>
                <Sidebar dialog=dialog leave=leave />
                <Conversation dialog=dialog />
            </main>
            <InspectorPanel />
        </div>
        <NewMessage dialog=dialog />
        <SignOut dialog=leave />
        <Announcement />
    }
}
