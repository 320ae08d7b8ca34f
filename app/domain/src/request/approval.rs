//! Approving, and the grant that comes of it.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Request, RequestDigest, RequestRefusal, RequestState, Signer};
use crate::policy::{Aliases, Decision};
use crate::{Grant, GrantId, GrantState, GroupName, Person};

/// How long the last approval can be taken back before the grant is made.
pub const UNDO: Duration = Duration::from_secs(5);

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

impl Request {
    /// Counts one approval. The grant is made a moment after the last one that is needed.
    ///
    /// # Errors
    /// When the request is not open, is the approver's own, was approved by them or by enough
    /// others before, or is not the one that was shown to them.
    pub fn approve(
        mut self,
        approver: &Person,
        shown: &RequestDigest,
        aliases: &Aliases,
        now: Timestamp,
    ) -> Result<Self, RequestRefusal> {
        let groups = self.may_be_decided_by(approver, aliases, now)?;
        let digest = self.digest();
        if *shown != digest {
            return Err(RequestRefusal::Changed);
        }
        if self.is_approved_by(approver, aliases) {
            return Err(RequestRefusal::AlreadyApproved);
        }
        if self.granted_at().is_some() {
            return Err(RequestRefusal::Enough(self.approved_by()));
        }
        let by = Signer::from(approver);
        self.approvals.push(Approval { by, groups, at: now, digest });
        Ok(self)
    }

    /// Takes one's approval back before the grant is made, even where the request would have lapsed
    /// meanwhile.
    ///
    /// # Errors
    /// When the request is not open, or was not approved by this person.
    pub fn take_back(
        mut self,
        approver: &Person,
        aliases: &Aliases,
        now: Timestamp,
    ) -> Result<Self, RequestRefusal> {
        if self.granted_at().is_none() {
            self.open(now)?;
        }
        let (account, before) = (approver.into(), self.approvals.len());
        self.approvals.retain(|given| !aliases.are_one(&(&given.by).into(), &account));
        if self.approvals.len() == before { Err(RequestRefusal::NotApproved) } else { Ok(self) }
    }

    /// When the grant is made unless somebody thinks again: none while approvals are missing.
    pub fn granted_at(&self) -> Option<Timestamp> {
        let RequestState::Pending = self.state else { return None };
        let digest = self.digest();
        let counted: Vec<_> =
            self.approvals.iter().filter(|approval| approval.digest == digest).collect();
        let groups: Vec<_> = counted.iter().map(|approval| approval.groups.clone()).collect();
        let reached = self.quorum()?.is_reached(&groups);
        let last = counted.iter().map(|approval| approval.at).max()?;
        reached.then(|| crate::later(last, UNDO))
    }

    /// Makes the grant: at once where policy said so, else when its approvers have had their time
    /// to think again.
    ///
    /// # Errors
    /// When it is not open, or approvals are missing.
    pub fn grant(self, id: GrantId, now: Timestamp) -> Result<(Self, Grant), RequestRefusal> {
        match self.ruling.decision {
            Decision::Approve | Decision::BreakGlass { .. } => self.open(now)?,
            // What was approved in time is granted, even where it would have lapsed meanwhile.
            Decision::Ask(_) if self.granted_at().is_some_and(|at| at <= now) => {}
            Decision::Ask(_) | Decision::Deny(_) => {
                self.open(now)?;
                return Err(RequestRefusal::NotApproved);
            }
        }
        Ok(self.granted(id, now))
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

    fn granted(mut self, id: GrantId, now: Timestamp) -> (Self, Grant) {
        let not_before = self.begins(now);
        let (not_after, unclaimed) = match &self.extends {
            // What it prolongs is in use.
            Some(base) => (crate::later(base.until.max(not_before), self.length), None),
            None => self.ruling.terms.clock.set(not_before, self.length),
        };
        let grant = Grant {
            id,
            request: self.id,
            person: self.person.clone(),
            place: self.place.clone(),
            scope: self.scope.clone(),
            role: self.role.clone(),
            not_before,
            not_after,
            extends: self.extends.as_ref().map(|base| base.grant),
            broke_glass: self.broke_glass(),
            unclaimed,
            state: GrantState::Active,
        };
        self.state = RequestState::Approved { at: now, grant: id };
        (self, grant)
    }
}
