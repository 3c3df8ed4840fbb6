//! Names without capitals and accents, for searching. JavaScript has the tables already.

use js_sys::{JsString, RegExp};

/// `text` as it is compared: `Élan` and `elan` fold to the same.
#[must_use]
pub fn fold(text: &str) -> String {
    // `toLowerCase` and not the locale's: in Turkish, I would then not be found by i.
    JsString::from(text)
        .normalize("NFKD")
        .to_lower_case()
        .replace_by_pattern(&RegExp::new(r"\p{M}", "gu"), "")
        .into()
}
