//! Reads: each sees one state of the file, with every commit that has returned.

use redb::{Database, ReadableDatabase, ReadableTable};
use switchboard_backend::store::{LogPage, PageBuilder, PageRequest};
use switchboard_protocol::{ConversationId, Message, Seq, UserId, server::Heads};

use super::{ITEMS, keys};

/// The last places of these conversations.
pub(super) fn heads(
    database: &Database,
    conversations: &[ConversationId],
) -> Result<Heads, redb::Error> {
    let items = database.begin_read()?.open_table(ITEMS)?;
    collect_heads(&items, conversations.iter().cloned())
}

/// The last places of the user's conversations and of the lobby.
pub(super) fn heads_of(database: &Database, user: &UserId) -> Result<Heads, redb::Error> {
    let items = database.begin_read()?.open_table(ITEMS)?;
    let prefix = keys::memberships(user);
    let mut conversations = vec![ConversationId::lobby()];
    for item in items.range(prefix.as_bytes()..)? {
        let (key, _) = item?;
        let Some(name) = key.value().strip_prefix(prefix.as_bytes()) else {
            break;
        };
        let name = String::from_utf8_lossy(name).into_owned();
        conversations.push(ConversationId::try_from(name).map_err(|e| damaged(&e))?);
    }
    collect_heads(&items, conversations)
}

/// A piece of a conversation.
pub(super) fn page(database: &Database, request: &PageRequest) -> Result<LogPage, redb::Error> {
    let items = database.begin_read()?.open_table(ITEMS)?;
    let head = last_place(&items, &request.conv)?.unwrap_or_default();
    let mut page = PageBuilder::new(request, head);
    let (from, to) = page.bounds();
    if from > to {
        return Ok(page.finish());
    }
    let from = keys::message(&request.conv, from);
    let to = keys::message(&request.conv, to);
    let mut range = items.range(from.as_slice()..=to.as_slice())?;
    while let Some(item) = if page.is_forward() {
        range.next()
    } else {
        range.next_back()
    } {
        if !page.push(decode(item?.1.value())?) {
            break;
        }
    }
    Ok(page.finish())
}

/// The conversation's counter.
pub(super) fn last_place(
    items: &impl ReadableTable<&'static [u8], &'static [u8]>,
    conv: &ConversationId,
) -> Result<Option<Seq>, redb::Error> {
    let Some(value) = items.get(keys::head(conv).as_slice())? else {
        return Ok(None);
    };
    let head: keys::Head = decode(value.value())?;
    Ok(Some(head.last_seq))
}

/// The message at a place.
pub(super) fn message(
    items: &impl ReadableTable<&'static [u8], &'static [u8]>,
    conv: &ConversationId,
    seq: Seq,
) -> Result<Option<Message>, redb::Error> {
    let value = items.get(keys::message(conv, seq).as_slice())?;
    value.map(|value| decode(value.value())).transpose()
}

fn collect_heads(
    items: &impl ReadableTable<&'static [u8], &'static [u8]>,
    conversations: impl IntoIterator<Item = ConversationId>,
) -> Result<Heads, redb::Error> {
    let mut heads = Heads::new();
    for conv in conversations {
        if let Some(seq) = last_place(items, &conv)? {
            heads.insert(conv, seq);
        }
    }
    Ok(heads)
}

pub(super) fn decode<T: serde::de::DeserializeOwned>(value: &[u8]) -> Result<T, redb::Error> {
    serde_json::from_slice(value).map_err(|error| damaged(&error))
}

pub(super) fn damaged(error: &impl std::fmt::Display) -> redb::Error {
    redb::Error::Corrupted(format!("an item cannot be read: {error}"))
}
