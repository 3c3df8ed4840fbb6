//! Things on their way, found by the number an event carries.

/// Slots that are used again.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    slots: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Slab<T> {
    pub(crate) fn put(&mut self, item: T) -> u32 {
        match self.free.pop() {
            Some(at) => {
                if let Some(slot) = usize::try_from(at)
                    .ok()
                    .and_then(|at| self.slots.get_mut(at))
                {
                    *slot = Some(item);
                }
                at
            }
            None => {
                self.slots.push(Some(item));
                u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
            }
        }
    }

    pub(crate) fn take(&mut self, at: u32) -> Option<T> {
        let item = self.slots.get_mut(usize::try_from(at).ok()?)?.take();
        if item.is_some() {
            self.free.push(at);
        }
        item
    }
}
