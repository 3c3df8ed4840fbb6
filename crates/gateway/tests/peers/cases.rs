//! The cases by the API they are asked of. Left out is what no other gateway can be asked: clocks that
//! jump (11, 41, 46, 47, 49), quotas (58), signatures (59), models (67), switches for what nobody
//! knows of AWS (53, 68, 69).

mod authorizer;
mod events;
mod handshake;
mod management;
mod messages;

use crate::{Api, Case};

/// A case: its number, what it says, and an `async` function of a target.
macro_rules! case {
    ($number:literal, $what:literal, $run:path) => {
        Case {
            number: $number,
            what: $what,
            run: |target| Box::pin($run(target)),
        }
    };
}
use case;

type Routes = &'static [(&'static str, &'static str, bool)];

const CONNECT: (&str, &str, bool) = ("$connect", "connect", false);

/// The API of the conformance table.
const TABLE: Routes = &[
    CONNECT,
    ("$disconnect", "disconnect", false),
    ("$default", "default", false),
    ("echo2", "echo2", true),
    ("one", "one", false),
    ("1", "digit", false),
];

const fn api(routes: Routes) -> Api {
    Api {
        routes,
        expression: "$request.body.action",
        authorizer: false,
    }
}

/// Every case, by the API it needs.
pub(crate) fn all() -> Vec<(Api, Vec<Case>)> {
    let mut table = handshake::cases();
    table.extend(events::cases());
    table.extend(messages::cases());
    table.extend(management::cases());
    let nested = Api {
        expression: "$request.body.service.do",
        ..api(&[CONNECT, ("echo", "echo", false)])
    };
    let several = Api {
        expression: "${request.body.service}/${request.body.action}",
        ..api(&[CONNECT, ("chat/join", "join", false)])
    };
    let guarded = Api {
        authorizer: true,
        ..api(TABLE)
    };
    vec![
        (api(TABLE), table),
        (
            api(&[("echo2", "echo2", true)]),
            handshake::without_connect(),
        ),
        (
            api(&[CONNECT, ("echo2", "echo2", true)]),
            messages::without_default(),
        ),
        (nested, messages::nested()),
        (several, messages::several()),
        (
            api(&[CONNECT, ("one", "one", false), ("one", "another", false)]),
            messages::twice(),
        ),
        (guarded, authorizer::cases()),
    ]
}
