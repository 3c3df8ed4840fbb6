//! A message to everyone, by how many they are: how it gets to them, how long it takes, what it costs.
//!
//! Operations are the counted ones. Time is a model: posts one after another in so many lanes, shards
//! one after another on so many publishers.

use super::{
    operations::{Operations, Scope},
    prices::Bill,
};

/// `Settings::fan_out_bound` and `Settings::fan_out_width` (`crates/backend/src/settings.rs`).
pub(super) const BOUND: u32 = 512;
const WIDTH: u32 = 64;
/// `MaximumConcurrency` (`serverless/template.yaml`).
const PUBLISHERS: u32 = 2;
/// Requests to the queue in flight (`crates/lambda/src/queue.rs`), records in each.
const REQUESTS_AT_ONCE: u32 = 8;
const ENTRIES: u32 = 10;
/// From one request's end to the next one's: of a table, of the queue, of the poller. Nobody has
/// measured it on AWS.
const REQUEST_MS: u32 = 15;
/// After this the platform gives a route's function up.
const LIMIT_MS: u32 = 29_000;

/// How many there are.
const CROWDS: [u32; 6] = [512, 513, 1_000, 5_000, 20_000, 100_000];
/// Of a post, ms: what the reference takes it for, and four times that.
const POSTS_MS: [u32; 2] = [15, 60];

/// One message.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Room {
    records: u32,
    invocations: u32,
    posts: u32,
    bill: Bill,
}

impl Room {
    /// To so many connections, the sender's among them.
    fn of(connections: u32) -> Self {
        let operations = Operations::read();
        let everyone = f64::from(connections);
        let others = connections - 1;
        let scope = Scope {
            people: 0.0,
            connections: 0.0,
            own: 1.0,
            author: 0.0,
            online: everyone - 1.0,
            members: 0.0,
            batches: 0.0,
            partners: 0.0,
            theirs: 0.0,
        };
        let of = |event, scope: &Scope| operations.of(event, scope, 0.0);
        if connections <= BOUND {
            // The sender's part is the same but for the queue, and the posts are its own.
            let mut bill = of("crowd", &scope);
            bill.messages += 1.0 + f64::from(others);
            bill.invoked(1.0, f64::from(posting_ms(others, POSTS_MS[0])));
            return Self {
                records: 0,
                invocations: 1,
                posts: others,
                bill,
            };
        }
        let records = connections.div_ceil(BOUND).next_power_of_two();
        let batches = records.div_ceil(ENTRIES);
        let mut bill = of(
            "crowd",
            &Scope {
                batches: f64::from(batches),
                ..scope
            },
        );
        bill.messages += 1.0;
        bill.invoked(1.0, f64::from(sending_ms(batches)));
        let members = f64::from(others) / f64::from(records);
        let shard = of("shard", &Scope { members, ..scope });
        bill.add(shard.times(f64::from(records)));
        // Each is received and deleted by itself.
        bill.queue_requests += 2.0 * f64::from(records);
        let each = shard_ms(others.div_ceil(records), POSTS_MS[0]);
        bill.invoked(f64::from(records), f64::from(each));
        Self {
            records,
            invocations: 1 + records,
            posts: others,
            bill,
        }
    }

    /// Until the last one has it, ms.
    fn last_ms(&self, post_ms: u32) -> u32 {
        if self.records == 0 {
            return posting_ms(self.posts, post_ms);
        }
        let rounds = self.records.div_ceil(PUBLISHERS);
        let each = shard_ms(self.posts.div_ceil(self.records), post_ms);
        sending_ms(self.records.div_ceil(ENTRIES)) + rounds * each
    }
}

fn posting_ms(posts: u32, post_ms: u32) -> u32 {
    posts.div_ceil(WIDTH) * post_ms
}

/// The roster, then the records.
fn sending_ms(batches: u32) -> u32 {
    REQUEST_MS * (1 + batches.div_ceil(REQUESTS_AT_ONCE))
}

/// From the queue, of the roster, to the connections.
fn shard_ms(posts: u32, post_ms: u32) -> u32 {
    2 * REQUEST_MS + posting_ms(posts, post_ms)
}

