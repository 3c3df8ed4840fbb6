//! Shown as `<b>…</b>` for reading; nothing in the app makes such strings.

use super::*;
use proptest::prelude::*;

const PEOPLE: [&str; 4] = ["bo", "bob", "emre.yılmaz", "أمل"];

fn known(rest: &str) -> usize {
    longest(PEOPLE.into_iter(), rest)
}

fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut open = Vec::new();
    for piece in parse(text, &known) {
        match piece {
            Piece::Text(text) => shown.push_str(text),
            Piece::Unseen(c) => shown.push_str(&format!("{{{:X}}}", u32::from(c))),
            Piece::Close => shown.push_str(&format!("</{}>", open.pop().unwrap_or_default())),
            Piece::Open(tag) => {
                let (name, more) = match tag {
                    Tag::Quote => ("q", String::new()),
                    Tag::List { ordered: true } => ("ol", String::new()),
                    Tag::List { ordered: false } => ("ul", String::new()),
                    Tag::Item(None) => ("li", String::new()),
                    Tag::Item(Some(number)) => ("li", format!(" {number}")),
                    Tag::Fence(language) => ("pre", format!(" {language}")),
                    Tag::Bold => ("b", String::new()),
                    Tag::Italic => ("i", String::new()),
                    Tag::Strike => ("s", String::new()),
                    Tag::Code => ("c", String::new()),
                    Tag::Link(target) => ("a", format!(" {target}")),
                    Tag::Mention(id) => ("@", format!(" {id}")),
                };
                shown.push_str(&format!("<{name}{more}>"));
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "{text}");
    shown
}

fn each(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(text), *expected, "{text}");
    }
}

fn unchanged(texts: &[&str]) {
    for text in texts {
        assert_eq!(parse(text, &known), [Piece::Text(text)], "{text}");
    }
}

#[test]
fn emphasis_stands_at_the_borders_of_words() {
    each(&[
        (
            "**bold** and *it*, _it_ ~~no~~",
            "<b>bold</b> and <i>it</i>, <i>it</i> <s>no</s>",
        ),
        ("***both***!", "<b><i>both</i></b>!"),
        ("**a _b ~~c~~_**", "<b>a <i>b <s>c</s></i></b>"),
        ("*a *b*", "*a <i>b</i>"),
        ("**a *b** c*", "<b>a *b</b> c*"),
        ("(*x*) \"_y_\"", "(<i>x</i>) \"<i>y</i>\""),
        ("これは**太字**です", "これは<b>太字</b>です"),
        ("*a\nb*", "*a\nb*"),
        ("*_x_*", "<i><i>x</i></i>"),
    ]);
    unchanged(&[
        "snake_case_name and __init__",
        "2*3*4 = 24",
        "f(*args, **kwargs)",
        "¯\\_(ツ)_/¯",
        "\\*not bold\\*",
        "C:\\*.txt D:\\_x_",
        "so * not * this * either",
        "**** ~~~~ ____ ****x****",
        "größe_in_metern_ü",
        "a ** b **",
        ":*",
        "~tilde~",
    ]);
}

#[test]
fn code_is_not_read_further() {
    each(&[
        ("`*a*` b", "<c>*a*</c> b"),
        ("`` a ` b ``", "<c>a ` b</c>"),
        ("`a\u{202e}b`", "<c>a{202E}b</c>"),
        ("`a", "`a"),
        ("``a` `b`", "``a<c> </c>b`"),
        ("*`x`*", "<i><c>x</c></i>"),
    ]);
}

#[test]
fn a_fence_needs_its_end() {
    each(&[
        (
            "a\n```rust\nfn *x*\n\n  y\n```\nb",
            "a<pre rust>fn *x*\n\n  y</pre>b",
        ),
        ("````\n```\n````", "<pre >```</pre>"),
        ("```\nnever closed *x*", "```\nnever closed <i>x</i>"),
        ("see ```\nx\n```\ny", "see ```\nx\n```\ny"),
        ("```one line```", "<c>one line</c>"),
        ("> ```\n> a\n> ```\nb", "<q><pre >a</pre></q>b"),
        ("> ```\n> a\n```\nb", "<q>```\na</q>```\nb"),
        ("```\n```", "<pre ></pre>"),
    ]);
}

