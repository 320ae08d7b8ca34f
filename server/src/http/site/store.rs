//! Built files by name.

use std::borrow::Cow;
use std::collections::BTreeMap;

use app::Assets;
use axum::body::Bytes;
use domain::hex;
use sha2::{Digest as _, Sha256};

/// Built files, with their compressed forms.
///
/// A name such as `main.4f2a91c0.css` carries a digest: at least eight hexadecimal digits before
/// the ending. What is at such a name never changes. `main.4f2a91c0.css.br` and `.gz` beside it
/// are its compressed forms.
#[derive(Debug, Clone, Default)]
pub struct Site {
    files: BTreeMap<String, Built>,
}

/// One built file.
#[derive(Debug, Clone)]
pub(super) struct Built {
    pub(super) plain: Bytes,
    pub(super) brotli: Option<Bytes>,
    pub(super) gzip: Option<Bytes>,
    pub(super) tag: String,
    pub(super) never_changes: bool,
}

impl Site {
    /// Takes files by path; those directly in `assets/` are served, nothing else is.
    pub fn of(files: impl IntoIterator<Item = (String, Cow<'static, [u8]>)>) -> Self {
        let mut all: BTreeMap<String, Bytes> = files
            .into_iter()
            .filter_map(|(path, content)| {
                Some((path.strip_prefix("assets/")?.to_owned(), bytes(content)))
            })
            .collect();
        let names: Vec<String> = all.keys().filter(|name| !is_compressed(name)).cloned().collect();
        let built = names.into_iter().filter_map(|name| {
            let brotli = all.remove(&format!("{name}.br"));
            let gzip = all.remove(&format!("{name}.gz"));
            let plain = all.remove(&name)?;
            let tag = format!("\"{}\"", &hex(&Sha256::digest(&plain))[..16]);
            let never_changes = plain_name(&name).is_some();
            Some((name, Built { plain, brotli, gzip, tag, never_changes }))
        });
        Self { files: built.collect() }
    }

    /// The addresses that pages use.
    pub(crate) fn addresses(&self) -> Assets {
        let named = self.files.keys().map(|name| {
            let plain = plain_name(name).unwrap_or_else(|| name.clone());
            (plain, format!("/assets/{name}"))
        });
        Assets::new(named.collect())
    }

    pub(super) fn file(&self, name: &str) -> Option<&Built> {
        self.files.get(name)
    }
}

fn bytes(content: Cow<'static, [u8]>) -> Bytes {
    match content {
        Cow::Borrowed(content) => Bytes::from_static(content),
        Cow::Owned(content) => Bytes::from(content),
    }
}

fn is_compressed(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("br" | "gz"))
}

/// The name without its digest, where it has one.
fn plain_name(name: &str) -> Option<String> {
    let (front, ending) = name.rsplit_once('.')?;
    let (stem, digest) = front.rsplit_once('.')?;
    let is_digest =
        digest.len() >= 8 && digest.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    is_digest.then(|| format!("{stem}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_without_its_digest() {
        for (name, plain) in [
            ("main.4f2a91c0.css", Some("main.css")),
            ("shorepass_bg.0011223344556677.wasm", Some("shorepass_bg.wasm")),
            ("icon.svg", None),
            ("xterm.min.js", None),
            ("main.4F2A91C0.css", None),
        ] {
            assert_eq!(plain_name(name).as_deref(), plain);
        }
    }
}
