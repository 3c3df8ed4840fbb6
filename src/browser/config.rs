//! Where to connect: `config.json` beside the page, else what the build was told.

use gloo_net::http::Request;
use switchboard_protocol::json::Object;

use crate::strings::connect;

/// `config.json`. Every field may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageConfig {
    /// A `wss://` URL, or a path on this site.
    pub url: Option<String>,
    /// A wire profile's id.
    pub profile: Option<String>,
    /// Further query parameters, `name=value`.
    pub query: Vec<String>,
    /// Where a ticket is fetched before each handshake.
    pub tickets: Option<String>,
    /// Whether a visitor finds the demo open.
    pub demo: bool,
}

impl PageConfig {
    /// Reads the file. A field of the wrong type makes the whole file unusable: half of a
    /// configuration would connect to the wrong place.
    fn parse(text: &str) -> Option<Self> {
        let mut object = Object::parse(text)?;
        let mut optional = |name: &str| {
            if object.has(name) {
                object.text(name).map(Some)
            } else {
                Some(None)
            }
        };
        Some(Self {
            url: optional("url")?,
            profile: optional("profile")?,
            tickets: optional("tickets")?,
            query: object.ids_or_none("query")?,
            demo: object.flag_or_false("demo")?,
        })
    }
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

/// What went wrong, in the browser's words.
fn said(error: gloo_net::Error) -> String {
    match error {
        gloo_net::Error::JsError(error) => [error.name, error.message].join(": "),
        gloo_net::Error::GlooError(text) => text,
        // Reading JSON, which nobody asks it for.
        gloo_net::Error::SerdeError(_) => String::new(),
    }
}

async fn request() -> Result<PageConfig, String> {
    let response = Request::get("config.json").send().await.map_err(said)?;
    match response.status() {
        200 => {
            let text = response.text().await.map_err(said)?;
            PageConfig::parse(&text).ok_or_else(|| connect::config_no_object().to_owned())
        }
        // A site without one is complete: the build's URL stands.
        404 => Ok(PageConfig::default()),
        status => Err(["HTTP ", &status.to_string()].concat()),
    }
}
