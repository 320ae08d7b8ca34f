//! Somebody who asks for something, as it is written on a command line or in a file of cases.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use clap::Args;
use domain::policy::{
    Asked, Asker, Considered, Holding, Labels, Policy, Question, Ruling, Urgency,
};
use domain::{
    ClusterName, GroupName, Namespace, Person, PersonKey, Place, RoleName, Scope, Username,
    duration,
};
use jiff::Timestamp;
use serde::Deserialize;

/// Who asks for what, where and when.
#[derive(Debug, Clone, Args, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    /// Who asks
    #[arg(long, value_name = "USERNAME")]
    person: Username,
    /// A group that the person is in
    #[arg(long = "group", value_name = "GROUP")]
    #[serde(default)]
    groups: Vec<GroupName>,
    /// Where
    #[arg(long, value_name = "NAME")]
    namespace: Namespace,
    /// The cluster
    #[arg(long, value_name = "NAME", default_value = "main")]
    #[serde(default = "main")]
    cluster: ClusterName,
    /// A label of the namespace, as key=value
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = label)]
    #[serde(default)]
    labels: Vec<Label>,
    /// For which role
    #[arg(long, value_name = "ROLE")]
    role: RoleName,
    /// When, as 2026-11-27T18:00 in the policy's time zone; now otherwise
    #[arg(long, value_name = "TIME")]
    #[serde(default)]
    at: Option<String>,
    /// For how long; where it is missing, nothing was typed yet, and what depends on that is open
    #[arg(long, value_name = "LENGTH")]
    #[serde(default)]
    length: Option<String>,
    /// The workload or pod it is for, as Deployment/web; the whole namespace otherwise
    #[arg(long, value_name = "KIND/NAME", default_value_t)]
    #[serde(default)]
    only: Scope,
    /// The reason that is given
    #[arg(long, value_name = "TEXT", default_value = "")]
    #[serde(default)]
    reason: String,
    /// The ticket that is named
    #[arg(long, value_name = "TEXT", default_value = "")]
    #[serde(default)]
    ticket: String,
    /// Break the glass
    #[arg(long)]
    #[serde(default)]
    break_glass: bool,
    /// What the person holds already, as role@namespace
    #[arg(long = "holds", value_name = "ROLE@NAMESPACE", value_parser = held)]
    #[serde(default)]
    holds: Vec<Held>,
}

/// A label, as `key=value`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Label(String, String);

/// A role somewhere, as `role@namespace`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Held(RoleName, Namespace);

impl TryFrom<String> for Label {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        label(&text)
    }
}

impl TryFrom<String> for Held {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        held(&text)
    }
}

fn label(text: &str) -> Result<Label, String> {
    let (key, value) = text.split_once('=').ok_or("a label is written as key=value")?;
    Ok(Label(key.to_owned(), value.to_owned()))
}

fn held(text: &str) -> Result<Held, String> {
    let (role, namespace) =
        text.split_once('@').ok_or("what is held is written as role@namespace")?;
    let role = RoleName::from_str(role).map_err(|bad| bad.to_string())?;
    Ok(Held(role, Namespace::from_str(namespace).map_err(|bad| bad.to_string())?))
}

fn main() -> ClusterName {
    #[expect(clippy::expect_used, reason = "it follows the grammar of its name")]
    ClusterName::parse("main").expect("main is a cluster's name")
}

impl Scenario {
    /// Asks a policy; `now` counts where the scenario names no time.
    ///
    /// # Errors
    /// What cannot be understood of the scenario.
    pub(super) fn put_to<'p>(
        &self,
        policy: &'p Policy,
        now: Timestamp,
    ) -> Result<(Ruling, Vec<Considered<'p>>), String> {
        let person = Person {
            key: PersonKey { issuer: String::new(), subject: self.person.to_string() },
            username: self.person.clone(),
            groups: self.groups.iter().cloned().collect::<BTreeSet<_>>(),
            groups_missing: None,
        };
        let place = Place { cluster: self.cluster.clone(), namespace: self.namespace.clone() };
        let holds: Vec<_> = self
            .holds
            .iter()
            .map(|Held(role, namespace)| Holding {
                place: Place { cluster: self.cluster.clone(), namespace: namespace.clone() },
                role: role.clone(),
            })
            .collect();
        let at = self.at.as_deref().map_or(Ok(now), |at| policy.instant(at))?;
        let length = self.length.as_deref().map(duration::parse).transpose()?;
        let typed = !self.reason.is_empty() || !self.ticket.is_empty();
        if length.is_none() && (typed || self.only != Scope::Namespace) {
            let problem = "reason, ticket and only are of a request: say its length too";
            return Err(problem.to_owned());
        }
        let (scope, reason, ticket) = (&self.only, self.reason.as_str(), self.ticket.as_str());
        let labels: Labels =
            self.labels.iter().map(|Label(key, value)| (key.clone(), value.clone())).collect();
        let question = Question {
            asker: Asker { person: &person, at, holds: &holds },
            place: &place,
            labels: &labels,
            role: &self.role,
            urgency: if self.break_glass { Urgency::BreakGlass } else { Urgency::Usual },
            asked: length.map(|length| Asked { scope, length, reason, ticket }),
        };
        Ok((policy.decide(&question), policy.explain(&question)))
    }
}
