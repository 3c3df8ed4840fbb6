//! What a character is, without Unicode's tables: ranges that decide well enough.

/// Whether a word goes on with it. Scripts written without spaces have no such borders: there
/// every delimiter counts.
#[must_use]
pub fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '\u{aa}' | '\u{b5}' | '\u{ba}' | '\u{c0}'..='\u{1fff}')
            && !matches!(
                c,
                '×' | '÷' | '\u{37e}' | '\u{387}' | '،' | '؛' | '؟' | '٪' | '۔'
            )
}

pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}')
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
        )
}

/// Whether nobody sees it although it changes what is seen: controls, directions, joiners, tags.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}')
        || matches!(
            c,
            '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        )
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Pictures by themselves below U+1F000, as first and last of a range (`Emoji_Presentation`).
const PICTURES: [(u16, u16); 35] = [
    (0x231a, 0x231b),
    (0x23e9, 0x23ec),
    (0x23f0, 0x23f0),
    (0x23f3, 0x23f3),
    (0x25fd, 0x25fe),
    (0x2614, 0x2615),
    (0x2648, 0x2653),
    (0x267f, 0x267f),
    (0x2693, 0x2693),
    (0x26a1, 0x26a1),
    (0x26aa, 0x26ab),
    (0x26bd, 0x26be),
    (0x26c4, 0x26c5),
    (0x26ce, 0x26ce),
    (0x26d4, 0x26d4),
    (0x26ea, 0x26ea),
    (0x26f2, 0x26f3),
    (0x26f5, 0x26f5),
    (0x26fa, 0x26fa),
    (0x26fd, 0x26fd),
    (0x2705, 0x2705),
    (0x270a, 0x270b),
    (0x2728, 0x2728),
    (0x274c, 0x274c),
    (0x274e, 0x274e),
    (0x2753, 0x2755),
    (0x2757, 0x2757),
    (0x2795, 0x2797),
    (0x27b0, 0x27b0),
    (0x27bf, 0x27bf),
    (0x2b1b, 0x2b1c),
    (0x2b50, 0x2b50),
    (0x2b55, 0x2b55),
    (0x303d, 0x303d),
    (0x3297, 0x3299),
];

/// Most emoji a message may consist of to be shown large.
const LARGE: usize = 3;

/// Whether the message is nothing but one to three emoji: it is shown large.
#[must_use]
pub fn is_large(text: &str) -> bool {
    let mut count = 0;
    let mut rest = text.chars().peekable();
    // Whether a character joined what stands before it to the next one.
    let mut joined = false;
    while let Some(c) = rest.next() {
        if is_space(c) {
            continue;
        }
        let follows = rest.peek().copied();
        let is_picture = match c {
            // A flag is two letters.
            '\u{1f1e6}'..='\u{1f1ff}' => {
                rest.next();
                matches!(follows, Some('\u{1f1e6}'..='\u{1f1ff}'))
            }
            '\u{1f000}'..='\u{1f0ff}'
            | '\u{1f18e}'
            | '\u{1f191}'..='\u{1f19a}'
            | '\u{1f200}'..='\u{1f251}'
            | '\u{1f300}'..='\u{1faff}' => true,
            // A key: digit, picture sign, frame.
            '0'..='9' | '#' | '*' => {
                rest.next_if_eq(&'\u{fe0f}');
                rest.next_if_eq(&'\u{20e3}').is_some()
            }
            _ => {
                follows == Some('\u{fe0f}')
                    && matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}'..='\u{3299}' | '\u{1f100}'..='\u{1f2ff}')
                    || u16::try_from(u32::from(c)).is_ok_and(|c| {
                        PICTURES
                            .iter()
                            .any(|(first, last)| (*first..=*last).contains(&c))
                    })
            }
        };
        if !is_picture {
            return false;
        }
        if !joined {
            count += 1;
        }
        joined = false;
        while let Some(mark) = rest.next_if(|c| {
            matches!(c, '\u{fe0f}' | '\u{200d}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
        }) {
            joined = mark == '\u{200d}';
        }
        if count > LARGE {
            return false;
        }
    }
    count > 0 && !joined
}
