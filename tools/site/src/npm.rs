//! The packages of `app/package-lock.json`.

use std::fs;
use std::process::Command;

use anyhow::Context as _;

use crate::Places;
use crate::command::{run, say};

/// Installs the packages where they are not those of the lock file.
///
/// # Errors
/// `npm` is missing or does not succeed.
pub(crate) fn install(places: &Places) -> anyhow::Result<()> {
    let app = places.root.join("app");
    let lock = fs::read(app.join("package-lock.json")).context("app/package-lock.json")?;
    let wanted = blake3::hash(&lock).to_hex().to_string();
    let installed = app.join("node_modules/.lock-digest");
    if fs::read_to_string(&installed).is_ok_and(|digest| digest == wanted) {
        return Ok(());
    }
    say("installing npm packages");
    // No package's install script is needed, so none runs.
    run(Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&app))?;
    fs::write(installed, wanted)?;
    Ok(())
}
