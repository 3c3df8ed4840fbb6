//! What the property has found, as it was found: the steps outlive the generator that drew them.

use crate::support::step::{Options, Step};
use crate::support::world::World;

fn play(options: Options, steps: &[Step]) {
    let mut world = World::new(options);
    for step in steps {
        world.step(*step).unwrap();
    }
    world.heal().unwrap();
}

const SMALL: Options = Options {
    page: 1,
    buffer: 1,
    far_behind: 3,
    seed: 0,
};

/// The ack could not be stored, the echo of it could: outbox and log had the message both.
#[test]
fn a_message_that_storage_has_in_outbox_and_log_is_shown_once() {
    play(
        SMALL,
        &[
            Step::Send(0),
            Step::Timer(1_501),
            Step::Open,
            Step::Disk(1),
            Step::Serve(0, false),
            Step::Deliver(0),
            Step::Serve(0, false),
            Step::Deliver(0),
        ],
    );
}
