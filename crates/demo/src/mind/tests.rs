use super::*;

fn heard(text: &str) -> Heard<'_> {
    Heard {
        who: Who::Mira,
        text,
        asked_before: false,
        is_slow: false,
    }
}

fn said(text: &str) -> String {
    match answer(heard(text), &mut Rng::new(1)).as_slice() {
        [Say(said) | Reply(said)] => said.clone(),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_command_is_a_word_and_hardly_more() {
    for (text, expected) in [
        ("help", Some("help")),
        (" Help! ", Some("help")),
        ("`drop`", Some("drop")),
        ("drop 20", Some("drop")),
        ("drop please", Some("drop")),
        ("drop by some time", None),
        ("drop, ähm", None),
        ("drop お願い", None),
        ("helpful", None),
        ("", None),
        ("🎉", None),
    ] {
        assert_eq!(command(text), expected, "{text:?}");
    }
}

#[test]
fn a_cut_is_as_long_as_asked_but_bounded() {
    let cut = |text: &str| {
        let lines = answer(heard(text), &mut Rng::new(1));
        lines.into_iter().find_map(|line| match line {
            Drop(ms) => Some(ms),
            _ => None,
        })
    };
    assert_eq!(cut("drop"), Some(CUT));
    assert_eq!(cut("drop 20"), Some(20_000));
    assert_eq!(cut("drop 20s"), Some(20_000));
    assert_eq!(cut("drop 0"), Some(1_000));
    assert_eq!(cut("drop 18446744073709551615"), Some(LONGEST_CUT));
}

#[test]
fn answers_fit_what_was_written() {
    assert_eq!(said("what is 6 x 7?"), "6 × 7 = **42**");
    assert!(answers::hello(Who::Mira).contains(&said("Hello there!").as_str()));
    assert!(answers::hello(Who::Mira).contains(&said("こんにちは").as_str()));
    assert!(answers::hello(Who::Mira).contains(&said("«Hello» Ärger").as_str()));
    assert!(answers::EMOJI.contains(&said("🎉🎉").as_str()));
    assert!(answers::EMOJI.contains(&said("❤️ — 。").as_str()));
    assert!(!answers::EMOJI.contains(&said("はい🎉").as_str()));
    assert!(answers::LINK.contains(&said("see https://example.com").as_str()));
    assert!(answers::THEIR_CODE.contains(&said("`a` and `b`").as_str()));
    assert!(answers::LONG.contains(&said(&"word ".repeat(100)).as_str()));
    assert!(answers::LOUD.contains(&said("THIS IS FOUL PLAY").as_str()));
    assert!(answers::QUESTION.contains(&said("Where were we?").as_str()));
    assert!(answers::WHY.contains(&said("Why would that be?").as_str()));
    let mirrored = said("I am somewhat adrift in my own notes.");
    assert!(
        mirrored.contains("somewhat adrift in your own notes"),
        "{mirrored}"
    );
    assert_eq!(answer(heard("hahaha"), &mut Rng::new(1)), [React("😂")]);
}

#[test]
fn nothing_is_too_strange_to_answer() {
    let long = "x".repeat(10_000);
    for text in [
        "",
        " ",
        "\n",
        "\u{202e}abc",
        "'",
        "``",
        "?",
        "i am ",
        "I'm",
        "é",
        "🏳️‍🌈",
        "ﷺ",
        &long,
        "i am ééééééééééééééééééééééééééééééééééééééééééééééééééééééééé",
    ] {
        for who in Who::ALL {
            let lines = answer(Heard { who, ..heard(text) }, &mut Rng::new(3));
            let [line] = lines.as_slice() else {
                panic!("{text:?}: {lines:?}");
            };
            match line {
                Say(said) | Reply(said) => assert!(!said.trim().is_empty(), "{text:?}"),
                React(emoji) => assert!(!emoji.is_empty()),
                other => panic!("{text:?}: {other:?}"),
            }
            assert!(!mood(text).is_empty());
        }
    }
}

#[test]
fn small_talk_varies() {
    let mut rng = Rng::new(9);
    let mut said: Vec<String> = (0..7)
        .map(
            |at| match answer(heard(&format!("The pelican number {at}")), &mut rng).as_slice() {
                [Say(said)] => said.clone(),
                other => panic!("{other:?}"),
            },
        )
        .collect();
    said.sort_unstable();
    said.dedup();
    assert_eq!(said.len(), 7);
}
