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
use crate::policy_files::{case_files, read};

#[derive(Debug, Args)]
pub(super) struct Test {
    /// The policy: a file, or a directory of them
    #[arg(value_name = "PATH")]
    policy: PathBuf,
    /// The cases; otherwise policy.test.yaml beside policy.yaml, or each *.test.yaml of a directory
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
        let (mut all, mut failed) = (0, 0);
        for path in self.files()? {
            let Cases { cases } = read_cases(&path)?;
            if cases.is_empty() {
                bail!("{}: there are no cases", path.display());
            }
            all += cases.len();
            failed += failures(&path, &cases, &policy)?;
        }
        if failed > 0 {
            bail!("{failed} of {all} cases failed");
        }
        print(&format!("{all} cases hold for policy {}\n", policy.digest().short()))
    }

    /// Where the cases stand: at least one file.
    fn files(&self) -> anyhow::Result<Vec<PathBuf>> {
        if let Some(cases) = &self.cases {
            return Ok(vec![cases.clone()]);
        }
        let shown = self.policy.display();
        let files = case_files(&self.policy).with_context(|| format!("cannot read {shown}"))?;
        if files.is_empty() {
            bail!("{shown}: no file there ends in .test.yaml or .test.yml");
        }
        Ok(files)
    }
}

/// Prints the cases that do not hold, and counts them.
fn failures(path: &Path, cases: &[Case], policy: &Policy) -> anyhow::Result<usize> {
    let mut failed = 0;
    for case in cases {
        if let Err(found) = case.hold(policy) {
            failed += 1;
            let (line, name) = (case.name.referenced.line(), &case.name.value);
            print(&format!("{}:{line}: {name}\n    {found}\n", path.display()))?;
        }
    }
    Ok(failed)
}

fn read_cases(path: &Path) -> anyhow::Result<Cases> {
    let shown = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
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
            return if ruling.preliminary {
                Err(format!("open until it is sent: say its length; found {}", said(&ruling)))
            } else {
                Ok(())
            };
        }
        let wanted = rule.as_ref().map(|rule| format!(", by rule {rule}")).unwrap_or_default();
        Err(format!("expected {}{wanted}; found {}", decision.text(), said(&ruling)))
    }
}