#[test]
fn quotes_and_lists_nest_a_little() {
    each(&[
        ("> a\n> > b\nc", "<q>a<q>b</q></q>c"),
        (">>> prompt", ">>> prompt"),
        (">:( no", ">:( no"),
        ("> > > > four", "<q><q><q>> four</q></q></q>"),
        (
            "a\n- b\n- *c*\n\nd",
            "a<ul><li>b</li><li><i>c</i></li></ul>d",
        ),
        (
            "1. a\n2) b\n5. c",
            "<ol><li 1>a</li><li 2>b</li><li 5>c</li></ol>",
        ),
        (
            "- a\n  more\n  - b\n    - c\n      - d\n- e",
            "<ul><li>a\nmore<ul><li>b<ul><li>c</li><li>d</li></ul></li></ul></li><li>e</li></ul>",
        ),
        ("- a\n1. b", "<ul><li>a</li></ul><ol><li 1>b</li></ol>"),
        ("> - a\n> - b", "<q><ul><li>a</li><li>b</li></ul></q>"),
    ]);
    unchanged(&[
        "-5 degrees",
        "- ",
        "1.5 litres",
        "08. May",
        "1234567890. x",
        "-- dash",
        "3.\n4.",
    ]);
}

#[test]
fn addresses_end_where_a_reader_ends_them() {
    each(&[
        (
            "see https://a.example/b.",
            "see <a https://a.example/b>https://a.example/b</a>.",
        ),
        (
            "(https://a.example/x_(y))",
            "(<a https://a.example/x_(y)>https://a.example/x_(y)</a>)",
        ),
        (
            "**https://a.example/p_q_r**",
            "<b><a https://a.example/p_q_r>https://a.example/p_q_r</a></b>",
        ),
        (
            "「https://a.example」です",
            "「<a https://a.example>https://a.example</a>」です",
        ),
        (
            "https://a.example، ثم",
            "<a https://a.example>https://a.example</a>، ثم",
        ),
        (
            "HTTPS://A.example?q=1&r=2#f,",
            "<a HTTPS://A.example?q=1&r=2#f>HTTPS://A.example?q=1&r=2#f</a>,",
        ),
        (
            "mailto:bo@a.example?",
            "<a mailto:bo@a.example>mailto:bo@a.example</a>?",
        ),
        (
            "http://[::1]:80/x",
            "<a http://[::1]:80/x>http://[::1]:80/x</a>",
        ),
        (
            "https://a.example\\@b.example",
            "<a https://a.example>https://a.example</a>\\@b.example",
        ),
        (
            "https://a.example/\u{202e}gpj",
            "<a https://a.example/>https://a.example/</a>\u{202e}gpj",
        ),
        (
            "https://пример.рф/да",
            "<a https://пример.рф/да>https://пример.рф/да</a>",
        ),
    ]);
    unchanged(&[
        "javascript:alert(1)",
        "https:// http://. https://…",
        "xhttps://a.example",
        "mailto:nobody",
        "data:text/html,x vbscript:x file:///etc",
        "http:/one http//two",
    ]);
}

#[test]
fn a_label_is_text_and_its_address_is_safe() {
    each(&[
        (
            "[the docs](https://a.example/x)",
            "<a https://a.example/x>the docs</a>",
        ),
        (
            "[*a*](http://b.example/(c))!",
            "<a http://b.example/(c)>*a*</a>!",
        ),
        (
            "[https://bank.example](https://evil.example)",
            "<a https://evil.example>https://bank.example</a>",
        ),
        ("[a [b](https://c.example)", "[a <a https://c.example>b</a>"),
        (
            "[x\u{202e}y](https://c.example)",
            "<a https://c.example>x{202E}y</a>",
        ),
        ("[6](http://[::1]/)", "<a http://[::1]/>6</a>"),
    ]);
    unchanged(&[
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x]( data:text/html,1)",
        "[x](java\u{0}script:1)",
        "[ \u{200b}](x)",
        "[](x)",
        "[x](//evil.example)",
        "[x] (y)",
        "array[0](1)",
    ]);
}

#[test]
fn only_known_people_are_mentioned() {
    each(&[
        ("@bo, @bob: hi", "<@ bo>@bo</@>, <@ bob>@bob</@>: hi"),
        ("*@emre.yılmaz*", "<i><@ emre.yılmaz>@emre.yılmaz</@></i>"),
        ("مرحبا @أمل!", "مرحبا <@ أمل>@أمل</@>!"),
    ]);
    unchanged(&["bo@bo.example", "@bobby", "@ bo", "@", "@nobody"]);
}

#[test]
fn what_is_plain_is_one_text() {
    unchanged(&[
        "a",
        "a\nb\n\n  c\t d",
        "08:47  tram 11\n09:15  train",
        "a * b [c] `d @e \\ <f>",
    ]);
    assert!(parse("", &known).is_empty());
}

