//! What today's policy says of a request that waits.

use domain::broker::{Part, Refusal};
use domain::policy::{Asked, Decision, Labels, Ruling, Urgency};
use domain::{Place, Request, duration};

use super::ask::more;
use super::offers::Asking;
use crate::Portal;
use crate::port::ClusterState;
use crate::portal::unavailable;

/// What today's policy says of a request of the person as they are today. What it would deny, or
/// not for so long, is not granted any more, nor what prolongs a grant that is over, nor more
/// grants than one person may have at once.
///
/// # Errors
/// A conflict that says so, or that the store or the cluster does not answer.
pub(super) async fn ruled_anew(portal: &Portal, request: &Request) -> Result<Ruling, Refusal> {
    let mut person = request.person.clone();
    let groups = portal.store.groups_of(&person.key, portal.clock.now()).await;
    if let Some(groups) = groups.map_err(unavailable)? {
        person.groups = groups;
    }
    let asking = Asking::now(portal, &person).await?;
    let now = asking.instant();
    let asking = asking.at(request.begins(now));
    let labels = labels(portal, &request.place)?;
    let asked = Asked {
        scope: &request.scope,
        length: request.length,
        reason: &request.reason,
        ticket: request.ticket.as_deref().unwrap_or_default(),
    };
    let question =
        asking.question(&request.place, &labels, &request.role, Urgency::Usual, Some(asked));
    let mut ruling = asking.policy.decide(&question);
    if let Decision::Deny(denial) = &ruling.decision {
        return Err(conflict(format!("the policy denies it now: {}", denial.words())));
    }
    if let Some(base) = &request.extends {
        let grant = portal.store.grant(base.grant).await.map_err(unavailable)?;
        if grant.is_none_or(|grant| grant.value.check(now).is_err()) {
            return Err(conflict("the grant that it prolongs is over".to_owned()));
        }
        ruling.longest = more(&ruling, base.until, now)?;
    } else if asking.most_held().is_some() {
        let name = &person.username;
        return Err(conflict(format!("{name} holds as many grants as the policy allows at once")));
    }
    if request.length > ruling.longest {
        let longest = duration::words(ruling.longest);
        return Err(conflict(format!("the policy grants it for at most {longest} now")));
    }
    Ok(ruling)
}

fn labels(portal: &Portal, place: &Place) -> Result<Labels, Refusal> {
    if let Some(namespace) = portal.namespace(place) {
        return Ok(namespace.labels);
    }
    match portal.cluster(place).map(|cluster| cluster.state()) {
        Ok(ClusterState::Unreachable { .. }) => Err(Refusal::Unavailable { part: Part::Cluster }),
        Ok(ClusterState::Reachable) => {
            Err(conflict("the namespace is not there any more".to_owned()))
        }
        Err(_) => Err(conflict("the cluster is not there any more".to_owned())),
    }
}

fn conflict(what: String) -> Refusal {
    Refusal::Conflict { what }
}
