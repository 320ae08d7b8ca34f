//! Measures Shorepass next to what it stands beside, in one run on one cluster.
//!
//! [`client::portal`] is a person with a scripted browser, [`way`] has the other ways into a
//! container; all of them give a [`client::Shell`]. The files of [`measure`] each take one
//! measurement and return [`report::Figure`]s.
//!
//! To add a measurement: a file in [`measure`], a variant of [`measure::Measurement`], and a line
//! in `docs/benchmarks.md`.

mod cost;
pub mod measure;
pub mod report;
mod sample;
pub mod way;

pub use sample::Sample;
