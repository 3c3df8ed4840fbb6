//! The chat backend on AWS: its ports over DynamoDB and the management API, and the functions
//! that Lambda runs.
//!
//! Thin on purpose: what decides is `switchboard-backend`, which the local gateway and the
//! simulation run too. Here stand only the adapters, and what a function reads from its
//! environment. The functions are `src/bin`, one for each.

mod clients;
mod clock;
mod environment;
pub mod function;
mod logs;
mod management;
mod store;

pub use self::{
    clients::Clients,
    clock::SystemClock,
    environment::{Credentials, Environment, EnvironmentError},
    management::ManagementApi,
    store::DynamoStore,
};
