//! Reactive state the views read, projected from the client core.
//!
//! [`App`] is a bundle of signals, cheap to copy and provided by context. Data flows one way:
//! the driver calls [`App::apply`] with what changed, views read signals, and what a person
//! wants leaves through [`App::ask`] as an [`Intent`]. Nothing here calls a browser service;
//! what needs one comes in as [`Services`].

mod account;
pub mod announce;
pub mod budget;
pub mod compose;
pub mod connect;
pub mod dialog;
pub mod drafts;
pub mod emoji;
pub mod export;
pub mod frames;
pub mod inspector;
mod intent;
pub mod json;
pub mod marks;
pub mod outage;
mod place;
mod project;
pub mod rank;
pub mod reading;
pub mod recipients;
pub mod registry;
pub mod route;
pub mod rows;
pub mod search;
mod services;
pub mod settings;
pub mod shell;
pub mod shortcuts;
pub mod timeline;
pub mod typing;
pub mod viewport;
pub mod voice;

use switchboard_client::{Account, Earlier, Failure, Phase, Status};
use switchboard_protocol::{ConversationId, UserId};

use crate::signal::{RwSignal, StoredValue};
use crate::strings::{self, Language};

pub use connect::{ConnectDefaults, ConnectRequest, Tickets};
pub use drafts::Drafts;
pub use frames::Frames;
pub use intent::{Intent, StorageAct, Theme, Unsent};
pub use project::ConversationRow;
pub use reading::Reading;
pub use registry::{Key, Registry};
pub use route::Route;
pub use services::{Hands, Services};
pub use settings::{Choice, Settings};
pub use timeline::Row;
pub use typing::Typing;

/// Everything the views read. Made once, inside the owner that mounts the page.
pub struct State {
    /// What the connect form starts with.
    pub connect: RwSignal<ConnectDefaults>,
    /// Who is signed in; `None` shows the connect form.
    pub account: RwSignal<Option<Account>>,
    /// The connection.
    pub status: RwSignal<Status>,
    /// The monotonic clock, moved by the driver each second while a countdown runs.
    pub now: RwSignal<u64>,
    /// The sidebar's conversations, newest activity first.
    pub conversations: Registry<ConversationRow>,
    /// People online, the person here left out.
    pub people: RwSignal<Vec<Key>>,
    /// The conversation on screen.
    pub open: RwSignal<Option<ConversationId>>,
    /// Those of its rows that stand in the document.
    pub timeline: Registry<Row>,
    /// Whether it has older messages.
    pub earlier: RwSignal<Earlier>,
    /// Whether the person looks at the newest message; the timeline view tells.
    pub at_bottom: RwSignal<bool>,
    /// Messages that arrived below what the person looks at.
    pub below: RwSignal<usize>,
    /// What of it is in sight, and what is read.
    pub reading: Reading,
    /// What stands in the composers.
    pub drafts: Drafts,
    /// Why the composer's text was not taken.
    pub refusal: RwSignal<Option<Failure>>,
    /// Whether something that waits to be sent, or will be written, lives in this page only.
    pub volatile: RwSignal<bool>,
    /// Whether storage kept nothing when it was last asked.
    pub keeps_nothing: StoredValue<bool>,
    /// What the person must know of the browser's storage, until it is put away.
    pub warning: RwSignal<String>,
    /// Whether the person may be asked to allow notifications: they have not decided yet.
    pub can_ask_to_notify: RwSignal<bool>,
    /// The sidebar, the quick switcher and the keys.
    pub shell: shell::Shell,
    /// Whether the browser forbids notifications for this site, or has none.
    pub notify_denied: RwSignal<bool>,
    /// Bytes this site keeps in the browser, where it tells.
    pub storage_used: RwSignal<Option<u64>>,
    /// The frame inspector.
    pub frames: Frames,
    /// What the person set about the page; [`Intent::Save`] keeps it.
    pub settings: RwSignal<Settings>,
    /// The language of the texts in use; the views are mounted anew when it changes.
    pub language: RwSignal<Language>,
    /// Whether the person has just chosen the language: the choice gets the focus back.
    pub chose_language: StoredValue<bool>,
    /// Whether what is fetched later has come (see `crate::later`).
    pub later: RwSignal<bool>,
    /// The open dialog, if any.
    pub dialog: RwSignal<Option<dialog::Dialog>>,
    /// What the composer writes. Set it to begin a reply or an edit, or to give it up.
    pub compose: RwSignal<compose::Compose>,
    /// What is said aloud or shown in passing.
    pub voice: voice::Voice,
    /// A text that is to be put in at the composer's caret, as if it was typed: an emoji, say.
    pub insertion: RwSignal<String>,
    /// Emoji.
    pub emoji: emoji::Emojis,
    /// What is searched for everywhere, and what was found.
    pub search: search::Search,
    /// The same within the open conversation.
    pub find: search::Search,
    /// Who is typing.
    pub typing: Typing,
    /// Whether a newer build of the page waits.
    pub update: RwSignal<bool>,
    /// What the state needs of the browser.
    pub services: Services,
    visible: StoredValue<bool>,
    timeline_of: StoredValue<Option<ConversationId>>,
    asked: StoredValue<Option<Asked>>,
}

