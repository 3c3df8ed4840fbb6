//! Elements made by hand, where views would cost more than they give: many alike, or a tree that is
//! shown anew as a whole.

use leptos::prelude::document;
use web_sys::Element;

/// Appends an element to another. Elements can always be made and appended under the names used.
pub(super) fn add(to: &Element, name: &str, class: &str) -> Element {
    let made = document().create_element(name);
    let made = made.unwrap_or_else(|_| to.clone());
    if !class.is_empty() {
        made.set_class_name(class);
    }
    let _added = to.append_child(&made);
    made
}

/// Appends text.
pub(super) fn add_text(to: &Element, text: &str) {
    let _added = to.append_with_str_1(text);
}

/// Appends an element that holds a text.
pub(super) fn add_with(to: &Element, name: &str, class: &str, text: &str) {
    add_text(&add(to, name, class), text);
}

/// Sets an attribute.
pub(super) fn set(element: &Element, name: &str, value: &str) {
    let _set = element.set_attribute(name, value);
}

/// Whether a key is an input method's (`isComposing`, or key code 229): what it does is its own affair.
pub(super) fn is_composing(event: &web_sys::KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// The element an event happened in or below that fits `selector`.
pub(super) fn closest(event: &web_sys::Event, selector: &str) -> Option<Element> {
    use wasm_bindgen::JsCast;
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(selector).ok()?
}
