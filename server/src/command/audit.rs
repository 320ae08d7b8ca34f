//! `shorepass audit`: the audit log, read from the portal's database.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use store::chain::Checkpoint;

use super::print;
use crate::checkpoint;
use crate::compose::existing_database;
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Proves that no event was changed, taken out, put in or moved
    Verify(Verify),
}

#[derive(Debug, Args)]
struct Verify {
    /// The portal's configuration, for its database
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// A place in the log that was kept elsewhere: that nothing was cut off since is proven, too
    #[arg(long = "checkpoint", value_name = "NUMBER:DIGEST")]
    checkpoints: Vec<Checkpoint>,
}

impl Audit {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let Command::Verify(verify) = self.command;
        verify.run()
    }
}

impl Verify {
    fn run(self) -> anyhow::Result<()> {
        let config = Config::read(&self.config)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let newest = runtime.block_on(async {
            let database = existing_database(&config).await?;
            let verified = checkpoint::verify(&database, &self.checkpoints).await;
            database.close().await;
            verified
        })?;
        let number = newest.number;
        print(&format!(
            "whole, up to event {number}\ncheckpoint {newest}\nKeep the checkpoint where the log cannot \
             be changed from: the next proof starts from it.\n"
        ))
    }
}
