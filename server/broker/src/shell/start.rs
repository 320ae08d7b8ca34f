//! Starting a session: checked and written down; the shell opens with the first terminal.

use std::sync::Arc;

use domain::broker::{Part, Refusal};
use domain::{
    Action, ContainerName, Event, Fact, Grant, PodName, RequestId, Session, SessionId,
    SessionState, Target,
};

use super::choice::usable;
use super::claim::claimed;
use super::open::Opening;
use super::running::{Run, Under};
use crate::Bound;
use crate::port::{Order, Versioned};
use crate::portal::{About, unavailable};
use crate::signed::{Claims, Purpose};

pub(crate) async fn start(
    bound: &Bound,
    id: RequestId,
    pod: &PodName,
    container: &ContainerName,
) -> Result<SessionId, Refusal> {
    let portal = &bound.portal;
    let about = About { request: Some(id), ..About::default() };
    let checked = usable(bound, id).await;
    let what = format!("open a shell in {pod}/{container}");
    let (request, grant) = portal.told(&bound.person, &about, &what, checked).await?;
    let target =
        Target { place: request.place.clone(), pod: pod.clone(), container: container.clone() };
    let within = portal.told(&bound.person, &about, &what, in_sight(bound, &grant, &target)).await;
    within?;
    let most = portal.settings.sessions_per_person;
    if portal.running.of(&bound.person.key) >= most {
        return Err(too_many(most));
    }
    portal.ready().await?;
    let grant = claimed(bound, grant).await?;
    let now = portal.clock.now();
    let session = Session {
        id: portal.clock.session_id(),
        grant: grant.id,
        person: bound.person.clone(),
        target,
        asked_at: now,
        not_after: grant.not_after,
        state: SessionState::Starting,
    };
    let claims = Claims {
        grant: grant.id,
        session: session.id,
        username: session.person.username.clone(),
        group: grant.group(),
        target: session.target.clone(),
        action: Action::Shell,
        purpose: Purpose::Use,
        not_before: grant.not_before,
        not_after: grant.not_after,
    };
    let identity = claims.identity(&portal.settings.user_prefix);
    let fact = Fact::SessionStarting {
        target: session.target.clone(),
        user: identity.user,
        group: identity.group,
        extras: identity.extras.iter().map(|(key, value)| format!("{key}={value}")).collect(),
    };
    let event = portal.event(Some(&bound.person), &About::session(&session, id), fact);
    let order = Order { grant: portal.signer.sign(&claims), audit_id: event.id };
    let deadline = portal.running.anchor(&grant, &*portal.clock);
    let under = Under { grant, deadline };
    let run = Arc::new(Run::new(session.id, bound.person.key.clone(), under.clone()));
    let id = session.id;
    let session = Versioned { version: 0, value: session };
    let opening = Opening { portal: Arc::clone(portal), run, session, under, order };
    // Whoever asked may go away in the middle of it: the session is begun or it is not.
    let begun = portal.tasks.spawn(begin(opening, event)).await;
    begun.unwrap_or(Err(Refusal::Unavailable { part: Part::Store }))?;
    Ok(id)
}

async fn begin(opening: Opening, event: Event) -> Result<(), Refusal> {
    let portal = Arc::clone(&opening.portal);
    let most = portal.settings.sessions_per_person;
    if !portal.running.add(Arc::clone(&opening.run), most) {
        return Err(too_many(most));
    }
    if let Err(cause) = portal.store.insert_session(&opening.session.value, &[event]).await {
        portal.running.remove(opening.run.session);
        return Err(unavailable(cause));
    }
    portal.changes.wake();
    portal.tasks.spawn(opening.carry_through());
    Ok(())
}

fn too_many(most: usize) -> Refusal {
    Refusal::Conflict { what: format!("you have {most} sessions running; end one first") }
}

/// The container is within the grant, is there and runs, as far as the watches know.
fn in_sight(bound: &Bound, grant: &Grant, target: &Target) -> Result<(), Refusal> {
    let pods = bound.portal.cluster(&target.place)?.pods(&target.place.namespace);
    let gone = || Refusal::Conflict { what: "the pod or the container is gone".to_owned() };
    let pod = pods.into_iter().find(|pod| pod.name == target.pod).ok_or_else(gone)?;
    if !grant.scope.covers(&pod.name, &pod.workload) {
        let why = format!("the grant is for {} alone", grant.scope.words());
        return Err(Refusal::Forbidden { why });
    }
    let container = pod.containers.into_iter().find(|known| known.name == target.container);
    let container = container.ok_or_else(gone)?;
    if container.running {
        Ok(())
    } else {
        let what = format!("the container is not running: {}", container.status);
        Err(Refusal::Conflict { what })
    }
}
