//! `shorepass policy check`

use std::path::PathBuf;

use clap::Args;

use crate::command::print;
use crate::policy_files::read;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The policy: a file, or a directory of them
    #[arg(value_name = "PATH")]
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
