//! Signing in and out: whose storage is read and written, and what becomes of it.

use std::rc::Rc;

use switchboard_client::{Account, Change, Input, Lifecycle, Phase, ReadyState, Status};
use switchboard_protocol::ConversationId;

use super::Driver;
use crate::browser::clock;
use crate::browser::database::Rows;
use crate::browser::storage::{AccountMarks, Setting};
use crate::browser::store::Store;
use crate::remembered::Remembered;
use crate::state::marks::{Mark, Marks};
use crate::state::{ConnectDefaults, ConnectRequest, Unsent};
use crate::strings::chat as text;

impl Driver {
    /// Signs in: reads what storage holds for this account, then connects.
    pub fn sign_in(&self, request: ConnectRequest) {
        let account = Account {
            endpoint: request.endpoint,
            user: request.user,
            profile: request.profile,
            query: request.query,
            tickets: request.tickets,
            device: device(),
            tab: String::from(clock::message_id()),
        };
        let session = self.end_session();
        let store = Rc::new(Store::of(&account, &self.queue));
        *self.store.borrow_mut() = Some(store.clone());
        // What is asked for meanwhile is asked of this account, once it is there.
        *self.held.borrow_mut() = Some(Vec::new());
        self.app.signed_in(account.clone());
        let marks = AccountMarks::of(&account).load();
        self.app.set_marks(Marks::parse(&marks.unwrap_or_default()));
        self.open_drafts(&account);
        super::routing::open(self.app);
        self.app.set_status(Status {
            ready_state: ReadyState::Connecting,
            phase: Phase::Connecting,
            ..Status::default()
        });
        let me = self.me.clone();
        store.load(move |rows| {
            if let Some(driver) = me.upgrade()
                && driver.session.get() == session
            {
                driver.restored(account, rows);
            }
        });
    }

    fn restored(&self, account: Account, rows: Result<Rows, Rows>) {
        let is_kept = rows.is_ok();
        let (Ok(rows) | Err(rows)) = rows;
        if !is_kept {
            self.app.keeps_nothing.set_value(true);
            self.app.volatile.set(true);
            self.app.warning.set(text::no_storage().to_owned());
        } else if rows.unreadable > 0 {
            self.app.warning.set(text::unreadable(rows.unreadable));
        }
        let held = self.held.take().unwrap_or_default();
        self.feed(Input::SignIn(Box::new(account), rows.restored));
        self.settle_drafts();
        if !self.app.is_visible() {
            self.feed(Input::Lifecycle(Lifecycle::Hidden));
        }
        for input in held {
            self.feed(input);
        }
        let mut changes = vec![Change::Status, Change::Conversations, Change::Presence];
        // It was shown empty while storage was read; the server may have nothing new to tell.
        changes.extend(self.app.open.get_untracked().map(Change::Timeline));
        self.pace.add(changes);
        self.show_now();
    }

    /// Signs out and shows the connect form.
    pub(super) fn sign_out(&self, unsent: Unsent) {
        Remembered::forget_session();
        let forgotten = match unsent {
            Unsent::Keep => Vec::new(),
            Unsent::Delete => self.client.borrow().unsent(),
        };
        self.close_drafts(unsent == Unsent::Delete);
        self.end_session();
        if let Some(store) = self.store.take() {
            let app = self.app;
            let asked = unsent == Unsent::Delete;
            store.forget(forgotten, move |done| {
                if asked && !done {
                    app.connect
                        .update(|form| form.error = Some(text::not_deleted().to_owned()));
                }
            });
        }
        let mut form = self.app.connect.get_untracked();
        if let Some(last) = Remembered::last() {
            last.fill_but_query(&mut form);
        }
        self.app.signed_out(ConnectDefaults {
            error: None,
            ..form
        });
    }

    /// Keeps what was set for a conversation, beside what another tab may have set since.
    pub(super) fn keep_mark(&self, conversation: &ConversationId, mark: Mark) {
        let app = self.app;
        let stored = app
            .account
            .with_untracked(|account| account.as_ref().map(AccountMarks::of));
        let Some(stored) = stored else { return };
        let mut marks = match stored.load() {
            Some(text) => Marks::parse(&text),
            None => app.shell.marks.get_untracked(),
        };
        marks.set(conversation, mark);
        stored.save(&marks.to_text());
        app.set_marks(marks);
    }

    /// Ends whatever is going on for the account so far; returns the next session's number.
    fn end_session(&self) -> u64 {
        let session = self.session.get() + 1;
        self.session.set(session);
        *self.held.borrow_mut() = None;
        self.notified.borrow_mut().clear();
        self.feed(Input::SignOut);
        // What has not been shown of the last session is nobody's any more.
        self.pace.take();
        session
    }
}

/// Names this browser profile: minted once, kept in storage.
fn device() -> String {
    Setting::Device.load().unwrap_or_else(|| {
        let device = String::from(clock::message_id());
        Setting::Device.save(&device);
        device
    })
}
