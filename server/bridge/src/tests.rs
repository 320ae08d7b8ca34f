//! Sessions over shells, tapes and viewers in memory.

mod browser;
mod ending;
mod shell;
mod showing;
mod stage;
mod tape;
mod typing;
mod viewers;
