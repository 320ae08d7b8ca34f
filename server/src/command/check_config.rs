//! `shorepass check-config`

use std::path::PathBuf;

use clap::Args;

use super::print;
use crate::compose;
use crate::config::Config;
use crate::policy_files;

#[derive(Debug, Args)]
pub(super) struct CheckConfig {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl CheckConfig {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let config = Config::read(&self.config)?;
        let policy = policy_files::read(&config.policy)?;
        super::install_tls()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(compose::check(&config))?;
        let (roles, rules) = (policy.roles().count(), policy.rules().len());
        let digest = policy.digest().short();
        print(&format!(
            "The configuration is sound. Policy {digest}: {roles} roles, {rules} rules.\n"
        ))
    }
}
