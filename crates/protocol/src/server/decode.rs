//! Reading received frames: what the browser does a thousand times and downloads once.

use super::{
    Ack, Delivery, Goaway, Heads, Limits, Message, Nack, NackCode, Page, Pong, Presence,
    ServerFrame, SignalEvent, Welcome,
};
use crate::client::Kind;
use crate::id::Seq;
use crate::json::{Object, Value};

/// The frame behind `event`: `None` for an unknown event, `Some(None)` for a body that is not
/// that event's.
pub(super) fn frame(event: &str, object: &mut Object) -> Option<Option<ServerFrame>> {
    Some(match event {
        "welcome" => welcome(object).map(ServerFrame::Welcome),
        "ack" => ack(object).map(ServerFrame::Ack),
        "nack" => nack(object).map(ServerFrame::Nack),
        "message" => message(object).map(ServerFrame::Message),
        "page" => page(object).map(ServerFrame::Page),
        "pong" => pong(object).map(ServerFrame::Pong),
        "presence" => presence(object).map(ServerFrame::Presence),
        "delivery" => delivery(object).map(ServerFrame::Delivery),
        "signal" => signal(object).map(ServerFrame::Signal),
        "goaway" => object
            .number("reconnect_in_ms")
            .map(|reconnect_in_ms| ServerFrame::Goaway(Goaway { reconnect_in_ms })),
        _ => return None,
    })
}

fn welcome(object: &mut Object) -> Option<Welcome> {
    let mut limits = object.object("limits")?;
    Some(Welcome {
        rid: object.number("rid")?,
        connection: object.id("connection")?,
        now: object.number("now")?,
        epoch: object.text("epoch")?,
        heads: heads(object)?,
        limits: Limits {
            max_bytes: u32::try_from(limits.number("max_bytes")?).ok()?,
        },
        min_version: u32::try_from(object.number("min_version")?).ok()?,
    })
}

fn heads(object: &mut Object) -> Option<Heads> {
    if !object.has("heads") {
        return Some(Heads::new());
    }
    object
        .object("heads")?
        .into_fields()
        .map(|(conv, head)| match head {
            Value::Number(seq) => Some((conv.try_into().ok()?, Seq::try_from(seq).ok()?)),
            _ => None,
        })
        .collect()
}

fn ack(object: &mut Object) -> Option<Ack> {
    Some(Ack {
        id: object.id("id")?,
        conv: object.id("conv")?,
        seq: object.seq("seq")?,
        at: object.number("at")?,
        duplicate: object.flag_or_false("duplicate")?,
    })
}

fn nack(object: &mut Object) -> Option<Nack> {
    let id = if object.has("id") {
        Some(object.id("id")?)
    } else {
        None
    };
    let code = match object.text("code")?.as_str() {
        "malformed" => NackCode::Malformed,
        "anonymous" => NackCode::Anonymous,
        "forbidden" => NackCode::Forbidden,
        "bad_recipients" => NackCode::BadRecipients,
        "bad_content" => NackCode::BadContent,
        "unavailable" => NackCode::Unavailable,
        _ => NackCode::Unknown,
    };
    let retry = object.flag("retry")?;
    Some(Nack {
        id,
        code,
        retry,
        retry_after_ms: object.number("retry_after_ms"),
    })
}

impl Message {
    /// Reads what [`Message::encode`] wrote; `None` for what is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        message(&mut Object::parse(text)?)
    }
}

fn message(object: &mut Object) -> Option<Message> {
    let re = if object.has("re") {
        Some(object.id("re")?)
    } else {
        None
    };
    let kind = if object.has("kind") {
        Kind::from(object.text("kind")?)
    } else {
        Kind::Text
    };
    Some(Message {
        conv: object.id("conv")?,
        seq: object.seq("seq")?,
        id: object.id("id")?,
        from: object.id("from")?,
        at: object.number("at")?,
        kind,
        content: object.text("content")?,
        re,
    })
}

fn page(object: &mut Object) -> Option<Page> {
    let messages = object.objects("messages")?;
    Some(Page {
        rid: object.number("rid")?,
        conv: object.id("conv")?,
        after: object.seq("after")?,
        messages: messages
            .into_iter()
            .map(|mut entry| message(&mut entry))
            .collect::<Option<_>>()?,
        covered: object.seq("covered")?,
        head: object.seq("head")?,
        epoch: object.text("epoch")?,
    })
}

fn pong(object: &mut Object) -> Option<Pong> {
    Some(Pong {
        n: object.number("n")?,
        now: object.number("now")?,
        heads: heads(object)?,
    })
}

fn presence(object: &mut Object) -> Option<Presence> {
    Some(Presence {
        all: object.flag_or_false("all")?,
        online: object.ids_or_none("online")?,
        offline: object.ids_or_none("offline")?,
    })
}

fn delivery(object: &mut Object) -> Option<Delivery> {
    Some(Delivery {
        conv: object.id("conv")?,
        seq: object.seq("seq")?,
        to: object.ids("to")?,
    })
}

fn signal(object: &mut Object) -> Option<SignalEvent> {
    Some(SignalEvent {
        conv: object.id("conv")?,
        from: object.id("from")?,
        kind: object.text("kind")?,
    })
}
