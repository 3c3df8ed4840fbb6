//! Reads a frame's JSON; never fails in more than one way.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use switchboard_protocol::MessageId;

/// Reads a JSON object; anything else, arrays too (serde would take them for structs), is an
/// error that says where.
pub(crate) fn object<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    if !text.trim_start().starts_with('{') {
        return Err("not a JSON object".to_owned());
    }
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// The message id of a frame that is otherwise unreadable. Skipped values are not decoded, so
/// it is found beside a lone surrogate or a value of a wrong type.
pub(crate) fn message_id(text: &str) -> Option<MessageId> {
    #[derive(Deserialize)]
    struct Id {
        id: MessageId,
    }
    object::<Id>(text).ok().map(|frame| frame.id)
}

/// Which fields a `sendmessage` frame has; they tell its dialect.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Fields {
    v: Option<IgnoredAny>,
    id: Option<IgnoredAny>,
    to: Option<IgnoredAny>,
    content: Option<IgnoredAny>,
    data: Option<IgnoredAny>,
}

/// The three systems whose frames come by the route `sendmessage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Switchboard's own: it has an `id`.
    Own,
    /// S2: `content` and `to`.
    ByUser,
    /// S5: `data`.
    Room,
    /// None of them.
    Unknown,
}

impl Dialect {
    /// The dialect of a `sendmessage` frame.
    pub(crate) fn of(text: &str) -> Self {
        let fields: Fields = object(text).unwrap_or_default();
        if fields.id.is_some() || fields.v.is_some() {
            Self::Own
        } else if fields.data.is_some() {
            Self::Room
        } else if fields.content.is_some() && fields.to.is_some() {
            Self::ByUser
        } else {
            Self::Unknown
        }
    }
}
