//! How loudly an interruption is told: not at all while it may pass unnoticed, then quietly, then
//! with everything a person may want to know; and once it is over, what became of what waited.

use switchboard_client::{Phase, Status};

/// Shorter interruptions are not mentioned, ms.
const SILENT: u64 = 2_000;
/// From here on it is told in full, ms.
const LOUD: u64 = 5_000;
/// How long the good news stays, ms.
const NEWS: u64 = 3_000;
/// How long what was missed may take to arrive, ms; then the news is told without it.
const CATCH_UP: u64 = 10_000;
/// Quiet for so long, everything missed has arrived, ms.
const SETTLED: u64 = 500;

/// What of the connection is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Truth {
    /// As it is, in a word: the first connection is being made, and nobody misses anything.
    #[default]
    First,
    /// Nothing: messages flow, or the interruption is short.
    Silent,
    /// A word: it is being mended.
    Quiet,
    /// All of it: why, when the next attempt is, what waits.
    Loud,
    /// It is over.
    Back {
        /// Own messages that had waited and are sent.
        sent: usize,
        /// Messages of others that had been missed.
        caught_up: usize,
    },
}

/// An interruption, from its beginning to the good news.
#[derive(Debug, Default)]
pub struct Outage {
    /// Whether messages have flowed.
    was_up: bool,
    /// When messages stopped flowing; of the monotonic clock.
    since: Option<u64>,
    /// Whether it was told in full.
    was_loud: bool,
    /// Most own messages that waited during it.
    waited: usize,
    /// Messages of others since it ended.
    caught_up: usize,
    /// Whether some are known that are not here yet.
    pub behind: bool,
    /// When it ended, and when something of it arrived last.
    over: Option<(u64, u64)>,
    /// The news, and when it is put away.
    news: Option<(Truth, u64)>,
}

impl Outage {
    /// A message of somebody else arrived.
    pub fn received(&mut self, now: u64) {
        if let Some((_, last)) = &mut self.over {
            *last = now;
            self.caught_up += 1;
        }
    }

    /// What to show, and when to look again if nothing happens before. `now` is the monotonic
    /// clock's.
    pub fn judge(&mut self, now: u64, status: &Status) -> (Truth, Option<u64>) {
        match status.phase {
            Phase::SignedOut => {
                *self = Self::default();
                (Truth::First, None)
            }
            Phase::Up => self.up(now, status.waiting),
            Phase::Stopped(_) => self.down(now, status.waiting, Some(now)),
            // It is known already that this one will not be short.
            Phase::Waiting { retry_at } if retry_at >= now + LOUD => {
                self.down(now, status.waiting, Some(now))
            }
            Phase::Waiting { .. }
            | Phase::Ticket
            | Phase::Connecting
            | Phase::Greeting
            | Phase::Closing => self.down(now, status.waiting, None),
        }
    }

    fn down(&mut self, now: u64, waiting: usize, loud: Option<u64>) -> (Truth, Option<u64>) {
        let since = *self.since.get_or_insert(now);
        (self.over, self.news) = (None, None);
        self.waited = self.waited.max(waiting);
        let for_ms = now.saturating_sub(since);
        self.was_loud |= loud.is_some() || for_ms >= LOUD;
        if self.was_loud {
            (Truth::Loud, None)
        } else if for_ms >= SILENT {
            (Truth::Quiet, Some(since + LOUD))
        } else {
            let truth = if self.was_up {
                Truth::Silent
            } else {
                Truth::First
            };
            (truth, Some(since + SILENT))
        }
    }

