//! What a person chose about the page itself; kept in this browser, the same for every account.

use switchboard_protocol::json::{Object, Writer};

use super::Theme;

/// How large texts are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TextSize {
    /// Smaller than the browser's default.
    Small,
    /// The browser's default.
    #[default]
    Normal,
    /// Larger.
    Large,
    /// Much larger.
    Huge,
}

/// How much room lies between things.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Density {
    /// Room to breathe.
    #[default]
    Comfortable,
    /// More on the screen.
    Compact,
}

/// A choice among names that are stable in storage and in `data-` attributes.
pub trait Choice: Copy + PartialEq + Default + 'static {
    /// All of them, in the order they are offered.
    const ALL: &'static [Self];

    /// The stable name.
    fn name(self) -> &'static str;

    /// The one called `name`; the default for any other.
    #[must_use]
    fn named(name: &str) -> Self {
        let known = Self::ALL.iter().find(|choice| choice.name() == name);
        known.copied().unwrap_or_default()
    }
}

impl Choice for Theme {
    const ALL: &'static [Self] = &[Self::Auto, Self::Light, Self::Dark];

    fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Choice for TextSize {
    const ALL: &'static [Self] = &[Self::Small, Self::Normal, Self::Large, Self::Huge];

    fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Normal => "normal",
            Self::Large => "large",
            Self::Huge => "huge",
        }
    }
}

impl Choice for Density {
    const ALL: &'static [Self] = &[Self::Comfortable, Self::Compact];

    fn name(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Compact => "compact",
        }
    }
}

/// Everything a person can set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Light, dark or the system's choice.
    pub theme: Theme,
    /// How large texts are.
    pub text_size: TextSize,
    /// How much room lies between things.
    pub density: Density,
    /// Whether Enter sends; otherwise it starts a new line, and Ctrl/⌘ Enter sends.
    pub enter_sends: bool,
    /// The language's tag, e.g. `de`; empty for the browser's choice.
    pub language: String,
    /// Whether new messages are notified of, where the browser allows it.
    pub notify: bool,
    /// Whether a new message makes a sound.
    pub sound: bool,
    /// Whether others see that one is typing.
    pub tell_typing: bool,
    /// Whether others see how far one has read.
    pub tell_read: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            text_size: TextSize::default(),
            density: Density::default(),
            enter_sends: true,
            language: String::new(),
            notify: true,
            sound: false,
            tell_typing: true,
            tell_read: true,
        }
    }
}

impl Settings {
    /// How storage keeps them; [`Settings::parse`] reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut row = Writer::new();
        row.text("theme", self.theme.name());
        row.text("text_size", self.text_size.name());
        row.text("density", self.density.name());
        row.text("language", &self.language);
        for (name, on) in self.switches() {
            row.text(name, if on { "on" } else { "off" });
        }
        row.finish()
    }

    /// Reads what was stored; whatever is missing or unknown is as in the defaults.
    #[must_use]
    pub fn parse(stored: &str) -> Self {
        let mut settings = Self::default();
        let Some(mut row) = Object::parse(stored) else {
            return settings;
        };
        let mut text = |name: &str| row.text(name).unwrap_or_default();
        settings.theme = Choice::named(&text("theme"));
        settings.text_size = Choice::named(&text("text_size"));
        settings.density = Choice::named(&text("density"));
        settings.language = text("language");
        let mut switch = |name: &str, value: &mut bool| match text(name).as_str() {
            "on" => *value = true,
            "off" => *value = false,
            _ => {}
        };
        switch("enter_sends", &mut settings.enter_sends);
        switch("notify", &mut settings.notify);
        switch("sound", &mut settings.sound);
        switch("tell_typing", &mut settings.tell_typing);
        switch("tell_read", &mut settings.tell_read);
        settings
    }

    fn switches(&self) -> [(&'static str, bool); 5] {
        [
            ("enter_sends", self.enter_sends),
            ("notify", self.notify),
            ("sound", self.sound),
            ("tell_typing", self.tell_typing),
            ("tell_read", self.tell_read),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_back_and_nonsense_is_the_default() {
        let settings = Settings {
            theme: Theme::Dark,
            text_size: TextSize::Huge,
            density: Density::Compact,
            enter_sends: false,
            language: "ar".to_owned(),
            notify: false,
            sound: true,
            tell_typing: false,
            tell_read: false,
        };
        assert_eq!(Settings::parse(&settings.to_json()), settings);
        for nonsense in ["", "[]", "{}", r#"{"theme":7,"sound":"loud"}"#] {
            assert_eq!(Settings::parse(nonsense), Settings::default(), "{nonsense}");
        }
    }
}
