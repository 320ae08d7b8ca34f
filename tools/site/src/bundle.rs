//! Scripts and style sheets, each as one small file.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Places;
use crate::command::{run, say};

/// What pages name, and where it begins.
const ENTRIES: [(&str, &str); 6] = [
    ("live.js", "app/src/live/main.ts"),
    ("terminal.js", "app/src/terminal/js/main.ts"),
    ("player.js", "app/src/player/main.ts"),
    ("main.css", "style/main.css"),
    ("terminal.css", "app/src/terminal/terminal.css"),
    ("player.css", "app/src/player/player.css"),
];

/// Bundles every entry; `script` binds the module whose address is `module`.
///
/// # Errors
/// esbuild fails; it has said why.
pub(crate) fn build(
    places: &Places,
    script: &Path,
    module: &str,
) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    say("esbuild");
    let out = places.cache.join("bundle");
    let entries = ENTRIES.map(|(name, source)| {
        let (stem, _) = name.split_once('.').unwrap_or((name, ""));
        format!("{stem}={source}")
    });
    run(Command::new(places.root.join("app/node_modules/.bin/esbuild"))
        .args(entries)
        .args([
            "--bundle",
            "--minify",
            "--format=esm",
            "--target=es2023,chrome126,firefox128,safari18",
        ])
        .args(["--log-level=warning", "--charset=utf8"])
        .arg(format!("--define:MODULE_ADDRESS={}", serde_json::to_string(module)?))
        .arg(format!("--alias:shorepass-module={}", script.display()))
        .arg(format!(
            "--alias:shorepass-emulator={}",
            places.root.join("app/src/terminal/js/emulator.ts").display()
        ))
        .arg(format!("--outdir={}", out.display()))
        .current_dir(&places.root))?;
    ENTRIES.iter().map(|(name, _)| Ok(((*name).to_owned(), fs::read(out.join(name))?))).collect()
}
