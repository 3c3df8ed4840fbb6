//! Somebody always asks a chat what 6 × 7 is.

/// The first sum of two whole numbers in `text`, and what it makes.
pub(crate) fn sum(text: &str) -> Option<(String, String)> {
    let spaced: String = text
        .chars()
        .map(|c| match c {
            '×' | '·' | 'x' | 'X' => '*',
            '÷' | ':' => '/',
            '−' | '–' => '-',
            _ => c,
        })
        .collect();
    let bytes = spaced.as_bytes();
    (0..bytes.len()).find_map(|at| {
        let before = at.checked_sub(1).map_or(b' ', |at| bytes[at]);
        let starts = !before.is_ascii_alphanumeric() && !b".+-*/".contains(&before);
        starts.then(|| read(spaced.get(at..)?)).flatten()
    })
}

fn read(text: &str) -> Option<(String, String)> {
    let (left, rest) = number(text)?;
    let rest = rest.trim_start();
    let sign = rest.chars().next()?;
    if !matches!(sign, '+' | '-' | '*' | '/') {
        return None;
    }
    let (right, after) = number(rest.get(1..)?.trim_start())?;
    // A date, a version or a longer sum is left alone.
    if after.starts_with(|c: char| c.is_ascii_alphanumeric() || "+-*/.,".contains(c))
        && !after.starts_with(['.', ','])
    {
        return None;
    }
    let made = match sign {
        '+' => left.checked_add(right)?.to_string(),
        '-' => left.checked_sub(right)?.to_string(),
        '*' => left.checked_mul(right)?.to_string(),
        _ if right == 0 => return None,
        _ if left % right == 0 => (left / right).to_string(),
        _ => format!("{} and {}⁄{right}", left / right, left % right),
    };
    let sign = match sign {
        '*' => "×",
        '/' => "÷",
        '-' => "−",
        _ => "+",
    };
    Some((format!("{left} {sign} {right}"), made))
}

fn number(text: &str) -> Option<(i64, &str)> {
    let end = text
        .bytes()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::sum;

    #[test]
    fn sums_are_found_and_made() {
        let made = |text| sum(text).map(|(_, made)| made);
        for (text, expected) in [
            ("what is 6 × 7?", "42"),
            ("12*12", "144"),
            ("2 + 2.", "4"),
            ("3-10", "-7"),
            ("7/2", "3 and 1⁄2"),
            ("say 100 ÷ 4 please", "25"),
        ] {
            assert_eq!(made(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "2026-11-25",
            "1/0",
            "a1+1b",
            "9223372036854775807 + 1",
            "v1.2-3x",
            "99999999999999999999*2",
            "5 apples",
        ] {
            assert_eq!(made(text), None, "{text}");
        }
    }
}
