//! `shorepass serve`

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::config::Config;
use crate::{compose, telemetry};

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let config = Config::read(&self.config)?;
        telemetry::init();
        super::install_tls()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("the asynchronous runtime could not be started")?;
        let served = runtime.block_on(compose::serve(config));
        // Recordings that are being read or archived are not waited for, however long they are:
        // what is cut off here is archived after the next start.
        runtime.shutdown_background();
        served
    }
}
