//! Recordings and the audit log.

mod audit;
mod download;
mod log;
mod proof;
mod reading;
mod recordings;
mod replay;
mod review;
mod transcript;
mod view;

pub(crate) use audit::audit;
pub use download::Download;
pub(crate) use proof::prove;
pub(crate) use reading::Readings;
pub(crate) use recordings::recordings;
pub(crate) use review::review;
pub(crate) use transcript::{find, transcript};
pub(crate) use view::recording;
