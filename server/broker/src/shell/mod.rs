//! Sessions: from the click to the sealed record.

mod attach;
mod choice;
mod claim;
mod clean_up;
mod end;
mod finish;
mod open;
mod rows;
mod running;
mod start;
mod ticket;

pub use attach::FirstMessage;
pub(crate) use choice::choice;
pub(crate) use end::end;
pub(crate) use open::FIRST_TERMINAL_WITHIN;
pub(crate) use rows::{row, session, sessions, view};
pub(crate) use running::Running;
pub(crate) use start::start;
pub(crate) use ticket::{Tickets, ticket};
