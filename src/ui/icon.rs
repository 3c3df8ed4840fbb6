//! An icon of the sprite in `index.html`; decoration only.

use crate::strings::join;
use crate::view::{View, view};

/// The icon `name` (`assets/icons.svg`). Whatever it stands for is also said in words.
pub fn icon(name: &'static str) -> View {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=join(&["#i-", name])></use>
        </svg>
    }
}
