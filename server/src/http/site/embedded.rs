//! The files of `target/site`, in the program itself.

use rust_embed::RustEmbed;

use super::Site;

/// Built by `make site`; without it the program still runs, without looks.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Files;

impl Site {
    /// What was built with the program.
    pub fn embedded() -> Self {
        Self::of(Files::iter().filter_map(|path| {
            let file = Files::get(&path)?;
            Some((path.into_owned(), file.data))
        }))
    }
}
