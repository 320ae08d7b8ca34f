//! What the fuzz targets share.
//!
//! A fuzzer never guesses a checksum, so with arbitrary bytes alone it would not get past the
//! first frame. A [`Mender`] makes sums, links and order of whatever resembles frames right, as far
//! as the input itself asks for it: what is then refused is refused for its meaning.
//!
//! To add a target: a file in `targets`, its name in `Cargo.toml`, and a seed or two.

mod frames;
mod studio;

pub use frames::{Care, JOURNAL, Mender, RECORDING};
pub use studio::{ManualClock, RUNTIME, Studio, export};
