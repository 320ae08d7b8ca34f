//! Making grants of what was approved, once its approvers have had their time to think again.

use domain::broker::{Part, Refusal};
use domain::policy::{Asked, Decision, Urgency};
use domain::{Event, Fact, Grant, Request};

use super::decide::refused;
use super::offers::Asking;
use super::rights::lost;
use crate::Portal;
use crate::port::{ClusterState, NamespaceInfo, SaveError, Versioned};
use crate::portal::{About, unavailable};

impl Portal {
    /// Makes the grant of a request that enough people approved. Whoever lost the right to approve
    /// it since does not count, and what policy denies by now is approved by nobody.
    ///
    /// # Errors
    /// When the store does not work.
    pub(crate) async fn make_grant(&self, mut known: Versioned<Request>) -> Result<(), Refusal> {
        let about = About::request(&known.value);
        let event = |fact| self.event(None, &about, fact);
        let lost = lost(self, &known.value).await?;
        let (grant, events) = if !lost.is_empty() {
            known.value.approvals.retain(|approval| !lost.contains(&approval.by));
            let voided = lost.into_iter().map(|approver| Fact::ApprovalVoided { approver });
            (None, voided.map(event).collect())
        } else if let Err(refusal) = still_allowed(self, &known.value).await {
            let why = match refusal {
                Refusal::Conflict { what } => what,
                // Nobody knows the namespace's labels now: the sweep asks again.
                Refusal::Unavailable { part: Part::Cluster } => return Ok(()),
                other => return Err(other),
            };
            known.value.approvals.clear();
            let what = "make the grant that was approved".to_owned();
            (None, vec![event(Fact::Refused { what, why, rule: None, stamp: None })])
        } else {
            let granted = known.value.grant(self.clock.grant_id(), self.clock.now());
            let (request, grant) = granted.map_err(refused)?;
            let grant = marked(self, grant).await?;
            known.value = request;
            let events = vec![began(self, &grant)];
            (Some(grant), events)
        };
        match self.store.save_request(&known, grant.as_ref(), &events).await {
            Ok(()) => {
                if let Some(grant) = &grant {
                    self.running.prolong(grant, &*self.clock);
                }
                self.changes.wake();
                Ok(())
            }
            // Somebody thought again, or another replica was faster.
            Err(SaveError::Conflict) => Ok(()),
            Err(SaveError::Store(cause)) => Err(unavailable(cause)),
        }
    }
}

/// The grant, with the mark of broken glass where what it prolongs has it.
pub(super) async fn marked(portal: &Portal, mut grant: Grant) -> Result<Grant, Refusal> {
    if let Some(base) = grant.extends {
        let base = portal.store.grant(base).await.map_err(unavailable)?;
        grant.broke_glass |= base.is_some_and(|base| base.value.broke_glass);
    }
    Ok(grant)
}

/// The event that says a grant began; its end is tied to a clock that cannot be stepped.
pub(super) fn began(portal: &Portal, grant: &Grant) -> Event {
    portal.running.anchor(grant, &*portal.clock);
    let fact = Fact::GrantBegan {
        role: grant.role.clone(),
        group: grant.group(),
        begins: Some(grant.not_before).filter(|begins| *begins > portal.clock.now()),
        not_after: grant.not_after,
    };
    portal.event(None, &About::grant(grant), fact)
}

/// What today's policy would deny to the person as they are today is not granted any more, and a
/// grant that is over is not prolonged.
///
/// # Errors
/// A conflict that says so, or that the store or the cluster does not answer.
pub(super) async fn still_allowed(portal: &Portal, request: &Request) -> Result<(), Refusal> {
    let mut person = request.person.clone();
    let groups = portal.store.groups_of(&person.key, portal.clock.now()).await;
    if let Some(groups) = groups.map_err(unavailable)? {
        person.groups = groups;
    }
    let asking = Asking::now(portal, &person).await?;
    let Some(NamespaceInfo { labels, .. }) = portal.namespace(&request.place) else {
        return Err(match portal.cluster(&request.place)?.state() {
            ClusterState::Reachable => {
                Refusal::Conflict { what: "the namespace is not there any more".to_owned() }
            }
            ClusterState::Unreachable { .. } => Refusal::Unavailable { part: Part::Cluster },
        });
    };
    let asked = Asked {
        scope: &request.scope,
        length: request.length,
        reason: &request.reason,
        ticket: request.ticket.as_deref().unwrap_or_default(),
    };
    let question =
        asking.question(&request.place, &labels, &request.role, Urgency::Usual, Some(asked));
    if let Decision::Deny(denial) = asking.policy.decide(&question).decision {
        let what = format!("the policy denies it now: {}", denial.words());
        return Err(Refusal::Conflict { what });
    }
    if let Some(base) = &request.extends {
        let grant = portal.store.grant(base.grant).await.map_err(unavailable)?;
        if grant.is_none_or(|grant| grant.value.check(portal.clock.now()).is_err()) {
            let what = "the grant that it prolongs is over".to_owned();
            return Err(Refusal::Conflict { what });
        }
    }
    Ok(())
}