/// A row for each crowd.
pub(super) fn table() -> Vec<String> {
    let head = [
        "everyone",
        "records",
        "invocations",
        "posts",
        "last, 15 ms",
        "last, 60 ms",
        "alone, 60 ms",
        "USD",
    ];
    let row = |cells: &[String]| cells.iter().map(|cell| format!("{cell:>14}")).collect();
    let mut lines: Vec<String> = vec![row(&head.map(str::to_owned))];
    for connections in CROWDS {
        let room = Room::of(connections);
        let alone = posting_ms(room.posts, POSTS_MS[1]);
        let alone = match alone > LIMIT_MS {
            true => "given up".to_owned(),
            false => seconds(alone),
        };
        lines.push(row(&[
            connections.to_string(),
            room.records.to_string(),
            room.invocations.to_string(),
            room.posts.to_string(),
            seconds(room.last_ms(POSTS_MS[0])),
            seconds(room.last_ms(POSTS_MS[1])),
            alone,
            format!("{:.5}", room.bill.dollars()),
        ]));
    }
    lines
}

fn seconds(ms: u32) -> String {
    format!("{:.2} s", f64::from(ms) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in other files.
    #[test]
    fn the_numbers_are_those_of_the_handlers_and_the_template() {
        let settings = include_str!("../../../crates/backend/src/settings.rs");
        assert!(settings.contains(&format!("fan_out_bound: {BOUND},")));
        assert!(settings.contains(&format!("fan_out_width: {WIDTH},")));
        let template = include_str!("../../../serverless/template.yaml");
        assert!(template.contains(&format!("MaximumConcurrency: {PUBLISHERS} ")));
        assert!(template.contains(&format!("    Default: {BOUND}\n")));
        let queue = include_str!("../../../crates/lambda/src/queue.rs");
        assert!(queue.contains(&format!("const WIDTH: usize = {REQUESTS_AT_ONCE};")));
        assert!(queue.contains(&format!("const ENTRIES: usize = {ENTRIES};")));
    }

    /// By hand: 256 shards of 391.
    #[test]
    fn a_hundred_thousand_are_what_they_are_by_hand() {
        let room = Room::of(100_000);
        assert_eq!((room.records, room.invocations), (256, 257));
        assert_eq!(room.posts, 99_999);
        // In, the acknowledgement, and everybody's copy.
        assert!((room.bill.messages - 100_001.0).abs() < 1e-6);
        // 26 requests out, and each record in and away.
        assert!((room.bill.queue_requests - (26.0 + 512.0)).abs() < 1e-6);
        // The look at the roster reads four times 513 rows of 250 bytes; a shard, 391.
        assert!((room.bill.reads - (2.0 + 4.0 * 32.0 + 256.0 * 24.0)).abs() < 1e-6);
        // The roster and 26 requests, eight at a time; 128 rounds of seven posts one after another.
        assert_eq!(room.last_ms(15), 15 + 4 * 15 + 128 * (30 + 7 * 15));
        // Below the account's quota of 10,000 requests a second.
        assert!(f64::from(room.posts) / f64::from(room.last_ms(15)) < 10.0);
    }

    /// Dearer by the queue and the roster's parts, which are nothing beside the posts.
    #[test]
    fn one_more_than_the_bound_costs_hardly_more() {
        let (at, above) = (Room::of(BOUND), Room::of(BOUND + 1));
        assert_eq!((at.records, above.records), (0, 2));
        let ratio = above.bill.dollars() / at.bill.dollars();
        assert!((1.0..1.1).contains(&ratio), "{ratio}");
    }

    /// No function has more to do than it has time for, whatever posts take.
    #[test]
    fn no_shard_takes_the_publishers_time() {
        for connections in CROWDS {
            let room = Room::of(connections);
            let posts = room.posts.div_ceil(room.records.max(1));
            // `Settings::post_timeout`: every single one hangs.
            assert!(shard_ms(posts, 2_000) < LIMIT_MS, "{connections}");
        }
    }
}
