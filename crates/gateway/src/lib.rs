//! A local API Gateway for WebSocket APIs: what AWS does between a browser and the functions.
//!
//! It exists so that one machine is a complete deployment and so that tests meet the platform's
//! real rules. It knows no chat: handlers stand behind [`Functions`], and see the same JSON
//! events that Lambda would give them. The behaviour is specified, with its sources, in
//! `reference/api-gateway-websocket.md`; the numbered cases there are `tests/conformance_*.rs`.

mod answers;
mod api;
mod authorizer;
mod backend;
mod body;
mod calendar;
mod clock;
mod config;
mod connections;
mod demo_login;
mod error;
mod event;
mod faults;
mod functions;
#[doc(hidden)]
pub mod fuzzing;
mod gateway;
mod head;
mod ids;
mod integration;
mod management;
mod origin;
mod peer;
mod platform_frames;
mod queue;
mod rate;
mod routes;
mod runtime;
mod selection;
mod server;
mod signature;
mod site;
pub mod store;
mod tickets;
mod websocket;

pub use self::{
    authorizer::{Authorizer, IdentitySource},
    backend::{BackendFunctions, backend_routes, ticket_authorizer},
    clock::Clock,
    config::{Config, Limits, LossDetection, QueueConfig, Switches},
    connections::{Connections, PostRefused},
    error::ConfigError,
    faults::Faults,
    functions::{FunctionError, Functions},
    gateway::Gateway,
    ids::ConnectionId,
    origin::AllowedOrigin,
    queue::poller::PUBLISHER,
    routes::{INTEGRATION_TIMEOUT, Model, Route, RouteResponse, Routes},
    runtime::{Addresses, RuntimeFunctions, RuntimeLimits},
    selection::Selection,
    server::Server,
    signature::AccessKey,
};
