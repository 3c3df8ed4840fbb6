//! The built app at `/`: types, compressed siblings, caching and the security headers.

mod policy;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Request, Response, StatusCode, header},
};
use serde_json::json;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use self::policy::Policy;
use crate::{answers, config::Config, error::ConfigError};

/// The files of one built app.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    folder: PathBuf,
    files: ServeDir,
    policy: Arc<Policy>,
    config: serde_json::Value,
}

impl Site {
    /// The app in `folder`, whose page finds its API at the stage of the same host.
    pub(crate) fn open(folder: &Path, config: &Config) -> Result<Self, ConfigError> {
        if !folder.join("index.html").is_file() {
            return Err(ConfigError::App(folder.to_owned()));
        }
        Ok(Self {
            folder: folder.to_owned(),
            files: ServeDir::new(folder)
                .precompressed_br()
                .precompressed_gzip(),
            policy: Arc::new(Policy::of(folder.join("index.html"))),
            config: told(config),
        })
    }

    pub(crate) async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let mut response = if path == "/config.json" && !self.folder.join("config.json").exists() {
            answers::json_body(StatusCode::OK, &self.config)
        } else {
            match self.files.clone().oneshot(request).await {
                Ok(response) => response.map(Body::new),
                Err(never) => match never {},
            }
        };
        let cache = match response.status().is_success() && has_hash(&path) {
            true => "public, max-age=31536000, immutable",
            false => "no-cache",
        };
        let fixed = [
            (header::CACHE_CONTROL, cache),
            (header::VARY, "Accept-Encoding"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                "same-origin",
            ),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
        ];
        let headers = response.headers_mut();
        for (name, value) in fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Some(policy) = self.policy.current() {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// What the app is told when no `config.json` lies beside it.
fn told(config: &Config) -> serde_json::Value {
    let mut told = json!({"url": format!("/{}", config.stage), "profile": "switchboard"});
    if config.tickets.is_some() {
        told["tickets"] = json!("/ticket");
    }
    told
}

/// Whether trunk put a content hash into the file's name: 64 bits in hexadecimal after a dash,
/// without leading zeros.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split('-').skip(1).any(|part| {
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        let rest = &part[digits..];
        (12..=16).contains(&digits) && (rest.starts_with('.') || rest.starts_with("_bg."))
    })
}

#[cfg(test)]
mod tests {
    use super::has_hash;

    #[test]
    fn only_hashed_names_are_immutable() {
        for hashed in [
            "/switchboard-1a2b3c4d5e6f7081.js",
            "/switchboard-1a2b3c4d5e6f7081_bg.wasm",
            "/a/style-0123456789abcdef.css",
            "/button-59f8d7e0f94c9cb.css",
        ] {
            assert!(has_hash(hashed), "{hashed}");
        }
        for plain in [
            "/",
            "/index.html",
            "/config.json",
            "/icon-192.png",
            "/a-1a2b3c4d5e6.js",
            "/a-1a2b3c4d5e6f70812.js",
            "/x-1a2b3c4d5e6f7081",
        ] {
            assert!(!has_hash(plain), "{plain}");
        }
    }
}
