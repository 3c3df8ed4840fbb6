//! What must hold: after each step, and in the end.

use std::collections::BTreeSet;

use switchboard_client::{Item, ItemState, Sender};
use switchboard_protocol::{ConversationId, MessageId};

use super::world::{World, conversations};

/// After each step.
pub fn safety(world: &World) -> Result<(), String> {
    for (which, conversation) in conversations().iter().enumerate() {
        piece_of_the_log(world, conversation)?;
        shown(world, which, conversation)?;
        sender_order(world, which, conversation)?;
    }
    kept(world)
}

/// The confirmed part is the server's log between its bounds, no more and no less.
fn piece_of_the_log(world: &World, conversation: &ConversationId) -> Result<(), String> {
    let Some(log) = world.s.client.log(conversation) else {
        return Ok(());
    };
    let server = world
        .server
        .logs
        .get(conversation)
        .map_or(&[][..], |log| log);
    let (after, through) = (log.after.get(), log.through.get());
    if through > server.len() as u64 {
        return Err(format!(
            "{conversation}: knows {through} of {}",
            server.len()
        ));
    }
    let mut mine = log.messages.iter();
    for seq in after + 1..=through {
        let entry = &server[usize::try_from(seq - 1).unwrap_or(usize::MAX)];
        if entry.hole {
            continue;
        }
        let Some(message) = mine.next() else {
            return Err(format!("{conversation}: {seq} is missing below {through}"));
        };
        if message.seq.get() != seq
            || message.id != entry.id
            || message.from.as_str() != entry.from
            || message.content != entry.content
            || message.kind.as_str() != entry.kind
            || message.re.map(MessageId::as_str) != entry.re.as_deref()
        {
            return Err(format!(
                "{conversation}: {seq} is {message:?}, not {entry:?}"
            ));
        }
    }
    match mine.next() {
        Some(more) => Err(format!(
            "{conversation}: beyond {through} there is {more:?}"
        )),
        None => Ok(()),
    }
}

fn confirmed(item: &Item) -> bool {
    matches!(item.state, ItemState::Received | ItemState::Sent { .. })
}

/// Each id once; own unconfirmed ones below the confirmed, in the order they were written.
fn shown(world: &World, which: usize, conversation: &ConversationId) -> Result<(), String> {
    let items = world.s.items(conversation);
    let ids: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
    if ids.len() != items.len() {
        return Err(format!("{conversation}: shown twice: {items:?}"));
    }
    let first = items.iter().position(|item| !confirmed(item));
    let own = &items[first.unwrap_or(items.len())..];
    if own.iter().any(confirmed) {
        return Err(format!(
            "{conversation}: unconfirmed above confirmed: {items:?}"
        ));
    }
    let places: Vec<Option<usize>> = own
        .iter()
        .map(|item| {
            world.written[which]
                .iter()
                .position(|name| item.id.as_str() == name)
        })
        .collect();
    if places.contains(&None) || !places.is_sorted() {
        return Err(format!("{conversation}: not as written: {own:?}"));
    }
    Ok(())
}

/// Own durable messages stand in the log in the order written.
fn sender_order(world: &World, which: usize, conversation: &ConversationId) -> Result<(), String> {
    let written = &world.written[which];
    let log = world.server.logs.get(conversation).into_iter().flatten();
    let mut last = None;
    for entry in log.filter(|entry| entry.from == "ana") {
        if entry.kind == "read" {
            // Nobody wrote it; there is something to read.
            let re = entry.re.as_deref().unwrap_or_default();
            if !re.starts_with('b') || conversation.is_lobby() {
                return Err(format!("{conversation}: {entry:?} tells of nothing"));
            }
            continue;
        }
        if entry.kind != "text" {
            if !world.changes[which].contains(&entry.id) {
                return Err(format!("{conversation}: nobody did {}", entry.id));
            }
            continue;
        }
        let place = written.iter().position(|name| *name == entry.id);
        let Some(place) = place else {
            return Err(format!("{conversation}: nobody wrote {}", entry.id));
        };
        // What only memory held may be overtaken by what the next page wrote.
        if world.durable.contains(&entry.id) {
            if last > Some(place) {
                return Err(format!("{conversation}: {} came too late", entry.id));
            }
            last = Some(place);
        }
    }
    Ok(())
}