type Asked = std::rc::Rc<dyn Fn(Intent)>;

/// The state of the page: a pointer, because every closure of a view holds one.
///
/// Its state is never freed: a page has one.
#[derive(Clone, Copy)]
pub struct App(&'static State);

impl std::ops::Deref for App {
    type Target = State;

    fn deref(&self) -> &State {
        self.0
    }
}

impl App {
    /// An empty state.
    #[must_use]
    pub fn new(connect: ConnectDefaults, services: Services) -> Self {
        Self(Box::leak(Box::new(State {
            connect: RwSignal::new(connect),
            account: RwSignal::new(None),
            status: RwSignal::new(Status::default()),
            now: RwSignal::new(0),
            conversations: Registry::new(),
            people: RwSignal::new(Vec::new()),
            open: RwSignal::new(None),
            timeline: Registry::new(),
            earlier: RwSignal::new(Earlier::None),
            at_bottom: RwSignal::new(true),
            below: RwSignal::new(0),
            reading: Reading::new(),
            drafts: Drafts::new(),
            refusal: RwSignal::new(None),
            volatile: RwSignal::new(false),
            keeps_nothing: StoredValue::new(false),
            warning: RwSignal::new(String::new()),
            can_ask_to_notify: RwSignal::new(false),
            shell: shell::Shell::new(),
            notify_denied: RwSignal::new(false),
            storage_used: RwSignal::new(None),
            frames: Frames::new(),
            settings: RwSignal::new(Settings::default()),
            language: RwSignal::new(strings::current()),
            chose_language: StoredValue::new(false),
            later: RwSignal::new(false),
            dialog: RwSignal::new(None),
            compose: RwSignal::new(compose::Compose::New),
            voice: voice::Voice::new(),
            insertion: RwSignal::new(String::new()),
            emoji: emoji::Emojis::new(),
            search: search::Search::new(),
            find: search::Search::new(),
            typing: Typing::new(),
            update: RwSignal::new(false),
            services,
            visible: StoredValue::new(true),
            timeline_of: StoredValue::new(None),
            asked: StoredValue::new(None),
        })))
    }

    /// Installs what carries intents out; the driver calls it once.
    pub fn on_intent(self, handler: impl Fn(Intent) + 'static) {
        self.asked.set_value(Some(std::rc::Rc::new(handler)));
    }

    /// Hands an intent to the driver.
    pub fn ask(self, intent: Intent) {
        // The handler is cloned out first: it may call back into this state.
        let handler = self.asked.try_with_value(Clone::clone).flatten();
        if let Some(handler) = handler {
            handler(intent);
        }
    }

    /// Whether messages flow.
    #[must_use]
    pub fn is_up(self) -> bool {
        self.status.with(|status| matches!(status.phase, Phase::Up))
    }

    /// Shows everything in another language, whose texts are in use by now. The timeline starts
    /// at its newest message again.
    pub fn set_language(self, language: Language) {
        self.at_bottom.set(true);
        self.below.set(0);
        self.language.set(language);
    }

    /// Tells the person what went wrong with the page itself, until they put it away.
    pub fn tell(self, problem: String) {
        if self.account.with_untracked(Option::is_some) {
            self.warning.set(problem);
            return;
        }
        self.connect.update(|form| {
            form.error = Some(match form.error.take() {
                Some(earlier) => strings::join(&[&earlier, " ", &problem]),
                None => problem,
            });
        });
    }

    /// Own messages that are not in anybody's log yet: waiting, on their way, or refused.
    #[must_use]
    pub fn unsent(self) -> usize {
        let rows = self.conversations.order().get();
        rows.iter()
            .filter_map(|key| self.conversations.get(key))
            .map(|row| row.with(|row| row.summary.waiting + row.summary.failed))
            .sum()
    }

    /// Replaces the people online.
    pub fn set_online(self, online: &[UserId]) {
        let me = self.me();
        let people: Vec<Key> = online
            .iter()
            .filter(|user| Some(*user) != me.as_ref())
            .map(|user| Key::from(user.as_str()))
            .collect();
        if self.people.with_untracked(|old| *old != people) {
            self.people.set(people);
            self.list_people();
        }
    }
}
