//! Dates, times and numbers by the browser's own `Intl`, in the language of the page: no tables
//! in the wasm.

use std::cell::RefCell;

use js_sys::{Array, Date, Intl, Number, Object, Reflect};
use wasm_bindgen::JsValue;

thread_local! {
    /// The language's tag; empty for the browser's choice.
    static TAG: RefCell<String> = const { RefCell::new(String::new()) };
    static FORMATS: RefCell<Formats> = RefCell::new(Formats::of(""));
}

struct Formats {
    time: Intl::DateTimeFormat,
    instant: Intl::DateTimeFormat,
    day: Intl::DateTimeFormat,
    weekday: Intl::DateTimeFormat,
    date: Intl::DateTimeFormat,
}

impl Formats {
    fn of(tag: &str) -> Self {
        Self {
            time: format(tag, &[("hour", "2-digit"), ("minute", "2-digit")]),
            instant: format(
                tag,
                &[
                    ("hour", "2-digit"),
                    ("minute", "2-digit"),
                    ("second", "2-digit"),
                    ("fractionalSecondDigits", "3"),
                    ("hourCycle", "h23"),
                ],
            ),
            day: format(
                tag,
                &[
                    ("weekday", "long"),
                    ("day", "numeric"),
                    ("month", "long"),
                    ("year", "numeric"),
                ],
            ),
            weekday: format(tag, &[("weekday", "short")]),
            date: format(
                tag,
                &[
                    ("day", "2-digit"),
                    ("month", "2-digit"),
                    ("year", "2-digit"),
                ],
            ),
        }
    }
}

/// From now on everything is written as in this language and region, e.g. `de-AT`.
pub fn set_tag(tag: &str) {
    FORMATS.set(Formats::of(tag));
    TAG.set(tag.to_owned());
}

fn format(tag: &str, options: &[(&str, &str)]) -> Intl::DateTimeFormat {
    let object = Object::new();
    for (name, value) in options {
        let _set = Reflect::set(&object, &JsValue::from(*name), &JsValue::from(*value));
    }
    let tags = Array::new();
    if !tag.is_empty() {
        tags.push(&JsValue::from(tag));
    }
    Intl::DateTimeFormat::new(&tags, &object)
}

fn show(format: fn(&Formats) -> &Intl::DateTimeFormat, ms: u64) -> String {
    let date = Date::new(&JsValue::from(precise(ms)));
    let text =
        FORMATS.with_borrow(|formats| format(formats).format().call1(&JsValue::UNDEFINED, &date));
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
    show(|formats| &formats.time, ms)
}

/// The time of day of `ms` since the Unix epoch, to the millisecond.
#[must_use]
pub fn instant(ms: u64) -> String {
    show(|formats| &formats.instant, ms)
}

/// The day of `ms` since the Unix epoch, as people here write it.
#[must_use]
pub fn day(ms: u64) -> String {
    show(|formats| &formats.day, ms)
}

/// The weekday of `ms` since the Unix epoch, short, as people here write it.
#[must_use]
pub fn weekday(ms: u64) -> String {
    show(|formats| &formats.weekday, ms)
}

/// The date of `ms` since the Unix epoch, short, as people here write it.
#[must_use]
pub fn date(ms: u64) -> String {
    show(|formats| &formats.date, ms)
}

/// The number of the local day of `ms` since the Unix epoch; of now without it.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates and days are few"
)]
pub fn local_day(ms: Option<u64>) -> u64 {
    let ms = ms.map_or_else(Date::now, precise);
    // The offset of that day: days with 23 or 25 hours count as one.
    let offset = Date::new(&JsValue::from(ms)).get_timezone_offset() * 60_000.0;
    ((ms - offset) / 86_400_000.0) as u64
}

/// A number with the digits and marks of the language.
#[must_use]
pub fn number(number: usize) -> String {
    let number = Number::from(u32::try_from(number).unwrap_or(u32::MAX));
    TAG.with_borrow(|tag| String::from(number.to_locale_string(tag)))
}

/// The beginning of the local day written as `2026-11-01`, ms since the Unix epoch; `None` for what
/// is no day.
#[must_use]
pub fn midnight(day: &str) -> Option<u64> {
    let is_day = day.len() == 10
        && day
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_digit());
    let at = Date::parse(&[day, "T00:00"].concat());
    // Not a number where there is no such day.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, and not negative"
    )]
    (is_day && at >= 0.0).then_some(at as u64)
}
