//! The journal on a disk, and on one that fails.

mod breaking;
mod damage;
mod recording;
pub(crate) mod studio;
