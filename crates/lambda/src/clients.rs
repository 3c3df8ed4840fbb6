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

use crate::environment::Environment;

/// Both are some milliseconds away; a connection that takes longer will not come.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// One try of a DynamoDB request: at the 99.9th percentile they take tens of milliseconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// All tries of one, within any function's time.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(6);
/// DynamoDB asks to be tried again when it throttles; the SDK waits in between, with jitter.
const ATTEMPTS: u32 = 3;

/// What the adapters send with.
#[derive(Debug, Clone)]
pub struct Clients {
    /// For the store.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// For posts to connections.
    pub management: aws_sdk_apigatewaymanagement::Client,
}

impl Clients {
    /// Clients for this environment, sharing their connections.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        let http = Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        Self::over(http, environment)
    }

    /// The same over another HTTP client.
    #[must_use]
    pub fn over(http: SharedHttpClient, environment: &Environment) -> Self {
        let keys = environment.credentials.clone();
        let credentials = Credentials::new(
            keys.access_key_id,
            keys.secret_access_key,
            keys.session_token,
            None,
            "Environment",
        );
        let shared = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(environment.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http)
            .build();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(OPERATION_TIMEOUT)
            .build();
        let mut dynamodb = aws_sdk_dynamodb::config::Builder::from(&shared)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(timeouts);
        dynamodb.set_endpoint_url(environment.endpoint_url.clone());
        // Each post is tried again by the handlers, which also know for how long.
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_timeout(environment.settings.post_timeout)
            .build();
        let management = aws_sdk_apigatewaymanagement::config::Builder::from(&shared)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts)
            .endpoint_url(environment.callback_url.clone());
        Self {
            dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb.build()),
            management: aws_sdk_apigatewaymanagement::Client::from_conf(management.build()),
        }
    }
}
