//! An icon of the sprite in `index.html`; decoration only.

use crate::strings::join;
use crate::view::{View, view};

/// The icon `name` (`assets/icons.svg`, and [`later`]). Whatever it stands for is also said in words.
pub fn icon(name: &'static str) -> View {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=join(&["#i-", name])></use>
        </svg>
    }
}

/// The icons that only what is opened later shows (`assets/icons-later.svg`).
pub fn later() -> View {
    let icons = include_str!("../../assets/icons-later.svg");
    // One text of our own: as elements they would each be made by the renderer.
    view! { <div hidden=true prop:innerHTML=icons></div> }
}
