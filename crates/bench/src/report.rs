//! The numbers as a table for people or one JSON object for programs.

use std::time::Duration;

use crate::{args::Args, measure::Measured};

pub(crate) fn table(args: &Args, servers: &[Measured]) -> String {
    let mut lines = vec![row("", servers.iter().map(|server| server.name.clone()))];
    let mut add = |name: String, value: &dyn Fn(&Measured) -> String| {
        lines.push(row(&name, servers.iter().map(value)));
    };
    add("round trip p50".to_owned(), &|s| ms(at(&s.round_trips, 50)));
    add("round trip p99".to_owned(), &|s| ms(at(&s.round_trips, 99)));
    add("memory, no connection".to_owned(), &|s| mb(s.memory_before));
    add(format!("memory, {} idle", args.connections), &|s| {
        mb(s.memory_idle)
    });
    add(format!("fan-out to {}: messages/s", args.fan_out), &|s| {
        format!(
            "{:.1}",
            f64::from(args.messages) / s.fan_out_time.as_secs_f64()
        )
    });
    add("deliveries/s".to_owned(), &|s| {
        format!("{:.0}", deliveries_per_second(s))
    });
    add("delivery p50".to_owned(), &|s| ms(at(&s.deliveries, 50)));
    add("delivery p99".to_owned(), &|s| ms(at(&s.deliveries, 99)));
    lines.join("\n")
}

pub(crate) fn json(args: &Args, servers: &[Measured]) -> String {
    let servers: Vec<_> = servers
        .iter()
        .map(|server| {
            format!(
                "{{\"name\":\"{}\",\"roundTripP50Ms\":{:.3},\"roundTripP99Ms\":{:.3},\
                 \"memoryBeforeKiB\":{},\"memoryIdleKiB\":{},\"deliveriesPerSecond\":{:.0},\
                 \"deliveryP50Ms\":{:.3},\"deliveryP99Ms\":{:.3}}}",
                server.name,
                millis(at(&server.round_trips, 50)),
                millis(at(&server.round_trips, 99)),
                server.memory_before,
                server.memory_idle,
                deliveries_per_second(server),
                millis(at(&server.deliveries, 50)),
                millis(at(&server.deliveries, 99)),
            )
        })
        .collect();
    format!(
        "{{\"connections\":{},\"fanOut\":{},\"messages\":{},\"servers\":[{}]}}",
        args.connections,
        args.fan_out,
        args.messages,
        servers.join(",")
    )
}

fn row(name: &str, values: impl Iterator<Item = String>) -> String {
    let mut line = format!("{name:<32}");
    for value in values {
        line.push_str(&format!("{value:>20}"));
    }
    line
}

fn deliveries_per_second(server: &Measured) -> f64 {
    let count = u32::try_from(server.deliveries.len()).unwrap_or(u32::MAX);
    f64::from(count) / server.fan_out_time.as_secs_f64()
}

/// The nearest-rank percentile of sorted times.
fn at(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", millis(time))
}

fn mb(kib: u64) -> String {
    format!("{}.{} MiB", kib / 1024, kib % 1024 * 10 / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let times: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(at(&times, 50), Duration::from_millis(100));
        assert_eq!(at(&times, 99), Duration::from_millis(198));
        assert_eq!(at(&times[..1], 99), Duration::from_millis(1));
        assert_eq!(at(&[], 50), Duration::ZERO);
    }
}
