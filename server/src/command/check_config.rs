//! `shorepass check-config`

use std::path::PathBuf;

use clap::Args;

use super::print;
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
        let (roles, rules) = (policy.roles().count(), policy.rules().len());
        let digest = policy.digest().short();
        print(&format!(
            "The configuration is sound. Policy {digest}: {roles} roles, {rules} rules.\n"
        ))
    }
}
