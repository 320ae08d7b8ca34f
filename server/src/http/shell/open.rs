//! `POST /requests/{id}/shell`

use axum::extract::State;
use axum::response::Response;
use domain::broker::{FieldProblem, Refusal};
use domain::{ContainerName, PodName, RequestId};
use serde::Deserialize;

use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{PageRequest, PathId, Redo, StrictForm, done};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    #[serde(default)]
    pod: String,
    #[serde(default)]
    container: String,
}

/// Starts a session and leads to its terminal.
pub(crate) async fn open(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    PathId(id): PathId<RequestId>,
    page: PageRequest,
    StrictForm { form, values }: StrictForm<Fields>,
) -> Response {
    let redo = Redo { page, path: format!("/requests/{id}/shell"), values };
    let started = match (PodName::parse(form.pod), ContainerName::parse(form.container)) {
        (Ok(pod), Ok(container)) => {
            shared.brokers.bound(&login.person, login.id).start_session(id, &pod, &container).await
        }
        (pod, container) => {
            let wrong = [("pod", pod.err()), ("container", container.err())];
            let problems = wrong.into_iter().filter_map(|(field, cause)| {
                cause.map(|cause| FieldProblem { field, problem: cause.to_string() })
            });
            Err(Refusal::Invalid(problems.collect()))
        }
    };
    match started {
        Ok(session) => done(&format!("/sessions/{session}"), None),
        Err(refusal) => redo.because(refusal).await,
    }
}
