//! The choice of a file a conversation is saved as.

use switchboard_protocol::ConversationId;

use super::dialogs::head;
use crate::state::export::Format;
use crate::state::{App, Intent};
use crate::strings::export as text;
use crate::view::{View, view};

/// What stands in the dialog.
pub(super) fn export(app: App, conversation: ConversationId) -> View {
    let choices = Format::ALL.map(|format| {
        let (name, help) = match format {
            Format::Html => (text::html(), text::html_help()),
            Format::Markdown => (text::markdown(), text::markdown_help()),
            Format::Json => (text::json(), text::json_help()),
        };
        let conversation = conversation.clone();
        view! {
            <button
                class="button export-choice" type="button"
                on:click=move |_| {
                    app.close_dialog();
                    app.ask(Intent::Export(conversation.clone(), format));
                }
            >
                <strong>{name}</strong>
                <span class="soft">{help}</span>
            </button>
        }
    });
    view! {
        <div class="dialog-body">
            {head(app, text::title())}
            <p>{text::help()}</p>
            {choices.into_iter().collect::<Vec<_>>()}
        </div>
    }
}
