//! Everything this page keeps in the browser, and its end.

use js_sys::{Array, Function, JsString, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Storage, StorageEstimate, window};

use super::drafts::ERASED;

/// What every name of ours begins with.
const OURS: &str = "switchboard";

/// How many bytes this site uses, as the browser estimates; `None` where it does not tell.
pub async fn used() -> Option<u64> {
    let window = window().filter(web_sys::Window::is_secure_context)?;
    let estimate = window.navigator().storage().estimate().ok()?;
    let estimate = JsFuture::from(estimate).await.ok()?;
    let bytes = estimate.unchecked_into::<StorageEstimate>().get_usage()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates and a size is positive"
    )]
    Some(bytes as u64)
}

/// Deletes databases, settings, drafts, cached files and the service worker, and tells other tabs,
/// which sign out; `false` where the browser refuses one of them.
pub async fn everything() -> bool {
    let Some(window) = window() else { return false };
    let mut done = true;
    if let Ok(Some(storage)) = window.local_storage() {
        let _told = storage.set_item(ERASED, "");
    }
    for storage in [window.local_storage(), window.session_storage()] {
        if let Ok(Some(storage)) = storage {
            empty(&storage);
        }
    }
    let object = |name: &str| Reflect::get(&window, &name.into()).unwrap_or_default();
    done &= each(&object("indexedDB"), "databases", "deleteDatabase").await;
    done &= each(&object("caches"), "keys", "delete").await;
    let navigator = JsValue::from(window.navigator());
    let workers = Reflect::get(&navigator, &"serviceWorker".into()).unwrap_or_default();
    if let Some(found) = call(&workers, "getRegistrations", None).await {
        for worker in Array::from(&found).iter() {
            done &= call(&worker, "unregister", None).await.is_some();
        }
    }
    done
}

fn empty(storage: &Storage) {
    let keys: Vec<String> = (0..storage.length().unwrap_or(0))
        .filter_map(|index| storage.key(index).ok()?)
        .filter(|key| key.starts_with(OURS))
        .collect();
    for key in keys {
        let _removed = storage.remove_item(&key);
    }
}

/// Has `object` list what it holds by `list`, and deletes what is ours by `delete`. An object that
/// is not there holds nothing.
async fn each(object: &JsValue, list: &str, delete: &str) -> bool {
    if object.is_undefined() {
        return true;
    }
    let Some(found) = call(object, list, None).await else {
        return false;
    };
    let mut done = true;
    for entry in Array::from(&found).iter() {
        // A database is an object with a name, a cache a name.
        let name = Reflect::get(&entry, &"name".into()).unwrap_or(entry);
        let ours = name
            .dyn_ref::<JsString>()
            .is_some_and(|name| String::from(name).starts_with(OURS));
        if ours {
            done &= call(object, delete, Some(&name)).await.is_some();
        }
    }
    done
}

/// Calls a method by name and waits for what it promises.
async fn call(object: &JsValue, method: &str, argument: Option<&JsValue>) -> Option<JsValue> {
    let method: Function = Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    let result = match argument {
        Some(argument) => method.call1(object, argument),
        None => method.call0(object),
    };
    let result = result.ok()?;
    match result.dyn_into::<Promise>() {
        Ok(promised) => JsFuture::from(promised).await.ok(),
        // A request of IndexedDB: it is carried out in order, before the page is loaded anew.
        Err(at_once) => Some(at_once),
    }
}
