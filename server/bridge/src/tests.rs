//! Sessions over shells, tapes and viewers in memory.

mod browser;
mod ending;
mod screens;
mod shell;
mod showing;
pub(crate) mod stage;
mod tape;
mod typing;
mod viewers;
