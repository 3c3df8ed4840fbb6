//! Older messages: out of storage as far as it goes, then from the server.

use switchboard_client::{Input, Stretch};
use switchboard_protocol::{ConversationId, Seq};
use wasm_bindgen_futures::spawn_local;

use super::Driver;

impl Driver {
    /// Loads the page before the oldest loaded message; one at a time.
    pub(crate) fn load_earlier(&self, conversation: ConversationId) {
        let Some(driver) = self.me.upgrade() else {
            return;
        };
        if self.reading.replace(true) {
            return;
        }
        let session = self.session.get();
        spawn_local(async move {
            let (floor, rows) = driver.end_of(&conversation);
            let stored = driver.stored_below(&conversation, floor).await;
            // Before anybody hears of it: they may want the next one.
            driver.reading.set(false);
            if driver.session.get() != session {
                return;
            }
            if let Some(stretch) = stored {
                driver.feed(Input::Stored(Box::new(stretch)));
                let (now, more) = driver.end_of(&conversation);
                if now != floor {
                    // Reactions and the like alone are nothing to see.
                    if more == rows {
                        driver.load_earlier(conversation);
                    }
                    return;
                }
            }
            driver.feed(Input::LoadEarlier(conversation));
        });
    }

    /// The place below the loaded part of a log, and how many rows there are.
    fn end_of(&self, conversation: &ConversationId) -> (Option<Seq>, usize) {
        let client = self.client.borrow();
        let floor = client.log(conversation).map(|log| log.after);
        (floor, client.len(conversation))
    }

    async fn stored_below(
        &self,
        conversation: &ConversationId,
        floor: Option<Seq>,
    ) -> Option<Stretch> {
        let store = self.store.borrow().clone()?;
        let page = store.scan(conversation.clone(), floor?).await;
        let bounds = page.whole?;
        Some(Stretch {
            conversation: conversation.clone(),
            epoch: bounds.epoch,
            after: bounds.after,
            through: bounds.through,
            messages: page.messages,
            confirmed: Vec::new(),
            replaces: false,
        })
    }
}
