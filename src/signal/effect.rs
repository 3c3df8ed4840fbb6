//! What runs again when a signal it read changes.
//!
//! Leptos' own effects are a task of their own each, compiled anew for each closure; these wait in
//! one queue that one task empties, before anything is painted.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use leptos::prelude::{Owner, on_cleanup};
use leptos::reactive::graph::{
    AnySource, AnySubscriber, ReactiveNode, Source, Subscriber, ToAnySubscriber, WithObserver,
};
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

/// Runs `run` once what is being made now is in the document, and again after a signal that it read
/// has changed; no more once the owner that is current now is cleaned up. What `run` makes has an
/// owner of its own, cleaned up before it runs again.
pub fn effect(run: impl FnMut() + 'static) {
    start(Box::new(run)).mark_dirty();
}

/// As [`effect`], but it runs at once too.
pub fn effect_now(run: impl FnMut() + 'static) {
    start(Box::new(run)).run();
}

struct Effect {
    owner: Owner,
    run: SendWrapper<RefCell<Box<dyn FnMut()>>>,
    state: Mutex<State>,
    this: Weak<Effect>,
}

#[derive(Default)]
struct State {
    /// A source has changed for certain.
    dirty: bool,
    queued: bool,
    sources: Vec<AnySource>,
}

thread_local! {
    static QUEUE: RefCell<Vec<Weak<Effect>>> = const { RefCell::new(Vec::new()) };
}

fn start(run: Box<dyn FnMut()>) -> Arc<Effect> {
    let effect = Arc::new_cyclic(|this| Effect {
        owner: Owner::new(),
        run: SendWrapper::new(RefCell::new(run)),
        state: Mutex::default(),
        this: this.clone(),
    });
    let kept = effect.clone();
    on_cleanup(move || drop(kept));
    effect
}

/// Runs what waits, and what comes to wait meanwhile.
async fn empty_queue() {
    loop {
        let waiting = QUEUE.take();
        if waiting.is_empty() {
            return;
        }
        // Those that were cleaned up meanwhile are gone.
        for effect in waiting.iter().filter_map(Weak::upgrade) {
            effect.state().queued = false;
            let subscriber = effect.to_any_subscriber();
            if subscriber.with_observer(|| effect.update_if_necessary()) {
                effect.clear_sources(&subscriber);
                effect.run();
            }
        }
    }
}

impl Effect {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let subscriber = self.to_any_subscriber();
        self.owner.with_cleanup(|| {
            subscriber.with_observer(|| {
                // Only what it runs itself could find it borrowed, and nothing runs effects at once.
                if let Ok(mut run) = self.run.try_borrow_mut() {
                    run();
                }
            });
        });
    }

    fn queue(&self) {
        let mut state = self.state();
        if state.queued {
            return;
        }
        state.queued = true;
        let first = QUEUE.with_borrow_mut(|queue| {
            queue.push(self.this.clone());
            queue.len() == 1
        });
        if first {
            spawn_local(empty_queue());
        }
    }
}

impl ToAnySubscriber for Effect {
    fn to_any_subscriber(&self) -> AnySubscriber {
        let this: Weak<dyn Subscriber + Send + Sync> = self.this.clone();
        AnySubscriber(self.this.as_ptr().addr(), this)
    }
}

impl ReactiveNode for Effect {
    fn mark_dirty(&self) {
        self.state().dirty = true;
        self.queue();
    }

    fn mark_check(&self) {
        self.queue();
    }

    fn mark_subscribers_check(&self) {}

    fn update_if_necessary(&self) -> bool {
        let mut state = self.state();
        if state.dirty {
            state.dirty = false;
            return true;
        }
        let sources = state.sources.clone();
        drop(state);
        sources
            .into_iter()
            .any(|source| source.update_if_necessary())
    }
}

impl Subscriber for Effect {
    fn add_source(&self, source: AnySource) {
        let mut state = self.state();
        if !state.sources.contains(&source) {
            state.sources.push(source);
        }
    }

    fn clear_sources(&self, subscriber: &AnySubscriber) {
        let sources = std::mem::take(&mut self.state().sources);
        for source in sources {
            source.remove_subscriber(subscriber);
        }
    }
}
