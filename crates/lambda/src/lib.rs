//! The chat backend on AWS: its ports over DynamoDB and the management API, and the functions
//! that Lambda runs.
//!
//! Thin on purpose: what decides is `switchboard-backend`, which the local gateway and the
//! simulation run too. Here stand only the adapters, and what a function reads from its
//! environment. The functions are `src/bin`, one for each.

pub mod clients;
mod clock;
mod environment;
pub mod function;
mod keys;
mod logs;
mod management;
mod queue;
mod store;
mod tickets;

pub use self::{
    clock::SystemClock,
    environment::{
        AuthorizerEnvironment, Credentials, Environment, EnvironmentError, IssuerEnvironment,
        Platform, QueueAddress,
    },
    keys::PublishedKeys,
    management::ManagementApi,
    queue::Queue,
    store::DynamoStore,
    tickets::DynamoTickets,
};
