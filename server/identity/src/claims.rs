//! From claims to a person.

use std::collections::BTreeSet;

use domain::{BadName, GroupName, Person, PersonKey, Username};
use serde_json::{Map, Value};

use crate::Settings;

/// Most groups that are read: as many as Entra sends before it sends a link instead (O-14).
const MOST_GROUPS: usize = 200;
/// The claim with the e-mail address, and the one that says whether the provider has seen that it
/// is the person's own (OpenID Connect Core, section 5.1).
const ADDRESS: &str = "email";
const VERIFIED: &str = "email_verified";

/// Why nobody can be named towards a cluster by what the provider says (H-01 to H-03).
#[derive(Debug, thiserror::Error)]
pub enum UsernameRefused {
    /// The claim is not there.
    #[error("the claim {claim:?} is missing")]
    Missing {
        /// Its name.
        claim: String,
    },
    /// The claim is a number, a list, an object.
    #[error("the claim {claim:?} is not text")]
    NotText {
        /// Its name.
        claim: String,
    },
    /// The claim is text that cannot be a username.
    #[error("the claim {claim:?} is not a username")]
    BadName {
        /// Its name.
        claim: String,
        /// Which rule it breaks.
        #[source]
        cause: BadName,
    },
    /// The name is an e-mail address that may be somebody else's.
    #[error("the username is the claim \"email\", and the claim \"email_verified\" is not true")]
    NotVerified,
}

impl UsernameRefused {
    /// What to tell the person.
    pub fn words(&self) -> String {
        match self {
            Self::Missing { claim } => {
                format!("Your provider did not say what you are called ({claim}).")
            }
            Self::NotText { claim } => {
                format!("Your provider's claim {claim} for you is not text.")
            }
            Self::BadName { claim, cause } => format!(
                "Your provider's claim {claim} for you cannot be used as a name: {}.",
                cause.rule
            ),
            Self::NotVerified => {
                "Your provider does not say that your e-mail address is verified. Verify it there, \
                 then sign in again."
                    .to_owned()
            }
        }
    }
}

/// Whether the claims lack something that the userinfo endpoint may know.
///
/// A list of groups that is there in the wrong shape, or as a link, is not missing: asking again
/// elsewhere must not turn a refusal into rights.
pub(crate) fn lacks_any(settings: &Settings, claims: &Map<String, Value>) -> bool {
    let absent = |claim: &str| claims.get(claim).is_none_or(Value::is_null);
    absent(&settings.username_claim)
        || (settings.username_claim == ADDRESS && absent(VERIFIED))
        || settings.further_claims.iter().any(|claim| absent(claim))
        || (absent(&settings.groups_claim) && !is_link(settings, claims))
}

/// Adds what the userinfo endpoint knows to the claims of the ID token, which come first.
pub(crate) fn add(claims: &mut Map<String, Value>, mut known: Map<String, Value>) {
    claims.retain(|_, value| !value.is_null());
    // Whether an address is verified is said of the address beside it, and of no other.
    match (claims.get(ADDRESS), known.get(ADDRESS)) {
        (Some(address), other) if other != Some(address) => drop(known.remove(VERIFIED)),
        (None, Some(_)) => drop(claims.remove(VERIFIED)),
        _ => {}
    }
    for (claim, value) in known {
        claims.entry(claim).or_insert(value);
    }
}

/// Reads the person out of claims that were checked.
pub(crate) fn person(
    settings: &Settings,
    subject: String,
    claims: &Map<String, Value>,
) -> Result<Person, UsernameRefused> {
    let username = username(&settings.username_claim, claims)?;
    // Policies and people go by the name: nobody may take the one of somebody else's address.
    if settings.username_claim == ADDRESS && claims.get(VERIFIED) != Some(&Value::Bool(true)) {
        return Err(UsernameRefused::NotVerified);
    }
    let (groups, groups_missing) = match groups(settings, claims) {
        Ok(groups) => (groups, None),
        Err(words) => (BTreeSet::new(), Some(words)),
    };
    let key = PersonKey { issuer: settings.issuer.clone(), subject };
    Ok(Person { key, username, groups, groups_missing })
}

fn username(claim: &str, claims: &Map<String, Value>) -> Result<Username, UsernameRefused> {
    let claim = claim.to_owned();
    match claims.get(&claim) {
        None | Some(Value::Null) => Err(UsernameRefused::Missing { claim }),
        Some(Value::String(name)) => Username::parse(name.as_str())
            .map_err(|cause| UsernameRefused::BadName { claim, cause }),
        Some(_) => Err(UsernameRefused::NotText { claim }),
    }
}

/// The groups, or in words for the person why there are none; never a part of them (O-14).
fn groups(settings: &Settings, claims: &Map<String, Value>) -> Result<BTreeSet<GroupName>, String> {
    let claim = &settings.groups_claim;
    if is_link(settings, claims) {
        return Err(format!(
            "You are in so many groups that your provider sent a link instead of {claim}."
        ));
    }
    let list = match claims.get(claim) {
        None | Some(Value::Null) => return Err(format!("Your provider sent no {claim} for you.")),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(format!("Your provider's claim {claim} for you is not a list.")),
    };
    if list.len() > MOST_GROUPS {
        return Err(format!("Your provider sent more than {MOST_GROUPS} {claim} for you."));
    }
    let mut groups: BTreeSet<GroupName> = list
        .iter()
        .map(|group| group.as_str().and_then(|group| GroupName::parse(group).ok()))
        .collect::<Option<_>>()
        .ok_or_else(|| {
            format!("Your provider's claim {claim} for you holds something that is not a name.")
        })?;
    for further in &settings.further_claims {
        let stands_for = |group: &GroupName| {
            group.as_str().strip_prefix(further.as_str()).is_some_and(|rest| rest.starts_with('='))
        };
        if let Some(group) = groups.iter().find(|group| stands_for(group)) {
            // Whoever may name groups must not be able to say what another claim says.
            return Err(format!(
                "Your provider's claim {claim} for you holds {group}, a name of {further}."
            ));
        }
    }
    for further in &settings.further_claims {
        groups.extend(said(further, claims.get(further))?);
    }
    Ok(groups)
}

/// The groups that a further claim stands for: one for each of its values, none where it is absent.
fn said(claim: &str, value: Option<&Value>) -> Result<Vec<GroupName>, String> {
    let values = match value {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let group = |value: &Value| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Bool(said) => said.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        GroupName::parse(format!("{claim}={text}")).ok()
    };
    let few = values.len() <= MOST_GROUPS;
    few.then(|| values.iter().map(group).collect())
        .flatten()
        .ok_or_else(|| format!("Your provider's claim {claim} for you cannot be read."))
}

/// Whether the groups are left out because there are too many of them: a distributed claim
/// (OpenID Connect Core, section 5.6.2), or Entra's mark for it.
fn is_link(settings: &Settings, claims: &Map<String, Value>) -> bool {
    let elsewhere = claims.get("_claim_names").and_then(|names| names.get(&settings.groups_claim));
    elsewhere.is_some() || claims.get("hasgroups").is_some_and(|mark| *mark != Value::Bool(false))
}
