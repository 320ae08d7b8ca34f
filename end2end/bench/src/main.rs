//! `bench`: measures Shorepass beside a stand; `end2end/bench/run` starts both.

use std::io::{Write as _, stderr, stdout};
use std::path::PathBuf;

use anyhow::Context as _;
use bench::measure::{Amounts, Measurement, Stage};
use bench::report;
use clap::{Parser, ValueEnum as _};
use client::Stand;

/// Measures Shorepass next to kubectl and to a direct exec, in one run
#[derive(Parser)]
struct Arguments {
    /// Measure only this; may be given several times
    #[arg(long, value_enum)]
    only: Vec<Measurement>,
    #[command(flatten)]
    amounts: Amounts,
    /// Write the figures to this file too, as JSON
    #[arg(long)]
    json: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    // The only provider; that it is there already would be as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let stage = Stage::set(Stand::from_environment()?).await?;
    let mut figures = Vec::new();
    for measurement in Measurement::value_variants() {
        if arguments.only.is_empty() || arguments.only.contains(measurement) {
            writeln!(stderr(), "measuring: {measurement:?}")?;
            let taken = measurement.take(&stage, &arguments.amounts).await;
            figures.extend(taken.with_context(|| format!("{measurement:?} cannot be measured"))?);
        }
    }
    write!(stdout(), "\n{}\n{}", machine(), report::table(&figures))?;
    if let Some(file) = arguments.json {
        std::fs::write(&file, serde_json::to_vec_pretty(&figures)?)
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}

/// Where the figures are from.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = rustix::system::uname();
    let (name, release) = (kernel.sysname(), kernel.release());
    format!("{cores} cores, {} {}\n", name.to_string_lossy(), release.to_string_lossy())
}
