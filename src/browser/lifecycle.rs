//! The browser's hints about page and network.

use switchboard_client::Lifecycle;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget, PageTransitionEvent, VisibilityState, window};

/// Listens as long as it lives.
pub struct Listeners {
    bound: Vec<Listener>,
}

struct Listener {
    target: EventTarget,
    name: &'static str,
    hear: Closure<dyn FnMut(Event)>,
}

impl Listeners {
    /// Tells every hint to `tell`.
    #[must_use]
    pub fn new(tell: impl Fn(Lifecycle) + Clone + 'static) -> Self {
        let mut listeners = Self { bound: Vec::new() };
        let Some(window) = window() else {
            return listeners;
        };
        let page: EventTarget = window.clone().into();
        for (name, hint) in [
            ("online", Lifecycle::Online),
            ("offline", Lifecycle::Offline),
            ("pagehide", Lifecycle::PageHide),
        ] {
            let tell = tell.clone();
            listeners.bind(&page, name, move |_| tell(hint));
        }
        let show = tell.clone();
        listeners.bind(&page, "pageshow", move |event| {
            if event
                .dyn_ref::<PageTransitionEvent>()
                .is_some_and(PageTransitionEvent::persisted)
            {
                show(Lifecycle::PageShow);
            }
        });
        if let Some(document) = window.document() {
            let target: EventTarget = document.clone().into();
            for (name, hint) in [("freeze", Lifecycle::Freeze), ("resume", Lifecycle::Resume)] {
                let tell = tell.clone();
                listeners.bind(&target, name, move |_| tell(hint));
            }
            listeners.bind(&target, "visibilitychange", move |_| {
                let visible = document.visibility_state() == VisibilityState::Visible;
                tell(if visible {
                    Lifecycle::Visible
                } else {
                    Lifecycle::Hidden
                });
            });
        }
        listeners
    }

    fn bind(
        &mut self,
        target: &EventTarget,
        name: &'static str,
        hear: impl FnMut(Event) + 'static,
    ) {
        let hear = Closure::new(hear);
        let bound = target.add_event_listener_with_callback(name, hear.as_ref().unchecked_ref());
        if bound.is_ok() {
            self.bound.push(Listener {
                target: target.clone(),
                name,
                hear,
            });
        }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        for Listener { target, name, hear } in &self.bound {
            let _gone =
                target.remove_event_listener_with_callback(name, hear.as_ref().unchecked_ref());
        }
    }
}
