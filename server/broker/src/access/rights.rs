//! Whether those who approved may still approve.

use domain::broker::Refusal;
use domain::{Fact, PersonKey, Request, Signer};

use crate::Portal;
use crate::port::{RequestQuery, SaveError};
use crate::portal::{About, unavailable};

/// Those whose approval does not count any more: the policy declares by now that they are the
/// requester or another who approved; or they are signed in, and the provider does not name all of
/// the groups for which they spoke. Of somebody who signed out since, the provider's last word
/// counts; whoever it disowned lost their approvals then (`disowned`).
pub(super) async fn lost(portal: &Portal, request: &Request) -> Result<Vec<Signer>, Refusal> {
    let (now, policy) = (portal.clock.now(), portal.policy());
    let mut lost = request.approved_twice(policy.aliases());
    for approval in &request.approvals {
        let groups = portal.store.groups_of(&approval.by.key, now).await.map_err(unavailable)?;
        let left = groups.is_some_and(|groups| !approval.groups.is_subset(&groups));
        if left && !lost.contains(&approval.by) {
            lost.push(approval.by.clone());
        }
    }
    Ok(lost)
}

impl Portal {
    /// Voids what somebody approved whom the provider does not know any more.
    ///
    /// # Errors
    /// When the store does not work.
    pub async fn disowned(&self, person: &PersonKey) -> Result<(), Refusal> {
        for mut request in self.store.requests(&RequestQuery::Pending).await.map_err(unavailable)? {
            let given = &mut request.value.approvals;
            let Some(place) = given.iter().position(|approval| approval.by.key == *person) else {
                continue;
            };
            let approver = given.remove(place).by;
            let about = About::request(&request.value);
            let event = self.event(None, &about, Fact::ApprovalVoided { approver });
            match self.store.save_request(&request, None, &[event]).await {
                // Whoever was faster looks at the approvals anew.
                Ok(()) | Err(SaveError::Conflict) => self.changes.wake(),
                Err(SaveError::Store(cause)) => return Err(unavailable(cause)),
            }
        }
        Ok(())
    }
}
