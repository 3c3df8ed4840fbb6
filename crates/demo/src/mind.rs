//! What somebody answers. Pure: what was written and chance decide.

use crate::{
    cast::Who,
    rng::Rng,
    sums::sum,
    texts::{answers, topics},
};

/// What was written, and to whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heard<'a> {
    /// Who answers.
    pub(crate) who: Who,
    pub(crate) text: &'a str,
    /// Whether this was asked for before.
    pub(crate) asked_before: bool,
    /// Whether the connection is slow now.
    pub(crate) is_slow: bool,
}

/// One step of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// A message.
    Say(String),
    /// A reply to what was written.
    Reply(String),
    /// A reaction to what was written.
    React(&'static str),
    /// A message that is corrected a moment later.
    Edit(&'static str, &'static str),
    /// A message that is taken back a moment later.
    Unsend(&'static str),
    /// The visitor's sockets are cut and stay cut for so long, ms.
    Drop(u64),
    /// Frames take their time, or no longer do.
    Slow(bool),
    /// Twenty messages.
    Burst,
    /// A group conversation with the visitor.
    Group,
    /// They go offline and come back.
    Away,
    /// The next steps are another's.
    Now(Who),
}
use Line::{Away, Burst, Drop, Edit, Group, Now, React, Reply, Say, Slow, Unsend};

/// Words that do something, whoever is asked.
const COMMANDS: [&str; 11] = [
    "help", "drop", "slow", "fast", "burst", "edit", "unsend", "react", "code", "group", "away",
];

/// How long a line stays cut, ms, and how long it may be asked to.
const CUT: u64 = 8_000;
const LONGEST_CUT: u64 = 60_000;

/// The word that does something, if the text is hardly more than that.
pub(crate) fn command(text: &str) -> Option<&'static str> {
    let mut words = text.split_whitespace();
    let first = words
        .next()?
        .trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let first = first.to_ascii_lowercase();
    let few = words.clone().count() <= 1;
    let plain = words.all(|word| {
        let seconds = word.strip_suffix('s').unwrap_or(word);
        word == "please" || !seconds.contains(is_letter)
    });
    let known = COMMANDS.into_iter().find(|command| *command == first);
    known.filter(|_| few && plain)
}

/// The answer.
pub(crate) fn answer(heard: Heard<'_>, rng: &mut Rng) -> Vec<Line> {
    match command(heard.text) {
        Some(command) => obey(command, heard, rng),
        None => vec![chat(heard, rng)],
    }
}

fn obey(command: &str, heard: Heard<'_>, rng: &mut Rng) -> Vec<Line> {
    let say = |text: &str| Say(text.to_owned());
    match command {
        "drop" => {
            let asked = heard.text.split_whitespace().nth(1);
            let seconds = asked.and_then(|it| it.trim_end_matches('s').parse::<u64>().ok());
            let cut = seconds.map_or(CUT, |it| it.saturating_mul(1_000).clamp(1_000, LONGEST_CUT));
            vec![Now(Who::Theo), say(rng.next_of(answers::DROP)), Drop(cut)]
        }
        "slow" => vec![Now(Who::Theo), say(answers::SLOW), Slow(true)],
        "fast" if heard.is_slow => vec![Now(Who::Theo), Slow(false), say(answers::FAST)],
        "fast" => vec![Now(Who::Theo), say(answers::FAST_ALREADY)],
        "burst" => vec![
            Now(Who::Theo),
            say(answers::BURST),
            Burst,
            say(answers::BURST_END),
        ],
        "edit" => vec![Now(Who::Theo), Edit(answers::EDIT.0, answers::EDIT.1)],
        "unsend" => vec![
            Now(Who::Kenji),
            Unsend(answers::UNSEND),
            say(answers::UNSENT),
        ],
        "react" => vec![
            React("🎉"),
            Now(Who::Kenji),
            React("🐙"),
            React("🎉"),
            say(answers::REACT),
        ],
        "code" => vec![Now(Who::Theo), say(answers::CODE)],
        "group" => vec![Group],
        "away" => vec![
            Now(Who::Kenji),
            say(answers::AWAY),
            Away,
            say(answers::AWAY_BACK),
        ],
        _ if heard.asked_before => vec![say(answers::HELP_AGAIN)],
        _ => vec![Now(Who::Mira), say(answers::HELP)],
    }
}

