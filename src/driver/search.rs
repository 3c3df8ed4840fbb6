//! Search and export: going over what this browser has, in portions between which the page lives.

use switchboard_protocol::{ConversationId, Seq};
use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::{clock, timer};
use crate::state::search::{Entries, Hit, MOST, Query, Search};

/// Rows looked through at once.
const PORTION: usize = 100;
/// How long the page may be kept from anything else, ms: half a frame.
const BREATH: u64 = 6;

impl Driver {
    /// Searches anew, in one conversation or in all; an earlier search of the kind is given up.
    pub(crate) fn search(&self, query: Query, within: Option<ConversationId>) {
        let (search, count) = match within {
            Some(_) => (self.app.find, &self.searches[0]),
            None => (self.app.search, &self.searches[1]),
        };
        count.set(count.get() + 1);
        if query.is_empty() {
            return;
        }
        let run = Run {
            query,
            search,
            is_find: within.is_some(),
            number: count.get(),
            session: self.session.get(),
            hits: Vec::new(),
            shown: usize::MAX,
            rested: clock::now().mono,
        };
        let conversations = match within {
            Some(one) => vec![one],
            None => {
                let client = self.client.borrow();
                client.conversations().into_iter().map(|it| it.id).collect()
            }
        };
        let Some(driver) = self.me.upgrade() else {
            return;
        };
        spawn_local(async move {
            let _over = run.all(&driver, conversations).await;
        });
    }
}

/// One search.
struct Run {
    query: Query,
    search: Search,
    is_find: bool,
    number: u64,
    session: u64,
    hits: Vec<Hit>,
    /// How many of them the page has.
    shown: usize,
    rested: u64,
}

impl Run {
    /// Goes over everything; `None` when it was given up.
    async fn all(mut self, driver: &Driver, conversations: Vec<ConversationId>) -> Option<()> {
        for conversation in conversations {
            self.one(driver, &conversation).await?;
            if self.hits.len() >= MOST {
                break;
            }
        }
        self.show();
        self.search.running.set(false);
        Some(())
    }

    async fn one(&mut self, driver: &Driver, conversation: &ConversationId) -> Option<()> {
        let me = driver.app.me().map(String::from).unwrap_or_default();
        let fold = driver.app.services.fold;
        // What is in memory, as it is shown.
        let mut end = driver.client.borrow().len(conversation);
        while end > 0 && self.hits.len() < MOST {
            let start = end.saturating_sub(PORTION);
            let rows = driver.client.borrow().slice(conversation, start..end);
            let hits = rows.iter().rev();
            self.hits
                .extend(hits.filter_map(|row| Hit::of(&self.query, conversation, row, &me, fold)));
            end = start;
            self.rest(driver).await?;
        }
        // What is stored below it. Newer entries may have changed what stands there.
        let (mut entries, mut through) = loaded(driver, conversation);
        while let Some(place) = through
            && self.hits.len() < MOST
        {
            let store = driver.store.borrow().clone()?;
            let page = store.scan(conversation.clone(), place).await;
            self.check(driver)?;
            through = page.below;
            for entry in page.messages.into_iter().rev() {
                if self.query.after.is_some_and(|after| entry.at < after) {
                    through = None;
                }
                if let Some(found) = entries.take(entry)
                    && self.query.fits(
                        found.message.from.as_str(),
                        found.message.at,
                        &found.text,
                        fold,
                    )
                {
                    self.hits.push(Hit {
                        conversation: conversation.clone(),
                        from: found.sender(&me),
                        id: found.message.id,
                        at: found.message.at,
                        text: found.text,
                    });
                }
            }
            self.rest(driver).await?;
        }
        self.hits.truncate(MOST);
        Some(())
    }

    /// Lets the page live where it waited long enough.
    async fn rest(&mut self, driver: &Driver) -> Option<()> {
        if clock::now().mono.saturating_sub(self.rested) >= BREATH {
            self.show();
            timer::after(0).await;
            self.rested = clock::now().mono;
        }
        self.check(driver)
    }

    fn show(&mut self) {
        if self.shown != self.hits.len() {
            self.shown = self.hits.len();
            self.search.hits.set(self.hits.clone());
        }
    }

    /// `None` where another search has begun, or somebody else signed in.
    fn check(&self, driver: &Driver) -> Option<()> {
        let count = &driver.searches[usize::from(!self.is_find)];
        (count.get() == self.number && driver.session.get() == self.session).then_some(())
    }
}

/// What the loaded entries of a log did to older ones, and the place below them.
fn loaded(driver: &Driver, conversation: &ConversationId) -> (Entries, Option<Seq>) {
    let mut entries = Entries::default();
    let client = driver.client.borrow();
    let Some(log) = client.log(conversation) else {
        return (entries, None);
    };
    for entry in log.messages.iter().rev() {
        let _shown = entry.to_message(conversation).map(|it| entries.take(it));
    }
    (entries, Some(log.after))
}
