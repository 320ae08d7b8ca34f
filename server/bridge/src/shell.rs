//! The two halves of a shell, each served without waiting for the other.

mod input;
mod output;
mod size;

pub(crate) use input::{Input, Typing, type_in};
pub(crate) use output::{made_durable, record, unrecorded};
pub(crate) use size::record_sizes;
