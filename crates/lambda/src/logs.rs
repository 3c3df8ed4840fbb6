//! Structured logs: one JSON object a line on stderr, which Lambda hands to CloudWatch.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging, our own lines from `level` on (`error` … `debug`; `info` by default).
///
/// Of the libraries only what an operator needs: the runtime's spans carry the request id,
/// while the finer levels of runtime and SDK print bodies, which hold people's messages.
pub(crate) fn start(level: Option<&str>) {
    let level = level
        .and_then(|level| level.parse().ok())
        .unwrap_or(LevelFilter::INFO)
        .min(LevelFilter::DEBUG);
    let targets = Targets::new()
        .with_target("switchboard", level)
        .with_target("lambda_runtime", LevelFilter::INFO)
        .with_default(LevelFilter::WARN);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_writer(std::io::stderr);
    // Fails only if there is one already.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(targets))
        .try_init();
}
