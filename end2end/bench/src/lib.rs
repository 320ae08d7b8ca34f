//! Measures Shorepass next to what it stands beside, in one run on one cluster.
//!
//! [`portal`] is a person with a scripted browser, [`direct`] an administrator with a bare
//! WebSocket, [`kubectl`] what people use today; all three give a [`Shell`]. The files of
//! [`measure`] each take one measurement and return [`report::Figure`]s.
//!
//! To add a measurement: a file in [`measure`], a variant of [`measure::Measurement`], and a line
//! in `docs/benchmarks.md`.

pub mod direct;
pub mod kubectl;
pub mod measure;
pub mod portal;
pub mod process;
pub mod report;
mod sample;
mod screen;
mod shell;
mod stand;
mod stopwatch;

pub use sample::Sample;
pub use screen::Screen;
pub use shell::Shell;
pub use stand::Stand;
pub use stopwatch::Stopwatch;
