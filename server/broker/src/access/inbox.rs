//! What waits for a decision, and what was decided of late.

use domain::broker::{Inbox, Refusal, RequestRow};
use domain::{RequestId, RequestState};

use super::view::{row, view};
use crate::Bound;
use crate::port::RequestQuery;
use crate::portal::unavailable;

/// Settled requests that are looked through.
const LOOKED_AT: u16 = 200;
/// Settled requests that are shown in each section.
const SHOWN: usize = 50;

pub(crate) async fn inbox(bound: &Bound, selected: Option<RequestId>) -> Result<Inbox, Refusal> {
    let store = &bound.portal.store;
    let pending = store.requests(&RequestQuery::Pending).await.map_err(unavailable)?;
    let broken = store.requests(&RequestQuery::ReviewOwed).await.map_err(unavailable)?;
    let (mut needs_me, mut waiting) = (Vec::new(), Vec::new());
    // Broken glass comes first: nobody was asked before.
    for request in broken.into_iter().chain(pending).map(|request| request.value) {
        if !bound.may_see(&request) {
            continue;
        }
        let row = row(bound, request).await?;
        let acts = row.standing.may_decide || row.standing.may_review;
        if acts { needs_me.push(row) } else { waiting.push(row) }
    }
    let settled = RequestQuery::Settled { limit: LOOKED_AT };
    let settled = store.requests(&settled).await.map_err(unavailable)?;
    let (mut decided, mut expired) = (Vec::new(), Vec::new());
    for request in settled.into_iter().map(|request| request.value) {
        let section = match request.state {
            RequestState::Lapsed { .. } => &mut expired,
            _ => &mut decided,
        };
        if bound.may_see(&request) && !request.owes_review() && section.len() < SHOWN {
            section.push(row(bound, request).await?);
        }
    }
    let all = || [&needs_me, &waiting, &decided, &expired].into_iter().flatten();
    let named = |row: &&RequestRow| Some(row.request.id) == selected;
    let shown = match all().find(named).or_else(|| all().next()) {
        Some(row) => Some(view(bound, row.clone()).await?),
        None => None,
    };
    Ok(Inbox { needs_me, waiting, decided, expired, shown })
}
