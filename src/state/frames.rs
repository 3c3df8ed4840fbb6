//! The inspector as the panel reads it: the shown frames, the pause, the filter, the selection.

use super::Key;
use super::inspector::{Direction, Filter, Frame, Inspector};
use crate::signal::{RwSignal, StoredValue};

/// The frame inspector's signals.
#[derive(Clone, Copy)]
pub struct Frames {
    /// Whether the panel is shown. Nothing is computed for it while it is not.
    pub open: RwSignal<bool>,
    /// Whether the list stands still. Frames are recorded all the same.
    pub paused: RwSignal<bool>,
    /// What is shown.
    pub filter: RwSignal<Filter>,
    /// The frame whose text is shown.
    pub selected: RwSignal<Option<Frame>>,
    shown: RwSignal<Vec<Key>>,
    ring: StoredValue<Inspector>,
    /// Counts frames recorded while the panel is open and not paused.
    recorded: RwSignal<u64>,
}

impl Frames {
    pub(super) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            paused: RwSignal::new(false),
            filter: RwSignal::new(Filter::default()),
            selected: RwSignal::new(None),
            shown: RwSignal::new(Vec::new()),
            ring: StoredValue::new(Inspector::default()),
            recorded: RwSignal::new(0),
        }
    }

    /// The numbers of the frames shown, newest first.
    #[must_use]
    pub fn shown(self) -> RwSignal<Vec<Key>> {
        self.shown
    }

    /// The frame behind one of [`Frames::shown`], if it is still kept.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Frame> {
        let number = key.parse().ok()?;
        self.ring.with_value(|ring| ring.get(number).cloned())
    }

    /// Keeps a frame; the driver calls it for each.
    pub fn record(self, direction: Direction, at: u64, text: &str) {
        self.ring
            .update_value(|ring| ring.record(direction, at, text));
        if self.open.get_untracked() && !self.paused.get_untracked() {
            self.recorded.update(|count| *count += 1);
        }
    }

    /// Shows or hides the panel.
    pub fn toggle(self) {
        self.open.update(|open| *open = !*open);
    }

    /// Keeps the list in step with what is recorded while the panel is open; the panel calls it in
    /// an effect.
    pub fn follow(self) {
        self.recorded.track();
        if self.open.get() {
            self.refresh();
        } else {
            self.shown.set(Vec::new());
        }
    }

    /// Stops the list, or lets it catch up.
    pub fn pause(self, paused: bool) {
        self.paused.set(paused);
        if !paused {
            self.refresh();
        }
    }

    /// Changes what is shown.
    pub fn narrow(self, change: impl FnOnce(&mut Filter)) {
        self.filter.update(change);
        self.refresh();
    }

    /// Forgets every frame, and what the person looked for among them.
    pub fn forget(self) {
        self.paused.set(false);
        self.filter.set(Filter::default());
        self.clear();
    }

    /// Forgets every frame.
    pub fn clear(self) {
        self.ring.update_value(Inspector::clear);
        self.selected.set(None);
        self.shown.set(Vec::new());
    }

    fn refresh(self) {
        let shown: Vec<Key> = self.ring.with_value(|ring| {
            self.filter.with_untracked(|filter| {
                ring.frames()
                    .rev()
                    .filter(|frame| filter.shows(frame))
                    .map(|frame| Key::from(frame.number.to_string()))
                    .collect()
            })
        });
        self.shown.set(shown);
    }
}
