//! Builds what browsers load into `target/site`: `cargo run -p site`.
//!
//! The steps: [`wasm`] compiles the rich pages, [`bundle`] puts scripts and style sheets into one
//! file each, and [`shelf`] names every file after its content, adds compressed copies and writes
//! `manifest.json`, from plain names to addresses.
//!
//! A step whose input is what it was is not done again. To add a file that browsers load, put it
//! into `public/` or add its entry in [`bundle`].

mod bundle;
mod command;
mod npm;
mod shelf;
mod wasm;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use shelf::Shelf;

/// Where sources are and where results go.
struct Places {
    /// The checkout.
    root: PathBuf,
    /// What steps leave for the next run.
    cache: PathBuf,
    /// What the server embeds.
    site: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let places = Places::find()?;
    npm::install(&places)?;
    let wasm = wasm::build(&places)?;
    let mut shelf = Shelf::open(&places.site)?;
    let module = shelf.put("terminal.wasm", &fs::read(&wasm.module)?)?;
    for (name, content) in bundle::build(&places, &wasm.script, &module)? {
        shelf.put(&name, &content)?;
    }
    // Files come by name: what `manifest.webmanifest` names is put before it.
    for file in files(&places.root.join("public"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match fs::read_to_string(&file) {
            Ok(text) => shelf.put_naming(&name, &text)?,
            Err(_) => shelf.put(&name, &fs::read(&file)?)?,
        };
    }
    shelf.close()
}

impl Places {
    fn find() -> anyhow::Result<Self> {
        // Asked at run time: another checkout may share the directory that this was built in.
        let package = std::env::var("CARGO_MANIFEST_DIR").context("start it with `cargo run`")?;
        let root = Path::new(&package).join("../..").canonicalize()?;
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |target| root.join(target));
        let site = root.join("target/site");
        Ok(Self { cache: target.join("site"), site, root })
    }
}

/// The files of a folder that may be missing, by name.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
