//! A round picture made of an id: its first letter on a colour of its own.

use crate::view::{View, view};
use js_sys::{JsString, RegExp};

/// The picture of `id`; decoration, as the name stands beside it.
pub fn avatar(id: &str) -> View {
    let initial = initial(id);
    let hue = hue(id).to_string();
    view! { <span class="avatar" aria-hidden="true" style:--hue=hue>{initial}</span> }
}

/// The first letter or digit as a capital. JavaScript knows Unicode already: Rust's tables of
/// letters and capitals would be 6 KB more to download.
#[must_use]
pub fn initial(id: &str) -> String {
    // Most ids, without asking.
    if let Some(first) = id.chars().next().filter(char::is_ascii_alphanumeric) {
        return first.to_ascii_uppercase().into();
    }
    RegExp::new(r"[\p{Alphabetic}\p{N}]", "u")
        .exec(id)
        .and_then(|found| found.get(0).as_string())
        .map_or_else(
            || "·".to_owned(),
            |letter| JsString::from(letter).to_upper_case().into(),
        )
}

/// A hue in degrees, the same for the same id everywhere (FNV-1a).
fn hue(id: &str) -> u32 {
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash >> 8) % 360
}

#[cfg(test)]
mod tests {
    use super::hue;

    #[test]
    fn the_same_id_has_the_same_colour_and_others_mostly_another() {
        assert_eq!(hue("ana"), hue("ana"));
        assert_ne!(hue("ana"), hue("bo"));
        assert!(hue("") < 360 && hue("😀") < 360);
    }
}
