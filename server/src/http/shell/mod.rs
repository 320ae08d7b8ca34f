//! Shells: opening, attaching, ending, and the record. A file for each route, and the socket.

mod download;
mod end;
mod open;
mod pulse;
mod socket;
mod terminal;

pub(crate) use download::download;
pub(crate) use end::end;
pub(crate) use open::open;
pub(crate) use terminal::{Handshakes, terminal};
