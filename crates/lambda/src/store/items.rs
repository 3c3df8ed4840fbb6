//! Items: what stands in a row besides its keys.

use std::{collections::HashMap, fmt::Display, str::FromStr};

use aws_sdk_dynamodb::types::AttributeValue;
use switchboard_backend::store::{Connection, HelloInfo, NewMessage, StoreError};
use switchboard_protocol::{ConversationId, Message, Seq, client::Kind};

use super::keys::{self, CONVERSATIONS, HEAD, Key, SK};

/// An item as the SDK has it.
pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) const LAST_SEQ: &str = "last_seq";
pub(super) const STAMP: &str = "stamp";
pub(super) const UNTIL: &str = "until";
const SEQ: &str = "seq";
/// The attribute the table's TTL looks at. It deletes late, so nothing here relies on it.
const TTL: &str = "ttl";

pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(super) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A time in ms as TTL wants it: in seconds, and not before the row has expired.
fn ttl(ms: u64) -> AttributeValue {
    number(ms.div_ceil(1000))
}

/// One of a connection's rows; they differ in their keys alone.
pub(super) fn connection(key: Key, connection: &Connection) -> Item {
    let mut item = key.attributes();
    let mut set = |name: &str, value| item.insert(name.to_owned(), value);
    set("id", text(connection.id.as_str()));
    set("established", number(connection.established));
    set("expires", number(connection.expires));
    set(TTL, ttl(connection.expires));
    set(STAMP, number(connection.stamp));
    if let Some(user) = &connection.user {
        set("user", text(user.as_str()));
    }
    if let Some(hello) = &connection.hello {
        set("device", text(&hello.device));
        set("tab", text(&hello.tab));
    }
    item
}

/// Reads what [`connection`] wrote.
pub(super) fn read_connection(item: &Item) -> Result<Connection, StoreError> {
    let hello = match (find(item, "device"), find(item, "tab")) {
        (Some(device), Some(tab)) => Some(HelloInfo {
            device: device.to_owned(),
            tab: tab.to_owned(),
        }),
        _ => None,
    };
    let user = find(item, "user")
        .map(|user| id("user", user))
        .transpose()?;
    Ok(Connection {
        id: id("id", get(item, "id")?)?,
        user,
        established: parsed(item, "established")?,
        expires: parsed(item, "expires")?,
        hello,
        stamp: parsed(item, STAMP)?,
    })
}

/// The message at its place.
pub(super) fn message(message: &Message) -> Item {
    let mut item = keys::message(&message.conv, message.seq).attributes();
    let mut set = |name: &str, value| item.insert(name.to_owned(), value);
    set(SEQ, number(message.seq.get()));
    set("id", text(message.id.as_str()));
    set("from", text(message.from.as_str()));
    set("at", number(message.at));
    set("kind", text(message.kind.as_str()));
    set("content", text(&message.content));
    if let Some(re) = &message.re {
        set("re", text(re.as_str()));
    }
    item
}

/// Reads what [`message`] wrote.
pub(super) fn read_message(conv: &ConversationId, item: &Item) -> Result<Message, StoreError> {
    let re = find(item, "re").map(|re| id("re", re)).transpose()?;
    Ok(Message {
        conv: conv.clone(),
        seq: seq(item, SEQ)?,
        id: id("id", get(item, "id")?)?,
        from: id("from", get(item, "from")?)?,
        at: parsed(item, "at")?,
        kind: Kind::from(get(item, "kind")?.to_owned()),
        content: get(item, "content")?.to_owned(),
        re,
    })
}

/// The row that a second commit of the same message meets.
pub(super) fn dedupe(entry: &NewMessage, place: Seq) -> Item {
    let mut item = keys::dedupe(&entry.conv, &entry.from, &entry.id).attributes();
    let mut set = |name: &str, value| item.insert(name.to_owned(), value);
    set(SEQ, number(place.get()));
    set(UNTIL, number(entry.dedupe_until));
    set(TTL, ttl(entry.dedupe_until));
    item
}

/// Where the message stands that this row is about.
pub(super) fn read_dedupe(item: &Item) -> Result<Seq, StoreError> {
    seq(item, SEQ)
}

/// Whether it is a conversation's counter.
pub(super) fn is_head(item: &Item) -> bool {
    find(item, SK) == Some(HEAD)
}

/// A conversation's last place.
pub(super) fn read_head(item: &Item) -> Result<Seq, StoreError> {
    seq(item, LAST_SEQ)
}

/// Which conversation a key names: a head's `PK`, a membership's `SK`.
pub(super) fn read_conversation(item: &Item, key: &str) -> Result<ConversationId, StoreError> {
    let name = get(item, key)?;
    id(key, name.strip_prefix(CONVERSATIONS).unwrap_or(name))
}

fn find<'item>(item: &'item Item, name: &str) -> Option<&'item str> {
    match item.get(name)? {
        AttributeValue::S(value) | AttributeValue::N(value) => Some(value),
        _ => None,
    }
}

/// A text or number.
fn get<'item>(item: &'item Item, name: &str) -> Result<&'item str, StoreError> {
    find(item, name).ok_or_else(|| unreadable(name, &"missing"))
}

fn parsed<T: FromStr<Err: Display>>(item: &Item, name: &str) -> Result<T, StoreError> {
    let value = get(item, name)?.parse();
    value.map_err(|error| unreadable(name, &error))
}

fn seq(item: &Item, name: &str) -> Result<Seq, StoreError> {
    let number: u64 = parsed(item, name)?;
    Seq::try_from(number).map_err(|error| unreadable(name, &error))
}

fn id<'text, T: TryFrom<&'text str, Error: Display>>(
    name: &str,
    text: &'text str,
) -> Result<T, StoreError> {
    T::try_from(text).map_err(|error| unreadable(name, &error))
}

/// Names the attribute, never its value: it may be what somebody wrote.
fn unreadable(name: &str, error: &impl Display) -> StoreError {
    StoreError::Unavailable(format!("an item cannot be read: {name}: {error}"))
}
