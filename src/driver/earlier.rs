//! Older messages. Where messages flow, the next page comes from the server, as recent as it is. Without it,
//! and on the way to a message far back, out of storage as far as that goes.

use switchboard_client::{Input, Stretch};
use switchboard_protocol::{ConversationId, Seq};

use super::Driver;

impl Driver {
    /// Loads the page before the oldest loaded message; one at a time.
    pub(super) fn load_earlier(&self, conversation: ConversationId) {
        if self.reading.get() {
            return;
        }
        let reading = self.app.reading;
        let is_far =
            reading.opens_earlier.get_untracked() || reading.sought.with_untracked(Option::is_some);
        if !is_far && self.app.is_up_untracked() {
            self.feed(Input::LoadEarlier(conversation));
            return;
        }
        let store = self.store.borrow().clone();
        let (Some(store), Some(floor)) = (store, self.floor(&conversation)) else {
            return;
        };
        self.reading.set(true);
        let (me, session) = (self.me.clone(), self.session.get());
        store.below(conversation.clone(), floor, move |stored| {
            if let Some(driver) = me.upgrade() {
                // Before anybody hears of it: they may want the next one.
                driver.reading.set(false);
                if driver.session.get() == session {
                    driver.load(conversation, floor, stored);
                }
            }
        });
    }

    fn load(&self, conversation: ConversationId, floor: Seq, stored: Option<Stretch>) {
        let rows = || self.client.borrow().len(&conversation);
        let before = rows();
        if let Some(stretch) = stored {
            self.feed(Input::Stored(Box::new(stretch)));
        }
        if self.floor(&conversation) == Some(floor) {
            self.feed(Input::LoadEarlier(conversation));
        } else if rows() == before {
            // Reactions and the like alone are nothing to see.
            self.load_earlier(conversation);
        }
    }

    /// The place below the loaded part of a log.
    fn floor(&self, conversation: &ConversationId) -> Option<Seq> {
        let client = self.client.borrow();
        client.log(conversation).map(|log| log.after)
    }
}
