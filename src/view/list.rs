//! A row for each key.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::Owner;
use web_sys::Node;

use super::shown::Shown;
use super::{Part, View};
use crate::signal::{Signal, effect_now};
use crate::state::Key;

/// Makes the row of a key.
pub type MakeRow = Rc<dyn Fn(Key) -> View>;

struct Row {
    key: Key,
    owner: Owner,
    shown: Shown,
}

/// A row for each of `keys`, in order and without repeats, as the last child of its element; a row
/// lives as long as its key stays, and moves only where the others cannot stay around it.
pub fn each(keys: impl Into<Signal<Vec<Key>>>, make: MakeRow) -> Part {
    rows(keys.into(), make)
}

fn rows(keys: Signal<Vec<Key>>, make: MakeRow) -> Part {
    Part::Hook(Box::new(move |end| {
        let rows = Rc::new(RefCell::new(Vec::new()));
        // The rows outlive the runs of the effect.
        let owner = Owner::current().unwrap_or_default();
        effect_now(move || {
            let keys = keys.get();
            owner.with(|| arrange(&mut rows.borrow_mut(), &keys, &end, &*make));
        });
    }))
}

/// Makes `rows` those of `keys`, in the document too.
fn arrange(rows: &mut Vec<Row>, keys: &[Key], end: &Node, make: &dyn Fn(Key) -> View) {
    let same = |(row, key): &(&Row, &Key)| row.key == **key;
    let start = rows.iter().zip(keys).take_while(same).count();
    let ends = rows[start..].iter().rev().zip(keys[start..].iter().rev());
    let after = ends.take_while(same).count();
    let rest = rows.split_off(rows.len() - after);
    let keys = &keys[start..keys.len() - after];
    let mut left = rows.split_off(start);
    left.retain(|row| {
        let stays = keys.contains(&row.key);
        if !stays {
            row.owner.cleanup();
            row.shown.remove();
        }
        stays
    });
    let end = rest
        .first()
        .and_then(|row| row.shown.first())
        .unwrap_or_else(|| end.clone());
    // What moves down makes way: it is in the document still, but no longer in its place.
    let mut aside: Vec<Row> = Vec::new();
    for key in keys {
        let is_it = |row: &Row| row.key == *key;
        let row = match left.iter().position(is_it) {
            Some(0) => left.remove(0),
            // The one before it alone moved down.
            Some(1) => {
                aside.push(left.remove(0));
                left.remove(0)
            }
            found => {
                let before = left.first().and_then(|row| row.shown.first());
                let before = before.as_ref().unwrap_or(&end);
                let moved = match found {
                    Some(at) => Some(left.remove(at)),
                    None => aside.iter().position(is_it).map(|at| aside.remove(at)),
                };
                match moved {
                    Some(row) => {
                        row.shown.move_before(before);
                        row
                    }
                    None => Row::new(key, before, make),
                }
            }
        };
        rows.push(row);
    }
    rows.extend(rest);
}

impl Row {
    fn new(key: &Key, before: &Node, make: &dyn Fn(Key) -> View) -> Self {
        let owner = Owner::new();
        let shown = owner.with(|| Shown::new(make(key.clone()), before));
        Self {
            key: key.clone(),
            owner,
            shown,
        }
    }
}
