//! A round picture made of an id: its first letter on a colour of its own.

use leptos::prelude::*;

/// The picture of `id`; decoration, as the name stands beside it.
#[must_use]
pub fn avatar(id: &str) -> impl IntoView + use<> {
    let initial: String = id
        .chars()
        .find(|c| c.is_alphanumeric())
        .map_or_else(|| "·".to_owned(), |c| c.to_uppercase().collect());
    let hue = hue(id).to_string();
    view! { <span class="avatar" aria-hidden="true" style=("--hue", hue)>{initial}</span> }
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
