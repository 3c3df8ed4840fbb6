//! What a visit begins without: dialogs, panels, and what they alone ask the driver for.
//!
//! In a release it is a wasm of its own, fetched when the first of it is opened. Nothing but
//! [`LATER`] may name these functions, or they are in the first wasm again; `cargo xtask test`
//! weighs that. In a development build, and in tests, it is simply there.

pub(crate) mod ahead;

#[cfg(split)]
use std::cell::{Cell, RefCell};

#[cfg(split)]
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use switchboard_protocol::{ConversationId, MessageId};
use web_sys::{Element, HtmlElement};

use crate::driver::{self, Attention, Driver};
use crate::signal::{Memo, StoredValue};
use crate::state::compose::parts::Part;
use crate::state::compose::suggest;
use crate::state::export::Format;
use crate::state::search::Query;
use crate::state::{App, Key, StorageAct};
use crate::ui;
use crate::ui::composer::{Composer, Suggestions};
use crate::view::{NodeRef, View};

/// The functions behind the boundary.
pub(crate) struct Later {
    pub(crate) icons: fn() -> View,
    pub(crate) dialogs: fn(App) -> View,
    pub(crate) inspector: fn(App) -> View,
    pub(crate) emoji_picker: fn(App) -> View,
    pub(crate) find_bar: fn(App) -> View,
    pub(crate) conversation_menu: fn(App) -> View,
    pub(crate) message_tools: fn(App, NodeRef<HtmlElement>) -> View,
    pub(crate) act: fn(App, &str, &Key, &Element),
    pub(crate) compose_bar: fn(App, StoredValue<Composer>) -> View,
    pub(crate) suggestions: fn(StoredValue<Composer>) -> View,
    pub(crate) suggest: fn(Suggestions, &suggest::Query<'_>),
    pub(crate) replace_code: fn(Suggestions),
    pub(crate) insert_suggestion: fn(Suggestions),
    pub(crate) split: fn(Composer, &ConversationId, &str) -> Vec<Part>,
    pub(crate) load_emoji: fn(&Driver),
    pub(crate) notify: fn(&Driver, &ConversationId, &MessageId, Attention),
    pub(crate) search: fn(&Driver, Query, Option<ConversationId>),
    pub(crate) export: fn(&Driver, ConversationId, Format),
    pub(crate) export_trace: fn(&Driver),
    pub(crate) storage: fn(&Driver, StorageAct),
    pub(crate) sign_in: fn(App),
}

static LATER: Later = Later {
    icons: ui::icon::later,
    dialogs: ui::dialogs::dialogs,
    inspector: ui::inspector::inspector_panel,
    emoji_picker: ui::emoji_picker::emoji_picker,
    find_bar: ui::find_bar::find_bar,
    conversation_menu: ui::sidebar::menu,
    message_tools: ui::timeline::tools,
    act: ui::timeline::carry_out,
    compose_bar: ui::composer::bar,
    suggestions: ui::composer::suggestions,
    suggest: Suggestions::suggest,
    replace_code: Suggestions::put_emoji,
    insert_suggestion: Suggestions::put,
    split: Composer::parts,
    load_emoji: Driver::load_emoji,
    notify: Driver::notify,
    search: Driver::search,
    export: Driver::export,
    export_trace: Driver::export_trace,
    storage: Driver::upkeep,
    sign_in: driver::sign_in,
};

/// It, if it is here. What it alone asks for finds it here.
#[cfg(not(split))]
pub(crate) fn here() -> Option<&'static Later> {
    Some(&LATER)
}

#[cfg(split)]
thread_local! {
    static HERE: Cell<Option<&'static Later>> = const { Cell::new(None) };
    static COMING: Cell<bool> = const { Cell::new(false) };
    static WAITING: RefCell<Vec<Box<dyn FnOnce(&'static Later)>>> = const { RefCell::new(Vec::new()) };
}

/// It, if it is here. What it alone asks for finds it here.
#[cfg(split)]
pub(crate) fn here() -> Option<&'static Later> {
    HERE.get()
}

/// It, once it is here: until then it is fetched, and the reader runs again.
pub(crate) fn wait(app: App) -> Option<&'static Later> {
    app.later.track();
    #[cfg(split)]
    if here().is_none() && !COMING.replace(true) {
        wasm_bindgen_futures::spawn_local(async move {
            let keys = ahead::Keys::catch(app);
            let fetched = fetch().await;
            drop(keys);
            COMING.set(false);
            match fetched {
                Ok(later) => {
                    HERE.set(Some(later));
                    WAITING.take().into_iter().for_each(|what| what(later));
                    app.later.set(true);
                }
                Err(_) => {
                    drop(ahead::typed());
                    // The tools of a message under the pointer were not asked for.
                    let asked = !WAITING.take().is_empty();
                    if app.close_what_is_missing() || asked {
                        app.tell(crate::strings::common::part_failed().to_owned());
                    }
                }
            }
        });
    }
    here()
}

/// Does something with it as soon as it is here.
pub(crate) fn then(app: App, what: impl FnOnce(&'static Later) + 'static) {
    match leptos::prelude::untrack(|| wait(app)) {
        Some(later) => what(later),
        #[cfg(split)]
        None => WAITING.with_borrow_mut(|waiting| waiting.push(Box::new(what))),
        #[cfg(not(split))]
        None => {}
    }
}

/// A view of it, from when `wanted` has been true once.
pub(crate) fn once(
    app: App,
    wanted: impl Fn() -> bool + Send + Sync + 'static,
    make: impl Fn(&'static Later) -> View + 'static,
) -> impl FnMut() -> Option<View> {
    // What could not be fetched is wanted no more, so that it can be wanted again.
    let wanted = Memo::new(move |was| (was == Some(&true) && here().is_some()) || wanted());
    move || wanted.get().then(|| wait(app))?.map(&make)
}

/// The boundary: this function's body, and all that only it leads to, is the second wasm.
#[cfg(split)]
#[wasm_split(later, wasm_split_path = ::leptos::wasm_split, fallible)]
fn fetch() -> Result<&'static Later, SplitLoaderError> {
    Ok(&LATER)
}
