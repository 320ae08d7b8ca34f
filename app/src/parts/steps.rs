//! The way of a request, as a line of steps.

use domain::broker::RequestView;
use domain::policy::Decision;
use domain::{GrantState, RequestState, SessionState};
use leptos::prelude::*;

use super::{Icon, icon};

/// Where the request stands on its way *Sent → Approved → Ready → In use → Ended*.
#[component]
pub(crate) fn Steps(view: RequestView) -> impl IntoView {
    view! {
        <ol class="steps" aria-label="Progress">
            {steps(&view)
                .into_iter()
                .map(|(name, state)| {
                    let here = matches!(state, StepState::Now | StepState::Stopped);
                    view! {
                        <li data-state=state.word() aria-current=here.then_some("step")>
                            <span class="step">
                                {match state {
                                    StepState::Done => Some(icon(Icon::Check)),
                                    StepState::Stopped => Some(icon(Icon::Cross)),
                                    StepState::Now | StepState::Later => None,
                                }}
                            </span>
                            {name}
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
    .into_any()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StepState {
    Done,
    Now,
    Stopped,
    Later,
}

impl StepState {
    /// A word of the style sheets.
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now => "now",
            Self::Stopped => "stop",
            Self::Later => "later",
        }
    }
}

fn steps(view: &RequestView) -> Vec<(String, StepState)> {
    use StepState::{Done, Later, Now, Stopped};

    let step = |name: &str, state| (name.to_owned(), state);
    let stopped = |name| vec![step("Sent", Done), step(name, Stopped)];
    match &view.request.state {
        RequestState::Denied { .. } => stopped("Denied"),
        RequestState::Withdrawn { .. } => stopped("Withdrawn"),
        RequestState::Lapsed { .. } => stopped("Lapsed"),
        RequestState::Pending => vec![
            step("Sent", Done),
            (approved(view), Now),
            step("Ready", Later),
            step("In use", Later),
            step("Ended", Later),
        ],
        RequestState::Approved { .. } => {
            let live = view
                .sessions
                .iter()
                .any(|row| !matches!(row.session.state, SessionState::Ended { .. }));
            let over = view.grant.as_ref().is_some_and(|grant| view.now >= grant.not_after)
                || view.grant.as_ref().is_none_or(|grant| grant.state != GrantState::Active);
            let used = match (over, live, view.sessions.is_empty()) {
                (false, true, _) => Now,
                (_, _, false) => Done,
                _ => Later,
            };
            vec![
                step("Sent", Done),
                (approved(view), Done),
                step("Ready", if over || live { Done } else { Now }),
                step(if over && used == Later { "Not used" } else { "In use" }, used),
                step("Ended", if over { Now } else { Later }),
            ]
        }
    }
}

fn approved(view: &RequestView) -> String {
    match &view.request.ruling.decision {
        Decision::Ask(quorum) => {
            format!("Approved {}/{}", view.request.approvals.len(), quorum.count)
        }
        Decision::BreakGlass { .. } => "Glass broken".to_owned(),
        Decision::Approve | Decision::Deny(_) => "Granted at once".to_owned(),
    }
}
