//! `cargo xtask cost`: what a month costs, from counted operations and published prices.
//!
//! The operations stand in `serverless/operations.txt`, which the tests of `crates/lambda` count on the
//! wire. docs/cost.md has the model and what it leaves out.

mod operations;
mod prices;
mod room;
mod seeds;

use self::{
    operations::{Operations, Scope},
    prices::Bill,
};
use crate::{failure::Outcome, say};

/// Who uses it, and how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Case {
    /// People.
    pub(crate) users: u32,
    /// Connections of each, at the same time.
    pub(crate) devices: u32,
    /// Hours a day that a connection is open.
    pub(crate) hours: u32,
    /// Days a month.
    pub(crate) days: u32,
    /// Messages that each sends in a day.
    pub(crate) messages: u32,
    /// People in the conversation that a message is sent to, its sender among them.
    pub(crate) rooms: u32,
    /// Conversations of each, whose heads a ping asks for.
    pub(crate) conversations: u32,
    /// Connections that each device opens in a day.
    pub(crate) opens: u32,
    /// Seconds between two pings: 30 while a page is visible, 240 while it is not.
    pub(crate) ping: u32,
    /// Time of an invocation, ms. Nobody has measured it on AWS.
    pub(crate) milliseconds: u32,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            users: 1000,
            devices: 1,
            hours: 8,
            days: 22,
            messages: 50,
            rooms: 2,
            conversations: 10,
            opens: 4,
            ping: 30,
            milliseconds: 20,
        }
    }
}

impl Case {
    fn connections(&self) -> f64 {
        f64::from(self.users) * f64::from(self.devices)
    }

    /// A month's messages.
    fn sent(&self) -> f64 {
        f64::from(self.users) * f64::from(self.messages) * f64::from(self.days)
    }

    /// A month's connections.
    fn opened(&self) -> f64 {
        self.connections() * f64::from(self.opens) * f64::from(self.days)
    }

    fn connection_minutes(&self) -> f64 {
        self.connections() * f64::from(self.hours) * 60.0 * f64::from(self.days)
    }

    fn scope(&self) -> Scope {
        let devices = f64::from(self.devices);
        Scope {
            people: f64::from(self.rooms),
            connections: f64::from(self.rooms) * devices,
            own: devices,
            author: devices,
            online: (self.connections() - 1.0).max(0.0),
            members: 0.0,
            batches: 0.0,
            partners: self.partners(),
            theirs: self.partners() * devices,
        }
    }

    /// People whom each has conversations with, if no two conversations have the same.
    fn partners(&self) -> f64 {
        let each = f64::from(self.conversations) * f64::from(self.rooms.saturating_sub(1));
        each.min(f64::from(self.users) - 1.0)
            .min(f64::from(room::BOUND))
    }
}

/// A month of ours, by what it is for.
pub(crate) fn ours(case: &Case) -> Vec<(&'static str, Bill)> {
    let operations = Operations::read();
    let (scope, milliseconds) = (case.scope(), f64::from(case.milliseconds));
    let conversations = f64::from(case.conversations);
    let event = |name: &str, times: f64| {
        let mut bill = operations.of(name, &scope, conversations);
        bill.invoked(1.0, milliseconds);
        bill.times(times)
    };
    let frame = |name: &str, times: f64| {
        let mut bill = event(name, times);
        bill.messages += times;
        bill
    };
    let opened = case.opened();
    let mut tickets = event("ticket", opened);
    // The issuer's invocation is counted; this is the authorizer's, and the HTTP request.
    tickets.invoked(opened, milliseconds);
    tickets.http_requests += opened;
    let mut sockets = Bill {
        connection_minutes: case.connection_minutes(),
        ..Bill::default()
    };
    sockets.add(event("connect", opened));
    let is_crowd = case.connections() > f64::from(room::BOUND);
    let (come, go) = match is_crowd {
        true => ("hello-crowd", "disconnect-crowd"),
        false => ("hello", "disconnect"),
    };
    sockets.add(event(go, opened));
    sockets.add(frame(come, opened));
    let pings = case.connection_minutes() * 60.0 / f64::from(case.ping);
    vec![
        ("messages", frame("send", case.sent())),
        ("pings", frame("ping", pings)),
        ("connections, presence", sockets),
        ("tickets", tickets),
    ]
}

