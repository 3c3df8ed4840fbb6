//! What a queue still holds when the gateway stops, in one file beside the store.

use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::{Queue, Record};

#[derive(Default, Serialize, Deserialize)]
struct Spool {
    waiting: Vec<Record>,
    dead: Vec<Record>,
}

/// Takes up what the last run left. A file that cannot be read is left alone and reported.
pub(super) fn restore(queue: &Queue) {
    let Some(path) = &queue.config().spool else {
        return;
    };
    let spool: Spool = match fs::read(path) {
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(spool) => spool,
            Err(error) => {
                tracing::error!(path = %path.display(), %error, "the queue's file is damaged");
                let _ = fs::rename(path, path.with_extension("damaged"));
                return;
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => return,
        Err(error) => {
            tracing::error!(path = %path.display(), %error, "the queue's file cannot be read");
            return;
        }
    };
    let mut state = queue.state();
    for record in spool.waiting.into_iter().rev() {
        state.waiting.push_front(record);
    }
    for record in spool.dead.into_iter().rev() {
        state.dead.push_front(record);
    }
    drop(state);
    // Were the file to stay, a crash would bring back what has been published by then.
    if let Err(error) = fs::remove_file(path) {
        tracing::error!(path = %path.display(), %error, "the queue's file cannot be removed");
    }
}

/// Writes what is left, whole or not at all.
pub(super) fn save(queue: &Queue) {
    let state = queue.state();
    let spool = Spool {
        waiting: state.waiting.iter().cloned().collect(),
        dead: state.dead.iter().cloned().collect(),
    };
    drop(state);
    if spool.waiting.is_empty() && spool.dead.is_empty() {
        return;
    }
    let Some(path) = &queue.config().spool else {
        tracing::error!(
            records = spool.waiting.len(),
            "records are lost: there is no data folder"
        );
        return;
    };
    let temporary = path.with_extension("new");
    let saved = serde_json::to_vec(&spool)
        .map_err(io::Error::from)
        .and_then(|bytes| fs::write(&temporary, bytes))
        .and_then(|()| fs::rename(&temporary, path));
    if let Err(error) = saved {
        tracing::error!(path = %path.display(), %error, "the queue cannot be saved");
    }
}
