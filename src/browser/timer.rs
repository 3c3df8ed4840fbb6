//! One timer, armed again and again; and a pause.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::window;

/// `setTimeout` takes a signed 32-bit number; a larger one fires at once.
const LONGEST: u64 = i32::MAX as u64;

/// Ends after `ms` milliseconds.
pub async fn after(ms: i32) {
    let passed = js_sys::Promise::new(&mut |done, _| {
        if let Some(window) = window() {
            let _armed = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(done.unchecked_ref(), ms);
        }
    });
    let _passed = JsFuture::from(passed).await;
}

/// Calls `fire` when it is due; dropped, it never does.
pub struct Timer {
    fire: Closure<dyn FnMut()>,
    armed: Option<i32>,
}

impl Timer {
    /// A timer that is not armed.
    #[must_use]
    pub fn new(fire: impl FnMut() + 'static) -> Self {
        Self {
            fire: Closure::new(fire),
            armed: None,
        }
    }

    /// Fires once in `ms` milliseconds (or the longest the browser can wait) instead of whenever
    /// it was to fire; `None` disarms.
    pub fn arm(&mut self, ms: Option<u64>) {
        let Some(window) = window() else { return };
        if let Some(handle) = self.armed.take() {
            window.clear_timeout_with_handle(handle);
        }
        if let Some(ms) = ms {
            let ms = i32::try_from(ms.min(LONGEST)).unwrap_or(i32::MAX);
            let fire = self.fire.as_ref().unchecked_ref();
            self.armed = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(fire, ms)
                .ok();
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.arm(None);
    }
}
