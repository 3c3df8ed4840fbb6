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
    /// When [`Timer::arm_by`] last armed it for; none since it fired.
    due: Option<u64>,
}

impl Timer {
    /// A timer that is not armed.
    #[must_use]
    pub fn new(fire: impl FnMut() + 'static) -> Self {
        Self {
            fire: Closure::new(fire),
            armed: None,
            due: None,
        }
    }

    /// Fires once at `at` or earlier; `None` disarms. Both times are monotonic, ms. Armed for
    /// earlier already it stays as it is: a deadline that each message moves costs nothing then.
    /// Tell when it has [`fired`](Self::fired).
    pub fn arm_by(&mut self, now: u64, at: Option<u64>) {
        if let (Some(due), Some(at)) = (self.due, at)
            && now < due
            && due <= at
        {
            return;
        }
        if at.is_some() || self.due.is_some() {
            self.due = at;
            self.arm(at.map(|at| at.saturating_sub(now)));
        }
    }

    /// It has fired: what it was armed for is over.
    pub fn fired(&mut self) {
        self.due = None;
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
