//! What browsers load besides pages: style sheets, scripts, icons.

mod embedded;
mod file;
mod store;

pub(crate) use file::file;
pub use store::Site;
