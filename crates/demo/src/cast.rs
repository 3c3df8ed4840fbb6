//! Who plays: made-up people, each with a connection of their own.

use switchboard_protocol::{ConnectionId, UserId};

/// A person of the demo, by their place in the cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// Warm, explains; knows what can be tried.
    Mira,
    /// Dry, an engineer; cuts lines on request.
    Theo,
    /// Few words, many emoji.
    Kenji,
    /// Comes and goes; writes Arabic too.
    Noor,
    /// Comes and goes, always between two trains.
    Ines,
}

impl Who {
    pub(crate) const ALL: [Self; 5] = [Self::Mira, Self::Theo, Self::Kenji, Self::Noor, Self::Ines];

    /// Their name, as it stands in texts.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Mira => "Mira",
            Self::Theo => "Theo",
            Self::Kenji => "Kenji",
            Self::Noor => "Noor",
            Self::Ines => "Ines",
        }
    }

    /// Who they are where the visitor has their name already.
    const fn other_name(self) -> &'static str {
        match self {
            Self::Mira => "Maren",
            Self::Theo => "Tomas",
            Self::Kenji => "Kaito",
            Self::Noor => "Nadia",
            Self::Ines => "Irene",
        }
    }
}

/// One of the cast.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) who: Who,
    pub(crate) user: UserId,
    /// While they are online.
    pub(crate) connection: Option<ConnectionId>,
}

/// All of them, none with the visitor's name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cast(Vec<Person>);

impl Cast {
    pub(crate) fn beside(visitor: &str) -> Self {
        let person = |who: Who| {
            let taken = who.name().eq_ignore_ascii_case(visitor);
            let name = if taken { who.other_name() } else { who.name() };
            let user = UserId::try_from(name).ok()?;
            Some(Person {
                who,
                user,
                connection: None,
            })
        };
        Self(Who::ALL.into_iter().filter_map(person).collect())
    }

    /// Somebody signs in under the name of one of the cast, who leaves the stage.
    pub(crate) fn make_room(&mut self, visitor: &UserId) -> Option<Person> {
        let at = self.0.iter().position(|person| person.user == *visitor)?;
        Some(self.0.remove(at))
    }

    pub(crate) fn get(&self, who: Who) -> Option<&Person> {
        self.0.iter().find(|person| person.who == who)
    }

    pub(crate) fn get_mut(&mut self, who: Who) -> Option<&mut Person> {
        self.0.iter_mut().find(|person| person.who == who)
    }

    pub(crate) fn at(&self, connection: &ConnectionId) -> Option<Who> {
        let on = |person: &&Person| person.connection.as_ref() == Some(connection);
        self.0.iter().find(on).map(|person| person.who)
    }

    pub(crate) fn is_online(&self, who: Who) -> bool {
        self.get(who).is_some_and(|it| it.connection.is_some())
    }

    pub(crate) fn knows(&self, user: &UserId) -> bool {
        self.0.iter().any(|person| person.user == *user)
    }

    pub(crate) fn users(&self, who: &[Who]) -> Vec<UserId> {
        let user = |who: &Who| Some(self.get(*who)?.user.clone());
        who.iter().filter_map(user).collect()
    }

    /// A text of the cast as it is said: with the visitor's name and everybody's own.
    pub(crate) fn say(&self, text: &str, visitor: &str) -> String {
        let mut said = text.to_owned();
        for person in &self.0 {
            let (is, written) = (person.user.as_str(), person.who.name());
            if is != written {
                said = said.replace(written, is);
            }
        }
        said.replace("{you}", visitor)
    }
}
