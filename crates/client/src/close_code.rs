//! What each close code asks of us, from the table in `docs/protocol.md`.

use crate::io::Stop;

/// What to do after a close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    /// The platform's own limits (2 h, 10 min idle) or a deploy: come back within a second.
    Soon,
    /// The network or a server failed: back off.
    Backoff {
        /// Count as at least this many failures.
        at_least: u32,
        /// Wait at least this long, ms.
        floor: u64,
    },
    /// Our frame was too large.
    TooLarge,
    /// We broke a rule; three times in ten minutes is a defect.
    Protocol,
    /// Refused: try once more, with a new ticket; then stop.
    Refused(Stop),
    /// Stop at once.
    Stop(Stop),
}

pub(crate) fn policy(code: u16) -> Policy {
    // Every code of the standard's ranges is named: one that is to mean something else cannot be
    // added without this match being looked at.
    match code {
        1001 => Policy::Soon,
        1002 | 1003 | 1007 => Policy::Protocol,
        1008 | 4401 => Policy::Refused(Stop::SignIn),
        4403 => Policy::Refused(Stop::Forbidden),
        1009 => Policy::TooLarge,
        1013 => Policy::Backoff {
            at_least: 4,
            floor: 0,
        },
        4409 => Policy::Stop(Stop::Replaced),
        4426 => Policy::Stop(Stop::Outdated),
        4429 => Policy::Backoff {
            at_least: 0,
            floor: 15_000,
        },
        // 1000 comes from a server-side DELETE: the person did not ask for it, so come back.
        // Neither the network's codes nor those nobody has told us of say that it is hopeless.
        0..=1000
        | 1004..=1006
        | 1010..=1012
        | 1014..=4400
        | 4402
        | 4404..=4408
        | 4410..=4425
        | 4427..=4428
        | 4430.. => Policy::Backoff {
            at_least: 0,
            floor: 0,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_policy() {
        let backoff = Policy::Backoff {
            at_least: 0,
            floor: 0,
        };
        for (code, expected) in [
            (1000, backoff),
            (1001, Policy::Soon),
            (1002, Policy::Protocol),
            (1003, Policy::Protocol),
            (1005, backoff),
            (1006, backoff),
            (1007, Policy::Protocol),
            (1008, Policy::Refused(Stop::SignIn)),
            (1009, Policy::TooLarge),
            (1011, backoff),
            (1012, backoff),
            (
                1013,
                Policy::Backoff {
                    at_least: 4,
                    floor: 0,
                },
            ),
            (1015, backoff),
            (3000, backoff),
            (4401, Policy::Refused(Stop::SignIn)),
            (4403, Policy::Refused(Stop::Forbidden)),
            (4409, Policy::Stop(Stop::Replaced)),
            (4426, Policy::Stop(Stop::Outdated)),
            (
                4429,
                Policy::Backoff {
                    at_least: 0,
                    floor: 15_000,
                },
            ),
            (4999, backoff),
        ] {
            assert_eq!(policy(code), expected, "{code}");
        }
    }
}