/// What the page promised to keep is in the log, or on the disk.
fn kept(world: &World) -> Result<(), String> {
    let mut there: BTreeSet<&str> = conversations()
        .iter()
        .flat_map(|conversation| world.server.ids(conversation))
        .collect();
    let stored = world.s.disk.outbox.keys().map(MessageId::as_str);
    let kept: BTreeSet<&str> = stored.chain(there.iter().copied()).collect();
    if let Some(name) = world
        .durable
        .iter()
        .find(|name| !kept.contains(name.as_str()))
    {
        return Err(format!("{name} was accepted and is lost"));
    }
    if world.volatile.is_empty() {
        return Ok(());
    }
    let unsent = world.s.client.unsent();
    there.extend(unsent.iter().map(MessageId::as_str));
    match world
        .volatile
        .iter()
        .find(|name| !there.contains(name.as_str()))
    {
        Some(name) => Err(format!("{name} was taken and this page has lost it")),
        None => Ok(()),
    }
}

/// A row in short.
fn said(item: &Item) -> String {
    let who = |who: &Sender| match who {
        Sender::Me => "ana".to_owned(),
        Sender::Other(user) => user.to_string(),
        Sender::Unknown => "?".to_owned(),
    };
    let reactions = item.reactions.iter().map(|reaction| {
        let who: Vec<String> = reaction.who.iter().map(who).collect();
        format!(" {} {}", reaction.emoji, who.join(" "))
    });
    let reactions: String = reactions.collect();
    let (id, text, edits, deleted) = (&item.id, &item.text, item.edits.len(), item.deleted);
    format!(
        "{id} {text:?} {edits} {deleted} {}{reactions}",
        item.pending
    )
}

/// What the server's log says of each text, in short, worked out anew.
fn folded(world: &World, conversation: &ConversationId) -> Vec<String> {
    let log = world
        .server
        .logs
        .get(conversation)
        .map_or(&[][..], |log| log);
    let texts = log
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.kind == "text");
    texts
        .map(|(at, entry)| {
            let about = log[at..]
                .iter()
                .filter(|it| it.re.as_deref() == Some(&entry.id[..]));
            let own = |kind: &str| {
                let about = about.clone().filter(|it| it.from == entry.from);
                about.filter(|it| it.kind == kind).collect::<Vec<_>>()
            };
            if !own("delete").is_empty() {
                return format!("{} \"\" 0 true false", entry.id);
            }
            let edits = own("edit");
            let text = edits.last().map_or(&entry.content, |edit| &edit.content);
            let mut order: Vec<(&str, Vec<&str>)> = Vec::new();
            for it in about.filter(|it| it.kind == "reaction") {
                let emoji = it.content.trim_start_matches('-');
                let known = order.iter().position(|(other, _)| *other == emoji);
                let from = it.from.as_str();
                match (known, it.content.starts_with('-')) {
                    (None, true) => {}
                    (None, false) => order.push((emoji, vec![from])),
                    (Some(at), true) => order[at].1.retain(|who| *who != from),
                    (Some(at), false) if order[at].1.contains(&from) => {}
                    (Some(at), false) => order[at].1.push(from),
                }
                order.retain(|(_, who)| !who.is_empty());
            }
            let reactions = order
                .iter()
                .map(|(emoji, who)| format!(" {emoji} {}", who.join(" ")));
            let reactions: String = reactions.collect();
            format!(
                "{} {text:?} {} false false{reactions}",
                entry.id,
                edits.len()
            )
        })
        .collect()
}

/// In the end: the client shows the whole log, and nothing waits.
pub fn converged(world: &World) -> Result<(), String> {
    for conversation in conversations() {
        let shown: Vec<String> = world.s.items(&conversation).iter().map(said).collect();
        let log = folded(world, &conversation);
        if shown != log {
            return Err(format!(
                "{conversation} at {:?}: {shown:#?}, not {log:#?}",
                world.s.client.status()
            ));
        }
        let whole = world.s.client.log(&conversation);
        let whole = whole.map_or(0, |log| log.messages.len());
        if whole != world.server.ids(&conversation).len() {
            return Err(format!("{conversation}: {whole} entries are here"));
        }
    }
    match world.s.client.status().waiting {
        0 => Ok(()),
        waiting => Err(format!("{waiting} messages still wait")),
    }
}
