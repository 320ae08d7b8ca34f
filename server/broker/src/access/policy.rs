//! The rules in force, what they did, and what they would say.

use domain::broker::{
    FieldProblem, Judged, PolicyView, Record, Refusal, RuleRow, Simulated, Simulation,
};
use domain::policy::{Applies, Asked, Labels, Policy, Rule, Urgency};
use domain::{
    ClusterName, GroupName, Namespace, Person, PersonKey, Place, RoleName, Scope, Username,
    duration,
};

use super::insight::{counted, of_late, refused_of_late};
use super::offers::Asking;
use crate::Bound;

pub(crate) async fn policy_view(bound: &Bound) -> Result<PolicyView, Refusal> {
    let policy = bound.policy();
    let rules = if bound.oversees() { Some(rules(bound, &policy).await?) } else { None };
    Ok(PolicyView {
        digest: policy.digest().clone(),
        commit: policy.commit().cloned(),
        rules,
        roles: policy.roles().map(|role| role.name.clone()).collect(),
    })
}

async fn rules(bound: &Bound, policy: &Policy) -> Result<Vec<RuleRow>, Refusal> {
    let late = of_late(bound).await?;
    let refused = refused_of_late(bound).await?;
    let row = |rule: &Rule| RuleRow {
        name: rule.name.clone(),
        condition: rule.condition.parts(),
        verdict: rule.verdict.words(),
        decided: Record {
            refused: refused.iter().filter(|denying| **denying == rule.name).count(),
            ..counted(late.iter().filter(|late| late.ruling.rule.as_ref() == Some(&rule.name)))
        },
    };
    Ok(policy.rules().iter().map(row).collect())
}

pub(crate) async fn simulate(bound: &Bound, simulation: &Simulation) -> Result<Simulated, Refusal> {
    let portal = &bound.portal;
    let person = whose(bound, simulation).await?;
    let place = place(bound, simulation)?;
    let role = RoleName::parse(simulation.role.trim())
        .map_err(|bad| wrong("role", format!("Choose a role: {bad}.")))?;
    let asking = Asking::now(portal, &person).await?;
    let asking = match simulation.at.trim() {
        "" => asking,
        typed => {
            let at = asking.policy.instant(typed).map_err(|problem| wrong("at", problem))?;
            asking.at(at)
        }
    };
    let length = match simulation.length.trim() {
        "" => None,
        typed => Some(
            duration::parse(typed)
                .map_err(|problem| wrong("length", format!("Not understood: {problem}.")))?,
        ),
    };
    let scope = &Scope::Namespace;
    let asked = length.map(|length| Asked { scope, length, reason: "", ticket: "" });
    let urgency = if simulation.break_glass { Urgency::BreakGlass } else { Urgency::Usual };
    let namespace = portal.namespace(&place);
    let found = namespace.is_some();
    let labels = namespace.map(|known| known.labels).unwrap_or_default();
    let question = asking.question(&place, &labels, &role, urgency, asked);
    let ruling = asking.policy.decide(&question);
    let rules = asking
        .policy
        .explain(&question)
        .into_iter()
        .map(|considered| Judged {
            name: considered.rule.name.clone(),
            verdict: considered.rule.verdict.words(),
            why: considered.words(),
            applies: !matches!(considered.applies, Applies::No(_)),
            decides: ruling.rule.as_ref() == Some(&considered.rule.name),
        })
        .collect();
    let own = person.key == bound.person.key;
    // What is there is not told to those who may not ask for it.
    let known = found || !ruling.decision.is_requestable() && !bound.oversees();
    Ok(Simulated {
        known,
        account: own.then_some(person.key),
        holds: asking.holds().to_vec(),
        username: person.username,
        groups: person.groups.into_iter().collect(),
        groups_missing: person.groups_missing,
        namespace: place.namespace,
        labels: shown(labels),
        at: asking.instant(),
        ruling,
        rules,
    })
}

fn shown(labels: Labels) -> Vec<(String, String)> {
    labels.into_iter().collect()
}

/// Whom the question is about: whoever asks, or, for those who oversee, anybody. Somebody whose
/// groups are not typed is who they were when they last asked for something.
async fn whose(bound: &Bound, simulation: &Simulation) -> Result<Person, Refusal> {
    let name = simulation.username.trim();
    if name.is_empty() || name == bound.person.username.as_str() && simulation.groups.is_empty() {
        return Ok(bound.person.clone());
    }
    if !bound.oversees() {
        let why = "what others may ask for is shown to those who oversee the portal".to_owned();
        return Err(Refusal::Forbidden { why });
    }
    let username =
        Username::parse(name).map_err(|bad| wrong("person", format!("Not a person: {bad}.")))?;
    let separated = simulation.groups.split([',', ' ', '\n']).filter(|part| !part.is_empty());
    let groups = separated
        .map(|part| GroupName::parse(part.trim()))
        .collect::<Result<_, _>>()
        .map_err(|bad| wrong("groups", format!("Not a group: {bad}.")))?;
    if simulation.groups.trim().is_empty() {
        let mut known = of_late(bound).await?.into_iter().map(|request| request.person);
        if let Some(person) = known.find(|person| person.username == username) {
            return Ok(person);
        }
    }
    // An account that nobody has: what it holds is what accounts of the same person hold.
    let key = PersonKey { issuer: String::new(), subject: name.to_owned() };
    Ok(Person { key, username, groups, groups_missing: None })
}

fn place(bound: &Bound, simulation: &Simulation) -> Result<Place, Refusal> {
    let mut clusters = bound.portal.clusters.keys();
    let cluster = match (simulation.cluster.trim(), clusters.next(), clusters.next()) {
        ("", Some(only), None) => only.clone(),
        (typed, ..) => ClusterName::parse(typed)
            .map_err(|bad| wrong("cluster", format!("Not a cluster: {bad}.")))?,
    };
    let namespace = Namespace::parse(simulation.namespace.trim())
        .map_err(|bad| wrong("namespace", format!("Not a namespace: {bad}.")))?;
    Ok(Place { cluster, namespace })
}

fn wrong(field: &'static str, problem: String) -> Refusal {
    Refusal::Invalid(vec![FieldProblem { field, problem }])
}
