//! Where the person is: which conversation is open, and whether it can be seen.

use switchboard_protocol::ConversationId;

use super::{App, Intent, Route};

impl App {
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
}
