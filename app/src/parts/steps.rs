//! The way of a request, as a line of steps.

use domain::broker::RequestView;
use domain::policy::Decision;
use domain::{GrantState, RequestState, SessionState};
use leptos::prelude::*;

use super::{Icon, icon};

/// Where the request stands on its way *Sent → Approved → Ready → In use → Ended*.
#[component]
pub(crate) fn Steps(view: RequestView) -> impl IntoView {
    let current = "step";
    view! {
        <ol class="steps" aria-label="Progress">
            {steps(&view)
                .into_iter()
                .map(|(name, state)| {
                    view! {
                        <li
                            data-state=state
                            aria-current=(matches!(state, "now" | "stop")).then_some(current)
                        >
                            <span class="step">
                                {match state {
                                    "done" => Some(icon(Icon::Check)),
                                    "stop" => Some(icon(Icon::Cross)),
                                    _ => None,
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

fn steps(view: &RequestView) -> Vec<(String, &'static str)> {
    let step = |name: &str, state| (name.to_owned(), state);
    let stopped = |name| vec![step("Sent", "done"), step(name, "stop")];
    match &view.request.state {
        RequestState::Denied { .. } => stopped("Denied"),
        RequestState::Withdrawn { .. } => stopped("Withdrawn"),
        RequestState::Lapsed { .. } => stopped("Lapsed"),
        RequestState::Pending => vec![
            step("Sent", "done"),
            (approved(view), "now"),
            step("Ready", "later"),
            step("In use", "later"),
            step("Ended", "later"),
        ],
        RequestState::Approved { .. } => {
            let live = view
                .sessions
                .iter()
                .any(|row| !matches!(row.session.state, SessionState::Ended { .. }));
            let over = view.grant.as_ref().is_some_and(|grant| view.now >= grant.not_after)
                || view.grant.as_ref().is_none_or(|grant| grant.state != GrantState::Active);
            let used = match (over, live, view.sessions.is_empty()) {
                (false, true, _) => "now",
                (_, _, false) => "done",
                _ => "later",
            };
            vec![
                step("Sent", "done"),
                (approved(view), "done"),
                step("Ready", if over || live { "done" } else { "now" }),
                step(if over && used == "later" { "Not used" } else { "In use" }, used),
                step("Ended", if over { "now" } else { "later" }),
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
