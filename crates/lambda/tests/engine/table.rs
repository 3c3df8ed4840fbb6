//! A table of its own for each test, in the engine that `SWITCHBOARD_DYNAMODB` names.

use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType},
};
use aws_smithy_http_client::Builder;
use switchboard_lambda::{Clients, DynamoStore, Environment};

use crate::support::{environment, wire::Wire};

static TABLES: AtomicU32 = AtomicU32::new(0);

/// A fresh table.
pub(crate) struct Table {
    pub(crate) name: String,
    endpoint: String,
}

impl Table {
    pub(crate) async fn create() -> Self {
        let endpoint = std::env::var("SWITCHBOARD_DYNAMODB")
            .expect("SWITCHBOARD_DYNAMODB: `cargo xtask test --only aws` sets it");
        let number = TABLES.fetch_add(1, Ordering::Relaxed);
        // The engine may outlive a run of the tests.
        let name = format!("chat-{}-{number}", std::process::id());
        let table = Self { name, endpoint };
        let (client, _) = table.client();
        let key = |name: &str, kind| {
            let key = KeySchemaElement::builder().attribute_name(name);
            key.key_type(kind).build().unwrap()
        };
        let string = |name: &str| {
            let attribute = AttributeDefinition::builder().attribute_name(name);
            let attribute = attribute.attribute_type(ScalarAttributeType::S);
            attribute.build().unwrap()
        };
        let request = client.create_table().table_name(&table.name);
        let request = request
            .key_schema(key("PK", KeyType::Hash))
            .key_schema(key("SK", KeyType::Range))
            .attribute_definitions(string("PK"))
            .attribute_definitions(string("SK"))
            .billing_mode(BillingMode::PayPerRequest);
        request.send().await.unwrap();
        table
    }

    /// What a function over this table is told.
    pub(crate) fn environment(&self) -> Environment {
        environment(&self.endpoint, "http://127.0.0.1:9/none", &self.name)
    }

    /// A client of its own, and the wire it is on.
    pub(crate) fn client(&self) -> (Client, Wire) {
        let wire = Wire::over(Builder::new().build_http());
        let clients = Clients::over(wire.client(), &self.environment());
        (clients.dynamodb, wire)
    }

    /// A store as another process would have it, and its wire.
    pub(crate) fn store(&self) -> (DynamoStore, Wire) {
        let (client, wire) = self.client();
        (DynamoStore::new(client, &self.name), wire)
    }
}
