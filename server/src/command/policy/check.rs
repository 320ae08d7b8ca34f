//! `shorepass policy check`

use std::path::PathBuf;

use clap::Args;

use super::read;
use crate::command::print;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The policy
    #[arg(value_name = "FILE")]
    policy: PathBuf,
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let policy = read(&self.policy)?;
        let (roles, rules) = (policy.roles().count(), policy.rules().len());
        let digest = policy.digest().short();
        print(&format!("Policy {digest} is sound: {roles} roles, {rules} rules.\n"))
    }
}
