//! The production client, the production handlers and API Gateway's rules in one process, on
//! virtual time, from one seed.
//!
//! A [`Plan`] is everything a run depends on; [`run`] gives a [`Report`]. `docs/proof.md` says
//! what is simulated, what is checked, and what the model leaves out.

mod conn;
mod heap;
mod late_rows;
mod mutants;
mod oracle;
mod page;
mod people;
mod plan;
mod platform;
mod ports;
mod rates;
mod record;
mod report;
mod rng;
mod schedule;
mod setup;
mod shrink;
mod slab;
mod storage;
mod store;
mod world;

pub use mutants::{Entry, Expected, MUTANTS, Mutation, ServerMutant, StorageMutant};
pub use plan::{Plan, Profile};
pub use record::{Record, Replayed};
pub use report::{Broken, Report};
pub use schedule::Step;
pub use shrink::{Shrunk, shrink};

/// Runs a plan to its end or to the first broken promise.
#[must_use]
pub fn run(plan: &Plan) -> Report {
    world::World::new(plan).run()
}
