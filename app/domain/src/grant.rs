//! What an approved request becomes: temporary membership of one Kubernetes group.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{GrantId, Namespace, Person, Place, RequestId, RoleName, Scope, SessionEnd, Signer};

/// A person, a role, a place, and a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Its name.
    pub id: GrantId,
    /// The request it came from.
    pub request: RequestId,
    /// Whose it is.
    pub person: Person,
    /// Where.
    pub place: Place,
    /// How much of it.
    #[serde(default)]
    pub scope: Scope,
    /// What it allows.
    pub role: RoleName,
    /// First instant at which it may be used.
    pub not_before: Timestamp,
    /// First instant at which it may not be used any more; until its first use, the instant by
    /// which it must be used.
    pub not_after: Timestamp,
    /// The grant that it prolongs, where it does.
    #[serde(default)]
    pub extends: Option<GrantId>,
    /// The glass was broken for it: nobody was asked.
    #[serde(default)]
    pub broke_glass: bool,
    /// What its first use makes of its end; none once it was used, and where it need not be.
    pub unclaimed: Option<Unclaimed>,
    /// Where it stands.
    pub state: GrantState,
}

/// The end that a grant gets by its first use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unclaimed {
    /// Its clock has been running: this instant.
    Until(Timestamp),
    /// Its clock starts with its first use: that much later.
    Lasting(Duration),
}

/// The states of a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantState {
    /// Usable until `not_after`.
    Active,
    /// Over, for good.
    Ended {
        /// When.
        at: Timestamp,
        /// How.
        how: GrantEnd,
    },
}

/// How a grant ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantEnd {
    /// Its time was over.
    Expired,
    /// Nobody used it by when it had to be used.
    Unused,
    /// Somebody else ended it.
    Revoked {
        /// Who.
        by: Signer,
    },
    /// The person gave it back.
    Surrendered,
}

/// Why a grant cannot be ended or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantRefusal {
    /// It is over.
    #[error("the grant has ended")]
    Ended,
    /// It has not begun.
    #[error("the grant has not begun")]
    NotYet,
    /// It is still running.
    #[error("the grant's time is not over")]
    NotOver,
}

impl Grant {
    /// Whether it may be used at this instant.
    pub fn check(&self, now: Timestamp) -> Result<(), GrantRefusal> {
        match self.state {
            GrantState::Ended { .. } => Err(GrantRefusal::Ended),
            GrantState::Active if now >= self.not_after => Err(GrantRefusal::Ended),
            GrantState::Active if now < self.not_before => Err(GrantRefusal::NotYet),
            GrantState::Active => Ok(()),
        }
    }

    /// How much of it is left; zero once it is over.
    pub fn remaining(&self, now: Timestamp) -> Duration {
        match self.check(now) {
            Ok(()) => Duration::try_from(self.not_after.duration_since(now)).unwrap_or_default(),
            Err(_) => Duration::ZERO,
        }
    }

    /// The Kubernetes group that its holder is a member of.
    pub fn group(&self) -> String {
        kubernetes_group(&self.role, &self.place.namespace)
    }

    /// Uses it for the first time, which sets its end; any later use changes nothing.
    ///
    /// # Errors
    /// When it may not be used.
    pub fn claim(mut self, now: Timestamp) -> Result<Self, GrantRefusal> {
        self.check(now)?;
        match self.unclaimed.take() {
            None => {}
            Some(Unclaimed::Until(end)) => self.not_after = end,
            Some(Unclaimed::Lasting(length)) => self.not_after = crate::later(now, length),
        }
        Ok(self)
    }

    /// How it ends when its time is over.
    pub fn lapse(&self) -> GrantEnd {
        if self.unclaimed.is_some() { GrantEnd::Unused } else { GrantEnd::Expired }
    }

    /// Ends it, before its time or when that is over.
    pub fn end(mut self, how: GrantEnd, now: Timestamp) -> Result<Self, GrantRefusal> {
        match self.state {
            GrantState::Ended { .. } => Err(GrantRefusal::Ended),
            GrantState::Active
                if how.is_by_time() && (how != self.lapse() || now < self.not_after) =>
            {
                Err(GrantRefusal::NotOver)
            }
            GrantState::Active => {
                self.state = GrantState::Ended { at: now, how };
                Ok(self)
            }
        }
    }
}

/// `jit:<role>:<namespace>`: what standing `RoleBindings` bind in an onboarded namespace.
pub fn kubernetes_group(role: &RoleName, namespace: &Namespace) -> String {
    format!("jit:{role}:{namespace}")
}

impl GrantEnd {
    /// Whether nobody ended it.
    fn is_by_time(&self) -> bool {
        matches!(self, Self::Expired | Self::Unused)
    }

    /// How the sessions under it end then.
    pub fn of_sessions(&self) -> SessionEnd {
        match self {
            Self::Expired | Self::Unused => SessionEnd::TimeIsUp,
            Self::Revoked { by } => SessionEnd::Revoked { by: by.clone() },
            Self::Surrendered => SessionEnd::EndedByPerson,
        }
    }

    /// The words on pages and in the audit log.
    pub fn words(&self) -> String {
        match self {
            Self::Expired => "its time was over".to_owned(),
            Self::Unused => "nobody used it in time".to_owned(),
            Self::Revoked { by } => format!("{} ended it", by.username),
            Self::Surrendered => "given back".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
