//! Writes that have not begun are made one: a burst of messages is a few transactions, not
//! thousands; and what will not be kept does not wait.

use std::collections::VecDeque;

use switchboard_client::{StoreOperation, Stretch};

use crate::browser::database::{Job, KEPT};

/// Most messages in one transaction: it must end in time on a slow disk, too.
const MOST: usize = 500;

/// Something that waits to be done to a database.
pub(super) struct Waiting<D, T> {
    pub(super) database: D,
    pub(super) job: Job,
    /// Who waits for it: as many as have asked for a part of it.
    pub(super) then: Vec<T>,
}

/// Puts a job into one that waits already, where that comes to the same; else at the end.
pub(super) fn push<D, T>(
    waiting: &mut VecDeque<Waiting<D, T>>,
    is_same: fn(&D, &D) -> bool,
    database: D,
    mut job: Job,
    then: T,
) {
    // What another account's database is asked for has nothing to do with ours.
    let ours = waiting.iter_mut().rev();
    for other in ours.filter(|other| is_same(&other.database, &database)) {
        match (&mut other.job, job) {
            (Job::Write(earlier), Job::Write(later)) => match merge(earlier, later) {
                Merged::Into => {
                    other.then.push(then);
                    return;
                }
                Merged::Past(later) => job = Job::Write(later),
                Merged::Behind(later) => {
                    job = Job::Write(later);
                    break;
                }
            },
            (Job::Notify(..), same @ Job::Write(_)) => job = same,
            (_, same) => {
                job = same;
                break;
            }
        }
    }
    if let Job::Write(StoreOperation::Log(newest)) = &job {
        let kept = newest.through.get().saturating_sub(KEPT);
        for other in waiting.iter_mut() {
            // Messages may come faster than they are written, and would wait in memory. Without its
            // own, a stretch leaves what is stored as it is, and the next one, which does not join
            // that, replaces it.
            if let Job::Write(StoreOperation::Log(older)) = &mut other.job
                && older.conversation == newest.conversation
                && older.through.get() <= kept
                && is_same(&other.database, &database)
            {
                older.messages = Vec::new();
                older.through = older.after;
            }
        }
    }
    waiting.push_back(Waiting {
        database,
        job,
        then: vec![then],
    });
}

/// How a write goes with one that waits before it.
#[derive(Debug, PartialEq)]
enum Merged {
    /// They are one now.
    Into,
    /// They have nothing to do with each other: it does not matter which is first.
    Past(StoreOperation),
    /// It has to stay behind it.
    Behind(StoreOperation),
}

fn merge(earlier: &mut StoreOperation, later: StoreOperation) -> Merged {
    use StoreOperation::{Log, Mark, Put, Remove};
    match (earlier, later) {
        (Log(earlier), Log(later)) if earlier.conversation == later.conversation => {
            if follows(earlier, &later) {
                earlier.through = later.through;
                earlier.messages.extend(later.messages);
                earlier.confirmed.extend(later.confirmed);
                Merged::Into
            } else {
                Merged::Behind(Log(later))
            }
        }
        // What was read of the log before goes with it.
        (Log(log), Mark(mark)) if log.replaces && log.conversation == mark.conversation => {
            Merged::Behind(Mark(mark))
        }
        (Mark(earlier), Mark(later)) if earlier.conversation == later.conversation => {
            *earlier = later.join(Some(earlier));
            Merged::Into
        }
        // A row that is put must not come after what removes it.
        (Put(row), Log(later)) if later.confirmed.contains(&row.id) => Merged::Behind(Log(later)),
        (Log(_) | Mark(_) | Put(_) | Remove(_), later @ (Log(_) | Mark(_))) => Merged::Past(later),
        // The outbox keeps its order: what a person is told is kept must be.
        (_, later @ (Put(_) | Remove(_))) => Merged::Behind(later),
    }
}

