//! The five older systems by formula: the same messages to the same people, as each of them sends.
//!
//! None of them keeps a history, finds duplicates, tells who is online or keeps a connection alive; what
//! stands here is what their own code asks for.

use super::{Case, prices::Bill};

/// Bytes of a roster row of theirs.
const ROW_BYTES: f64 = 150.0;
const SCAN_UNIT_BYTES: f64 = 4096.0;

pub(super) fn all(case: &Case) -> [(&'static str, Bill); 5] {
    let milliseconds = f64::from(case.milliseconds);
    let (sent, online) = (case.sent(), case.connections());
    let others = f64::from(case.rooms.saturating_sub(1));
    let reached = others * f64::from(case.devices);
    // An eventually consistent scan of everyone is half as dear.
    let scan = (online * ROW_BYTES / SCAN_UNIT_BYTES).ceil() / 2.0;
    let sockets = |writes: f64| {
        let mut bill = Bill {
            connection_minutes: case.connection_minutes(),
            writes: 2.0 * writes * case.opened(),
            ..Bill::default()
        };
        bill.invoked(2.0 * case.opened(), milliseconds);
        bill
    };
    let sending = |one: Bill, invocations: f64| {
        let mut bill = one;
        bill.invoked(invocations, milliseconds);
        bill.times(sent)
    };
    let system = |sockets: Bill, sending: Bill| {
        let mut bill = sockets;
        bill.add(sending);
        bill
    };
    // A frame for each connection.
    let direct = Bill {
        messages: 2.0 * reached,
        ..Bill::default()
    };
    // A frame for all of them, and a query for each person.
    let by_user = Bill {
        messages: 1.0 + reached,
        reads: others / 2.0,
        ..Bill::default()
    };
    // A record: sent, received and deleted in tens; a scan for each, and a post to everyone.
    let queue = Bill {
        messages: online,
        reads: scan,
        queue_requests: 1.0 + 2.0 / 10.0,
        ..Bill::default()
    };
    let broadcast = Bill {
        messages: 1.0 + online,
        reads: scan,
        ..Bill::default()
    };
    [
        (
            "S1 by connection",
            system(sockets(0.0), sending(direct, reached)),
        ),
        ("S2 by user", system(sockets(1.0), sending(by_user, 1.0))),
        (
            "S3 queue to everyone",
            system(sockets(1.0), sending(queue, 0.1)),
        ),
        (
            "S4 broadcast",
            system(sockets(1.0), sending(broadcast, 1.0)),
        ),
        ("S5 one room", system(sockets(1.0), sending(broadcast, 1.0))),
    ]
}
