//! What every implementation of [`Tickets`] must do; each crate that has one runs it.

use switchboard_protocol::UserId;

use crate::ticket::{Grant, Ticket, Tickets};

/// A time to start from, ms since the Unix epoch.
const NOW: u64 = 1_700_000_000_000;

fn grant(user: &str) -> Grant {
    Grant {
        user: UserId::try_from(user).unwrap(),
        expires: NOW + 60_000,
        until: NOW + 3_600_000,
    }
}

/// Runs all of it against fresh tickets.
pub async fn run(tickets: &impl Tickets) {
    is_redeemed_once(tickets).await;
    expires(tickets).await;
    one_of_two_gets_it(tickets).await;
}

async fn is_redeemed_once(tickets: &impl Tickets) {
    let (ana, bo) = (Ticket::mint().unwrap(), Ticket::mint().unwrap());
    let hostile = grant("a#b=%😀");
    tickets.keep(&ana.hash(), &hostile).await.unwrap();
    tickets.keep(&bo.hash(), &grant("bo")).await.unwrap();
    let never = Ticket::mint().unwrap().hash();
    assert_eq!(tickets.redeem(&never, NOW).await, Ok(None));
    assert_eq!(tickets.redeem(&ana.hash(), NOW).await, Ok(Some(hostile)));
    assert_eq!(tickets.redeem(&ana.hash(), NOW).await, Ok(None));
    assert_eq!(tickets.redeem(&bo.hash(), NOW).await, Ok(Some(grant("bo"))));
}

/// Also where the row is still there: stores delete late.
async fn expires(tickets: &impl Tickets) {
    let (late, early) = (Ticket::mint().unwrap(), Ticket::mint().unwrap());
    for ticket in [&late, &early] {
        tickets.keep(&ticket.hash(), &grant("ana")).await.unwrap();
    }
    let last = NOW + 59_999;
    assert_eq!(
        tickets.redeem(&early.hash(), last).await,
        Ok(Some(grant("ana")))
    );
    assert_eq!(tickets.redeem(&late.hash(), last + 1).await, Ok(None));
}

async fn one_of_two_gets_it(tickets: &impl Tickets) {
    let ticket = Ticket::mint().unwrap().hash();
    tickets.keep(&ticket, &grant("ana")).await.unwrap();
    let redeem = || tickets.redeem(&ticket, NOW);
    let (one, two) = futures_util::future::join(redeem(), redeem()).await;
    let granted = [one.unwrap(), two.unwrap()].into_iter().flatten().count();
    assert_eq!(granted, 1);
}
