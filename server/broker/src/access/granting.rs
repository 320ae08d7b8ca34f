//! Making grants of what was approved, once its approvers have had their time to think again.

use domain::broker::{Part, Refusal};
use domain::{Event, Fact, Grant, Request, Signer, Stamp};

use super::anew::ruled_anew;
use super::decide::refused;
use super::rights::lost;
use crate::Portal;
use crate::port::{Made, SaveError, Versioned};
use crate::portal::{About, unavailable};

/// What becomes of a request that enough people approved.
struct Outcome {
    request: Request,
    grant: Option<Grant>,
    events: Vec<Event>,
}

impl Portal {
    /// Makes the grant of a request that enough people approved. Whoever lost the right to approve
    /// it since does not count; what policy denies by now is approved by nobody, and what it
    /// asks others for by now waits for those.
    ///
    /// # Errors
    /// When the store does not work.
    pub(crate) async fn make_grant(&self, known: Versioned<Request>) -> Result<(), Refusal> {
        let decided_on = self.store.newest_access().await.map_err(unavailable)?;
        let Some(Outcome { request, grant, events }) = self.outcome(known.value).await? else {
            return Ok(());
        };
        let request = Versioned { version: known.version, value: request };
        let made = grant.as_ref().map(|grant| Made { grant, decided_on });
        match self.store.save_request(&request, made, &events).await {
            Ok(()) => {
                if let Some(grant) = &grant {
                    self.running.prolong(grant, &*self.clock);
                }
                self.changes.wake();
                Ok(())
            }
            // Somebody thought again, or something else was granted: the sweep asks again.
            Err(SaveError::Conflict) => Ok(()),
            Err(SaveError::Store(cause)) => Err(unavailable(cause)),
        }
    }

    /// None while nobody can know.
    async fn outcome(&self, mut request: Request) -> Result<Option<Outcome>, Refusal> {
        let about = About::request(&request);
        let event = |fact| self.event(None, &about, fact);
        let voided = |void: Vec<Signer>| {
            void.into_iter().map(|approver| event(Fact::ApprovalVoided { approver })).collect()
        };
        let lost = lost(self, &request).await?;
        if !lost.is_empty() {
            request.approvals.retain(|approval| !lost.contains(&approval.by));
            return Ok(Some(Outcome { request, grant: None, events: voided(lost) }));
        }
        let today = match ruled_anew(self, &request).await {
            Ok(today) => today,
            // Nobody knows the namespace's labels now.
            Err(Refusal::Unavailable { part: Part::Cluster }) => return Ok(None),
            Err(Refusal::Conflict { what: why }) => {
                request.approvals.clear();
                let what = "make the grant that was approved".to_owned();
                let stamp = Some(Stamp::from(&*self.policy()));
                let events = vec![event(Fact::Refused { what, why, rule: None, stamp })];
                return Ok(Some(Outcome { request, grant: None, events }));
            }
            Err(other) => return Err(other),
        };
        if !request.is_enough_under(&today) {
            let (request, void) = request.asked_anew(today);
            return Ok(Some(Outcome { request, grant: None, events: voided(void) }));
        }
        let granted = request.grant(self.clock.grant_id(), self.clock.now());
        let (request, grant) = granted.map_err(refused)?;
        let grant = marked(self, grant).await?;
        let events = vec![began(self, &grant)];
        Ok(Some(Outcome { request, grant: Some(grant), events }))
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
