//! `bench`: measures Shorepass beside a stand; `end2end/bench/run` starts both.

use std::io::{Write as _, stderr, stdout};
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use bench::measure::{Amounts, Measurement, Stage};
use bench::report::{self, Figure};
use clap::{Parser, ValueEnum as _};
use client::{Stand, Stopwatch};

/// Measures Shorepass next to kubectl and to a direct exec, in one run
#[derive(Parser)]
struct Arguments {
    /// Measure only these, with commas between
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Measurement>,
    /// Do only a part of everything, in percent
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    percent: u32,
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
    let amounts = arguments.amounts.part(arguments.percent);
    let (mut figures, mut failed) = (Vec::new(), 0);
    for measurement in Measurement::value_variants() {
        if arguments.only.is_empty() || arguments.only.contains(measurement) {
            let began = Stopwatch::start();
            let taken = measurement.take(&stage, &amounts).await;
            let seconds = began.read().as_secs();
            match taken {
                Ok(taken) => {
                    writeln!(stderr(), "{measurement:?}: measured in {seconds} s")?;
                    figures.extend(taken);
                }
                Err(cause) => {
                    writeln!(stderr(), "{measurement:?}: failed after {seconds} s: {cause:#}")?;
                    figures.push(Figure::of(format!("{measurement:?}"), "", Err::<f64, _>(cause)));
                    failed += 1;
                }
            }
        }
    }
    write!(stdout(), "\n{}\n{}", machine(), report::table(&figures))?;
    if let Some(file) = arguments.json {
        std::fs::write(&file, serde_json::to_vec_pretty(&figures)?)
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    ensure!(failed == 0, "{failed} measurements failed");
    Ok(())
}

/// Where the figures are from.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = rustix::system::uname();
    let (name, release) = (kernel.sysname(), kernel.release());
    format!("{cores} cores, {} {}\n", name.to_string_lossy(), release.to_string_lossy())
}
