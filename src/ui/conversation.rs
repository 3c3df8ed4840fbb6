//! The open conversation: its head, the messages and the composer.

use super::composer::composer;
use super::icon::icon;
use super::status::quiet_chip;
use super::timeline::timeline;
use crate::later;
use crate::signal::Memo;
use crate::state::App;
use crate::state::dialog::Dialog;
use crate::strings::chat as text;
use crate::view::{View, view};

/// The main pane; on a phone the second of two.
pub fn conversation(app: App) -> View {
    let title = Memo::new(move |_| {
        app.open.with(|open| {
            open.as_ref()
                .map(|id| text::title(app.profile(), id, &app.others(id)))
                .unwrap_or_default()
        })
    });
    let subtitle = move || {
        app.open.with(|open| {
            open.as_ref()
                .map(|id| text::subtitle(app.profile(), id, app.others(id).len()))
                .unwrap_or_default()
        })
    };
    let nothing = Memo::new(move |_| app.open.with(Option::is_none));
    let can_start = super::sidebar::can_start(app);
    view! {
        <div class="conversation">
            <header class="conversation-head" hidden=nothing>
                <button
                    class="button ghost back" type="button" aria-label=text::back()
                    on:click=move |_| app.close_conversation()
                >
                    {icon("back")}
                </button>
                <div class="conversation-title">
                    <h2><bdi>{title}</bdi></h2>
                    <p class="soft">{subtitle}</p>
                </div>
                {super::sidebar::more(app, "button ghost", app.open.into())}
                {quiet_chip(app)}
            </header>
            <div class="nothing" hidden=move || !nothing.get()>
                <span class="mark" aria-hidden="true">{icon("mark")}</span>
                <p>{text::pick()}</p>
                <button
                    class="button primary" type="button" hidden=!can_start
                    on:click=move |_| app.show_dialog(Dialog::NewMessage)
                >
                    {text::new()}
                </button>
            </div>
            {later::once(app, move || app.find.open.get(), move |later| (later.find_bar)(app))}
            {timeline(app, title)}
            {composer(app)}
        </div>
    }
}
