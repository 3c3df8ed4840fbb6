//! What stands in the two panes of the page, and what opens over it.

use super::super::composer::composer;
use super::super::conversation::conversation;
use super::super::emoji_picker;
use super::super::find_bar::find_bar;
use super::super::sidebar::{menu, sidebar};
use super::super::timeline::{timeline, tools};
use super::{specimen, states, story};
use crate::signal::Memo;
use crate::state::compose::Compose;
use crate::state::{App, Services};
use crate::view::{NodeRef, View, view};

pub(super) fn all(services: Services) -> View {
    view! {
        {specimen("Sidebar", story::app(services), "tall", sidebar)}
        {specimen("Sidebar, with marks", states::marked(services), "tall", sidebar)}
        {specimen("Sidebar, looked through in vain", states::filtered(services), "tall low", sidebar)}
        {specimen("Conversation", story::app(services), "tall", conversation)}
        {specimen("Conversation, without messages", states::silent(services), "tall low", conversation)}
        {specimen("Conversation, none open", states::nowhere(services), "tall low", conversation)}
        {specimen("Timeline, with more above and below", states::midway(services), "tall", messages)}
        {specimen("Timeline, with tools", states::acting(services, "m5"), "tall whole", messages)}
    }
}

fn messages(app: App) -> View {
    timeline(app, Memo::new(|_| "Maya, Tomás".to_owned()))
}

pub(super) fn composers(services: Services) -> View {
    let with = |name: &'static str, change: fn(App)| {
        let app = story::app(services);
        change(app);
        specimen(name, app, "", composer)
    };
    view! {
        <div class="specimens">
            {with("Composer", |_| {})}
            {with("Composer, a draft", |app| story::draft(app, "Can we move it to three?"))}
            {with("Composer, answering", |app| app.compose.set(Compose::Reply(story::id("m3"))))}
            {with("Composer, editing", |app| {
                app.compose.set(Compose::Edit(story::id("m4")));
                story::draft(app, "On it. Connecting from my phone.");
            })}
            {with("Composer, while others type", |app| {
                for who in ["Maya", "Tomás"] {
                    app.typing.heard(&story::group(), &story::user(who), 0);
                }
            })}
            {with("Composer, too long", |app| story::draft(app, &"x".repeat(40_000)))}
        </div>
    }
}

/// What opens over the panes, or beside what was pressed.
pub(super) fn over(services: Services) -> View {
    let menu_of = |name: &'static str, app: App| specimen(name, app, "opened", menu);
    let tools_of = |name: &'static str, id: &str| {
        specimen(name, states::acting(services, id), "opened", |app| {
            tools(app, NodeRef::new())
        })
    };
    let about = |app: App| {
        app.shell.menu.set(app.open.get_untracked());
        app
    };
    view! {
        <div class="specimens">
            {specimen("Find", states::finding(services), "", find_bar)}
            {specimen("Find, with matches", states::finding(services), "", |app| {
                let view = find_bar(app);
                states::found(app.find);
                view
            })}
            {menu_of("Menu of a conversation", about(story::app(services)))}
            {menu_of("The same, pinned and muted", about(states::marked_open(services)))}
            {tools_of("Menu of an own message", "m5")}
            {tools_of("The same, of somebody else’s", "m9")}
            {tools_of("The same, of one that failed", "m16")}
            {specimen("Emoji", story::app(services), "emoji-picker", |_| emoji_picker::sample())}
        </div>
    }
}
