//! Approving, and what becomes of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Request, RequestDigest, RequestRefusal, RequestState, Signer};
use crate::policy::{Aliases, Decision};
use crate::{Grant, GrantId, GrantState, GroupName, Person};

/// One approver's consent to exactly one version of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who consented.
    pub by: Signer,
    /// The approver groups they were in.
    pub groups: BTreeSet<GroupName>,
    /// When.
    pub at: Timestamp,
    /// The digest of the request as it was shown to them.
    pub digest: RequestDigest,
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
    /// Grants at once, where policy said so.
    ///
    /// # Errors
    /// When others decide, or it is not open.
    pub fn grant_at_once(self, grant: GrantId, now: Timestamp) -> Result<Approved, RequestRefusal> {
        self.open(now)?;
        match self.ruling.decision {
            Decision::Approve | Decision::BreakGlass { .. } => Ok(self.granted(grant, now)),
            Decision::Ask(_) | Decision::Deny(_) => Err(RequestRefusal::NotAnApprover),
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
        aliases: &Aliases,
        grant: GrantId,
        now: Timestamp,
    ) -> Result<Approved, RequestRefusal> {
        let groups = self.may_be_decided_by(approver, aliases, now)?;
        let digest = self.digest();
        if *shown != digest {
            return Err(RequestRefusal::Changed);
        }
        if self.is_approved_by(approver, aliases) {
            return Err(RequestRefusal::AlreadyApproved);
        }
        let by = Signer::from(approver);
        self.approvals.push(Approval { by, groups, at: now, digest: digest.clone() });
        let counted: Vec<_> = self
            .approvals
            .iter()
            .filter(|approval| approval.digest == digest)
            .map(|approval| approval.groups.clone())
            .collect();
        if self.quorum().is_some_and(|quorum| quorum.is_reached(&counted)) {
            Ok(self.granted(grant, now))
        } else {
            Ok(Approved::Counted(self))
        }
    }

    /// Whether this person approved it, under any of their accounts.
    pub fn is_approved_by(&self, person: &Person, aliases: &Aliases) -> bool {
        let account = person.into();
        self.approvals.iter().any(|given| aliases.are_one(&(&given.by).into(), &account))
    }

    /// The approver groups that this person speaks for, if they may approve or deny it now.
    ///
    /// # Errors
    /// The reason they may not.
    pub fn may_be_decided_by(
        &self,
        person: &Person,
        aliases: &Aliases,
        now: Timestamp,
    ) -> Result<BTreeSet<GroupName>, RequestRefusal> {
        self.open(now)?;
        if aliases.are_one(&(&self.person).into(), &person.into()) {
            return Err(RequestRefusal::OwnRequest);
        }
        let quorum = self.quorum().ok_or(RequestRefusal::NotAnApprover)?;
        let groups: BTreeSet<_> = quorum
            .approvers_at(self.sent_at, now)
            .filter(|group| person.groups.contains(*group))
            .cloned()
            .collect();
        if groups.is_empty() { Err(RequestRefusal::NotAnApprover) } else { Ok(groups) }
    }

    fn granted(mut self, id: GrantId, now: Timestamp) -> Approved {
        let not_before = self.starts_at.map_or(now, |starts_at| starts_at.max(now));
        let from = self.extends.as_ref().map_or(not_before, |base| base.until.max(not_before));
        let grant = Grant {
            id,
            request: self.id,
            person: self.person.clone(),
            place: self.place.clone(),
            role: self.role.clone(),
            not_before,
            not_after: crate::later(from, self.length),
            state: GrantState::Active,
        };
        self.state = RequestState::Approved { at: now, grant: id };
        Approved::Granted(self, grant)
    }
}
