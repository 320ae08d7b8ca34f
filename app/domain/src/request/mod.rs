//! What a person asked for, and its way to a grant.

mod anew;
mod approval;
mod refusal;
mod review;
mod steps;
#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use approval::{Approval, UNDO};
pub use refusal::RequestRefusal;
pub use review::GlassReview;
pub use steps::{Change, Narrowing};

use crate::policy::{Circumstances, Decision, Quorum, Ruling};
use crate::{GrantId, Person, PersonKey, Place, RequestId, RoleName, Scope, Username};

/// A request with everything its decision rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its name.
    pub id: RequestId,
    /// Who asks, as the provider described them then.
    pub person: Person,
    /// Where.
    pub place: Place,
    /// How much of it.
    pub scope: Scope,
    /// For which role.
    pub role: RoleName,
    /// How long the grant shall last; whole seconds, at least one minute.
    pub length: Duration,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
    /// The ticket it belongs to, 1 to 200 characters; none where none was typed.
    pub ticket: Option<String>,
    /// When the grant shall begin; at approval where nothing is said.
    pub starts_at: Option<Timestamp>,
    /// The grant that it prolongs, where it does.
    pub extends: Option<Extension>,
    /// What policy said of it.
    pub ruling: Ruling,
    /// What policy looked at beside it.
    pub circumstances: Circumstances,
    /// When it was sent, or changed for the last time.
    pub sent_at: Timestamp,
    /// When it lapses if nobody decides.
    pub lapses_at: Timestamp,
    /// The approvals given so far, oldest first, each by another person.
    pub approvals: Vec<Approval>,
    /// When its requester last reminded those who decide.
    pub reminded_at: Option<Timestamp>,
    /// Where it stands.
    pub state: RequestState,
    /// What somebody else found, where the glass was broken.
    pub review: Option<GlassReview>,
}

/// The grant that a request prolongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The grant.
    pub grant: GrantId,
    /// Its end, from which the new length counts.
    pub until: Timestamp,
}

/// A person as named in a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Issuer and subject.
    pub key: PersonKey,
    /// The name shown.
    pub username: Username,
}

impl From<&Person> for Signer {
    fn from(person: &Person) -> Self {
        Self { key: person.key.clone(), username: person.username.clone() }
    }
}

/// SHA-256 over everything an approver consents to, lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestDigest(pub String);

/// The states of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestState {
    /// Waiting for approvers.
    Pending,
    /// A grant was made.
    Approved {
        /// When.
        at: Timestamp,
        /// The grant.
        grant: GrantId,
    },
    /// An approver said no.
    Denied {
        /// When.
        at: Timestamp,
        /// Who.
        by: Signer,
        /// Why, in the approver's words.
        why: String,
    },
    /// The requester took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// Nobody decided in time.
    Lapsed {
        /// When.
        at: Timestamp,
    },
}

impl Request {
    /// Everything an approver consents to: who asks, for what, where, how long, from when, why, and
    /// under which policy. Two requests that differ in any of these have different digests. Who
    /// must approve is not part of it: where that changes, approvals are void by themselves.
    pub fn digest(&self) -> RequestDigest {
        let instant = |at: Timestamp| at.as_microsecond().to_string();
        let extends = self.extends.as_ref();
        let parts = [
            self.id.to_string(),
            self.person.key.issuer.clone(),
            self.person.key.subject.clone(),
            self.person.username.to_string(),
            self.place.cluster.to_string(),
            self.place.namespace.to_string(),
            self.role.to_string(),
            self.length.as_secs().to_string(),
            self.reason.clone(),
            self.ticket.clone().unwrap_or_default(),
            self.starts_at.map(instant).unwrap_or_default(),
            extends.map(|base| base.grant.to_string()).unwrap_or_default(),
            extends.map(|base| instant(base.until)).unwrap_or_default(),
            self.ruling.policy.to_string(),
            self.scope.to_string(),
        ];
        let mut hash = Sha256::new();
        for part in parts {
            // Length first: no two lists of parts give the same bytes.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        RequestDigest(crate::hex(&hash.finalize()))
    }

    /// Who must approve, where anybody must.
    pub fn quorum(&self) -> Option<&Quorum> {
        match &self.ruling.decision {
            Decision::Ask(quorum) => Some(quorum),
            Decision::Approve | Decision::Deny(_) | Decision::BreakGlass { .. } => None,
        }
    }

    /// The names of those who approved it so far, oldest first, as a list.
    pub fn approved_by(&self) -> String {
        let names: Vec<_> =
            self.approvals.iter().map(|approval| approval.by.username.as_str()).collect();
        names.join(", ")
    }

    /// Who settled it, and how, for whoever comes too late.
    fn outcome(&self) -> String {
        match &self.state {
            RequestState::Approved { .. } if self.approvals.is_empty() => {
                "granted at once".to_owned()
            }
            RequestState::Approved { .. } => {
                format!("approved by {} already, and is granted", self.approved_by())
            }
            RequestState::Denied { by, why, .. } => {
                format!("denied by {} already: “{why}”", by.username)
            }
            RequestState::Withdrawn { .. } => {
                format!("withdrawn by {} already", self.person.username)
            }
            RequestState::Pending | RequestState::Lapsed { .. } => {
                format!("{} already", self.state.word())
            }
        }
    }

    /// Whether it waits for approvals at this instant.
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.state, RequestState::Pending) && now < self.lapses_at
    }

    /// # Errors
    /// Why it does not wait any more.
    fn open(&self, now: Timestamp) -> Result<(), RequestRefusal> {
        match self.state {
            RequestState::Pending if now < self.lapses_at => Ok(()),
            RequestState::Pending | RequestState::Lapsed { .. } => Err(RequestRefusal::Lapsed),
            _ => Err(RequestRefusal::Settled(self.outcome())),
        }
    }
}

impl RequestState {
    /// The word used on pages and in the store.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved { .. } => "approved",
            Self::Denied { .. } => "denied",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Lapsed { .. } => "lapsed",
        }
    }
}
