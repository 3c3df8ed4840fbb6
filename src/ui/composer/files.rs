//! Files that are pasted or dropped: refused with a reason, instead of the browser leaving the
//! page for them.

use crate::signal::RwSignal;
use leptos::ev;
use web_sys::DataTransfer;

/// Whether there is nothing but files: what an office program copies has a picture beside its text.
fn is_files(data: Option<&DataTransfer>) -> bool {
    data.is_some_and(|data| {
        let types = data.types();
        types.includes(&"Files".into(), 0) && !types.includes(&"text/plain".into(), 0)
    })
}

pub(super) fn pasted(event: &ev::ClipboardEvent, told: RwSignal<bool>) {
    if is_files(event.clipboard_data().as_ref()) {
        event.prevent_default();
        told.set(true);
    }
}

/// A drop is only told where this was prevented.
pub(super) fn over(event: &ev::DragEvent) {
    if is_files(event.data_transfer().as_ref()) {
        event.prevent_default();
    }
}

pub(super) fn dropped(event: &ev::DragEvent, told: RwSignal<bool>) {
    if is_files(event.data_transfer().as_ref()) {
        event.prevent_default();
        told.set(true);
    }
}
