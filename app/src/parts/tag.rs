//! Small words with a colour: states, risks, counts.

use domain::broker::PodHealth;
use domain::policy::RoleRisk;
use domain::{Grant, GrantState, Request, RequestState, Risk};
use jiff::Timestamp;
use leptos::prelude::*;

/// What a colour means; the words always say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Accent,
    Good,
    Warn,
    Bad,
}

impl Tone {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Accent => "accent",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A word with a colour.
#[component]
pub(crate) fn Tag(tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class="tag" data-tone=tone.word()>{text}</span> }
}

/// That the glass was broken: nobody was asked before.
#[component]
pub(crate) fn GlassTag() -> impl IntoView {
    view! { <Tag tone=Tone::Bad text="glass broken" /> }
}

/// How much a namespace can hurt.
#[component]
pub(crate) fn RiskTag(risk: Risk) -> impl IntoView {
    view! { <span class="risk" data-risk=risk.word()>{risk.word()}</span> }
}

/// How much harm a role can do, in the eyes of whoever wrote the policy.
#[component]
pub(crate) fn RoleRiskTag(risk: RoleRisk) -> impl IntoView {
    let (tone, text) = match risk {
        RoleRisk::Low => (Tone::Good, "low risk"),
        RoleRisk::Medium => (Tone::Warn, "medium risk"),
        RoleRisk::High => (Tone::Bad, "high risk"),
    };
    view! { <Tag tone text /> }
}

/// Pods by condition, the worst first.
#[component]
pub(crate) fn Pods(
    /// None where nobody knows them.
    #[prop(optional_no_strip)]
    pods: Option<PodHealth>,
) -> impl IntoView {
    let Some(pods) = pods else {
        return view! { <span class="muted">"unknown"</span> }.into_any();
    };
    let counts = [
        (pods.crash_looping, Tone::Bad, "crash-looping"),
        (pods.other, Tone::Warn, "not ready"),
        (pods.running, Tone::Good, "running"),
    ];
    let none = counts.iter().all(|(count, ..)| *count == 0);
    view! {
        <span class="pods">
            {counts
                .into_iter()
                .filter(|(count, ..)| *count > 0)
                .map(|(count, tone, word)| {
                    view! {
                        <span class="health" data-tone=tone.word()>
                            {format!("{count} {word}")}
                        </span>
                    }
                })
                .collect_view()} {none.then(|| view! { <span class="muted">"no pods"</span> })}
        </span>
    }
    .into_any()
}

/// Where a request stands, in a word or two.
pub(crate) fn request_tag(
    request: &Request,
    grant: Option<&Grant>,
    now: Timestamp,
) -> impl IntoView + use<> {
    let (tone, text) = match (&request.state, grant) {
        (RequestState::Pending, _) if request.granted_at().is_some() => {
            (Tone::Good, "approved".to_owned())
        }
        (RequestState::Pending, _) => match request.quorum() {
            Some(quorum) if quorum.count.get() > 1 => {
                (Tone::Warn, format!("{} of {} approved", request.approvals.len(), quorum.count))
            }
            _ => (Tone::Warn, "waiting".to_owned()),
        },
        (RequestState::Approved { .. }, _) if request.owes_review() => {
            (Tone::Bad, "review owed".to_owned())
        }
        (RequestState::Approved { .. }, Some(grant))
            if grant.state != GrantState::Active || now >= grant.not_after =>
        {
            (Tone::Plain, "ended".to_owned())
        }
        (RequestState::Approved { .. }, Some(grant)) if now < grant.not_before => {
            (Tone::Warn, "begins later".to_owned())
        }
        (RequestState::Approved { .. }, Some(grant)) if grant.unclaimed.is_some() => {
            (Tone::Good, "ready".to_owned())
        }
        (RequestState::Approved { .. }, _) => (Tone::Good, "granted".to_owned()),
        (RequestState::Denied { .. }, _) => (Tone::Bad, "denied".to_owned()),
        (RequestState::Withdrawn { .. } | RequestState::Lapsed { .. }, _) => {
            (Tone::Plain, request.state.word().to_owned())
        }
    };
    view! { <Tag tone text /> }
}
