//! The other side of Shorepass, for benchmarks and fault tests: who uses a portal, and what runs
//! beside it.
//!
//! [`portal`] is a person with a scripted browser, [`Stand`] what `end2end/stand/with` has
//! started, [`Screen`] somebody who looks at any [`Shell`]'s output.

pub mod portal;
pub mod process;
mod screen;
mod shell;
mod stand;
mod stopwatch;

pub use screen::Screen;
pub use shell::Shell;
pub use stand::Stand;
pub use stopwatch::Stopwatch;
