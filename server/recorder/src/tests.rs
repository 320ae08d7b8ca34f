//! The journal on a disk, and on one that fails.

mod archive;
mod auditor;
mod breaking;
mod damage;
mod recording;
mod removal;
mod replay;
mod screens;
pub(crate) mod studio;
