//! Reading the audit log.

use domain::broker::{AuditFilter, AuditPage, EventRow, Refusal};

use crate::Bound;
use crate::portal::{About, unavailable};

/// Events on one page.
const PAGE: u16 = 100;

pub(crate) async fn audit(bound: &Bound, filter: &AuditFilter) -> Result<AuditPage, Refusal> {
    let portal = &bound.portal;
    if !bound.oversees() {
        let why = "only auditors and operators read the audit log".to_owned();
        let refused = Err(Refusal::Forbidden { why });
        return portal.told(&bound.person, &About::default(), "read the audit log", refused).await;
    }
    let mut events = portal.store.events(filter, PAGE + 1).await.map_err(unavailable)?;
    let more = events.len() > usize::from(PAGE);
    events.truncate(usize::from(PAGE));
    let next = events.last().filter(|_| more).map(|last| last.number);
    let total = portal.store.newest_event().await.map_err(unavailable)?;
    let events = events
        .into_iter()
        .map(|logged| EventRow {
            number: logged.number,
            digest: logged.digest,
            event: logged.event,
        })
        .collect();
    Ok(AuditPage { events, next, total })
}
