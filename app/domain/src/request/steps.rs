//! The other steps of a request: each takes it, and gives back what it became.

use std::time::Duration;

use jiff::Timestamp;

use super::{Request, RequestRefusal, RequestState, Signer};
use crate::policy::{Aliases, Circumstances, Decision, Ruling};
use crate::{Person, RoleName, Scope};

/// Those who decide are reminded at most once in this time, which begins when the request is sent.
const REMIND_AFTER: Duration = Duration::from_mins(5);

/// What the requester changes before anybody decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// How much of the namespace.
    pub scope: Scope,
    /// How long.
    pub length: Duration,
    /// Why.
    pub reason: String,
    /// The ticket.
    pub ticket: Option<String>,
    /// When the grant shall begin.
    pub starts_at: Option<Timestamp>,
    /// What policy says of the changed request.
    pub ruling: Ruling,
    /// What policy looked at beside it.
    pub circumstances: Circumstances,
}

/// What an approver leaves of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowing {
    /// A role whose actions are among those asked for, or the same.
    pub role: RoleName,
    /// At most what was asked for.
    pub length: Duration,
    /// A part of what was asked for, or the same.
    pub scope: Scope,
}

impl Request {
    /// Refuses the request for good.
    ///
    /// # Errors
    /// When this person does not decide on it.
    pub fn deny(
        mut self,
        by: &Person,
        why: String,
        aliases: &Aliases,
        now: Timestamp,
    ) -> Result<Self, RequestRefusal> {
        self.may_be_decided_by(by, aliases, now)?;
        self.state = RequestState::Denied { at: now, by: Signer::from(by), why };
        Ok(self)
    }

    /// Takes it back.
    ///
    /// # Errors
    /// When it is somebody else's, or not open.
    pub fn withdraw(mut self, by: &Person, now: Timestamp) -> Result<Self, RequestRefusal> {
        self.open(now)?;
        self.is_of(by)?;
        self.state = RequestState::Withdrawn { at: now };
        Ok(self)
    }

    /// Reminds those who decide.
    ///
    /// # Errors
    /// When it is somebody else's, waits for nobody, or did so a moment ago.
    pub fn remind(mut self, by: &Person, now: Timestamp) -> Result<Self, RequestRefusal> {
        self.open(now)?;
        self.is_of(by)?;
        if self.granted_at().is_some() {
            return Err(RequestRefusal::Enough(self.approved_by()));
        }
        if now < crate::later(self.reminded_at.unwrap_or(self.sent_at), REMIND_AFTER) {
            return Err(RequestRefusal::Reminded);
        }
        self.reminded_at = Some(now);
        Ok(self)
    }

    /// Ends the waiting when its time is over; anything else stays as it is.
    ///
    /// # Errors
    /// When its time is not over, or it was decided: enough approvals are a decision.
    pub fn lapse(mut self, now: Timestamp) -> Result<Self, RequestRefusal> {
        match self.state {
            RequestState::Pending if now >= self.lapses_at && self.granted_at().is_none() => {
                self.state = RequestState::Lapsed { at: now };
                Ok(self)
            }
            RequestState::Pending => Err(RequestRefusal::Changed),
            _ => Err(RequestRefusal::Settled(self.outcome())),
        }
    }

    /// Changes it before it is decided. Approvals were for what stood there before: they are void
    /// and the waiting begins anew.
    ///
    /// # Errors
    /// When it is somebody else's, or not open.
    pub fn change(
        mut self,
        by: &Person,
        change: Change,
        now: Timestamp,
    ) -> Result<Self, RequestRefusal> {
        self.open(now)?;
        self.is_of(by)?;
        let Change { scope, length, reason, ticket, starts_at, ruling, circumstances } = change;
        // More time is for as much as is held, and goes on where that ends.
        if self.extends.is_none() {
            (self.scope, self.starts_at) = (scope, starts_at);
        }
        self.lapses_at = crate::later(now, ruling.terms.lapse_after);
        self.sent_at = now;
        self.reminded_at = None;
        self.approvals.clear();
        Ok(Self { length, reason, ticket, ruling, circumstances, ..self })
    }

    /// Leaves less of it, before an approver consents to that. Approvals of more are void.
    /// `today` is what policy says of what is left: it names those who approve it and its terms.
    /// What policy would grant at once waits for those who were asked before.
    ///
    /// # Errors
    /// When this person does not decide on it, or it would not be less. Whether a role is smaller
    /// is checked by whoever knows the policy, and whether a pod is within the scope by whoever
    /// knows the cluster.
    pub fn narrow(
        mut self,
        by: &Person,
        narrowing: Narrowing,
        today: Ruling,
        aliases: &Aliases,
        now: Timestamp,
    ) -> Result<Self, RequestRefusal> {
        self.may_be_decided_by(by, aliases, now)?;
        let Narrowing { role, length, scope } = narrowing;
        let same = role == self.role && length == self.length && scope == self.scope;
        if length > self.length || length.is_zero() || same {
            return Err(RequestRefusal::NotLess);
        }
        self.role = role;
        self.length = length;
        self.scope = scope;
        self.ruling = match today.decision {
            Decision::Ask(_) => today,
            _ => Ruling { longest: today.longest, terms: today.terms, ..self.ruling },
        };
        self.approvals.clear();
        Ok(self)
    }

    fn is_of(&self, person: &Person) -> Result<(), RequestRefusal> {
        if person.key == self.person.key { Ok(()) } else { Err(RequestRefusal::NotTheRequester) }
    }
}
