//! Bytes of a fuzzer as what a client meets: frames of a hostile server, or a schedule.

use switchboard_client::{Input, Phase};

use super::scenario::Scenario;
use super::step::{Options, Step};
use super::world::World;
use super::{bo, lobby};

/// Each line is a text frame; the first byte tells whether the client is up or still greeting.
pub fn inbound(data: &[u8]) {
    let Some((kind, data)) = data.split_first() else {
        return;
    };
    let mut s = if kind % 2 == 0 {
        Scenario::up()
    } else {
        let mut s = Scenario::new();
        s.open();
        s
    };
    for conversation in [lobby(), bo()] {
        s.send(
            &conversation,
            if conversation.is_lobby() { "m1" } else { "m2" },
        );
    }
    let text = String::from_utf8_lossy(data);
    for frame in text.split('\n').take(200) {
        s.text(frame);
        if s.live.is_empty() && s.phase() != Phase::Up {
            break;
        }
    }
    for _ in 0..4 {
        if s.client.poll_timeout().is_some() {
            s.fire();
        }
    }
    for summary in s.client.conversations() {
        let newest = s.client.items(&summary.id, 7);
        let all = s.items(&summary.id);
        assert!(
            all.ends_with(&newest),
            "{}: the newest rows are others",
            summary.id
        );
        if let Some(log) = s.client.log(&summary.id) {
            let seqs: Vec<u64> = log.messages.iter().map(|m| m.seq.get()).collect();
            assert!(seqs.is_sorted_by(|a, b| a < b), "{}: {seqs:?}", summary.id);
            assert!(
                seqs.iter()
                    .all(|seq| (log.after.get() + 1..=log.through.get()).contains(seq))
            );
        }
    }
    // Whatever was said, the person can still sign out.
    s.input(Input::SignOut);
    assert_eq!(s.client.poll_timeout(), None);
    assert!(s.live.is_empty());
    assert!(s.client.online().is_empty() && s.client.conversations().is_empty());
}

/// Three bytes of options, then two or three bytes a step; healed at the end.
pub fn schedule(data: &[u8]) {
    let [page, buffer, far_behind, rest @ ..] = data else {
        return;
    };
    let mut world = World::new(Options {
        page: page % 4,
        buffer: buffer % 5,
        far_behind: *far_behind,
        seed: u64::from(*far_behind),
    });
    for step in rest.chunks(3).take(400) {
        let arguments = [1, 2].map(|at| step.get(at).copied().unwrap_or(0));
        if let Err(broken) = world.step(decode(step[0], arguments)) {
            panic!("{broken}");
        }
    }
    if let Err(broken) = world.heal() {
        panic!("after healing: {broken}");
    }
}

fn decode(kind: u8, [a, b]: [u8; 2]) -> Step {
    let ms = u16::from_be_bytes([a, b]);
    match kind % 27 {
        0 if b >= 0x80 => Step::Change(a, b),
        0 => Step::Send(a),
        1 if b >= 0x80 => Step::OtherChange(a, b),
        1 => Step::Other(a),
        2 => Step::Hole(a),
        3 => Step::Serve(a, b % 2 == 1),
        4 => Step::ServeMute(a),
        5 => Step::Busy(a),
        6 => Step::LoseUp(a),
        7 => Step::Deliver(a),
        8 => Step::Double(a),
        9 => Step::LoseDown(a),
        10 => Step::Open,
        11 => Step::Up,
        12 => Step::Flush,
        13 => Step::Close(a, b),
        14 => Step::Closing(a),
        15 => Step::Cut(a),
        16 => Step::Timer(0),
        17 => Step::Timer(ms),
        18 => Step::Pass(ms),
        19 => Step::Sleep(a),
        20 => Step::Goaway(ms % 3_000),
        21 => Step::Buffered(a),
        22 => Step::Disk(a),
        23 => Step::Written,
        24 => Step::Reload,
        25 if b >= 0x80 => Step::Read(a, b / 2, b % 2 == 0),
        25 => Step::Earlier(a),
        _ => match b % 2 {
            0 => Step::Hint(a),
            _ => Step::Junk(a),
        },
    }
}
