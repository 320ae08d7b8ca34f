//! Recordings and the audit log.

mod audit;
mod download;
mod recordings;

pub(crate) use audit::audit;
pub use download::Download;
pub(crate) use recordings::recordings;
