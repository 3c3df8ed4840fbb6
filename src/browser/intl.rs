//! Dates, times and numbers by the browser's own `Intl`, in the language of the page: no tables
//! in the wasm.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::state::timeline::QUARTER_HOUR_MS;

const MINUTE: u64 = 60_000;

/// The formats, each with what it parts time into, ms: within a part it writes the same. The last one
/// is that of numbers.
const KINDS: [(u64, &[(&str, &str)]); 6] = [
    (MINUTE, &[("hour", "2-digit"), ("minute", "2-digit")]),
    (
        1,
        &[
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("second", "2-digit"),
            ("fractionalSecondDigits", "3"),
            ("hourCycle", "h23"),
        ],
    ),
    (
        QUARTER_HOUR_MS,
        &[
            ("weekday", "long"),
            ("day", "numeric"),
            ("month", "long"),
            ("year", "numeric"),
        ],
    ),
    (QUARTER_HOUR_MS, &[("weekday", "short")]),
    (
        QUARTER_HOUR_MS,
        &[
            ("day", "2-digit"),
            ("month", "2-digit"),
            ("year", "2-digit"),
        ],
    ),
    (1, &[]),
];
const TIME: usize = 0;
const INSTANT: usize = 1;
const DAY: usize = 2;
const WEEKDAY: usize = 3;
const DATE: usize = 4;
const NUMBER: usize = 5;

thread_local! {
    static FORMATS: RefCell<Formats> = RefCell::default();
}

/// The formats of a language, each made when something is first written so: the first takes long
/// where `dates.js` has not made one.
#[derive(Default)]
struct Formats {
    tag: String,
    made: [Option<Format>; KINDS.len()],
}

/// How something is written, and what it last was: the browser takes long for each.
struct Format {
    write: Function,
    last: (u64, String),
}

impl Format {
    fn new(tag: &str, options: &[(&str, &str)]) -> Self {
        let tags = Array::new();
        if !tag.is_empty() {
            tags.push(&JsValue::from(tag));
        }
        let object = Object::new();
        for (name, value) in options {
            let _set = Reflect::set(&object, &JsValue::from(*name), &JsValue::from(*value));
        }
        let write = if options.is_empty() {
            Intl::NumberFormat::new(&tags, &object).format()
        } else {
            Intl::DateTimeFormat::new(&tags, &object).format()
        };
        Self {
            write,
            last: (0, String::new()),
        }
    }
}

/// From now on everything is written as in this language and region, e.g. `de-AT`.
pub fn set_tag(tag: &str) {
    FORMATS.set(Formats {
        tag: tag.to_owned(),
        ..Formats::default()
    });
}

fn show(format: usize, value: u64) -> String {
    FORMATS.with_borrow_mut(|Formats { tag, made }| {
        let (Some(place), Some((part, options))) = (made.get_mut(format), KINDS.get(format)) else {
            return String::new();
        };
        let Format { write, last } = place.get_or_insert_with(|| Format::new(tag, options));
        let place = value / part;
        if last.0 != place || last.1.is_empty() {
            let text = write.call1(&JsValue::UNDEFINED, &JsValue::from(precise(value)));
            let text = text.ok().and_then(|text| text.as_string());
            *last = (place, text.unwrap_or_default());
        }
        last.1.clone()
    })
}

/// The latest instant a date can be; beyond it `format` throws.
const LAST: u64 = 8_640_000_000_000_000;

#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
fn precise(ms: u64) -> f64 {
    ms.min(LAST) as f64
}

/// The time of day of `ms` since the Unix epoch, as people here write it.
#[must_use]
pub fn time(ms: u64) -> String {
    show(TIME, ms)
}

/// The time of day of `ms` since the Unix epoch, to the millisecond.
#[must_use]
pub fn instant(ms: u64) -> String {
    show(INSTANT, ms)
}

/// The day of `ms` since the Unix epoch, as people here write it.
#[must_use]
pub fn day(ms: u64) -> String {
    show(DAY, ms)
}

/// The weekday of `ms` since the Unix epoch, short, as people here write it.
#[must_use]
pub fn weekday(ms: u64) -> String {
    show(WEEKDAY, ms)
}

/// The date of `ms` since the Unix epoch, short, as people here write it.
#[must_use]
pub fn date(ms: u64) -> String {
    show(DATE, ms)
}

/// A number with the digits and marks of the language.
#[must_use]
pub fn number(number: usize) -> String {
    show(NUMBER, u64::try_from(number).unwrap_or(u64::MAX))
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
