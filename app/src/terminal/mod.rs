//! The terminal of a session, alive in the browser.
//!
//! [`pane`] is the island: what is around the screen, and its tools. [`link`] keeps it joined to
//! the session on the server through any number of sockets. [`emulator`] is xterm, behind the
//! small script in `js/`. The session is the server's: this page may come and go, and shows where
//! it stands again at once.

mod emulator;
mod left;
mod link;
mod pane;
mod people;
mod phase;
mod preload;

pub use pane::Terminal;
pub(crate) use preload::Load;
pub use preload::Preload;
