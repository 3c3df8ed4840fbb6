//! The page's content security policy. Trunk's loader is an inline script that changes with
//! every build, so its hash is taken from the page itself, again whenever the file changes.

use std::{
    fs,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use axum::http::HeaderValue;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// The policy of one page, kept as long as the file stays the same.
#[derive(Debug)]
pub(super) struct Policy {
    page: PathBuf,
    known: Mutex<Option<(Stamp, HeaderValue)>>,
}

type Stamp = (Option<SystemTime>, u64);

impl Policy {
    pub(super) fn of(page: PathBuf) -> Self {
        Self {
            page,
            known: Mutex::default(),
        }
    }

    /// The policy for the page as it is now; `None` if it cannot be read.
    pub(super) fn current(&self) -> Option<HeaderValue> {
        let metadata = fs::metadata(&self.page).ok()?;
        let stamp = (metadata.modified().ok(), metadata.len());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, policy)) = &*known
            && *known == stamp
        {
            return Some(policy.clone());
        }
        let html = fs::read_to_string(&self.page).ok()?;
        let policy = HeaderValue::from_str(&write(&html)).ok()?;
        *known = Some((stamp, policy.clone()));
        Some(policy)
    }
}

/// Connections go to any host because the page can be pointed at any backend; styles may be
/// set from script. Everything else is the app's own.
fn write(html: &str) -> String {
    let hashes: String = inline_scripts(html)
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script))))
        .collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; \
         media-src 'self'; manifest-src 'self'; worker-src 'self'; \
         connect-src 'self' ws: wss: http: https:; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// The texts of all `<script>` elements without `src`.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find("<script")?;
            let (attributes, after) = rest[start..].split_once('>')?;
            let (script, tail) = after.split_once("</script")?;
            rest = tail;
            if !attributes.contains(" src") {
                return Some(script);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{inline_scripts, write};

    #[test]
    fn inline_scripts_are_hashed_and_others_are_not() {
        let html = r#"<script type="module">import a from '/a.js';</script>
            <script src="/b.js"></script><script>alert('hi')</script >"#;
        assert_eq!(
            inline_scripts(html).collect::<Vec<_>>(),
            ["import a from '/a.js';", "alert('hi')"]
        );
        let policy = write("<script>alert('Hello, world.');</script>");
        // The example of the CSP specification.
        let hash = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert!(policy.contains(hash), "{policy}");
    }
}
