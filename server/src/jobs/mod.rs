//! What runs beside the requests of people.

pub(crate) mod checkpoints;
pub(crate) mod policy;
pub(crate) mod recordings;
