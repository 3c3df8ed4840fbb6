//! The choice of the language.

use leptos::ev;
use leptos::prelude::*;

use super::icon::icon;
use crate::signal::effect;
use crate::state::{App, Intent};
use crate::strings::{self, Language};
use crate::view::{NodeRef, View, view};

/// A select of the languages, each called by its own name. The page changes once the language's
/// texts are there.
pub(super) fn language_choice(app: App) -> View {
    let select = NodeRef::<web_sys::HtmlSelectElement>::new();
    // In another language the views are new, and what had the focus is gone.
    let mut is_chosen = app.chose_language.try_update_value(std::mem::take) == Some(true);
    effect(move || {
        let Some(select) = select.get() else { return };
        let shown = app.language.get().code();
        // Also when a choice could not be followed: it shows what is in use.
        select.set_value(shown);
        if app.settings.with(|settings| settings.language == shown) {
            app.chose_language.set_value(false);
        }
        if std::mem::take(&mut is_chosen) {
            // Best effort.
            let _ = select.focus();
        }
    });
    let choose = move |event: ev::Event| {
        let tag = event_target_value(&event);
        app.chose_language.set_value(true);
        app.settings.update(|settings| settings.language = tag);
        app.ask(Intent::Save);
    };
    let options = Language::ALL.map(|language| {
        view! { <option value=language.code() lang=language.code()>{language.own_name()}</option> }
    });
    view! {
        <div class="language">
            {icon("globe")}
            <select node_ref=select aria-label=strings::common::language() on:change=choose>
                {options.into_iter().collect::<Vec<_>>()}
            </select>
        </div>
    }
}
