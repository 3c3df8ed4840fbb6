//! Settings: how the page looks, what it tells others, and what it keeps in this browser. Each is in
//! force and kept at once; there is nothing to save.

use leptos::ev;
use leptos::prelude::*;

use super::dialogs::head;
use super::language_choice::language_choice;
use crate::signal::RwSignal;
use crate::state::settings::{Density, TextSize};
use crate::state::{App, Choice, Intent, Settings, StorageAct, Theme};
use crate::strings::{common, settings as text};
use crate::view::{IntoPart, NodeRef, View, view};

/// What stands in the dialog; `asks` is whether a first press has asked to erase everything.
pub(super) fn settings(app: App, asks: bool) -> View {
    app.ask(Intent::Storage(StorageAct::Measure));
    let notify_help = move || {
        if app.notify_denied.get() {
            text::notify_denied()
        } else {
            text::notify_help()
        }
    };
    let sure = RwSignal::new(asks);
    let erase = NodeRef::<web_sys::HtmlElement>::new();
    let used = move || match app.storage_used.get() {
        Some(bytes) => text::used(usize::try_from(bytes / 1_000).unwrap_or(usize::MAX)),
        None => text::used_unknown().to_owned(),
    };
    view! {
        <div class="dialog-body settings">
            {head(app, text::title())}
            <section aria-labelledby="set-look">
                <h3 class="heading" id="set-look">{text::look()}</h3>
                {segments(app, "theme", text::theme(), &[
                    (Theme::Auto.name(), text::theme_auto()),
                    (Theme::Light.name(), text::theme_light()),
                    (Theme::Dark.name(), text::theme_dark()),
                ], |settings| settings.theme.name(), |settings, name| settings.theme = Theme::named(name))}
                {segments(app, "text-size", text::text_size(), &[
                    (TextSize::Small.name(), text::size_small()),
                    (TextSize::Normal.name(), text::size_normal()),
                    (TextSize::Large.name(), text::size_large()),
                    (TextSize::Huge.name(), text::size_huge()),
                ], |settings| settings.text_size.name(), |settings, name| settings.text_size = TextSize::named(name))}
                {segments(app, "density", text::density(), &[
                    (Density::Comfortable.name(), text::density_comfortable()),
                    (Density::Compact.name(), text::density_compact()),
                ], |settings| settings.density.name(), |settings, name| settings.density = Density::named(name))}
                {language_choice(app)}
            </section>
            <section aria-labelledby="set-write">
                <h3 class="heading" id="set-write">{text::writing()}</h3>
                {switch(app, text::enter_sends(), text::enter_help(),
                    |settings| settings.enter_sends, |settings, on| settings.enter_sends = on)}
            </section>
            <section aria-labelledby="set-notify">
                <h3 class="heading" id="set-notify">{text::attention()}</h3>
                {switch(app, text::notify(), notify_help,
                    |settings| settings.notify, |settings, on| settings.notify = on)}
                <button
                    class="button small" type="button" hidden=move || !app.can_ask_to_notify.get()
                    on:click=move |_| app.ask(Intent::Notify)
                >
                    {text::allow()}
                </button>
                {switch(app, text::sound(), text::sound_help(),
                    |settings| settings.sound, |settings, on| settings.sound = on)}
            </section>
            <section aria-labelledby="set-privacy">
                <h3 class="heading" id="set-privacy">{text::privacy()}</h3>
                {switch(app, text::tell_typing(), text::tell_typing_help(),
                    |settings| settings.tell_typing, |settings, on| settings.tell_typing = on)}
                {switch(app, text::tell_read(), text::tell_read_help(),
                    |settings| settings.tell_read, |settings, on| settings.tell_read = on)}
            </section>
            <section aria-labelledby="set-storage">
                <h3 class="heading" id="set-storage">{text::storage()}</h3>
                <p class="help">{used}</p>
                <p class="settings-acts">
                    <button
                        class="button" type="button"
                        on:click=move |_| app.ask(Intent::Storage(StorageAct::Clear))
                    >
                        {text::clear()}
                    </button>
                    <button
                        class="button" type="button"
                        on:click=move |_| app.ask(Intent::Storage(StorageAct::ExportAll))
                    >
                        {text::export_all()}
                    </button>
                </p>
                <p class="help">{text::clear_help()}</p>
                <p class="settings-acts">
                    <button
                        node_ref=erase
                        class="button danger" type="button" aria-describedby="erase-help"
                        data-sure=move || sure.get().then_some("")
                        on:click=move |_| {
                            if sure.get_untracked() {
                                app.ask(Intent::Storage(StorageAct::Erase));
                            }
                            sure.set(true);
                        }
                    >
                        {move || if sure.get() { text::erase_sure() } else { text::erase() }}
                    </button>
                    <button
                        class="button" type="button" hidden=move || !sure.get()
                        on:click=move |_| {
                            // The button that was pressed goes.
                            if let Some(erase) = erase.get_untracked() {
                                let _focused = erase.focus();
                            }
                            sure.set(false);
                        }
                    >
                        {common::cancel()}
                    </button>
                </p>
                <p class="help" id="erase-help" role="status">
                    {move || if sure.get() { text::erase_asks() } else { text::erase_help() }}
                </p>
            </section>
        </div>
    }
}

/// One of a few: radio buttons side by side. `named` are the stable names and what they are called.
fn segments(
    app: App,
    group: &'static str,
    label: &'static str,
    named: &[(&'static str, &'static str)],
    get: fn(&Settings) -> &'static str,
    set: fn(&mut Settings, &str),
) -> View {
    let choice = named
        .iter()
        .map(|&(name, label)| {
            view! {
                <label>
                    <input
                        type="radio" name=group value=name
                        prop:checked=move || app.settings.with(get) == name
                    />
                    {label}
                </label>
            }
        })
        .collect::<Vec<_>>();
    let chosen = move |event: ev::Event| {
        let name = event_target_value(&event);
        app.settings.update(|settings| set(settings, &name));
        app.ask(Intent::Save);
    };
    view! {
        <fieldset class="settings-row" on:change=chosen>
            <legend>{label}</legend>
            <div class="segments">{choice}</div>
        </fieldset>
    }
}

/// On or off, and what that does.
fn switch(
    app: App,
    label: &'static str,
    help: impl IntoPart,
    get: fn(&Settings) -> bool,
    set: fn(&mut Settings, bool),
) -> View {
    let changed = move |event: ev::Event| {
        let on = event_target_checked(&event);
        app.settings.update(|settings| set(settings, on));
        app.ask(Intent::Save);
    };
    view! {
        <div class="settings-row">
            <label class="switch">
                <span>{label}</span>
                <input
                    type="checkbox" role="switch"
                    prop:checked=move || app.settings.with(get) on:change=changed
                />
            </label>
            <p class="help">{help}</p>
        </div>
    }
}
