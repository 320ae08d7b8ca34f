//! A policy while its files are read, one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::tz::TimeZone;
use serde_saphyr::Spanned;

use super::document::{Document, LimitsDocument, RuleDocument};
use super::field;
use crate::document::Mistake;
use crate::policy::{Aliases, Limits, Policy, PolicyDigest, Role, Rule, Terms};
use crate::{GroupName, RoleName, Username};

/// How long a session may be without a terminal, where the policy does not say.
const GRACE: Duration = Duration::from_mins(1);

/// What was read so far.
#[derive(Default)]
pub(super) struct Draft {
    roles: BTreeMap<RoleName, Role>,
    graces: BTreeMap<RoleName, Duration>,
    rules: Vec<Rule>,
    terms: Terms,
    limits: Limits,
    aliases: Vec<BTreeSet<Username>>,
    auditors: BTreeSet<GroupName>,
    operators: BTreeSet<GroupName>,
    zone: Option<TimeZone>,
    grace: Option<Duration>,
    /// The fields of which there is one for the whole policy, and that were read.
    settled: BTreeSet<&'static str>,
}

impl Draft {
    /// Takes everything of a file but its rules, which rest on the rest of all files.
    pub(super) fn take(&mut self, document: Document) -> Result<Vec<RuleDocument>, Mistake> {
        for (name, role) in document.roles.unwrap_or_default() {
            if self.roles.contains_key(&name) {
                let problem = format!("another file has a role {name}");
                return Err(Mistake::at(&role.title, &format!("roles.{name}"), &problem));
            }
            if let Some(grace) = &role.grace {
                let grace = field::length(grace, &format!("roles.{name}.grace"))?;
                self.graces.insert(name.clone(), grace);
            }
            self.roles.insert(name.clone(), role.into_role(name)?);
        }
        self.settle([
            ("reason", document.reason.is_some()),
            ("ticket", document.ticket.is_some()),
            ("clock", document.clock.is_some()),
            ("limits", document.limits.is_some()),
            ("zone", document.zone.is_some()),
            ("lapse_after", document.lapse_after.is_some()),
            ("grace", document.grace.is_some()),
        ])?;
        let Document { lapse_after, reason, ticket, clock, .. } = document;
        self.terms.change("", lapse_after, reason, ticket, clock)?;
        self.limit(document.limits)?;
        self.alias(document.aliases)?;
        self.auditors.extend(document.auditors);
        self.operators.extend(document.operators);
        if let Some(name) = &document.zone {
            let problem = "is not a time zone such as Europe/Berlin";
            let zone = TimeZone::get(&name.value).map_err(|_| Mistake::at(name, "zone", problem));
            self.zone = Some(zone?);
        }
        if let Some(grace) = &document.grace {
            self.grace = Some(field::length(grace, "grace")?);
        }
        Ok(document.rules.unwrap_or_default())
    }

    /// Adds a rule, once everything else of all files is known.
    pub(super) fn add(&mut self, rule: RuleDocument) -> Result<(), Mistake> {
        if self.rules.iter().any(|known| known.name == rule.name.value) {
            return Err(Mistake::at(&rule.name, "rules.name", "two rules have this name"));
        }
        self.rules.push(rule.into_rule(&self.roles, self.terms.clone())?);
        Ok(())
    }

    pub(super) fn finish(self, digest: PolicyDigest) -> Policy {
        Policy {
            digest,
            commit: None,
            roles: self.roles,
            rules: self.rules,
            terms: self.terms,
            limits: self.limits,
            aliases: Aliases::new(self.aliases),
            auditors: self.auditors,
            operators: self.operators,
            zone: self.zone.unwrap_or(TimeZone::UTC),
            grace: self.grace.unwrap_or(GRACE),
            graces: self.graces,
        }
    }

    fn settle(&mut self, fields: [(&'static str, bool); 7]) -> Result<(), Mistake> {
        for (field, said) in fields {
            if said && !self.settled.insert(field) {
                let problem = "stands in another file too; it is for the whole policy";
                return Err(Mistake::new(1, field, problem));
            }
        }
        Ok(())
    }

    fn limit(&mut self, document: Option<LimitsDocument>) -> Result<(), Mistake> {
        let Some(LimitsDocument { open_requests, active_grants }) = document else {
            return Ok(());
        };
        for (given, field, limit) in [
            (open_requests, "limits.open_requests", &mut self.limits.open_requests),
            (active_grants, "limits.active_grants", &mut self.limits.active_grants),
        ] {
            match given {
                None => {}
                Some(given) if (1..=1_000).contains(&given.value) => *limit = given.value,
                Some(given) => return Err(Mistake::at(&given, field, "must be 1 to 1,000")),
            }
        }
        Ok(())
    }

    fn alias(&mut self, sets: Vec<Spanned<BTreeSet<Username>>>) -> Result<(), Mistake> {
        for set in sets {
            if set.value.len() < 2 {
                let problem = "names at least two accounts of one person";
                return Err(Mistake::at(&set, "aliases", problem));
            }
            let mut known = self.aliases.iter().flatten();
            if let Some(twice) = known.find(|name| set.value.contains(*name)) {
                let problem = format!("{twice} stands in two sets: put them into one");
                return Err(Mistake::at(&set, "aliases", &problem));
            }
            self.aliases.push(set.value);
        }
        Ok(())
    }
}
