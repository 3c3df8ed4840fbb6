//! A row for each key.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::Owner;
use switchboard_protocol::sorted::SortedMap;
use web_sys::Node;

use super::pack::Pack;
use super::shown::Shown;
use super::{Part, View, document, set_timeout_with_handle};
use crate::signal::{Signal, effect_now};
use crate::state::Key;

/// Makes the row of a key; again, when a signal that it read has changed.
pub type MakeRow = Rc<dyn Fn(Key) -> View>;

struct Row {
    key: Key,
    owner: Owner,
    shown: Rc<RefCell<Option<Shown>>>,
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
            owner.with(|| arrange(&mut rows.borrow_mut(), &keys, &end, &make));
        });
    }))
}

/// Makes `rows` those of `keys`, in the document too.
fn arrange(rows: &mut Vec<Row>, keys: &[Key], end: &Node, make: &MakeRow) {
    let same = |(row, key): &(&Row, &Key)| row.key == **key;
    let start = rows.iter().zip(keys).take_while(same).count();
    let ends = rows[start..].iter().rev().zip(keys[start..].iter().rev());
    let after = ends.take_while(same).count();
    let rest = rows.split_off(rows.len() - after);
    let keys = &keys[start..keys.len() - after];
    let mut left = rows.split_off(start);
    let end = &first_of(&rest, end);
    leave(&mut left, keys, end);
    // What moves down makes way: it is in the document still, but no longer in its place.
    let mut aside: Vec<Row> = Vec::new();
    let mut new = New::default();
    for key in keys {
        let is_it = |row: &Row| row.key == *key;
        let found = left.iter().position(is_it);
        let beside = aside.iter().position(is_it);
        if found.is_none() && beside.is_none() {
            new.rows.push(Row::new(key, make, &new.pack));
            continue;
        }
        std::mem::take(&mut new).enter(rows, &left, end);
        let row = match found {
            Some(0) => left.remove(0),
            // The one before it alone moved down.
            Some(1) => {
                aside.push(left.remove(0));
                left.remove(0)
            }
            found => {
                let row = match found {
                    Some(at) => left.remove(at),
                    None => aside.remove(beside.unwrap_or(0)),
                };
                row.move_before(&first_of(&left, end));
                row
            }
        };
        rows.push(row);
    }
    new.enter(rows, &left, end);
    rows.extend(rest);
}

/// Takes out those of `left` that are not among `keys`; `end` stands behind them all.
fn leave(left: &mut Vec<Row>, keys: &[Key], end: &Node) {
    if left.is_empty() {
        return;
    }
    let stays: SortedMap<&str, ()> = keys.iter().map(|key| (&**key, ())).collect();
    let is_kept = |row: &Row| stays.contains_key(&*row.key);
    let (stay, go): (Vec<_>, Vec<_>) = left.drain(..).partition(is_kept);
    *left = stay;
    if go.is_empty() {
        return;
    }
    go.iter().for_each(|row| row.owner.cleanup());
    let first = go.first().and_then(Row::first);
    let at_once = left.is_empty() && first.is_some_and(|first| document::clear(&first, end));
    if !at_once {
        go.iter().for_each(|row| row.with(Shown::remove));
    }
    // Letting go of a hundred rows takes its time, and nobody waits for it.
    let _ = set_timeout_with_handle(move || drop(go), Duration::ZERO);
}

/// Rows one after the other that are made and put into the document at once.
#[derive(Default)]
struct New {
    rows: Vec<Row>,
    pack: Pack,
}

impl New {
    /// Puts them behind `rows` and before what is left of the old ones.
    fn enter(self, rows: &mut Vec<Row>, left: &[Row], end: &Node) {
        if !self.rows.is_empty() {
            self.pack.make().enter(&first_of(left, end));
            rows.extend(self.rows);
        }
    }
}

/// The first node of the rows, or what stands behind them.
fn first_of(rows: &[Row], end: &Node) -> Node {
    rows.iter()
        .find_map(Row::first)
        .unwrap_or_else(|| end.clone())
}

impl Row {
    /// In the `pack` at first.
    fn new(key: &Key, make: &MakeRow, pack: &Pack) -> Self {
        let owner = Owner::new();
        let shown = Rc::new(RefCell::new(None));
        let (own, make, of) = (shown.clone(), make.clone(), key.clone());
        let mut pack = Some(pack.clone());
        owner.with(|| {
            effect_now(move || {
                let view = make(of.clone());
                match (&mut *own.borrow_mut(), pack.take()) {
                    (Some(old), _) => renew(old, view),
                    (none, Some(pack)) => *none = Some(pack.view(view)),
                    (None, None) => {}
                }
            });
        });
        Self {
            key: key.clone(),
            owner,
            shown,
        }
    }

    fn with<T: Default>(&self, look: impl FnOnce(&Shown) -> T) -> T {
        self.shown.borrow().as_ref().map(look).unwrap_or_default()
    }

    fn first(&self) -> Option<Node> {
        self.with(Shown::first)
    }

    fn move_before(&self, before: &Node) {
        self.with(|shown| shown.move_before(before));
    }
}

/// Makes a row show a view.
fn renew(old: &mut Shown, mut view: View) {
    if old.become_like(&mut view) {
        return;
    }
    let new = Shown::new(view);
    if let Some(first) = old.first() {
        new.enter(&first);
    }
    old.remove();
    *old = new;
}
