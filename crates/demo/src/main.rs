//! The demo in a Web Worker. A page sends a URL and a port for each socket it opens; over the port
//! go text frames, and what is no text is an event: to the page `true` for open and
//! `[code, clean]` for closed, from the page the code it closes with.

#[cfg(target_arch = "wasm32")]
mod worker;

fn main() {
    #[cfg(target_arch = "wasm32")]
    worker::start();
}
