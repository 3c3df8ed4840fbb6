//! The SDK's clients, built once for an execution environment.
//!
//! Without `aws-config`: on Lambda region and credentials are variables, and its chain of
//! providers would bring three more services' SDKs.

use std::time::Duration;

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Region, SharedHttpClient, retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_types::SdkConfig;

use crate::environment::{Environment, Platform, QueueAddress};

/// Both are some milliseconds away; a connection that takes longer will not come.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// One try of a request of either: at the 99.9th percentile they take tens of milliseconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// All tries of one, within any function's time.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(6);
/// DynamoDB and SQS ask to be tried again when they throttle; the SDK waits in between, with jitter.
const ATTEMPTS: u32 = 3;

/// An HTTP client that speaks TLS.
#[must_use]
pub fn https() -> SharedHttpClient {
    Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https()
}

/// For the stores.
#[must_use]
pub fn dynamodb(http: SharedHttpClient, platform: &Platform) -> aws_sdk_dynamodb::Client {
    let mut config = aws_sdk_dynamodb::config::Builder::from(&tried_again(http, platform));
    config.set_endpoint_url(platform.endpoint_url.clone());
    aws_sdk_dynamodb::Client::from_conf(config.build())
}

/// For records of the queue.
#[must_use]
pub fn sqs(
    http: SharedHttpClient,
    platform: &Platform,
    address: &QueueAddress,
) -> aws_sdk_sqs::Client {
    let mut config = aws_sdk_sqs::config::Builder::from(&tried_again(http, platform));
    config.set_endpoint_url(address.endpoint_url.clone());
    aws_sdk_sqs::Client::from_conf(config.build())
}

/// For posts to connections.
#[must_use]
pub fn management(
    http: SharedHttpClient,
    environment: &Environment,
) -> aws_sdk_apigatewaymanagement::Client {
    // Each post is tried again by the handlers, which also know for how long.
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_timeout(environment.settings.post_timeout)
        .build();
    let shared = shared(http, &environment.platform);
    let config = aws_sdk_apigatewaymanagement::config::Builder::from(&shared)
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        .endpoint_url(environment.callback_url.clone());
    aws_sdk_apigatewaymanagement::Client::from_conf(config.build())
}

/// For services that are near and ask to be tried again.
fn tried_again(http: SharedHttpClient, platform: &Platform) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    shared(http, platform)
        .into_builder()
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts)
        .build()
}

fn shared(http: SharedHttpClient, platform: &Platform) -> SdkConfig {
    let keys = platform.credentials.clone();
    let credentials = Credentials::new(
        keys.access_key_id,
        keys.secret_access_key,
        keys.session_token,
        None,
        "Environment",
    );
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(platform.region.clone()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http)
        .build()
}
