//! The one polite live region, and the notices that go by themselves.
//!
//! A modal dialog makes everything outside it inert, live regions too: while one is open, the
//! region inside it speaks.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::signal::{StoredValue, effect};
use crate::state::App;
use crate::view::{View, set_timeout_with_handle, view};

/// How long a notice is shown, ms.
const NOTICE: u64 = 4_000;

/// The region outside dialogs, the notice, and the hand that turns the pages.
pub fn announcer(app: App) -> View {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    effect(move || {
        app.voice.asked.track();
        speak(app, timer);
    });
    let fading = StoredValue::new(None::<TimeoutHandle>);
    effect(move || {
        let shown = app.voice.notice.with(|notice| !notice.is_empty());
        let gone = move || {
            app.voice.notice.try_set(String::new());
        };
        again(fading, shown.then_some(NOTICE), gone);
    });
    on_cleanup(move || {
        again(timer, None, || {});
        again(fading, None, || {});
    });
    view! {
        <p class="notice" hidden=move || app.voice.notice.with(String::is_empty)>{app.voice.notice}</p>
        {region(app, false)}
    }
}

/// A live region that speaks inside dialogs, or outside of them.
pub(super) fn region(app: App, in_dialog: bool) -> View {
    let text = move || {
        if app.dialog.with(Option::is_some) == in_dialog {
            app.voice.spoken.get()
        } else {
            String::new()
        }
    };
    view! { <p class="quiet" role="status">{text}</p> }
}

fn speak(app: App, timer: StoredValue<Option<TimeoutHandle>>) {
    let next = app.speak();
    again(timer, next, move || speak(app, timer));
}

/// Calls `then` in `ms` milliseconds instead of whatever was to be called; `None` calls nothing.
fn again(
    timer: StoredValue<Option<TimeoutHandle>>,
    ms: Option<u64>,
    then: impl FnOnce() + 'static,
) {
    if let Some(Some(armed)) = timer.try_update_value(Option::take) {
        armed.clear();
    }
    let armed = ms.and_then(|ms| set_timeout_with_handle(then, Duration::from_millis(ms)).ok());
    timer.try_set_value(armed);
}
