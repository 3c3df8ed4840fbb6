//! Waiting for the browser, but not for ever: IndexedDB can be blocked by another tab, and has
//! been seen never to answer at all.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbRequest, IdbTransaction, window};

use crate::browser::clock;

/// When a job must have ended, on the monotonic clock.
pub(super) struct Deadline(u64);

impl Deadline {
    pub(super) fn in_ms(ms: u64) -> Self {
        Self(clock::now().mono + ms)
    }

    /// The request's result. The transaction stays usable: what is awaited resumes within the
    /// event that ends the request.
    pub(super) async fn request(&self, request: &IdbRequest) -> Result<JsValue, JsValue> {
        self.wait(&mut |done, failed| {
            request.set_onsuccess(Some(done));
            request.set_onerror(Some(failed));
        })
        .await?;
        request.result()
    }

    /// Ends when the transaction is committed; only then is anything stored.
    pub(super) async fn complete(&self, transaction: &IdbTransaction) -> Result<(), JsValue> {
        self.wait(&mut |done, failed| {
            transaction.set_oncomplete(Some(done));
            transaction.set_onabort(Some(failed));
        })
        .await
    }

    /// A promise's own functions are the handlers, so that none of ours must be kept alive.
    async fn wait(&self, listen: &mut dyn FnMut(&Function, &Function)) -> Result<(), JsValue> {
        let left = self.0.saturating_sub(clock::now().mono);
        let left = i32::try_from(left).unwrap_or(0);
        let window = window().ok_or(JsValue::UNDEFINED)?;
        let mut alarm = None;
        let ended = Promise::new(&mut |done, failed| {
            listen(done.unchecked_ref(), failed.unchecked_ref());
            alarm = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(failed.unchecked_ref(), left)
                .ok();
        });
        let ended = JsFuture::from(ended).await;
        if let Some(alarm) = alarm {
            window.clear_timeout_with_handle(alarm);
        }
        ended.map(drop)
    }
}
