//! What a person sees: headings, steps with their time, and nothing on stdout but results.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

/// A line of the result.
pub(crate) fn result(line: impl AsRef<str>) {
    // A closed pipe (`| head`) is not worth a panic, so no `println!`.
    let _ = writeln!(io::stdout(), "{}", line.as_ref());
}

/// A line about what is going on.
pub(crate) fn progress(line: impl AsRef<str>) {
    let _ = writeln!(io::stderr(), "{}", line.as_ref());
}

/// Runs `work` under a heading and says how long it took.
pub(crate) fn step<T, E>(name: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let started = Instant::now();
    progress(bold(&format!("\n── {name}")));
    let outcome = work();
    let word = if outcome.is_ok() { "done" } else { "failed" };
    progress(format!(
        "── {name}: {word} in {}",
        duration(started.elapsed())
    ));
    outcome
}

/// Emphasis where a terminal shows it and the person has not declined it.
pub(crate) fn bold(text: &str) -> String {
    if io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        format!("\u{1b}[1m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

/// `850 ms`, `4.2 s`, `3 min 07 s`.
pub(crate) fn duration(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        1..=99 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// `1 234 567`: thousands apart.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        assert_eq!(duration(Duration::from_millis(850)), "850 ms");
        assert_eq!(duration(Duration::from_millis(4_230)), "4.2 s");
        assert_eq!(duration(Duration::from_secs(187)), "3 min 07 s");
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(174_080), "174 080");
        assert_eq!(thousands(1_000_000), "1 000 000");
    }
}
