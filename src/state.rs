//! Reactive state the views read, projected from the client core.
//!
//! [`App`] is a bundle of signals, cheap to copy and provided by context. Data flows one way:
//! the driver calls [`App::apply`] with what changed, views read signals, and what a person
//! wants leaves through [`App::ask`] as an [`Intent`]. Nothing here calls a browser service;
//! what needs one comes in as [`Services`].

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
mod project;
pub mod rank;
pub mod reading;
pub mod recipients;
pub mod registry;
pub mod route;
pub mod search;
pub mod settings;
pub mod shell;
pub mod shortcuts;
pub mod timeline;
pub mod typing;
pub mod viewport;
pub mod voice;

use switchboard_client::{Account, Earlier, Failure, Now, Phase, Status};
use switchboard_protocol::profile::Recipients;
use switchboard_protocol::{ConversationId, MessageId, Profile, UserId};

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
pub use settings::{Choice, Settings};
pub use timeline::Row;
pub use typing::Typing;

/// What the state needs of the browser, as plain functions.
#[derive(Debug, Clone, Copy)]
pub struct Services {
    /// The local time of day of a wall clock value, e.g. `14:05`.
    pub time: fn(u64) -> String,
    /// The same to the millisecond, e.g. `14:05:09.250`.
    pub instant: fn(u64) -> String,
    /// The local day of a wall clock value, e.g. `Monday, 3 November`.
    pub day: fn(u64) -> String,
    /// The number of a wall clock value's local day; of now without one.
    pub local_day: fn(Option<u64>) -> u64,
    /// The local weekday of a wall clock value, short, e.g. `Mon`.
    pub weekday: fn(u64) -> String,
    /// The local date of a wall clock value, short, e.g. `03/11/2026`.
    pub date: fn(u64) -> String,
    /// Both clocks.
    pub now: fn() -> Now,
    /// A fresh message id.
    pub mint: fn() -> MessageId,
    /// A text without the differences of capitals and accents, to be compared.
    pub fold: fn(&str) -> String,
    /// The beginning of a local day written as `2026-11-01`, ms since the Unix epoch.
    pub midnight: fn(&str) -> Option<u64>,
    /// See [`compose::parts::Border`].
    pub border: fn(&str, usize, bool) -> usize,
    /// What the person has under their hands.
    pub hands: fn() -> Hands,
}

/// What the person has under their hands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hands {
    /// Fingers on a screen and nothing finer: the keyboard is probably on the screen too.
    pub touch: bool,
    /// A Mac's keyboard: shortcuts go with ⌘.
    pub mac: bool,
    /// A browser that makes a field as high as its text by itself (`field-sizing`).
    pub sizes: bool,
}

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

    /// Signs in: the chat is shown from now on.
    ///
    /// Where the profile has a conversation everybody is in, it opens.
    pub fn signed_in(self, account: Account) {
        let recipients = account.profile.recipients;
        self.forget();
        self.account.set(Some(account));
        if !matches!(recipients, Recipients::Connection | Recipients::Users) {
            self.open_conversation(ConversationId::lobby());
        }
    }

    /// Opens the demo: no server, people who answer.
    pub fn open_demo(self) {
        if let Some(request) = self.connect.with_untracked(connect::demo) {
            self.ask(Intent::Connect(Box::new(request)));
        }
    }

    /// Signs out: the connect form is shown, with `defaults` in it.
    pub fn signed_out(self, defaults: ConnectDefaults) {
        self.forget();
        self.connect.set(defaults);
        self.account.set(None);
    }

    fn forget(self) {
        self.open.set(None);
        self.timeline.project(Vec::new());
        self.reading.days.project(Vec::new());
        self.reading.close();
        self.timeline_of.set_value(None);
        self.conversations.project(Vec::new());
        self.people.set(Vec::new());
        self.shell.forget();
        self.drafts.forget();
        self.volatile.set(false);
        self.keeps_nothing.set_value(false);
        self.warning.set(String::new());
        self.refusal.set(None);
        self.close_dialog();
        self.compose.set(compose::Compose::New);
        self.typing.forget();
        self.frames.forget();
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

    /// Opens a conversation and asks the driver to fetch it.
    pub fn open_conversation(self, conversation: ConversationId) {
        self.reading.close();
        self.timeline_of.set_value(None);
        self.at_bottom.set(true);
        self.below.set(0);
        self.refusal.set(None);
        self.compose.set(self.drafts.compose(&conversation));
        self.mark_read(&conversation);
        self.shell.visited(&conversation);
        self.open.set(Some(conversation.clone()));
        self.ask(Intent::Open(conversation));
    }

    /// Where the person is, for the page's address.
    #[must_use]
    pub fn route(self) -> Route {
        let open = self.open.get();
        open.map_or(Route::List, |open| Route::Conversation(open, None))
    }

    /// Goes where the page's address says, if the person takes part there.
    pub fn navigate(self, route: Route) {
        match route {
            Route::List => self.close_conversation(),
            Route::Conversation(conversation, message) => {
                let me = self.me();
                let people = conversation.participants();
                let takes_part =
                    people.is_none_or(|people| people.iter().any(|it| Some(it) == me.as_ref()));
                let is_open = self
                    .open
                    .with_untracked(|open| open.as_ref() == Some(&conversation));
                if !takes_part || me.is_none() {
                    return;
                }
                if let Some(message) = message {
                    self.jump_to(conversation, &message);
                } else if !is_open {
                    self.open_conversation(conversation);
                }
            }
        }
    }

    /// Goes back to the list of conversations (one pane at a time on a phone).
    pub fn close_conversation(self) {
        self.open.set(None);
    }

    /// Whether the page can be seen; what arrives while it cannot is unread.
    pub fn set_visible(self, visible: bool) {
        self.visible.set_value(visible);
        self.look_at_calendar();
        if visible {
            // What came meanwhile may be in sight.
            self.looked();
            self.arrange(self.rows());
        }
    }

    /// Whether the page can be seen.
    #[must_use]
    pub fn is_visible(self) -> bool {
        self.visible.get_value()
    }

    /// Whether the person can see this conversation now.
    #[must_use]
    pub fn shows(self, conversation: &ConversationId) -> bool {
        self.visible.get_value()
            && self
                .open
                .with_untracked(|open| open.as_ref() == Some(conversation))
    }

    /// The profile in use; Switchboard's own while nobody is signed in. Untracked: it changes only
    /// with the account, and then the chat is shown anew.
    #[must_use]
    pub fn profile(self) -> &'static Profile {
        self.account.with_untracked(|account| {
            account
                .as_ref()
                .map_or_else(Profile::own, |account| account.profile)
        })
    }

    /// The person here, untracked.
    #[must_use]
    pub fn me(self) -> Option<UserId> {
        self.account
            .with_untracked(|account| account.as_ref().map(|account| account.user.clone()))
    }

    /// Everybody in a conversation but the person here; empty for the lobby.
    #[must_use]
    pub fn others(self, conversation: &ConversationId) -> Vec<UserId> {
        let me = self.me();
        let mut people = conversation.participants().unwrap_or_default();
        people.retain(|user| Some(user) != me.as_ref());
        people
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
