//! Where to connect: `config.json` beside the page, else what the build was told.

use gloo_net::http::Request;
use serde::Deserialize;

/// `config.json`. Every field may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct PageConfig {
    /// A `wss://` URL, or a path on this site.
    #[serde(default)]
    pub url: Option<String>,
    /// A wire profile's id.
    #[serde(default)]
    pub profile: Option<String>,
    /// Further query parameters, `name=value`.
    #[serde(default)]
    pub query: Vec<String>,
}

/// What the build was told with `SWITCHBOARD_URL`.
const BUILT_IN_URL: Option<&str> = option_env!("SWITCHBOARD_URL");

/// Fetches `config.json`; the second value says why it could not be used, if it could not.
pub async fn fetch() -> (PageConfig, Option<String>) {
    let (mut config, error) = match request().await {
        Ok(config) => (config, None),
        Err(error) => (PageConfig::default(), Some(error)),
    };
    if config.url.is_none() {
        config.url = Some(BUILT_IN_URL.unwrap_or("/dev").to_owned());
    }
    (config, error)
}

async fn request() -> Result<PageConfig, String> {
    let response = Request::get("config.json")
        .send()
        .await
        .map_err(|error| error.to_string())?;
    match response.status() {
        200 => {
            let text = response.text().await.map_err(|error| error.to_string())?;
            serde_json::from_str(&text).map_err(|error| error.to_string())
        }
        // A site without one is complete: the build's URL stands.
        404 => Ok(PageConfig::default()),
        status => Err(format!("HTTP {status}")),
    }
}
