//! A table of its own for each test, in the engine that `SWITCHBOARD_EMULATOR` names.

use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType},
};
use aws_smithy_http_client::Builder;
use switchboard_lambda::{DynamoStore, DynamoTickets, Environment, clients};

use crate::support::{environment, wire::Wire};

static TABLES: AtomicU32 = AtomicU32::new(0);

/// A fresh table.
pub(crate) struct Table {
    pub(crate) name: String,
    endpoint: String,
}

impl Table {
    /// The chat's.
    pub(crate) async fn create() -> Self {
        Self::with_keys(&[("PK", KeyType::Hash), ("SK", KeyType::Range)]).await
    }

    /// One for tickets.
    pub(crate) async fn for_tickets() -> Self {
        Self::with_keys(&[("PK", KeyType::Hash)]).await
    }

    async fn with_keys(keys: &[(&str, KeyType)]) -> Self {
        let endpoint = std::env::var("SWITCHBOARD_EMULATOR")
            .expect("SWITCHBOARD_EMULATOR: `cargo xtask test --only aws` sets it");
        let number = TABLES.fetch_add(1, Ordering::Relaxed);
        // The engine may outlive a run of the tests.
        let name = format!("chat-{}-{number}", std::process::id());
        let table = Self { name, endpoint };
        let (client, _) = table.client();
        let mut request = client
            .create_table()
            .table_name(&table.name)
            .billing_mode(BillingMode::PayPerRequest);
        for (name, kind) in keys {
            let key = KeySchemaElement::builder().attribute_name(*name);
            let attribute = AttributeDefinition::builder().attribute_name(*name);
            let attribute = attribute.attribute_type(ScalarAttributeType::S);
            request = request
                .key_schema(key.key_type(kind.clone()).build().unwrap())
                .attribute_definitions(attribute.build().unwrap());
        }
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
        let client = clients::dynamodb(wire.client(), &self.environment().platform);
        (client, wire)
    }

    /// A store as another process would have it, and its wire.
    pub(crate) fn store(&self) -> (DynamoStore, Wire) {
        let (client, wire) = self.client();
        (DynamoStore::new(client, &self.name), wire)
    }

    /// Tickets as another process would have them, and their wire.
    pub(crate) fn tickets(&self) -> (DynamoTickets, Wire) {
        let (client, wire) = self.client();
        (DynamoTickets::new(client, &self.name), wire)
    }
}
