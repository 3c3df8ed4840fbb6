//! Every text of the people in the demo. They speak English, whatever the page speaks.
//!
//! `{you}` is the visitor's name. Names of the cast are replaced where the visitor has one.

pub(crate) mod answers;
pub(crate) mod past;
pub(crate) mod scenes;
pub(crate) mod topics;
