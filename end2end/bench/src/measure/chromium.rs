//! What only a real browser shows: the scripts of `end2end/bench/browser` measure it.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use domain::SessionId;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::process::Command;

use super::Stage;
use crate::Sample;
use crate::report::{Figure, Target};

const END2END: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// The most from Ctrl-C to a prompt, in milliseconds.
const PROMPT: f64 = 100.0;

/// Milliseconds, as a script measured them.
#[derive(Debug, Deserialize)]
struct Measured(Vec<f64>);

/// How a player was.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) first: f64,
    pub(super) median: f64,
    pub(super) p99: f64,
}

/// What the script of the player measured, in milliseconds.
#[derive(Debug, Deserialize)]
struct Player {
    first: f64,
    seeks: Measured,
}

impl Measured {
    fn sample(&self) -> Sample {
        self.0.iter().map(|one| std::time::Duration::from_secs_f64(one / 1_000.0)).collect()
    }
}

/// Ctrl-C under `yes`, and a cut.
pub(super) async fn measure(
    stage: &Stage,
    interrupts: u32,
    cuts: u32,
) -> anyhow::Result<Vec<Figure>> {
    let times = [("BENCH_TIMES", interrupts.to_string())];
    let interrupts: Measured = script(stage, "interrupt", &times).await?;
    let times = [("BENCH_TIMES", cuts.to_string())];
    let cuts: Measured = script(stage, "resume", &times).await?;
    let (interrupts, cuts) = (interrupts.sample(), cuts.sample());
    let mut figures = Vec::new();
    for (at, percent) in [("median", 50), ("p99", 99)] {
        let name = format!("Ctrl-C to prompt in Chromium, {at}");
        let figure = Figure::of(name, "ms", interrupts.percentile(percent));
        figures.push(if percent == 99 { figure.should(Target::AtMost(PROMPT)) } else { figure });
    }
    for (at, percent) in [("median", 50), ("p99", 99)] {
        let name = format!("cut to attached again in Chromium, {at}");
        figures.push(Figure::of(name, "ms", cuts.percentile(percent)));
    }
    Ok(figures)
}

/// A recording's first frame, and others.
pub(super) async fn player(
    stage: &Stage,
    session: SessionId,
    hours: u32,
) -> anyhow::Result<Played> {
    let settings = [("BENCH_RECORDING", session.to_string()), ("BENCH_HOURS", hours.to_string())];
    let Player { first, seeks } = script(stage, "player", &settings).await?;
    let seeks = seeks.sample();
    Ok(Played { first, median: seeks.percentile(50), p99: seeks.percentile(99) })
}

/// Runs a script, and reads what it measured.
async fn script<T: DeserializeOwned>(
    stage: &Stage,
    name: &str,
    settings: &[(&str, String)],
) -> anyhow::Result<T> {
    let folder = tempfile::tempdir()?;
    let figures = folder.path().join("figures.json");
    let output = Command::new(Path::new(END2END).join("node_modules/.bin/playwright"))
        .args(["test", "--config", "bench/browser/playwright.config.ts", name])
        .current_dir(END2END)
        .env("SHOREPASS_URL", stage.stand.portal.as_str())
        .env("BENCH_FIGURES", &figures)
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("Playwright cannot be run: end2end/install installs it")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "the script {name} failed: {said}");
    let figures = std::fs::read(&figures).context("nothing was measured")?;
    Ok(serde_json::from_slice(&figures)?)
}
