//! The policy file as it is written; `schema.json` says the same to editors.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;

use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::policy::{Guarantee, Labels, NamePattern, RoleRisk};
use crate::{Action, CommandName, GroupName, RoleName, RuleName, Username};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) roles: Option<BTreeMap<RoleName, RoleDocument>>,
    pub(super) rules: Option<Vec<RuleDocument>>,
    pub(super) reason: Option<ReasonDocument>,
    pub(super) ticket: Option<TicketDocument>,
    pub(super) clock: Option<ClockDocument>,
    pub(super) limits: Option<LimitsDocument>,
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<BTreeSet<Username>>>,
    #[serde(default)]
    pub(super) auditors: BTreeSet<GroupName>,
    #[serde(default)]
    pub(super) operators: BTreeSet<GroupName>,
    pub(super) zone: Option<Spanned<String>>,
    pub(super) lapse_after: Option<Spanned<String>>,
    pub(super) grace: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleDocument {
    pub(super) title: Spanned<String>,
    pub(super) summary: Spanned<String>,
    pub(super) actions: BTreeSet<Action>,
    pub(super) longest: Spanned<String>,
    pub(super) guarantee: Spanned<Guarantee>,
    pub(super) risk: Option<RoleRisk>,
    #[serde(default)]
    pub(super) commands: BTreeMap<CommandName, CommandDocument>,
    pub(super) grace: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommandDocument {
    pub(super) title: Spanned<String>,
    pub(super) run: Spanned<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleDocument {
    pub(super) name: Spanned<RuleName>,
    pub(super) groups: Option<Spanned<BTreeSet<GroupName>>>,
    pub(super) roles: Option<Spanned<BTreeSet<RoleName>>>,
    pub(super) clusters: Option<Spanned<Vec<NamePattern>>>,
    pub(super) namespaces: Option<Spanned<Vec<NamePattern>>>,
    pub(super) labels: Option<Spanned<Labels>>,
    pub(super) when: Option<Spanned<String>>,
    pub(super) longest: Option<Spanned<String>>,
    pub(super) lapse_after: Option<Spanned<String>>,
    pub(super) reason: Option<ReasonDocument>,
    pub(super) ticket: Option<TicketDocument>,
    pub(super) clock: Option<ClockDocument>,
    pub(super) approve: Option<Empty>,
    pub(super) ask: Option<AskDocument>,
    pub(super) deny: Option<Spanned<String>>,
    pub(super) break_glass: Option<BreakGlassDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Empty {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskDocument {
    #[serde(default = "one")]
    pub(super) count: NonZeroU8,
    pub(super) approvers: Spanned<BTreeSet<GroupName>>,
    pub(super) from: Option<Spanned<NonZeroU8>>,
    #[serde(default)]
    pub(super) later: Vec<LaterDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LaterDocument {
    pub(super) after: Spanned<String>,
    pub(super) approvers: Spanned<BTreeSet<GroupName>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BreakGlassDocument {
    pub(super) reviewers: Spanned<BTreeSet<GroupName>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonDocument {
    pub(super) at_least: Option<Spanned<u16>>,
    pub(super) pattern: Option<Spanned<String>>,
    pub(super) prompt: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TicketDocument {
    pub(super) pattern: Spanned<String>,
    pub(super) example: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockDocument {
    pub(super) starts: Spanned<StartDocument>,
    pub(super) use_within: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StartDocument {
    Approval,
    FirstUse,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsDocument {
    pub(super) open_requests: Option<Spanned<u16>>,
    pub(super) active_grants: Option<Spanned<u16>>,
}

fn one() -> NonZeroU8 {
    NonZeroU8::MIN
}
