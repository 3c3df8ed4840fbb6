//! The rows as a view gets them: each once, the log's above one's own that wait.

use switchboard_client::{Client, Item, ItemState};
use switchboard_protocol::ConversationId;

/// Checks the newest rows of a conversation; names the messages that failed.
pub(crate) fn rows(
    client: &Client,
    conversation: &ConversationId,
    newest: usize,
    mut failed: impl FnMut(&switchboard_protocol::MessageId),
) -> Result<(), String> {
    let items = client.items(conversation, newest);
    let mut waiting = false;
    for item in &items {
        if let Some(unsaved) = &item.unsaved {
            failed(&unsaved.id);
        }
        match item.state {
            ItemState::Received | ItemState::Sent { .. } => {
                if waiting {
                    let id = &item.id;
                    return Err(format!(
                        "{conversation}: {id} stands below an unconfirmed row"
                    ));
                }
            }
            ItemState::Failed(_) => {
                failed(&item.id);
                waiting = true;
            }
            ItemState::Waiting
            | ItemState::Sending
            | ItemState::Unconfirmed
            | ItemState::HandedOver => waiting = true,
        }
    }
    let mut ids: Vec<_> = items.iter().map(|item| &item.id).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{conversation}: {} is shown twice", pair[0])),
        None => Ok(()),
    }
}

/// Rows above the newest that a view is compared by.
const ABOVE: usize = 16;

/// How many rows a view has of a conversation, and its newest ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    len: usize,
    newest: Vec<Item>,
}

impl View {
    /// The view reads its rows anew or, where they are said to have been `appended`, only what came
    /// behind those it has: then these must be as they were.
    pub(crate) fn draw(
        &mut self,
        client: &Client,
        conversation: &ConversationId,
        appended: bool,
    ) -> Result<(), String> {
        let before = std::mem::replace(self, Self::read(client, conversation));
        if !appended {
            return Ok(());
        }
        let rows = before.len - before.newest.len()..before.len;
        let now = client.slice(conversation, rows);
        if now == before.newest {
            return Ok(());
        }
        let old = &before.newest;
        Err(format!(
            "{conversation}: said to be appended to, and these rows changed: {old:?} are {now:?}"
        ))
    }

    fn read(client: &Client, conversation: &ConversationId) -> Self {
        Self {
            len: client.len(conversation),
            newest: client.items(conversation, ABOVE),
        }
    }
}