pub(crate) fn run(case: &Case) -> Outcome {
    say::result(table(case));
    Ok(())
}

fn table(case: &Case) -> String {
    let parts = ours(case);
    let mut lines = vec![
        format!("{case:?}"),
        String::new(),
        row("USD a month", &Bill::HEADS.map(str::to_owned), "all"),
    ];
    let mut whole = Bill::default();
    for (name, bill) in &parts {
        lines.push(bill_row(name, bill));
        whole.add(*bill);
    }
    lines.push(bill_row("together", &whole));
    let sent = parts.iter().find(|(name, _)| *name == "messages");
    let sent = sent.map_or(0.0, |(_, bill)| bill.dollars());
    lines.push(String::new());
    lines.push(format!(
        "a person {:.4}   a million messages {:.2}",
        whole.dollars() / f64::from(case.users),
        sent / case.sent() * 1e6
    ));
    lines.push(String::new());
    lines.push(
        "The same messages in the five older systems, which do less (docs/cost.md):".to_owned(),
    );
    for (name, bill) in seeds::all(case) {
        lines.push(bill_row(name, &bill));
    }
    lines.push(String::new());
    lines.push("One message to everyone, by how many they are:".to_owned());
    lines.extend(room::table());
    lines.join("\n")
}

fn bill_row(name: &str, bill: &Bill) -> String {
    row(
        name,
        &bill.parts().map(|part| format!("{part:.2}")),
        &format!("{:.2}", bill.dollars()),
    )
}

fn row(name: &str, parts: &[String], all: &str) -> String {
    let parts: String = parts.iter().map(|part| format!("{part:>12}")).collect();
    format!("{name:<24}{parts}{all:>12}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(case: &Case, name: &str) -> Bill {
        let parts = ours(case);
        parts.into_iter().find(|(part, _)| *part == name).unwrap().1
    }

    /// By hand: a direct message to one device each.
    #[test]
    fn a_direct_message_is_what_it_is_by_hand() {
        let case = Case {
            users: 1,
            days: 1,
            messages: 1_000_000,
            ..Case::default()
        };
        let bill = part(&case, "messages");
        // In, the ack and the delivery, and the recipient's copy.
        assert_eq!(bill.messages, 1e6 * (1.0 + 3.0));
        // A transaction of three rows of a kilobyte.
        assert_eq!(bill.writes, 1e6 * 6.0);
        // The sender's row, the counter, and two people's connections.
        assert_eq!(bill.reads, 1e6 * 4.0);
        assert_eq!(bill.invocations, 1e6);
        // 4.00 + 3.75 + 0.50 + 0.20 + 0.07
        assert!(
            (bill.dollars() - 8.5167).abs() < 0.001,
            "{}",
            bill.dollars()
        );
    }

    #[test]
    fn sending_does_not_depend_on_who_is_online_and_broadcasting_does() {
        let case = |users| Case {
            users,
            messages: 100_000 / users,
            ..Case::default()
        };
        let (few, many) = (case(10), case(1000));
        let ours = [few, many].map(|case| part(&case, "messages").dollars());
        assert!((ours[0] - ours[1]).abs() < 1e-6, "{ours:?}");
        let room = |case: &Case| seeds::all(case)[4].1.dollars();
        assert!(room(&many) > 50.0 * room(&few));
    }

    /// Above the bound those hear of it who have conversations with somebody.
    #[test]
    fn presence_costs_the_square_of_the_people_below_the_bound_alone() {
        let a_person = |users| {
            let case = Case {
                users,
                ..Case::default()
            };
            part(&case, "connections, presence").messages / f64::from(users)
        };
        let [few, many, crowd, more] = [50, 500, 5_000, 50_000].map(a_person);
        assert!(many > 9.0 * few && crowd < few && crowd == more);
    }

    #[test]
    fn the_table_shows_every_part() {
        let table = table(&Case::default());
        for word in [
            "messages", "pings", "presence", "tickets", "together", "S1", "S5",
        ] {
            assert!(table.contains(word), "{word}: {table}");
        }
    }
}
