//! The crate `hydrate`, as a module that a browser loads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use wasm_bindgen_cli_support::Bindgen;

use crate::Places;
use crate::command::{run, say};

/// What every browser of the last years does: named one by one, because all features would let
/// the optimiser use what no browser has.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// Results of earlier builds that are kept.
const KEPT: usize = 4;

/// A module with the script that belongs to it.
pub(crate) struct Wasm {
    pub(crate) module: PathBuf,
    pub(crate) script: PathBuf,
}

/// Compiles, binds to JavaScript and optimises.
///
/// # Errors
/// A step fails; it has said why.
pub(crate) fn build(places: &Places) -> anyhow::Result<Wasm> {
    let compiled = compile(places)?;
    // The compiled module also names the version of wasm-bindgen that it is made for.
    let key = blake3::Hasher::new()
        .update(&fs::read(&compiled)?)
        .update(&fs::read(places.root.join("app/package-lock.json"))?)
        .update(FEATURES.concat().as_bytes())
        .finalize()
        .to_hex();
    let results = places.cache.join("wasm");
    let result = results.join(&key[..16]);
    if !result.exists() {
        fs::create_dir_all(&results)?;
        forget_old(&results)?;
        let work = places.cache.join("wasm-work");
        let _ = fs::remove_dir_all(&work);
        bind(&compiled, &work)?;
        optimise(places, &work)?;
        fs::rename(&work, &result)?;
    }
    Ok(Wasm { module: result.join("optimised.wasm"), script: result.join("shorepass.js") })
}

fn compile(places: &Places) -> anyhow::Result<PathBuf> {
    say("compiling for wasm32");
    let printed = run(Command::new("bash")
        .args(["-euc", ". tools/wasm-environment; wasm_cargo \"$@\"", "site"])
        .args(["build", "-p", "hydrate", "--target", "wasm32-unknown-unknown"])
        .args(["--profile", "wasm-release", "--message-format", "json-render-diagnostics"])
        // Set by `cargo run` for this program; left as they are they would rebuild everything.
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("CARGO_PKG_VERSION")
        .current_dir(&places.root))?;
    printed
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "hydrate")
        .filter_map(|message| {
            let files = message["filenames"].as_array()?;
            let mut files = files.iter().filter_map(|file| file.as_str()).map(PathBuf::from);
            files.find(|file| file.extension().is_some_and(|ending| ending == "wasm"))
        })
        .next_back()
        .context("cargo built no module")
}

fn bind(compiled: &Path, into: &Path) -> anyhow::Result<()> {
    say("wasm-bindgen");
    Bindgen::new()
        .web(true)?
        .input_path(compiled)
        .out_name("shorepass")
        .omit_default_module_path(true)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(into)
}

fn optimise(places: &Places, work: &Path) -> anyhow::Result<()> {
    say("wasm-opt");
    run(Command::new(places.root.join("app/node_modules/.bin/wasm-opt"))
        .args(["-Oz", "--strip-debug", "--strip-producers"])
        .args(FEATURES)
        .arg("-o")
        .arg(work.join("optimised.wasm"))
        .arg(work.join("shorepass_bg.wasm")))?;
    Ok(())
}

fn forget_old(results: &Path) -> anyhow::Result<()> {
    let mut kept: Vec<_> = fs::read_dir(results)?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.metadata().ok()?.modified().ok()?, entry.path()))
        })
        .collect();
    kept.sort();
    kept.reverse();
    for (_, old) in kept.into_iter().skip(KEPT) {
        fs::remove_dir_all(old)?;
    }
    Ok(())
}