/// Whether the later stretch begins where the earlier one ends, of the same log.
fn follows(earlier: &Stretch, later: &Stretch) -> bool {
    earlier.epoch == later.epoch
        && earlier.through == later.after
        && !later.replaces
        && earlier.messages.len() + later.messages.len() <= MOST
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_client::{Kind, Mark, Pending};
    use switchboard_protocol::server::Message;
    use switchboard_protocol::{ConversationId, MessageId, Seq, UserId};

    fn seq(n: u64) -> Seq {
        Seq::try_from(n).unwrap()
    }

    fn id(name: &str) -> MessageId {
        MessageId::try_from(name).unwrap()
    }

    fn conversation(name: &str) -> ConversationId {
        ConversationId::try_from(name).unwrap()
    }

    /// The stretch of a log that holds one message.
    fn log(conv: &str, n: u64) -> Stretch {
        let message = Message {
            conv: conversation(conv),
            seq: seq(n),
            id: id(&format!("m{n}")),
            from: UserId::try_from("bo").unwrap(),
            at: n,
            kind: Kind::Text,
            content: "x".to_owned(),
            re: None,
        };
        Stretch {
            conversation: conversation(conv),
            epoch: "e".to_owned(),
            after: seq(n - 1),
            through: seq(n),
            messages: vec![message],
            confirmed: Vec::new(),
            replaces: false,
        }
    }

    fn write(stretch: Stretch) -> Job {
        Job::Write(StoreOperation::Log(Box::new(stretch)))
    }

    fn mark(conv: &str, n: u64) -> Job {
        Job::Write(StoreOperation::Mark(Mark {
            conversation: conversation(conv),
            epoch: "e".to_owned(),
            through: seq(n),
            tell: seq(n),
            lowered: 0,
        }))
    }

    fn put(name: &str) -> Job {
        Job::Write(StoreOperation::Put(Pending {
            id: id(name),
            conversation: conversation("lobby"),
            kind: Kind::Text,
            text: "x".to_owned(),
            re: None,
            at: 1,
            minted: 1,
            order: 1,
            failed: None,
        }))
    }

    /// What waits after these jobs; each was asked for by somebody.
    fn queue(jobs: Vec<Job>) -> Vec<Job> {
        let mut waiting = VecDeque::new();
        let count = jobs.len();
        for (who, job) in jobs.into_iter().enumerate() {
            push(&mut waiting, u8::eq, 1, job, who);
        }
        let mut told: Vec<usize> = waiting.iter().flat_map(|it| it.then.clone()).collect();
        told.sort_unstable();
        assert_eq!(told, (0..count).collect::<Vec<_>>());
        waiting.into_iter().map(|it| it.job).collect()
    }

    /// Messages in each stretch that waits, in order.
    fn sizes(jobs: &[Job]) -> Vec<usize> {
        jobs.iter()
            .filter_map(|job| match job {
                Job::Write(StoreOperation::Log(stretch)) => Some(stretch.messages.len()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_burst_is_a_few_writes() {
        let mut jobs = Vec::new();
        for n in 1..=1_200 {
            jobs.push(write(log("lobby", n)));
            jobs.push(mark("lobby", n));
            jobs.push(write(log("c:ana,bo", n)));
            jobs.push(Job::Notify(conversation("lobby"), seq(n)));
        }
        let waiting: Vec<Job> = queue(jobs)
            .into_iter()
            .filter(|job| !matches!(job, Job::Notify(..)))
            .collect();
        assert_eq!(sizes(&waiting), [500, 500, 500, 500, 200, 200]);
        assert_eq!(waiting.len(), 7, "and one mark");
        assert!(waiting.contains(&mark("lobby", 1_200)));
        let Job::Write(StoreOperation::Log(first)) = &waiting[0] else {
            panic!("{waiting:?}");
        };
        assert_eq!((first.after, first.through), (seq(0), seq(500)));
        let places: Vec<u64> = first.messages.iter().map(|m| m.seq.get()).collect();
        assert_eq!(places, (1..=500).collect::<Vec<u64>>());
    }

    #[test]
    fn what_later_ones_leave_nothing_of_does_not_wait() {
        let confirms = Stretch {
            confirmed: vec![id("a")],
            ..log("lobby", 1)
        };
        let mut jobs = vec![write(confirms)];
        jobs.extend((2..=20_000).map(|n| write(log("lobby", n))));
        let waiting = queue(jobs);
        let sizes = sizes(&waiting);
        assert_eq!(sizes.iter().sum::<usize>(), 5_500, "{sizes:?}");
        let stretch = |at: usize| match &waiting[at] {
            Job::Write(StoreOperation::Log(stretch)) => stretch,
            other => panic!("{other:?}"),
        };
        let bounds = |at| (stretch(at).after, stretch(at).through);
        assert_eq!(bounds(0), (seq(0), seq(0)));
        assert_eq!(stretch(0).confirmed, [id("a")]);
        assert_eq!(bounds(28), (seq(14_000), seq(14_000)));
        // No part of the log is ever said to be known that is not.
        assert_eq!(bounds(29), (seq(14_500), seq(15_000)));
        let stored = stretch(28).bounds();
        assert_eq!(
            stretch(29).join(Some(&stored)),
            switchboard_client::Join::Replace
        );
        assert_eq!(
            stretch(28).join(Some(&stored)),
            switchboard_client::Join::Extend(stored)
        );
    }

    #[test]
    fn what_does_not_follow_stays_apart() {
        let gap = log("lobby", 4);
        let other_epoch = Stretch {
            epoch: "f".to_owned(),
            ..log("lobby", 2)
        };
        let replaces = Stretch {
            replaces: true,
            ..log("lobby", 2)
        };
        let earlier = Stretch {
            after: seq(0),
            through: seq(0),
            ..log("lobby", 1)
        };
        for later in [gap, other_epoch, replaces, earlier, log("c:ana,bo", 2)] {
            let waiting = queue(vec![write(log("lobby", 1)), write(later)]);
            assert_eq!(sizes(&waiting), [1, 1]);
        }
        // Nor is it joined to one before the one it does not follow.
        let waiting = queue(vec![
            write(log("lobby", 1)),
            write(log("lobby", 4)),
            write(log("lobby", 2)),
        ]);
        assert_eq!(sizes(&waiting), [1, 1, 1]);
    }

    #[test]
    fn a_replacing_stretch_may_be_continued() {
        let first = Stretch {
            replaces: true,
            ..log("lobby", 1)
        };
        let waiting = queue(vec![write(first), write(log("lobby", 2))]);
        assert_eq!(sizes(&waiting), [2]);
        assert!(matches!(&waiting[0], Job::Write(StoreOperation::Log(it)) if it.replaces));
    }

    #[test]
    fn what_was_read_of_a_log_stays_behind_what_takes_its_place() {
        let replaces = |conv: &str| {
            write(Stretch {
                replaces: true,
                ..log(conv, 1)
            })
        };
        let jobs = vec![mark("lobby", 5), replaces("lobby"), mark("lobby", 1)];
        assert_eq!(queue(jobs.clone()), jobs);
        let other = vec![mark("lobby", 5), replaces("c:ana,bo"), mark("lobby", 6)];
        assert_eq!(queue(other), [mark("lobby", 6), replaces("c:ana,bo")]);
    }

    #[test]
    fn no_row_comes_back_after_it_was_confirmed() {
        let confirms = |name: &str| Stretch {
            confirmed: vec![id(name)],
            ..log("lobby", 2)
        };
        let waiting = queue(vec![write(log("lobby", 1)), put("a"), write(confirms("a"))]);
        assert_eq!((waiting.len(), sizes(&waiting)), (3, vec![1, 1]));
        let waiting = queue(vec![write(log("lobby", 1)), put("b"), write(confirms("a"))]);
        assert_eq!((waiting.len(), sizes(&waiting)), (2, vec![2]));
        assert!(
            matches!(&waiting[0], Job::Write(StoreOperation::Log(it)) if it.confirmed == [id("a")])
        );
    }

    #[test]
    fn the_outbox_and_forgetting_keep_their_place() {
        let remove = || Job::Write(StoreOperation::Remove(id("a")));
        let jobs = vec![put("a"), remove(), put("a"), remove()];
        assert_eq!(queue(jobs.clone()), jobs);
        for wall in [Job::Forget(Vec::new()), Job::Load(Vec::new())] {
            let jobs = vec![write(log("lobby", 1)), wall, write(log("lobby", 2))];
            assert_eq!(queue(jobs.clone()), jobs);
        }
    }

    #[test]
    fn another_accounts_jobs_are_passed_by() {
        let mut waiting = VecDeque::new();
        for (account, job) in [
            (1, write(log("lobby", 1))),
            (2, Job::Forget(Vec::new())),
            (2, write(log("lobby", 1))),
            (1, write(log("lobby", 2))),
        ] {
            push(&mut waiting, u8::eq, account, job, ());
        }
        let jobs: Vec<(u8, Job)> = waiting
            .into_iter()
            .map(|it| (it.database, it.job))
            .collect();
        assert_eq!(jobs.len(), 3);
        assert!(
            matches!(&jobs[0], (1, Job::Write(StoreOperation::Log(it))) if it.messages.len() == 2)
        );
    }
}
