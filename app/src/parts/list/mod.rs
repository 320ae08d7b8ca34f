//! Lists of things: what narrows them, and what they look like.

mod filter;
mod sessions;
mod table;

pub(crate) use filter::{FilterField, FilterForm, NothingLeft, Pages};
pub(crate) use sessions::{SessionTable, Target, who};
pub(crate) use table::Table;
