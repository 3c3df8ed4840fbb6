//! A place of a view being filled: an attribute, a class, a property, or what stands before a text.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use super::document;
use super::pack::{Nodes, Pack};
use super::shown::Shown;
use super::{Part, View};
use crate::signal::effect_now;

pub(super) struct Place {
    nodes: Nodes,
    at: u32,
    pub(super) content: RefCell<Content>,
}

/// What a place was filled with last.
pub(super) enum Content {
    Nothing,
    Text(Cow<'static, str>),
    Truth(bool),
    Views(Vec<Shown>),
}

impl Place {
    pub(super) fn new(nodes: Nodes, at: u32) -> Self {
        Self {
            nodes,
            at,
            content: RefCell::new(Content::Nothing),
        }
    }

    /// Fills it now and, where the part is live, from then on; at first on the way into the
    /// document, where there is a `pack`.
    pub(super) fn fill(self: &Rc<Self>, part: Part, mut pack: Option<Pack>) {
        match part {
            Part::Live(mut make) => {
                let place = self.clone();
                effect_now(move || place.set(make(), pack.take()));
            }
            part => self.set(part, pack),
        }
    }

    fn set(&self, mut part: Part, pack: Option<Pack>) {
        while let Part::Live(mut make) = part {
            part = make();
        }
        let mut content = self.content.borrow_mut();
        match pack {
            Some(pack) => *content = pack.content(part),
            None => self.change(&mut content, part),
        }
    }

    fn change(&self, content: &mut Content, part: Part) {
        match part {
            Part::Text(text) => {
                if !matches!(content, Content::Text(old) if *old == text) {
                    clear(content);
                    self.write(Some(&text));
                    *content = Content::Text(text);
                }
            }
            Part::Truth(truth) => {
                if !matches!(content, Content::Truth(old) if *old == truth) {
                    clear(content);
                    if let Some(nodes) = self.nodes.get() {
                        document::tell(nodes, self.at, truth);
                    }
                    *content = Content::Truth(truth);
                }
            }
            Part::View(view) => self.show(content, vec![view]),
            Part::Many(parts) => {
                let views = parts.into_iter().map(View::from).collect();
                self.show(content, views);
            }
            Part::Nothing | Part::Live(_) | Part::Handler(_) | Part::Hook(_) => {
                if !matches!(content, Content::Nothing) {
                    clear(content);
                    self.write(None);
                    *content = Content::Nothing;
                }
            }
        }
    }

    fn write(&self, text: Option<&str>) {
        if let Some(nodes) = self.nodes.get() {
            document::write(nodes, self.at, text);
        }
    }

    fn show(&self, content: &mut Content, views: Vec<View>) {
        if let Content::Text(_) = content {
            self.write(None);
        }
        if !matches!(content, Content::Views(_)) {
            *content = Content::Views(Vec::new());
        }
        let (Content::Views(shown), Some(end)) = (content, self.nodes.node(self.at)) else {
            return;
        };
        let mut kept = 0;
        for mut view in views {
            if shown
                .get(kept)
                .is_some_and(|old| old.become_like(&mut view))
            {
                kept += 1;
                continue;
            }
            // What stands behind would stand before what comes now.
            shown.drain(kept..).for_each(|old| old.remove());
            let new = Shown::new(view);
            new.enter(&end);
            shown.push(new);
            kept += 1;
        }
        shown.drain(kept..).for_each(|old| old.remove());
    }
}

/// Takes out what views a place shows.
fn clear(content: &mut Content) {
    if let Content::Views(views) = content {
        views.drain(..).for_each(|view| view.remove());
    }
}
