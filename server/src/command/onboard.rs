//! `shorepass onboard`

use std::path::PathBuf;

use clap::Args;
use cluster::onboard::{Impersonation, Plan, Role};
use cluster::{BadUserPrefix, UserPrefix};
use domain::{Namespace, Username};

use super::print;
use crate::policy_files;

#[derive(Debug, Args)]
pub(super) struct Onboard {
    /// The policy, whose roles become cluster roles
    #[arg(long, value_name = "PATH")]
    policy: PathBuf,
    /// Also print what a cluster needs once, for all the namespaces named here
    #[arg(long)]
    install: bool,
    /// For Kubernetes before 1.36, which cannot constrain impersonation
    #[arg(long)]
    legacy: bool,
    /// With --legacy: the only usernames that may ever be impersonated
    #[arg(long = "user", value_name = "USERNAME", requires = "legacy")]
    users: Vec<Username>,
    /// Stands before usernames in the cluster
    #[arg(long, default_value = "shorepass:", value_parser = user_prefix)]
    user_prefix: UserPrefix,
    /// The namespaces
    #[arg(required = true, value_name = "NAMESPACE")]
    namespaces: Vec<Namespace>,
}

impl Onboard {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let policy = policy_files::read(&self.policy)?;
        let roles = policy
            .roles()
            .map(|role| Role { name: role.name.clone(), actions: role.actions.clone() })
            .collect();
        let impersonation = if self.legacy {
            Impersonation::Legacy { users: self.users }
        } else {
            Impersonation::Constrained
        };
        let plan = Plan {
            roles,
            namespaces: self.namespaces,
            user_prefix: self.user_prefix,
            impersonation,
        };
        if self.install {
            return print(&plan.manifests());
        }
        let parts: Vec<_> =
            plan.namespaces.iter().map(|namespace| plan.for_namespace(namespace)).collect();
        print(&parts.join("---\n"))
    }
}

fn user_prefix(text: &str) -> Result<UserPrefix, BadUserPrefix> {
    UserPrefix::parse(text)
}
