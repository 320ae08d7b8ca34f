//! `shorepass policy test`

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use broker::port::Clock as _;
use clap::Args;
use domain::RuleName;
use domain::document;
use domain::policy::Policy;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::explain::said;
use super::scenario::Scenario;
use crate::command::print;
use crate::policy_files::read;

#[derive(Debug, Args)]
pub(super) struct Test {
    /// The policy: a file, or a directory of them
    #[arg(value_name = "PATH")]
    policy: PathBuf,
    /// The cases; beside policy.yaml it is policy.test.yaml
    #[arg(value_name = "CASES")]
    cases: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    cases: Vec<Case>,
}

/// A scenario, and what must become of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: Spanned<String>,
    given: Scenario,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// `approve`, `ask`, `deny` or `break-glass`.
    decision: Word,
    /// The rule that decides, where that matters.
    rule: Option<RuleName>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Approve,
    Ask,
    Deny,
    BreakGlass,
}

impl Word {
    fn text(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Ask => "ask",
            Self::Deny => "deny",
            Self::BreakGlass => "break-glass",
        }
    }
}

impl Test {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let policy = read(&self.policy)?;
        let path = self.cases.unwrap_or_else(|| self.policy.with_extension("test.yaml"));
        let Cases { cases } = read_cases(&path)?;
        if cases.is_empty() {
            bail!("{}: there are no cases", path.display());
        }
        let mut failed = 0;
        for case in &cases {
            if let Err(found) = case.hold(&policy) {
                failed += 1;
                let (line, name) = (case.name.referenced.line(), &case.name.value);
                print(&format!("{}:{line}: {name}\n    {found}\n", path.display()))?;
            }
        }
        if failed > 0 {
            bail!("{failed} of {} cases failed", cases.len());
        }
        print(&format!("{} cases hold for policy {}\n", cases.len(), policy.digest().short()))
    }
}

fn read_cases(path: &Path) -> anyhow::Result<Cases> {
    let shown = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("{shown}"))?;
    document::read(&text).with_context(|| format!("{shown}"))
}

impl Case {
    /// # Errors
    /// What was found instead.
    fn hold(&self, policy: &Policy) -> Result<(), String> {
        let now = broker::port::SystemClock.now();
        let (ruling, _) = self.given.put_to(policy, now)?;
        let Expected { decision, rule } = &self.expect;
        let decided = ruling.decision.word() == decision.text();
        if decided && (rule.is_none() || *rule == ruling.rule) {
            return Ok(());
        }
        let wanted = rule.as_ref().map(|rule| format!(", by rule {rule}")).unwrap_or_default();
        Err(format!("expected {}{wanted}; found {}", decision.text(), said(&ruling)))
    }
}
