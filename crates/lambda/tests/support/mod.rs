//! What the tests of the adapters share.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test target uses its own part"
)]

pub mod events;
pub mod wire;

use switchboard_backend::Settings;
use switchboard_lambda::{Credentials, Environment};

/// An environment whose DynamoDB and gateway are at these addresses.
pub fn environment(dynamodb: &str, callback_url: &str, table: &str) -> Environment {
    Environment {
        region: "eu-central-1".to_owned(),
        credentials: Credentials {
            access_key_id: "test".to_owned(),
            secret_access_key: "test".to_owned(),
            session_token: None,
        },
        table: table.to_owned(),
        callback_url: callback_url.to_owned(),
        endpoint_url: Some(dynamodb.to_owned()),
        settings: Settings::default(),
    }
}
