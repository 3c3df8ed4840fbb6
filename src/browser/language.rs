//! The language of the page: which one the person wants, and its texts, fetched when first needed.

use js_sys::JsString;
use wasm_bindgen::JsCast;
use web_sys::window;

use super::{file, intl};
use crate::strings::{self, Language};

/// How long a language's texts may take, ms: at the start nothing is shown before they are there.
const PATIENCE: u32 = 4_000;

/// The language for a person who set `tag` (empty: nothing), and the tag that dates and numbers
/// are written by: the browser's own for that language, which may name a region.
#[must_use]
pub fn choose(tag: &str) -> (Language, String) {
    let wanted = Language::of_tag(tag);
    let preferred = window()
        .map(|window| window.navigator().languages())
        .unwrap_or_default();
    for preferred in preferred.iter() {
        let preferred = String::from(preferred.unchecked_ref::<JsString>());
        if let Some(language) = Language::of_tag(&preferred)
            && wanted.is_none_or(|wanted| wanted == language)
        {
            return (language, preferred);
        }
    }
    let language = wanted.unwrap_or_default();
    (language, language.code().to_owned())
}

/// Puts the language for a person who set `tag` into use: its texts, its dates and numbers, and
/// the page's `lang` and `dir`. `Err` names the language whose texts did not come; nothing has
/// changed then.
///
/// # Errors
/// When the texts cannot be fetched, take too long, or belong to another build.
pub async fn load(tag: &str) -> Result<Language, Language> {
    let (language, region) = choose(tag);
    if language != strings::current() {
        let file = match strings::file(language) {
            Some(path) => file::text(&path, PATIENCE).await.ok_or(language)?,
            None => String::new(),
        };
        if !strings::install(language, file) {
            return Err(language);
        }
    }
    intl::set_tag(&region);
    strings::format_numbers_with(intl::number);
    let root = window().and_then(|window| window.document()?.document_element());
    if let Some(root) = root {
        let _set = root.set_attribute("lang", language.code());
        let _set = root.set_attribute("dir", language.direction());
    }
    Ok(language)
}
