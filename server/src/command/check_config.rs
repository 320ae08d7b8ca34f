//! `shorepass check-config`

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use domain::policy::Policy;

use super::print;
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct CheckConfig {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl CheckConfig {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let config = Config::read(&self.config)?;
        let path = config.policy.display();
        let text = fs::read_to_string(&config.policy).with_context(|| format!("{path}"))?;
        let policy = Policy::parse(&text).with_context(|| format!("{path}"))?;
        let (roles, rules) = (policy.roles().count(), policy.rules().len());
        let digest = policy.digest().short();
        print(&format!(
            "The configuration is sound. Policy {digest}: {roles} roles, {rules} rules.\n"
        ))
    }
}
