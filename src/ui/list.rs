//! The one keyed list: every list of rows goes through it, as each use of `For` with types of
//! its own costs 6 KB.

use std::sync::Arc;

use leptos::prelude::*;

use crate::state::Key;

/// Makes the row of a key.
pub type MakeRow = Arc<dyn Fn(Key) -> AnyView + Send + Sync>;

/// A row for each key, in order; a row lives as long as its key stays.
#[component]
pub fn List(
    /// The keys, without repeats.
    #[prop(into)]
    keys: Signal<Vec<Key>>,
    /// Makes a row.
    row: MakeRow,
) -> impl IntoView {
    view! { <For each=move || keys.get() key=Key::clone children=move |key| row(key) /> }
}
