//! What happens when a role is asked for.

use std::time::Duration;

use domain::broker::{Offer, PodHealth};
use domain::duration;
use domain::policy::{Decision, Guarantee};
use leptos::prelude::*;

use super::longest;
use crate::parts::{Pods, decides, offered, stamp};

/// What happens when a role is asked for; shown while it is chosen.
#[component]
pub(super) fn Fate(
    offer: Offer,
    offers: Vec<Offer>,
    #[prop(optional_no_strip)] wait: Option<Duration>,
    index: usize,
    #[prop(optional_no_strip)] pods: Option<PodHealth>,
) -> impl IntoView {
    let (how, longest) = (offered(&offer), longest(&offer));
    let Offer { role, ruling, glass } = offer;
    let at_once = matches!(ruling.decision, Decision::Approve);
    let asks = matches!(ruling.decision, Decision::Ask(_));
    let and = if asks { "never yourself".to_owned() } else { decides(&ruling) };
    let stamped = stamp(&ruling);
    let easier = offers
        .into_iter()
        .find(|other| !at_once && matches!(other.ruling.decision, Decision::Approve));
    let enforced = role.guarantee == Guarantee::Enforced;
    view! {
        <section class="panel fate" data-index=index aria-label=format!("What will happen: {}", role.title)>
            <h2>"What will happen"</h2>
            <dl class="facts">
                <dt>"Decides"</dt>
                <dd>
                    {if at_once {
                        view! { <b>"nobody: granted at once"</b> }.into_any()
                    } else {
                        view! {
                            <b>{how}</b>
                            <small>{and}</small>
                        }
                        .into_any()
                    }}
                </dd>
                {wait
                    .filter(|_| asks)
                    .map(|wait| {
                        view! {
                            <dt>"Usual wait"</dt>
                            <dd>
                                {duration::words(wait)} <small>"half of all in 30 days"</small>
                            </dd>
                        }
                    })}
                {glass
                    .as_ref()
                    .map(|glass| {
                        view! {
                            <dt>"In need"</dt>
                            <dd>
                                <b>{decides(glass)}</b>
                                <small>"everybody who was not asked is told"</small>
                            </dd>
                        }
                    })}
                <dt>"Longest"</dt>
                <dd>{duration::words(longest)}</dd>
                <dt>"Allows"</dt>
                <dd>
                    {role.actions.iter().map(|action| action.word()).collect::<Vec<_>>().join(", ")}
                    <small>
                        {if enforced {
                            "the cluster refuses everything else"
                        } else {
                            "what is typed inside cannot be limited"
                        }}
                    </small>
                </dd>
                <dt>"Recorded"</dt>
                <dd>
                    {if enforced {
                        view! { "each step, in the audit log" }.into_any()
                    } else {
                        view! {
                            "everything shown"
                            <small>"and each step, in the audit log"</small>
                        }
                        .into_any()
                    }}
                </dd>
                <dt>"Pods"</dt>
                <dd>
                    <Pods pods />
                </dd>
                <dt>"Rule"</dt>
                <dd>
                    <code>{ruling.rule.map(|rule| rule.to_string())}</code>
                    <small>
                        {stamped}
                        {ruling
                            .preliminary
                            .then_some("; length, reason or ticket may change what is decided")}
                    </small>
                </dd>
            </dl>
            {easier
                .map(|easier| {
                    view! {
                        <p class="notice" data-tone="good">
                            <span>
                                <b>{easier.role.title}</b>
                                " needs no approval. "
                                <label class="link" for=format!("role-{}", easier.role.name)>
                                    "Ask for that instead"
                                </label>
                            </span>
                        </p>
                    }
                })}
        </section>
    }
    .into_any()
}
