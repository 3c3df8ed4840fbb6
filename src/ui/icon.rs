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

/// The icons that only what is opened later shows.
pub fn later() -> View {
    view! {
        <div hidden=true>
            <svg>
                <symbol id="i-pencil" viewBox="0 0 24 24"><path d="M4 20h4L19 9l-4-4L4 16zM13 7l4 4"/></symbol>
                <symbol id="i-pause" viewBox="0 0 24 24"><path d="M9 6v12M15 6v12"/></symbol>
                <symbol id="i-reply" viewBox="0 0 24 24"><path d="m9 6-5 5 5 5M4 11h9a7 7 0 0 1 7 7"/></symbol>
                <symbol id="i-trash" viewBox="0 0 24 24"><path d="M4 7h16M9 7V4.5h6V7M6.5 7l.75 12.5h9.5L17.5 7M10.25 11v5M13.75 11v5"/></symbol>
                <symbol id="i-copy" viewBox="0 0 24 24"><rect x="9" y="9" width="11" height="11" rx="2"/><path d="M15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3"/></symbol>
                <symbol id="i-link" viewBox="0 0 24 24"><path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1"/></symbol>
                <symbol id="i-download" viewBox="0 0 24 24"><path d="M12 4v11l-5-5M12 15l5-5M5 20h14"/></symbol>
                <symbol id="i-keyboard" viewBox="0 0 24 24"><rect x="3" y="6" width="18" height="12" rx="2"/><path d="M7 10v.01M10.5 10v.01M13.5 10v.01M17 10v.01M8.5 14h7"/></symbol>
                <symbol id="i-eye" viewBox="0 0 24 24"><path d="M3 12c4-7.3 14-7.3 18 0-4 7.3-14 7.3-18 0z"/><circle cx="12" cy="12" r="2.75"/></symbol>
                <symbol id="i-info" viewBox="0 0 24 24"><circle cx="12" cy="12" r="8"/><path d="M12 11.5V16M12 8v.01"/></symbol>
            </svg>
        </div>
    }
}
