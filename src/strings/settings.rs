//! Texts of the settings.

pub use super::texts::settings::*;

/// The file that everything is saved as.
pub const EXPORT_FILE: &str = "switchboard-messages.json";
