//! The system's notifications, where the browser has them and the person allows them.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Notification, NotificationOptions, NotificationPermission, ServiceWorkerRegistration, window,
};

use super::timer;

/// What the person has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Nothing yet: they may be asked, by a press of theirs.
    Open,
    /// Yes.
    Granted,
    /// No, or the browser has no notifications.
    Denied,
}

/// What the person has decided so far.
#[must_use]
pub fn permission() -> Permission {
    let exists = window()
        .is_some_and(|window| Reflect::has(&window, &"Notification".into()).unwrap_or(false));
    if !exists {
        return Permission::Denied;
    }
    match Notification::permission() {
        NotificationPermission::Default => Permission::Open,
        NotificationPermission::Granted => Permission::Granted,
        // The enum is web-sys's: a name it does not know is no permission.
        _ => Permission::Denied,
    }
}

thread_local! {
    static KNOWN: Cell<(u64, Permission)> = const { Cell::new((0, Permission::Denied)) };
}

/// How long a known decision counts, ms.
const LATELY: u64 = 10_000;

/// What the person had decided within the last ten seconds; `now` is monotonic. Chromium's page asks
/// another process each time, milliseconds that a burst of messages does not have.
#[must_use]
pub fn permission_lately(now: u64) -> Permission {
    let (until, known) = KNOWN.get();
    if now < until {
        return known;
    }
    let known = permission();
    KNOWN.set((now.saturating_add(LATELY), known));
    known
}

/// Asks the person. Browsers demand a press of theirs right before.
pub async fn ask() -> Permission {
    if let Ok(asked) = Notification::request_permission() {
        let _answered = JsFuture::from(asked).await;
    }
    KNOWN.set((0, Permission::Denied));
    permission()
}

/// A notification on the screen or in the system's list; it goes when this is dropped.
pub struct Shown(Function);

impl Drop for Shown {
    fn drop(&mut self) {
        // It may be gone already.
        let _closed = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Shows a notification; one with the same `tag` takes its place. Pressed, it brings this page
/// to the front and calls `open`. Android's Chrome has notifications for service workers only: there
/// ours shows it, and opens `link`, an address of this page, in a page of the site's.
#[must_use]
pub fn show(
    title: &str,
    body: &str,
    tag: &str,
    link: &str,
    open: impl FnOnce() + 'static,
) -> Shown {
    let options = NotificationOptions::new();
    options.set_body(body);
    options.set_tag(tag);
    let Ok(notification) = Notification::new_with_options(title, &options) else {
        options.set_data(&link.into());
        return show_by_worker(title.to_owned(), options, tag.to_owned());
    };
    let shown = notification.clone();
    let pressed = Closure::once_into_js(move || {
        shown.close();
        if let Some(window) = window() {
            let _focused = window.focus();
        }
        open();
    });
    notification.set_onclick(Some(pressed.unchecked_ref()));
    Shown(closes(move || notification.close()))
}

thread_local! {
    /// How many the worker is showing.
    static COMING: Cell<u32> = const { Cell::new(0) };
}

/// Between two looks at that, ms.
const PAUSE: i32 = 100;

fn show_by_worker(title: String, options: NotificationOptions, tag: String) -> Shown {
    let closed = Rc::new(Cell::new(false));
    let is_closed = closed.clone();
    let tagged = tag.clone();
    spawn_local(async move {
        if let Some(worker) = worker().await
            && !is_closed.get()
            && let Ok(shown) = worker.show_notification_with_options(&title, &options)
        {
            COMING.set(COMING.get() + 1);
            // Without a permission it is refused.
            let _shown = JsFuture::from(shown).await;
            COMING.set(COMING.get() - 1);
            if is_closed.get() {
                close_by_worker(&tagged).await;
            }
        }
    });
    Shown(closes(move || {
        closed.set(true);
        spawn_local(async move { close_by_worker(&tag).await });
    }))
}

async fn close_by_worker(tag: &str) {
    let Some(worker) = worker().await else { return };
    // Chromium forgets one that is on its way to the screen when it is asked for a list.
    while COMING.get() > 0 {
        timer::after(PAUSE).await;
    }
    let Ok(listed) = worker.get_notifications() else {
        return;
    };
    let listed = JsFuture::from(listed).await.unwrap_or_default();
    for shown in Array::from(&listed).iter() {
        let shown: Notification = shown.unchecked_into();
        if shown.tag().as_deref() == Some(tag) {
            shown.close();
        }
    }
}

fn closes(close: impl FnOnce() + 'static) -> Function {
    Closure::once_into_js(close).unchecked_into()
}

/// Our service worker, once it is at work: on a first visit it may still be on its way. For one that
/// does not come (a development build has none) this waits for ever.
async fn worker() -> Option<ServiceWorkerRegistration> {
    let ready = window()?.navigator().service_worker().ready().ok()?;
    let found = JsFuture::from(ready).await.ok()?;
    found.dyn_into().ok()
}
