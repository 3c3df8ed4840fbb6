//! Who is signed in.

use switchboard_client::Account;
use switchboard_protocol::profile::Recipients;
use switchboard_protocol::{ConversationId, Profile, UserId};

use super::compose::Compose;
use super::{App, ConnectDefaults, Intent, connect};

impl App {
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
        self.compose.set(Compose::New);
        self.typing.forget();
        self.voice.forget();
        self.frames.forget();
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
}