    fn up(&mut self, now: u64, waiting: usize) -> (Truth, Option<u64>) {
        let flows = Self {
            was_up: true,
            ..Self::default()
        };
        if let Some((news, until)) = self.news {
            if now < until {
                return (news, Some(until));
            }
            *self = flows;
            return (Truth::Silent, None);
        }
        if !self.was_loud {
            *self = flows;
            return (Truth::Silent, None);
        }
        let (began, last) = *self.over.get_or_insert((now, now));
        let settled = waiting == 0 && !self.behind && now >= last + SETTLED;
        if !settled && now < began + CATCH_UP {
            let look = match (waiting, self.behind) {
                (0, false) => last + SETTLED,
                (0, true) => now + SETTLED,
                _ => began + CATCH_UP,
            };
            return (Truth::Silent, Some(look));
        }
        let news = Truth::Back {
            sent: self.waited.saturating_sub(waiting),
            caught_up: self.caught_up,
        };
        self.news = Some((news, now + NEWS));
        (news, Some(now + NEWS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_client::Stop;

    fn status(phase: Phase, waiting: usize) -> Status {
        Status {
            phase,
            waiting,
            ..Status::default()
        }
    }

    #[test]
    fn it_grows_louder_and_ends_with_what_became_of_it() {
        let mut outage = Outage::default();
        let up = |waiting| status(Phase::Up, waiting);
        let down = |waiting| status(Phase::Connecting, waiting);
        assert_eq!(outage.judge(0, &up(0)), (Truth::Silent, None));
        assert_eq!(outage.judge(1_000, &down(0)), (Truth::Silent, Some(3_000)));
        assert_eq!(outage.judge(3_000, &down(2)), (Truth::Quiet, Some(6_000)));
        let soon = status(Phase::Waiting { retry_at: 6_500 }, 3);
        assert_eq!(outage.judge(6_000, &soon), (Truth::Loud, None));
        // Loud it stays until it is over, however the phases change.
        assert_eq!(outage.judge(6_100, &down(3)), (Truth::Loud, None));
        assert_eq!(outage.judge(7_000, &up(3)), (Truth::Silent, Some(17_000)));
        outage.received(7_200);
        outage.received(7_300);
        assert_eq!(outage.judge(7_300, &up(0)), (Truth::Silent, Some(7_800)));
        let back = Truth::Back {
            sent: 3,
            caught_up: 2,
        };
        assert_eq!(outage.judge(7_800, &up(0)), (back, Some(10_800)));
        assert_eq!(outage.judge(9_000, &up(0)), (back, Some(10_800)));
        assert_eq!(outage.judge(10_800, &up(0)), (Truth::Silent, None));
    }

    /// The answer may take its time: what is known to be missing is waited for.
    #[test]
    fn the_good_news_waits_for_what_is_missing() {
        let up = status(Phase::Up, 0);
        let begun = || {
            let mut outage = Outage::default();
            outage.judge(0, &up);
            outage.judge(1_000, &status(Phase::Waiting { retry_at: 60_000 }, 0));
            outage.behind = true;
            assert_eq!(outage.judge(7_000, &up), (Truth::Silent, Some(7_500)));
            assert_eq!(outage.judge(9_000, &up), (Truth::Silent, Some(9_500)));
            outage
        };
        let mut answered = begun();
        answered.received(9_100);
        answered.behind = false;
        assert_eq!(answered.judge(9_500, &up), (Truth::Silent, Some(9_600)));
        let back = |caught_up| Truth::Back { sent: 0, caught_up };
        assert_eq!(answered.judge(9_600, &up).0, back(1));
        // But not for ever.
        assert_eq!(begun().judge(17_000, &up).0, back(0));
    }

    #[test]
    fn a_short_one_is_never_mentioned() {
        let mut outage = Outage::default();
        let connecting = status(Phase::Connecting, 1);
        // The first connection is no interruption, and shown as what it is.
        assert_eq!(outage.judge(0, &connecting), (Truth::First, Some(2_000)));
        for at in [1_900, 4_000] {
            assert_eq!(
                outage.judge(at, &status(Phase::Up, 1)),
                (Truth::Silent, None)
            );
            assert_eq!(
                outage.judge(at + 100, &connecting),
                (Truth::Silent, Some(at + 2_100))
            );
        }
        let out = status(Phase::SignedOut, 0);
        assert_eq!(outage.judge(6_000, &out), (Truth::First, None));
        assert_eq!(outage.judge(6_100, &connecting).0, Truth::First);
        assert_eq!(outage.judge(8_100, &connecting).0, Truth::Quiet);
    }

    #[test]
    fn what_is_known_to_last_is_told_at_once() {
        let long = Phase::Waiting { retry_at: 5_000 };
        let mut outage = Outage::default();
        assert_eq!(outage.judge(0, &status(long, 0)).0, Truth::Loud);
        let mut outage = Outage::default();
        let stopped = status(Phase::Stopped(Stop::SignIn), 0);
        assert_eq!(outage.judge(0, &stopped), (Truth::Loud, None));
    }

    #[test]
    fn what_stays_unsent_is_not_called_sent() {
        let mut outage = Outage::default();
        outage.judge(0, &status(Phase::Connecting, 5));
        outage.judge(6_000, &status(Phase::Connecting, 5));
        outage.judge(6_500, &status(Phase::Up, 5));
        let (news, _) = outage.judge(16_500, &status(Phase::Up, 2));
        assert_eq!(
            news,
            Truth::Back {
                sent: 3,
                caught_up: 0
            }
        );
    }
}
