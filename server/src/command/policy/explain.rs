//! `shorepass policy explain`

use std::path::PathBuf;

use anyhow::anyhow;
use broker::port::Clock as _;
use clap::Args;
use domain::duration;
use domain::policy::{Applies, Decision, Ruling};

use super::scenario::Scenario;
use crate::command::print;
use crate::policy_files::read;

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The policy: a file, or a directory of them
    #[arg(value_name = "PATH")]
    policy: PathBuf,
    #[command(flatten)]
    scenario: Scenario,
}

impl Explain {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let policy = read(&self.policy)?;
        let now = broker::port::SystemClock.now();
        let (ruling, rules) = self.scenario.put_to(&policy, now).map_err(|cause| anyhow!(cause))?;
        let rules = rules.iter().map(|considered| {
            let rule = considered.rule;
            let mark = match considered.applies {
                _ if ruling.rule.as_ref() == Some(&rule.name) => "→",
                Applies::No(_) => " ",
                Applies::Yes | Applies::Perhaps | Applies::Unjudged(_) => "·",
            };
            let (name, verdict, why) = (&rule.name, rule.verdict.words(), considered.words());
            format!("{mark} {name}: {verdict}\n    {why}\n")
        });
        print(&format!("{}\n\n{}", said(&ruling), rules.collect::<Vec<_>>().concat()))
    }
}

/// The decision in one line.
pub(super) fn said(ruling: &Ruling) -> String {
    let decided = match &ruling.decision {
        Decision::Approve => "approve: granted at once".to_owned(),
        Decision::Ask(quorum) => format!("ask: {}", quorum.words()),
        Decision::Deny(denial) => format!("deny: {}", denial.words()),
        Decision::BreakGlass { .. } => "break-glass: granted at once, and reviewed".to_owned(),
    };
    let rule = ruling.rule.as_ref().map(|rule| format!(", by rule {rule}")).unwrap_or_default();
    let longest = if ruling.longest.is_zero() {
        String::new()
    } else {
        format!(", at most {}", duration::words(ruling.longest))
    };
    let open = if ruling.preliminary { ", depending on the request" } else { "" };
    format!("{decided}{rule}{longest}{open}")
}
