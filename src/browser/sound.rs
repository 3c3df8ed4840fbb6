//! The sound of a message: a small file, fetched when it is first played.

use std::cell::RefCell;

use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlAudioElement;

thread_local! {
    static SOUND: RefCell<Option<HtmlAudioElement>> = const { RefCell::new(None) };
}

/// Plays it, if the browser lets us: before the first press on the page most do not.
pub async fn play() {
    let playing = SOUND.with_borrow_mut(|sound| {
        if sound.is_none() {
            *sound = HtmlAudioElement::new_with_src("message.wav").ok();
        }
        let sound = sound.as_ref()?;
        sound.set_current_time(0.0);
        sound.play().ok()
    });
    if let Some(playing) = playing {
        let _played = JsFuture::from(playing).await;
    }
}
