//! What the renderer asks of the document (`document.js`).

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Node;

#[wasm_bindgen(module = "/src/view/document.js")]
extern "C" {
    /// Makes a program's elements, to be cloned from then on. The program's number.
    pub(super) fn learn(program: &str) -> u32;
    /// Makes a view of what was packed.
    pub(super) fn show(ops: &[u32], texts: &str) -> Array;
    /// Fills a place with a text, or with nothing.
    #[wasm_bindgen(js_name = fill)]
    pub(super) fn write(nodes: &Array, at: u32, text: Option<&str>);
    /// Fills a place with a truth.
    #[wasm_bindgen(js_name = fill)]
    pub(super) fn tell(nodes: &Array, at: u32, truth: bool);
    /// Lets a place hear its event.
    pub(super) fn hear(nodes: &Array, at: u32, listener: &JsValue);
    /// Puts nodes before another, or takes them out.
    pub(super) fn put(nodes: &Array, from: u32, to: u32, before: Option<&Node>);
    /// Takes out everything before the last node. Whether that was all from `first` on.
    pub(super) fn clear(first: &Node, last: &Node) -> bool;
}