fn chat(heard: Heard<'_>, rng: &mut Rng) -> Line {
    let text = heard.text.trim();
    let words = words(text);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    if !text.is_ascii() && !text.contains(|c: char| is_letter(c) || c.is_ascii_digit()) {
        return Say(rng.next_of(answers::EMOJI).to_owned());
    }
    if let Some((asked, made)) = sum(text) {
        return Reply(format!("{asked} = **{made}**"));
    }
    if text.contains("```") || text.matches('`').count() > 1 {
        return Reply(rng.next_of(answers::THEIR_CODE).to_owned());
    }
    if text.contains("://") || text.contains("www.") {
        return Say(rng.next_of(answers::LINK).to_owned());
    }
    if words.len() <= 5 && has(topics::GREETINGS) {
        return Say(rng.next_of(answers::hello(heard.who)).to_owned());
    }
    if has(topics::LAUGHTER) {
        return React("😂");
    }
    if text.len() > 400 {
        return Say(rng.next_of(answers::LONG).to_owned());
    }
    let topic = topics::TOPICS.iter().find(|(known, _)| has(known));
    if let Some((_, said)) = topic {
        let said = rng.next_of(said).to_owned();
        return if rng.chance(25) {
            Reply(said)
        } else {
            Say(said)
        };
    }
    if is_loud(text) {
        return Say(rng.next_of(answers::LOUD).to_owned());
    }
    if words.first().is_some_and(|word| word == "why") {
        return Say(rng.next_of(answers::WHY).to_owned());
    }
    if text.contains(['?', '؟', '？']) {
        return Reply(rng.next_of(answers::QUESTION).to_owned());
    }
    if let Some(said) = mirror(text, rng) {
        return Say(said);
    }
    Say(rng.next_of(answers::small_talk(heard.who)).to_owned())
}

/// About what Unicode calls a letter: its own tables would be a part of the page.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, 'À'..'\u{2000}' | 'ぁ'..'\u{fb00}' | '\u{20000}'..)
            && !matches!(c, '×' | '÷' | '،' | '؛' | '؟')
}

/// The words, lower case where that is simple.
fn words(text: &str) -> Vec<String> {
    let is_part = |c: char| is_letter(c) || c.is_ascii_digit() || c > '\u{2000}' || c == '\'';
    text.split(|c: char| !is_part(c))
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect()
}

fn is_loud(text: &str) -> bool {
    let letters = text.chars().filter(char::is_ascii_alphabetic);
    let (count, small) = letters.fold((0, false), |(count, small), c| {
        (count + 1, small || c.is_ascii_lowercase())
    });
    count > 7 && !small
}

/// Longest part of somebody's words that is said back, in bytes.
const MIRRORED: usize = 60;

/// "I am tired of meetings." comes back as a question.
fn mirror(text: &str, rng: &mut Rng) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let start = ["i am ", "i'm ", "i’m "]
        .into_iter()
        .find_map(|words| lower.find(words).map(|at| at + words.len()))?;
    let rest = lower.get(start..)?;
    let end = rest
        .find(['.', '!', ',', ';', '\n', '?'])
        .unwrap_or(rest.len());
    let part = rest.get(..end)?.trim();
    if part.is_empty() || part.len() > MIRRORED {
        return None;
    }
    let swapped: Vec<&str> = part.split_whitespace().map(turned).collect();
    let last = answers::MIRROR.len().saturating_sub(1);
    let at = usize::try_from(rng.range(0, u64::try_from(last).unwrap_or(0))).unwrap_or(0);
    let (before, after) = answers::MIRROR.get(at)?;
    Some([before, swapped.join(" ").as_str(), after].concat())
}

fn turned(word: &str) -> &str {
    match word {
        "i" => "you",
        "my" => "your",
        "me" => "you",
        "mine" => "yours",
        "you" => "me",
        "your" => "my",
        word => word,
    }
}

/// An emoji for what was written, by its mood.
pub(crate) fn mood(text: &str) -> &'static str {
    let words = words(text);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    if has(topics::LAUGHTER) || has(&["joke", "funny"]) {
        "😂"
    } else if has(&[
        "thanks",
        "thank",
        "love",
        "danke",
        "merci",
        "شكرا",
        "ありがとう",
    ]) {
        "❤️"
    } else if has(topics::GREETINGS) {
        "👋"
    } else if has(&[
        "done", "shipped", "finished", "great", "awesome", "yay", "works",
    ]) {
        "🎉"
    } else if has(&["sad", "tired", "sorry", "bad", "sick"]) {
        "🫂"
    } else if text.contains("://") || text.contains('?') {
        "👀"
    } else {
        "👍"
    }
}

#[cfg(test)]
mod tests;
