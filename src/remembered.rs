//! What the connect form was last given: for the next visit, and for a reload of this tab.

use switchboard_client::DEMO;
use switchboard_protocol::Profile;
use switchboard_protocol::json::{Object, Writer};

use crate::browser::storage::Setting;
use crate::state::connect::check;
use crate::state::{ConnectDefaults, ConnectRequest, Tickets};

/// A connect form as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    url: String,
    profile: String,
    user: String,
    /// Kept for this tab only: it may hold a ticket.
    query: String,
    /// Where tickets are fetched, for this tab only: the site may have another answer tomorrow.
    tickets: Option<String>,
}

impl Remembered {
    /// What was just connected with.
    #[must_use]
    pub fn of(request: &ConnectRequest) -> Self {
        let lines: Vec<String> = request
            .query
            .iter()
            .map(|(name, value)| [name, value].map(String::as_str).join("="))
            .collect();
        Self {
            url: request.typed_url.clone(),
            profile: request.profile.id.to_owned(),
            user: request.user.as_str().to_owned(),
            query: lines.join("\n"),
            tickets: request.tickets.clone(),
        }
    }

    /// For a reload of this tab, and without the parameters for the next visit.
    pub fn save(&self) {
        let save = |setting: Setting, form: &Self| {
            setting.save(&form.to_json());
        };
        save(Setting::Session, self);
        if self.url == DEMO {
            // A visit to the demo is not where the person connects.
            return;
        }
        let lasting = Self {
            query: String::new(),
            tickets: None,
            ..self.clone()
        };
        save(Setting::Connect, &lasting);
    }

    /// A reload shows the connect form again.
    pub fn forget_session() {
        Setting::Session.remove();
    }

    /// The form of the last visit.
    #[must_use]
    pub fn last() -> Option<Self> {
        Self::load(Setting::Connect)
    }

    /// The form this tab is signed in with.
    #[must_use]
    pub fn session() -> Option<Self> {
        Self::load(Setting::Session)
    }

    fn to_json(&self) -> String {
        let mut form = Writer::new();
        form.text("url", &self.url);
        form.text("profile", &self.profile);
        form.text("user", &self.user);
        form.text("query", &self.query);
        if let Some(tickets) = &self.tickets {
            form.text("tickets", tickets);
        }
        form.finish()
    }

    fn load(setting: Setting) -> Option<Self> {
        let mut form = Object::parse(&setting.load()?)?;
        Some(Self {
            url: form.text("url")?,
            profile: form.text("profile")?,
            user: form.text("user")?,
            query: form.text("query").unwrap_or_default(),
            tickets: form.text("tickets"),
        })
    }

    /// Puts these values into a form, whose further parameters and tickets stay: they are the
    /// site's.
    pub fn fill_but_query(self, form: &mut ConnectDefaults) {
        let (query, tickets) = (std::mem::take(&mut form.query), form.tickets.take());
        self.fill(form);
        (form.query, form.tickets) = (query, tickets);
    }

    /// Puts these values into a form.
    pub fn fill(self, form: &mut ConnectDefaults) {
        if let Some(profile) = Profile::named(&self.profile) {
            form.profile = profile;
        }
        form.tickets = self.tickets.map(|at| Tickets {
            at,
            for_url: self.url.clone(),
        });
        form.url = self.url;
        form.user = self.user;
        form.query = self.query;
    }

    /// The request this tab was signed in with, if it still stands.
    #[must_use]
    pub fn request(self, form: &ConnectDefaults) -> Option<ConnectRequest> {
        let mut form = form.clone();
        self.fill(&mut form);
        check(&form).ok()
    }
}
