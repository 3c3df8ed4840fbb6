//! A row for each key.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::Owner;
use web_sys::Node;

use super::shown::Shown;
use super::{Part, View, document};
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
    let mut new: Vec<Row> = Vec::new();
    for key in keys {
        let is_it = |row: &Row| row.key == *key;
        let found = left.iter().position(is_it);
        let beside = aside.iter().position(is_it);
        if found.is_none() && beside.is_none() {
            new.push(Row::new(key, make));
            continue;
        }
        enter(rows, &mut new, &left, end);
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
    enter(rows, &mut new, &left, end);
    rows.extend(rest);
}

/// Takes out those of `left` that are not among `keys`; `end` stands behind them all.
fn leave(left: &mut Vec<Row>, keys: &[Key], end: &Node) {
    let (stay, go): (Vec<_>, Vec<_>) = left.drain(..).partition(|row| keys.contains(&row.key));
    *left = stay;
    go.iter().for_each(|row| row.owner.cleanup());
    let first = go.first().and_then(Row::first);
    let at_once = left.is_empty() && first.is_some_and(|first| document::clear(&first, end));
    if !at_once {
        go.iter().for_each(|row| row.with(Shown::remove));
    }
}

/// Puts the new rows before what is left of the old ones, all at once.
fn enter(rows: &mut Vec<Row>, new: &mut Vec<Row>, left: &[Row], end: &Node) {
    let mut all = None;
    for row in &*new {
        row.with(|shown| match (&all, shown.fragment()) {
            (None, fragment) => all = fragment,
            (Some(all), Some(fragment)) => {
                let _ = all.append_child(&fragment);
            }
            (Some(_), None) => {}
        });
    }
    if let Some(row) = new.first() {
        row.with(|shown| shown.enter(&first_of(left, end)));
    }
    rows.append(new);
}

/// The first node of the rows, or what stands behind them.
fn first_of(rows: &[Row], end: &Node) -> Node {
    rows.iter()
        .find_map(Row::first)
        .unwrap_or_else(|| end.clone())
}

impl Row {
    /// In no document yet.
    fn new(key: &Key, make: &MakeRow) -> Self {
        let owner = Owner::new();
        let shown = Rc::new(RefCell::new(None));
        let (own, make, of) = (shown.clone(), make.clone(), key.clone());
        owner.with(|| {
            effect_now(move || renew(&mut own.borrow_mut(), make(of.clone())));
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
fn renew(shown: &mut Option<Shown>, mut view: View) {
    let Some(old) = shown else {
        *shown = Some(Shown::new(view));
        return;
    };
    if old.become_like(&mut view) {
        return;
    }
    let new = Shown::new(view);
    if let Some(first) = old.first() {
        new.enter(&first);
    }
    old.remove();
    *shown = Some(new);
}
