//! Shells: opening, attaching, ending. A file for each route, and the socket.

mod end;
mod open;
mod pulse;
mod socket;
mod terminal;

pub(crate) use end::end;
pub(crate) use open::open;
pub(crate) use terminal::{Handshakes, terminal};
