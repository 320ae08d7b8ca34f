//! Breaks what Shorepass stands on, and watches what it does then.
//!
//! A test starts a [`Portal`] of its own inside `end2end/stand/cluster`, puts a [`Proxy`] in front
//! of it or between it and the API server, and looks with [`pod`] into the container, past
//! Shorepass. [`Resuming`] is a browser that comes back by itself; [`Guarded`] is a shell whose
//! every byte is timed, at both of its ends, and [`Silent`] one whose browser takes nothing any
//! more: what is on its way to it, the [`kernel`] tells.
//!
//! A fault that did not happen proves nothing: each test asserts its proxy's [`Counts`], or that
//! the process it stopped was stopped.
//!
//! To add a fault: a method of [`Proxy`] with a counter, or of [`Portal`]; a file in
//! `tests/faults`; and a line in `end2end/README.md`.

mod guarded;
pub mod kernel;
pub mod pod;
mod portal;
mod proxy;
mod recording;
mod resuming;
mod silent;
mod time;

pub use guarded::{Ending, Guarded};
pub use portal::Portal;
pub use proxy::{Break, Counts, Proxy};
pub use recording::{Entry, events, recording};
pub use resuming::Resuming;
pub use silent::{Held, Silent, narrow};
pub use time::{eventually, reach, since_boot};
