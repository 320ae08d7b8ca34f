//! Where built files are found.

use std::collections::BTreeMap;

/// The addresses of built files, whose names carry a digest of their content.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    addresses: BTreeMap<String, String>,
}

impl Assets {
    /// From plain names such as `main.css` to addresses such as `/assets/main.4f2a91c0.css`.
    pub fn new(addresses: BTreeMap<String, String>) -> Self {
        Self { addresses }
    }

    /// The address of a file; `/assets/<name>` where none was given.
    pub fn path(&self, name: &str) -> String {
        self.addresses.get(name).cloned().unwrap_or_else(|| format!("/assets/{name}"))
    }
}
