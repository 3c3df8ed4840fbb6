//! Runs plans on all cores: a world is one thread's, and the seeds are shared out.

use std::{
    fs,
    num::NonZeroUsize,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use switchboard_simulation::{Plan, Report, run};

/// A run's report and the processor time it took.
pub(crate) struct Ran {
    pub(crate) seed: u64,
    pub(crate) plan: Plan,
    pub(crate) report: Report,
    /// ns on a core, where the system tells.
    pub(crate) cpu_ns: u64,
}

/// Threads to use.
pub(crate) fn jobs(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZeroUsize::get))
}

/// Runs the plan of each seed; `done` hears of each as it ends and tells whether to go on.
pub(crate) fn each(
    seeds: std::ops::Range<u64>,
    jobs: usize,
    plan: impl Fn(u64) -> Plan + Sync,
    done: impl FnMut(Ran) -> bool + Send,
) {
    let next = AtomicU64::new(seeds.start);
    let done = Mutex::new(done);
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let plan = plan(seed);
                    let before = cpu_ns();
                    let report = run(&plan);
                    let ran = Ran {
                        seed,
                        plan,
                        report,
                        cpu_ns: cpu_ns().saturating_sub(before),
                    };
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    if !done(ran) {
                        next.store(seeds.end, Ordering::Relaxed);
                    }
                }
            });
        }
    });
}

/// Processor time of this thread in ns: on a shared machine the wall clock tells of others.
fn cpu_ns() -> u64 {
    fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .unwrap_or(0)
}
