//! Dates and times by the browser's own `Intl`: no tables in the wasm.

use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

thread_local! {
    static TIME: Intl::DateTimeFormat = format(&[("hour", "2-digit"), ("minute", "2-digit")]);
    static SECONDS: Intl::DateTimeFormat =
        format(&[("hour", "2-digit"), ("minute", "2-digit"), ("second", "2-digit"), ("hourCycle", "h23")]);
    static DAY: Intl::DateTimeFormat =
        format(&[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric")]);
}

fn format(options: &[(&str, &str)]) -> Intl::DateTimeFormat {
    let object = Object::new();
    for (name, value) in options {
        let _set = Reflect::set(&object, &JsValue::from(*name), &JsValue::from(*value));
    }
    Intl::DateTimeFormat::new(&Array::new(), &object)
}

fn show(format: &Intl::DateTimeFormat, ms: u64) -> String {
    let date = Date::new(&JsValue::from(precise(ms)));
    let text = format.format().call1(&JsValue::UNDEFINED, &date);
    text.ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// The latest instant a `Date` can hold; beyond it `format` throws.
const LAST: u64 = 8_640_000_000_000_000;

#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
fn precise(ms: u64) -> f64 {
    ms.min(LAST) as f64
}

/// The time of day of `ms` since the Unix epoch, as people here write it.
#[must_use]
pub fn time(ms: u64) -> String {
    TIME.with(|format| show(format, ms))
}

/// The time of day of `ms` since the Unix epoch, to the millisecond.
#[must_use]
pub fn instant(ms: u64) -> String {
    let clock = SECONDS.with(|format| show(format, ms));
    let fraction = (ms % 1_000 + 1_000).to_string();
    [&clock, ".", &fraction[1..]].concat()
}

/// The day of `ms` since the Unix epoch, as people here write it.
#[must_use]
pub fn day(ms: u64) -> String {
    DAY.with(|format| show(format, ms))
}
