//! What a person asked for, and its way to a grant.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::policy::{Decision, Quorum, Ruling};
use crate::{Grant, GrantId, GrantState, Person, PersonKey, Place, RequestId, RoleName, Username};

/// A request with everything its decision rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its name.
    pub id: RequestId,
    /// Who asks, as the provider described them then.
    pub person: Person,
    /// Where.
    pub place: Place,
    /// For which role.
    pub role: RoleName,
    /// How long the grant shall last, from approval; whole minutes.
    pub length: Duration,
    /// Why, 1 to 1,000 characters.
    pub reason: String,
    /// What policy said of it.
    pub ruling: Ruling,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it lapses if nobody decides.
    pub lapses_at: Timestamp,
    /// The approvals given so far, oldest first, each by another person.
    pub approvals: Vec<Approval>,
    /// Where it stands.
    pub state: RequestState,
}

/// One approver's consent to exactly one version of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who consented.
    pub by: Signer,
    /// When.
    pub at: Timestamp,
    /// The digest of the request as it was shown to them.
    pub digest: RequestDigest,
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
    /// An approver, or policy's deadline, said no.
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

/// Why a step of a request cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefusal {
    /// It was decided before.
    #[error("the request is {0} already")]
    Settled(&'static str),
    /// It lapsed.
    #[error("the request lapsed because nobody decided in time")]
    Lapsed,
    /// Nobody decides on their own request.
    #[error("nobody decides on their own request")]
    OwnRequest,
    /// The person is in none of the approver groups.
    #[error("only members of the approver groups decide on this request")]
    NotAnApprover,
    /// One person counts once.
    #[error("you approved this request already")]
    AlreadyApproved,
    /// What was approved is not what stands there now.
    #[error("the request changed since it was shown")]
    Changed,
    /// Only the requester can do this.
    #[error("only the requester can do this")]
    NotTheRequester,
}

/// What an approval brought about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approved {
    /// More people must approve.
    Counted(Request),
    /// The quorum is complete.
    Granted(Request, Grant),
}

impl Request {
    /// Everything an approver consents to. Two requests that differ in anything but approvals and
    /// state have different digests.
    pub fn digest(&self) -> RequestDigest {
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
            self.ruling.policy.to_string(),
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
            Decision::Approve | Decision::Deny(_) => None,
        }
    }

    /// Whether it waits for approvers at this instant.
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.state, RequestState::Pending) && now < self.lapses_at
    }

    /// Grants at once, where policy said so.
    pub fn grant_at_once(self, grant: GrantId, now: Timestamp) -> Result<Approved, RequestRefusal> {
        self.open(now)?;
        if matches!(self.ruling.decision, Decision::Approve) {
            Ok(self.granted(grant, now))
        } else {
            Err(RequestRefusal::NotAnApprover)
        }
    }

    /// Counts one approval; the last one needed makes the grant.
    ///
    /// # Errors
    /// When the request is not open, is the approver's own, was approved by them before, or is not
    /// the one that was shown to them.
    pub fn approve(
        mut self,
        approver: &Person,
        shown: &RequestDigest,
        grant: GrantId,
        now: Timestamp,
    ) -> Result<Approved, RequestRefusal> {
        self.may_be_decided_by(approver, now)?;
        let digest = self.digest();
        if *shown != digest {
            return Err(RequestRefusal::Changed);
        }
        if self.approvals.iter().any(|approval| approval.by.key == approver.key) {
            return Err(RequestRefusal::AlreadyApproved);
        }
        self.approvals.push(Approval {
            by: Signer::from(approver),
            at: now,
            digest: digest.clone(),
        });
        let counted = self.approvals.iter().filter(|approval| approval.digest == digest).count();
        let needed = self.quorum().map_or(usize::MAX, |quorum| usize::from(quorum.count.get()));
        if counted >= needed { Ok(self.granted(grant, now)) } else { Ok(Approved::Counted(self)) }
    }

    /// Refuses the request for good.
    pub fn deny(
        mut self,
        by: &Person,
        why: String,
        now: Timestamp,
    ) -> Result<Self, RequestRefusal> {
        self.may_be_decided_by(by, now)?;
        self.state = RequestState::Denied { at: now, by: Signer::from(by), why };
        Ok(self)
    }

    /// Takes it back.
    pub fn withdraw(mut self, by: &Person, now: Timestamp) -> Result<Self, RequestRefusal> {
        self.open(now)?;
        if by.key != self.person.key {
            return Err(RequestRefusal::NotTheRequester);
        }
        self.state = RequestState::Withdrawn { at: now };
        Ok(self)
    }

    /// Ends the waiting when its time is over; anything else stays as it is.
    pub fn lapse(mut self, now: Timestamp) -> Result<Self, RequestRefusal> {
        match self.state {
            RequestState::Pending if now >= self.lapses_at => {
                self.state = RequestState::Lapsed { at: now };
                Ok(self)
            }
            RequestState::Pending => Err(RequestRefusal::Changed),
            _ => Err(RequestRefusal::Settled(self.state.word())),
        }
    }

    /// Whether this person may approve or deny it now.
    ///
    /// # Errors
    /// The reason they may not.
    pub fn may_be_decided_by(&self, person: &Person, now: Timestamp) -> Result<(), RequestRefusal> {
        self.open(now)?;
        if person.key == self.person.key {
            return Err(RequestRefusal::OwnRequest);
        }
        match self.quorum() {
            Some(quorum) if person.is_in_any(&quorum.approvers) => Ok(()),
            _ => Err(RequestRefusal::NotAnApprover),
        }
    }

    fn open(&self, now: Timestamp) -> Result<(), RequestRefusal> {
        match self.state {
            RequestState::Pending if now < self.lapses_at => Ok(()),
            RequestState::Pending | RequestState::Lapsed { .. } => Err(RequestRefusal::Lapsed),
            _ => Err(RequestRefusal::Settled(self.state.word())),
        }
    }

    fn granted(mut self, id: GrantId, now: Timestamp) -> Approved {
        let grant = Grant {
            id,
            request: self.id,
            person: self.person.clone(),
            place: self.place.clone(),
            role: self.role.clone(),
            not_before: now,
            not_after: crate::later(now, self.length),
            state: GrantState::Active,
        };
        self.state = RequestState::Approved { at: now, grant: id };
        Approved::Granted(self, grant)
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