#[test]
fn in_plain_text_the_words_remain() {
    for (text, expected) in [
        ("**a** _b_ `c` ~~d~~ @bo", "a b c d @bo"),
        ("> a\n> b\nc", "a b c"),
        ("x\n- a\n- b\ny", "x • a • b y"),
        ("1. a\n2. b", "1. a 2. b"),
        ("```rust\nx\n  y\n```\nz", "x y z"),
        ("[the docs](https://a.example)", "the docs"),
        ("  a\n\n\n\tb  ", "a b"),
        ("", ""),
    ] {
        assert_eq!(plain(text), expected, "{text}");
    }
}

#[test]
fn few_emoji_alone_are_large() {
    for text in ["👍", "🎉🎉 🎉", "❤️", "👨‍👩‍👧‍👦", "🇯🇵", "👋🏽", "1️⃣", "☕", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
    {
        assert!(is_large(text), "{text}");
    }
    for text in [
        "",
        " ",
        "a",
        "👍 a",
        "👍👍👍👍",
        "12",
        "✓",
        "©",
        "🇯",
        "👍\u{200d}",
        "日本",
    ] {
        assert!(!is_large(text), "{text}");
    }
}

/// The text without what may be markup.
fn bones(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !matches!(
                c,
                '*' | '_' | '~' | '`' | '>' | '[' | ']' | '(' | ')' | '-' | '.'
            )
        })
        .filter(|c| !c.is_whitespace() && !c.is_ascii_digit())
        .collect()
}

fn check(text: &str) {
    let pieces = parse(text, &known);
    let (mut depth, mut kept) = (0_usize, String::new());
    let mut label = None;
    for piece in &pieces {
        match piece {
            Piece::Open(tag) => {
                depth += 1;
                match tag {
                    Tag::Fence(language) => kept.push_str(language),
                    Tag::Link(target) => {
                        assert!(is_safe(target));
                        label = Some((depth, kept.len(), *target));
                    }
                    _ => {}
                }
            }
            Piece::Close => {
                if let Some((at, from, target)) = label
                    && at == depth
                {
                    label = None;
                    if &kept[from..] != target {
                        kept.push_str(target);
                    }
                }
                depth -= 1;
            }
            Piece::Text(text) => kept.push_str(text),
            Piece::Unseen(c) => kept.push(*c),
        }
        assert!(depth <= DEPTH);
    }
    let start: String = text.chars().take(200).collect();
    assert_eq!(depth, 0, "{start}");
    assert!(
        bones(&kept) == bones(text),
        "{start:?} became {:?}",
        kept.chars().take(200).collect::<String>()
    );
    let _ = plain(text);
    let _ = is_large(text);
}

proptest! {
    #[test]
    fn nothing_is_lost_of_any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn nothing_is_lost_of_what_looks_like_markup(parts in prop::collection::vec(prop::sample::select(vec![
        "*", "**", "***", "_", "~~", "`", "``", "```", "```\n", "\n", "> ", "- ", "1. ", "  ", "[", "](", ")", "(",
        "https://", "http://a.example", "mailto:", "mailto:a@b", "@", "@bo", "\\", "a", "é", "日", " ", "\u{202e}", "[a](https://b.example)", "javascript:", "😀", "\u{200d}", "\r\n",
    ]), 0..60)) {
        check(&parts.concat());
    }
}

/// Steps are not counted, so this measures one text against another of half the length: four
/// times as long would be quadratic. It asserts nothing about a clock, only that it ends: a
/// quadratic reader takes minutes for this.
#[test]
fn hostile_texts_are_read_in_linear_time() {
    let seeds = [
        "*",
        "**",
        "* ",
        "*a ",
        "**a",
        "_a ",
        "~~a ",
        "`",
        "`a",
        "``a`",
        "[",
        "[a",
        "[a](",
        "[a](http://x",
        "[a](http://x(",
        "http://",
        "http://!",
        "http://…",
        "mailto:",
        "https://a(",
        "https://a)",
        "@",
        "@bo",
        "\\",
        "\\*",
        "> ",
        "> > > ",
        ">\n",
        "- ",
        "- a\n",
        "  - a\n",
        "1. a\n",
        "```\n",
        "```a\n",
        "````a\n",
        "> ```a\n",
        "```a\n> ```b\n",
        "\n",
        " \n",
        "\u{202e}",
        "`\u{202e}",
        "***a ",
        "***a **b *c _d ~~e ",
    ];
    for seed in seeds {
        check(&seed.repeat(200_000 / seed.len()));
    }
    let ticks: String = (1..1500).map(|n| "`".repeat(n) + "a").collect();
    check(&ticks);
    let fences: String = (3..1500).rev().map(|n| "`".repeat(n) + "a\n").collect();
    check(&fences);
}
