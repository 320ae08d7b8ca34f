//! Recordings: what a player asks for, the file, and the form. A file for each route.

mod download;
mod outline;
mod proof;
mod review;
mod stretch;
mod transcript;

pub(crate) use download::download;
pub(crate) use outline::outline;
pub(crate) use proof::proof;
pub(crate) use review::review;
pub(crate) use stretch::stretch;
pub(crate) use transcript::transcript;
