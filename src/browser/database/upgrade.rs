//! The database's versions, and the step to each.
//!
//! A newer app's database is never touched by an older one: `open` fails with `VersionError`,
//! and the chat goes on without storage.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbOpenDbRequest};

/// Messages not confirmed yet: id → `Pending` as JSON.
pub(super) const OUTBOX: &str = "outbox";
/// The place of each log's stored stretch: conversation → `Bounds` as JSON.
pub(super) const LOGS: &str = "logs";
/// The stretches: `[conversation, seq]` → `Message` as JSON.
pub(super) const MESSAGES: &str = "messages";
/// How far people were notified: conversation → `seq`.
pub(super) const NOTIFIED: &str = "notified";
/// How far the person has read: conversation → `Mark` as JSON. Since version 2.
pub(super) const MARKS: &str = "marks";
/// All of them.
pub(super) const STORES: [&str; 5] = [OUTBOX, LOGS, MESSAGES, NOTIFIED, MARKS];

/// What this app writes.
pub(super) const VERSION: u32 = 2;

/// Lets `request` bring an older database up to [`VERSION`].
pub(super) fn install(request: &IdbOpenDbRequest) {
    let opening = request.clone();
    // Not tied to the waiting: where that has ended, the upgrade must still be a whole one.
    let upgrade = Closure::once_into_js(move || {
        let database = opening.result().map(JsCast::unchecked_into::<IdbDatabase>);
        // An exception would leave the database without its stores, so the upgrade is undone.
        if database.and_then(|database| create(&database)).is_err()
            && let Some(transaction) = opening.transaction()
        {
            let _aborted = transaction.abort();
        }
    });
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
}

/// From any earlier version to this one: so far, each has only added stores.
fn create(database: &IdbDatabase) -> Result<(), JsValue> {
    let names = database.object_store_names();
    for name in STORES {
        if !names.contains(name) {
            database.create_object_store(name)?;
        }
    }
    Ok(())
}
