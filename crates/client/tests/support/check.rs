//! What must hold: after each step, and in the end.

use std::collections::BTreeSet;

use switchboard_client::{Item, ItemState};
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
            || message.id.as_str() != entry.id
            || message.from.as_str() != entry.from
            || message.content != entry.content
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
    let shown: Vec<Item> = conversations()
        .iter()
        .flat_map(|conversation| world.s.items(conversation))
        .collect();
    there.extend(shown.iter().map(|item| item.id.as_str()));
    match world
        .volatile
        .iter()
        .find(|name| !there.contains(name.as_str()))
    {
        Some(name) => Err(format!("{name} was taken and this page has lost it")),
        None => Ok(()),
    }
}

/// In the end: the client shows the whole log, and nothing waits.
pub fn converged(world: &World) -> Result<(), String> {
    for conversation in conversations() {
        let shown = world.s.items(&conversation);
        let shown: Vec<&str> = shown.iter().map(|item| item.id.as_str()).collect();
        let log = world.server.ids(&conversation);
        if shown != log {
            return Err(format!(
                "{conversation} at {:?}: {shown:?}, not {log:?}",
                world.s.client.status()
            ));
        }
    }
    match world.s.client.status().waiting {
        0 => Ok(()),
        waiting => Err(format!("{waiting} messages still wait")),
    }
}
