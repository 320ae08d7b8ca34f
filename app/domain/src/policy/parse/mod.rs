//! From YAML to types: every error names the line and the field.

mod document;
mod field;
mod role;
mod rule;
mod terms;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::tz::TimeZone;
use serde_saphyr::Spanned;
use sha2::{Digest, Sha256};

use super::{Aliases, Limits, Policy, PolicyDigest, Terms};
use crate::Username;
use crate::document::{self as file, Mistake};
use document::{Document, LimitsDocument};

/// How long a session may be without a terminal, where the policy does not say.
const GRACE: Duration = Duration::from_mins(1);
/// A policy larger than this is not a reviewed file.
const LARGEST_TEXT: usize = 1024 * 1024;

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// When the text is not YAML of the expected shape, or when it is and makes no sense.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        if text.len() > LARGEST_TEXT {
            return Err(Mistake::new(1, "policy", "is larger than 1 MiB"));
        }
        let document: Document = file::read(text)?;
        let (mut roles, mut graces) = (BTreeMap::new(), BTreeMap::new());
        for (name, role) in document.roles {
            if let Some(grace) = &role.grace {
                graces.insert(name.clone(), field::length(grace, &format!("roles.{name}.grace"))?);
            }
            roles.insert(name.clone(), role.into_role(name)?);
        }
        let mut terms = Terms::default();
        terms.change("", document.lapse_after, document.reason, document.ticket)?;
        let mut rules = Vec::with_capacity(document.rules.len());
        let mut names = BTreeSet::new();
        for rule in document.rules {
            if !names.insert(rule.name.value.clone()) {
                return Err(Mistake::at(&rule.name, "rules.name", "two rules have this name"));
            }
            rules.push(rule.into_rule(&roles, terms.clone())?);
        }
        let grace = document.grace.as_ref().map(|text| field::length(text, "grace")).transpose()?;
        Ok(Self {
            digest: PolicyDigest(crate::hex(&Sha256::digest(text.as_bytes()))),
            roles,
            rules,
            terms,
            limits: limits(document.limits)?,
            aliases: aliases(document.aliases)?,
            auditors: document.auditors,
            operators: document.operators,
            zone: zone(document.zone.as_ref())?,
            grace: grace.unwrap_or(GRACE),
            graces,
        })
    }
}

/// The clock that conditions look at.
fn zone(name: Option<&Spanned<String>>) -> Result<TimeZone, Mistake> {
    name.map_or(Ok(TimeZone::UTC), |name| {
        TimeZone::get(&name.value)
            .map_err(|_| Mistake::at(name, "zone", "is not a time zone such as Europe/Berlin"))
    })
}

fn aliases(sets: Vec<Spanned<BTreeSet<Username>>>) -> Result<Aliases, Mistake> {
    let mut seen = BTreeSet::new();
    for set in &sets {
        if set.value.len() < 2 {
            let problem = "names at least two accounts of one person";
            return Err(Mistake::at(set, "aliases", problem));
        }
        if let Some(twice) = set.value.iter().find(|name| !seen.insert((*name).clone())) {
            let problem = format!("{twice} stands in two sets: put them into one");
            return Err(Mistake::at(set, "aliases", &problem));
        }
    }
    Ok(Aliases::new(sets.into_iter().map(|set| set.value).collect()))
}

fn limits(document: Option<LimitsDocument>) -> Result<Limits, Mistake> {
    let mut limits = Limits::default();
    let Some(LimitsDocument { open_requests, active_grants }) = document else {
        return Ok(limits);
    };
    for (given, field, limit) in [
        (open_requests, "limits.open_requests", &mut limits.open_requests),
        (active_grants, "limits.active_grants", &mut limits.active_grants),
    ] {
        match given {
            None => {}
            Some(given) if (1..=1_000).contains(&given.value) => *limit = given.value,
            Some(given) => return Err(Mistake::at(&given, field, "must be 1 to 1,000")),
        }
    }
    Ok(limits)
}

#[cfg(test)]
mod tests;
