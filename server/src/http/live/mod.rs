//! What pages and machines ask for by themselves: a file for each route.

mod api;
mod events;
mod health;

pub(crate) use api::api;
pub(crate) use events::{Streams, events};
pub(crate) use health::{healthz, readyz};
