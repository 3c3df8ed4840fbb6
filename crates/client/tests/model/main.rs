//! The client core against a reference, by chance: whatever the network, the disk and the person
//! do, what is shown is a piece of the server's log, and nothing that was promised is lost.
//!
//! The seed is fixed, so that CI draws the same cases each time; `PROPTEST_CASES` and
//! `PROPTEST_RNG_SEED` in the environment look longer and elsewhere. A failure prints the shortest steps found, and is kept in
//! `regressions.txt` for every later run.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "../support/mod.rs"]
mod support;

mod corpus;
mod found;

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use support::step::{Options, Step};
use support::world::World;

const SEED: u64 = 20_261_125;

/// What the person wrote: so many messages in each conversation, in order.
#[derive(Debug, Clone)]
struct Reference {
    options: Options,
    written: [usize; 2],
}

struct Core;

impl ReferenceStateMachine for Reference {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        (
            1..=3_u8,
            1..=4_u8,
            prop_oneof![Just(3_u8), Just(200)],
            0..1_000_u64,
        )
            .prop_map(|(page, buffer, far_behind, seed)| Self {
                options: Options {
                    page,
                    buffer,
                    far_behind,
                    seed,
                },
                written: [0; 2],
            })
            .boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Step> {
        prop_oneof![
            8 => any::<u8>().prop_map(Step::Send),
            6 => any::<u8>().prop_map(Step::Other),
            6 => (any::<u8>(), any::<u8>()).prop_map(|(which, what)| Step::Change(which, what)),
            4 => (any::<u8>(), any::<u8>()).prop_map(|(which, what)| Step::OtherChange(which, what)),
            3 => (any::<u8>(), any::<u8>(), any::<bool>())
                .prop_map(|(which, target, tell)| Step::Read(which, target, tell)),
            1 => any::<u8>().prop_map(Step::Hole),
            30 => (any::<u8>(), any::<bool>()).prop_map(|(which, echo)| Step::Serve(which, echo)),
            2 => any::<u8>().prop_map(Step::ServeMute),
            2 => any::<u8>().prop_map(Step::Busy),
            3 => any::<u8>().prop_map(Step::LoseUp),
            30 => any::<u8>().prop_map(Step::Deliver),
            4 => any::<u8>().prop_map(Step::Double),
            4 => any::<u8>().prop_map(Step::LoseDown),
            4 => Just(Step::Open),
            14 => Just(Step::Up),
            4 => Just(Step::Flush),
            3 => (any::<u8>(), any::<u8>()).prop_map(|(which, code)| Step::Close(which, code)),
            1 => any::<u8>().prop_map(Step::Closing),
            1 => any::<u8>().prop_map(Step::Cut),
            8 => prop_oneof![4 => Just(0), 1 => any::<u16>()].prop_map(Step::Timer),
            3 => any::<u16>().prop_map(Step::Pass),
            1 => any::<u8>().prop_map(Step::Sleep),
            2 => (0..3_000_u16).prop_map(Step::Goaway),
            1 => any::<u8>().prop_map(Step::Buffered),
            3 => any::<u8>().prop_map(Step::Disk),
            5 => Just(Step::Written),
            2 => Just(Step::Reload),
            2 => any::<u8>().prop_map(Step::Earlier),
            2 => any::<u8>().prop_map(Step::Hint),
            1 => any::<u8>().prop_map(Step::Junk),
        ]
        .boxed()
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        if let Step::Send(which) = step {
            state.written[usize::from(which % 2)] += 1;
        }
        state
    }
}

impl StateMachineTest for Core {
    type SystemUnderTest = World;
    type Reference = Reference;

    fn init_test(reference: &Reference) -> World {
        World::new(reference.options)
    }

    fn apply(mut world: World, reference: &Reference, step: Step) -> World {
        if let Err(broken) = world.step(step) {
            panic!("{broken}");
        }
        assert_eq!(world.written.each_ref().map(Vec::len), reference.written);
        world
    }

    fn teardown(mut world: World, _: Reference) {
        if let Err(broken) = world.heal() {
            panic!("after healing: {broken}");
        }
    }
}

prop_state_machine! {
    #![proptest_config(Config {
        max_shrink_iters: 20_000,
        rng_seed: match Config::default().rng_seed {
            RngSeed::Random => RngSeed::Fixed(SEED),
            asked @ RngSeed::Fixed(_) => asked,
        },
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/model/regressions.txt"))),
        ..Config::default()
    })]

    #[test]
    fn whatever_happens_the_log_is_shown_and_nothing_promised_is_lost(sequential 20..160 => Core);
}
