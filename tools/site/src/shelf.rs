//! The built files: named after their content, with compressed copies and a list.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::command::say;
use crate::files;

/// The address below which the server serves them.
const ADDRESS: &str = "/assets/";
/// How much of the digest stands in a name, in hexadecimal digits: content never changes under one.
const DIGITS: usize = 12;

/// Where built files are put.
pub(crate) struct Shelf {
    site: PathBuf,
    addresses: BTreeMap<String, String>,
}

impl Shelf {
    pub(crate) fn open(site: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(site.join("assets"))?;
        Ok(Self { site: site.to_owned(), addresses: BTreeMap::new() })
    }

    /// Puts a file and returns its address.
    pub(crate) fn put(&mut self, name: &str, content: &[u8]) -> anyhow::Result<String> {
        let digest = blake3::hash(content).to_hex();
        let (stem, kind) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let hashed = format!("{stem}.{}.{kind}", &digest[..DIGITS]);
        let path = self.site.join("assets").join(&hashed);
        let brotli = suffixed(&path, "br");
        if !brotli.exists() {
            write(&path, content)?;
            write(&suffixed(&path, "gz"), &gzip(content)?)?;
            write(&brotli, &compress(content)?)?;
        }
        let (plain, small) = (content.len(), fs::metadata(&brotli)?.len());
        say(&format!("{plain:>8} B {small:>7} B brotli  {hashed}"));
        let address = format!("{ADDRESS}{hashed}");
        self.addresses.insert(name.to_owned(), address.clone());
        Ok(address)
    }

    /// Puts a file of text that names other files by their plain addresses.
    pub(crate) fn put_naming(&mut self, name: &str, text: &str) -> anyhow::Result<String> {
        let text = self.addresses.iter().fold(text.to_owned(), |text, (name, address)| {
            text.replace(&format!("\"{ADDRESS}{name}\""), &format!("\"{address}\""))
        });
        self.put(name, text.as_bytes())
    }

    /// Writes the list and removes what is not on it any more.
    pub(crate) fn close(self) -> anyhow::Result<()> {
        write(&self.site.join("manifest.json"), &serde_json::to_vec_pretty(&self.addresses)?)?;
        for file in files(&self.site.join("assets"))? {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let plain = name.trim_end_matches(".br").trim_end_matches(".gz");
            if !self.addresses.values().any(|address| address.ends_with(plain)) {
                fs::remove_file(file)?;
            }
        }
        Ok(())
    }
}

fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

/// Whole or not at all: a server may be reading. What is there already is left alone, so that the
/// server, which embeds it, is not built again.
fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    let unfinished = suffixed(path, &format!("{}.part", std::process::id()));
    fs::write(&unfinished, content)?;
    fs::rename(&unfinished, path)?;
    Ok(())
}

fn gzip(content: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn compress(mut content: &[u8]) -> anyhow::Result<Vec<u8>> {
    let parameters =
        BrotliEncoderParams { quality: 11, lgwin: 22, ..BrotliEncoderParams::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut content, &mut compressed, &parameters)?;
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    fn shelf() -> (tempfile::TempDir, Shelf) {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path()).unwrap();
        (folder, shelf)
    }

    fn at(folder: &tempfile::TempDir, address: &str) -> PathBuf {
        folder.path().join(address.trim_start_matches('/'))
    }

    #[test]
    fn an_address_changes_with_the_content_and_only_then() {
        let (_folder, mut shelf) = shelf();
        let first = shelf.put("main.css", b"a {}").unwrap();
        assert_eq!(shelf.put("main.css", b"a {}").unwrap(), first);
        assert_ne!(shelf.put("main.css", b"b {}").unwrap(), first);
        let (before, after) = first.split_at("/assets/main.".len());
        assert_eq!((before, after.len(), &after[DIGITS..]), ("/assets/main.", DIGITS + 4, ".css"));
    }

    #[test]
    fn compressed_copies_hold_the_same_content() {
        let (folder, mut shelf) = shelf();
        let content = b"shorepass ".repeat(500);
        let path = at(&folder, &shelf.put("live.js", &content).unwrap());
        let mut brotli = Vec::new();
        let compressed = fs::read(suffixed(&path, "br")).unwrap();
        brotli::BrotliDecompress(&mut &compressed[..], &mut brotli).unwrap();
        let mut gzip = Vec::new();
        let compressed = fs::read(suffixed(&path, "gz")).unwrap();
        flate2::read::GzDecoder::new(&compressed[..]).read_to_end(&mut gzip).unwrap();
        assert!(brotli == content && gzip == content && fs::read(path).unwrap() == content);
    }

    #[test]
    fn files_name_each_other_by_their_real_addresses() {
        let (folder, mut shelf) = shelf();
        let icon = shelf.put("icon.svg", b"<svg/>").unwrap();
        let text = r#"{"src": "/assets/icon.svg", "other": "/assets/icon.svgz"}"#;
        let address = shelf.put_naming("manifest.webmanifest", text).unwrap();
        let written = fs::read_to_string(at(&folder, &address)).unwrap();
        assert_eq!(written, format!(r#"{{"src": "{icon}", "other": "/assets/icon.svgz"}}"#));
    }

    #[test]
    fn what_stays_as_it_was_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let built = || {
            let mut shelf = Shelf::open(folder.path()).unwrap();
            shelf.put("live.js", b"the same").unwrap();
            shelf.close().unwrap();
            // What is written anew is another file.
            fs::metadata(folder.path().join("manifest.json")).unwrap().ino()
        };
        assert_eq!(built(), built());
    }

    #[test]
    fn what_is_not_listed_any_more_is_removed() {
        let (folder, mut old) = shelf();
        let gone = old.put("live.js", b"old").unwrap();
        old.close().unwrap();
        let mut shelf = Shelf::open(folder.path()).unwrap();
        let kept = shelf.put("live.js", b"new").unwrap();
        shelf.close().unwrap();
        assert!(!at(&folder, &gone).exists() && at(&folder, &kept).exists());
        assert_eq!(files(&folder.path().join("assets")).unwrap().len(), 3);
        let list = fs::read_to_string(folder.path().join("manifest.json")).unwrap();
        assert_eq!(list, format!("{{\n  \"live.js\": \"{kept}\"\n}}"));
    }
}
