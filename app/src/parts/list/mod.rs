//! Lists of things.

mod sessions;

pub(crate) use sessions::SessionTable;
