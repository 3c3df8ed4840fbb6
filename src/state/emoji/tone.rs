//! Skin tones, and where an emoji takes them.

/// A skin tone: none, or from light to dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tone(u8);

impl Tone {
    /// None, then light to dark.
    pub const ALL: [Self; 6] = [Self(0), Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// Its place in [`Tone::ALL`].
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.0)
    }

    /// The one at a place; none for any other.
    #[must_use]
    pub fn at(place: usize) -> Self {
        Self::ALL.get(place).copied().unwrap_or_default()
    }

    /// An emoji of the book, which has a `+` where tones go, in this tone.
    #[must_use]
    pub fn of(self, form: &str) -> String {
        let Some(tone) = char::from_u32(0x1_f3fa + u32::from(self.0)).filter(|_| self.0 > 0) else {
            return form.replace('+', "");
        };
        let mut toned = String::with_capacity(form.len() + 4);
        let mut rest = form.chars().peekable();
        while let Some(c) = rest.next() {
            if c == '+' {
                toned.push(tone);
                // It asked for a picture; a tone does so itself.
                rest.next_if_eq(&'\u{fe0f}');
            } else {
                toned.push(c);
            }
        }
        toned
    }
}

#[cfg(test)]
mod tests {
    use super::super::Book;
    use super::*;

    #[test]
    fn tones_go_where_unicode_says() {
        let book = Book::read(include_str!("../../../assets/emoji.txt").to_owned());
        let toned =
            |code: &str, tone: usize| Tone::at(tone).of(book.get(book.exact(code).unwrap()).form);
        assert_eq!(toned("+1", 0), "👍");
        assert_eq!(toned("+1", 3), "👍🏽");
        assert_eq!(toned("point_up", 0), "☝️");
        assert_eq!(toned("point_up", 1), "☝🏻");
        assert_eq!(toned("woman_teacher", 5), "👩🏿‍🏫");
        assert_eq!(toned("tada", 5), "🎉");
    }
}
