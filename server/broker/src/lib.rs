//! The use cases, and the ports through which they reach the world.
//!
//! [`Portal`] holds the parts. [`Portal::bound`] ties it to one signed-in person and is the only
//! way to a [`domain::broker::Broker`]; each use case is a file under `access` (asking and
//! deciding), `shell` (sessions) or `record` (recordings and the audit log). A new use case is a
//! method of the `Broker` trait, a file here, and an event that says it happened.

mod access;
mod bound;
pub mod port;
mod portal;
mod record;
mod shell;
pub mod signed;

pub use bound::Bound;
pub use portal::{Change, Parts, PolicyState, Portal, Settings};
pub use record::Download;
pub use shell::FirstMessage;
