//! The app's files: types, compression, caching, security headers; and starts that fail.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::{fs, sync::Arc};

use serde_json::json;
use support::{Harness, Setup, http};
use switchboard_gateway::{
    Config, ConfigError, Connections, FunctionError, Functions, Gateway, Server,
};

const PAGE: &str =
    r#"<!doctype html><title>x</title><script type="module">import('/a.js')</script>"#;

async fn with_app() -> (tempfile::TempDir, Harness) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in [
        ("index.html", PAGE),
        ("switchboard-0123456789abcdef_bg.wasm", "\0asm"),
        ("switchboard-0123456789abcdef_bg.wasm.br", "brotli"),
        ("switchboard-0123456789abcdef_bg.wasm.gz", "gzip"),
        ("style-0123456789abcdef.css", "a{}"),
        ("icon.svg", "<svg/>"),
    ] {
        fs::write(folder.path().join(name), content).expect("writes");
    }
    let mut setup = Setup::new();
    setup.config.app = Some(folder.path().to_owned());
    let gateway = setup.start().await;
    (folder, gateway)
}

#[tokio::test]
async fn the_page_is_served_with_a_policy_that_fits_it() {
    let (folder, gateway) = with_app().await;
    for path in ["/", "/index.html"] {
        let page = http::get(gateway.address, path).await;
        assert_eq!((page.status, page.text()), (200, PAGE));
        assert_eq!(page.header("content-type"), Some("text/html"));
        assert_eq!(page.header("cache-control"), Some("no-cache"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    }
    let policy = || async {
        let page = http::get(gateway.address, "/").await;
        page.header("content-security-policy")
            .expect("a policy")
            .to_owned()
    };
    let before = policy().await;
    assert!(
        before.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-"),
        "{before}"
    );
    assert!(
        before.contains("connect-src 'self' ws: wss: http: https:;"),
        "{before}"
    );
    let rebuilt = PAGE.replace("a.js", "another.js");
    fs::write(folder.path().join("index.html"), rebuilt).expect("writes");
    assert_ne!(policy().await, before, "the hash follows the page");
}

#[tokio::test]
async fn hashed_files_are_immutable_and_come_compressed() {
    let (_folder, gateway) = with_app().await;
    let path = "/switchboard-0123456789abcdef_bg.wasm";
    for (accepts, encoding, content) in [
        ("br, gzip", Some("br"), "brotli"),
        ("gzip", Some("gzip"), "gzip"),
        ("identity", None, "\0asm"),
    ] {
        let headers = [("Accept-Encoding", accepts)];
        let file = http::request(gateway.address, "GET", path, &headers, b"").await;
        assert_eq!((file.status, file.text()), (200, content));
        assert_eq!(file.header("content-encoding"), encoding);
        assert_eq!(file.header("content-type"), Some("application/wasm"));
        assert_eq!(file.header("vary"), Some("Accept-Encoding"));
        let cache = file.header("cache-control");
        assert_eq!(cache, Some("public, max-age=31536000, immutable"));
    }
    let style = http::get(gateway.address, "/style-0123456789abcdef.css").await;
    assert_eq!(style.header("content-type"), Some("text/css"));
    let icon = http::get(gateway.address, "/icon.svg").await;
    assert_eq!(icon.header("content-type"), Some("image/svg+xml"));
    assert_eq!(icon.header("cache-control"), Some("no-cache"));
}

#[tokio::test]
async fn the_config_is_the_folders_or_the_gateways() {
    let (folder, gateway) = with_app().await;
    let config = http::get(gateway.address, "/config.json").await;
    assert_eq!(config.header("content-type"), Some("application/json"));
    assert_eq!(config.header("cache-control"), Some("no-cache"));
    let parsed: serde_json::Value = serde_json::from_str(config.text()).expect("JSON");
    assert_eq!(parsed, json!({"url": "/dev", "profile": "switchboard"}));
    fs::write(folder.path().join("config.json"), "{\"url\":\"wss://x\"}").expect("writes");
    let config = http::get(gateway.address, "/config.json").await;
    assert_eq!(config.text(), "{\"url\":\"wss://x\"}");
}

#[tokio::test]
async fn there_is_no_way_out_of_the_folder() {
    let (folder, gateway) = with_app().await;
    let outside = folder.path().with_extension("secret");
    fs::write(&outside, "secret").expect("writes");
    let name = outside
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a name");
    for path in [
        format!("/../{name}"),
        format!("/%2e%2e/{name}"),
        format!("/..%2f{name}"),
        format!("//{}", outside.display()),
        "/missing.js".to_owned(),
    ] {
        let response = http::get(gateway.address, &path).await;
        assert_eq!(response.status, 404, "{path}");
        assert_eq!(response.body, b"");
    }
    fs::remove_file(outside).expect("removes");
    assert_eq!(
        http::post(gateway.address, "/index.html", b"x")
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn a_start_that_fails_says_why_in_one_sentence() {
    let running = Harness::start().await;
    let start = |config: Config, address: std::net::SocketAddr| async move {
        let setup = Setup::new();
        let connections = Connections::new(setup.clock.clone(), config.limits.clone());
        let gateway = Gateway::new(
            config,
            setup.clock,
            connections,
            setup.routes,
            Arc::new(NoFunctions),
        );
        match Server::bind(address, gateway).await {
            Ok(_) => panic!("this must not start"),
            Err(error) => error,
        }
    };
    let free = "127.0.0.1:0".parse().expect("address");
    let error = start(Config::default(), running.address).await;
    assert!(matches!(error, ConfigError::Listen(..)));
    assert!(
        error.to_string().contains("is in use by another program"),
        "{error}"
    );

    let app = Some("/nowhere/dist".into());
    let error = start(
        Config {
            app,
            ..Config::default()
        },
        free,
    )
    .await;
    assert!(matches!(error, ConfigError::App(_)));
    assert!(
        error
            .to_string()
            .starts_with("/nowhere/dist has no index.html"),
        "{error}"
    );

    for stage in ["", "a/b", "health", "queue", "ü"] {
        let stage = stage.to_owned();
        let error = start(
            Config {
                stage,
                ..Config::default()
            },
            free,
        )
        .await;
        assert!(matches!(error, ConfigError::Stage(_)), "{error}");
    }
}

struct NoFunctions;

impl Functions for NoFunctions {
    fn invoke(&self, _: &str, _: serde_json::Value) -> support::Answer {
        Box::pin(std::future::ready(Err(FunctionError::new("Error", "none"))))
    }
}
