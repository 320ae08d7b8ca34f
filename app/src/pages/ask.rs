//! The request form, with what will happen beside it.

use std::time::Duration;

use domain::broker::{AskForm, Offer, Refusal};
use domain::policy::{Decision, Guarantee};
use domain::{ClusterName, Namespace, Place, duration};
use leptos::prelude::*;

use super::{param, query};
use crate::Rejected;
use crate::parts::{
    Content, Empty, Head, Icon, Pods, Problem, RiskTag, Tab, Tag, TextArea, Tone, decides, page,
    sentence,
};

/// The lengths offered, as far as a role allows them.
const PRESETS: [(&str, u64); 7] =
    [("15m", 15), ("30m", 30), ("1h", 60), ("2h", 120), ("4h", 240), ("8h", 480), ("1d", 1_440)];

/// A namespace's page.
#[component]
pub(crate) fn AskPage() -> impl IntoView {
    let place = place();
    let wanted = query("role");
    page(Tab::Namespaces, |broker| async move {
        let form = broker.ask_form(&place?).await?;
        Ok(Content {
            title: format!("Request access to {}", form.place.namespace),
            live: "",
            body: view! { <AskView form wanted /> }.into_any(),
        })
    })
}

fn place() -> Result<Place, Refusal> {
    let cluster: ClusterName = param("cluster")?;
    let namespace: Namespace = param("namespace")?;
    Ok(Place { cluster, namespace })
}

#[component]
fn AskView(form: AskForm, wanted: Option<String>) -> impl IntoView {
    let AskForm { place, risk, owner, pods, offers, reason_at_least } = form;
    let rejected = Rejected::current();
    let chosen = rejected.value("role").or(wanted);
    let chosen = chosen
        .and_then(|name| offers.iter().position(|offer| offer.role.name.as_str() == name))
        .unwrap_or_default();
    let line = {
        let cluster = place.cluster.to_string();
        move || {
            view! {
                <RiskTag risk />
                " "
                {format!("{cluster} cluster")}
                {owner.clone().map(|owner| format!(" · owned by {owner}"))}
            }
            .into_any()
        }
    };
    view! {
        <Head title=format!("Request access to {}", place.namespace) line />
        {if offers.is_empty() {
            view! {
                <Empty picture=Icon::Lock title="Nothing here may be requested by you">
                    <p>"No rule of the policy grants anything here to your groups."</p>
                    <p>
                        <a class="button" href="/">
                            "To the namespaces"
                        </a>
                    </p>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <div class="ask">
                    <form
                        method="post"
                        action=format!("/ns/{}/{}", place.cluster, place.namespace)
                        id="ask"
                        class="stack"
                        data-draft=format!("ask-{}-{}", place.cluster, place.namespace)
                        data-send
                        novalidate
                    >
                        <Roles offers=offers.clone() chosen />
                        <Lengths offers=offers.clone() />
                        <Reason at_least=reason_at_least />
                        <div class="row">
                            <button class="button" data-kind="main" aria-keyshortcuts="Control+Enter">
                                "Send request"
                                <kbd aria-hidden="true">"ctrl ↵"</kbd>
                            </button>
                            <a class="quiet" href="/">
                                "Cancel"
                            </a>
                        </div>
                    </form>
                    <div class="fates" aria-live="polite">
                        {offers
                            .iter()
                            .enumerate()
                            .map(|(index, offer)| {
                                view! { <Fate offer=offer.clone() offers=offers.clone() index pods /> }
                            })
                            .collect_view()}
                    </div>
                </div>
            }
            .into_any()
        }}
    }
    .into_any()
}

#[component]
fn Roles(offers: Vec<Offer>, chosen: usize) -> impl IntoView {
    let rejected = Rejected::current();
    let described = rejected.problem("role").map(|_| "role-problem");
    let focused = rejected.is_first("role");
    view! {
        <fieldset aria-describedby=described>
            <legend>"What do you need?"</legend>
            {offers
                .into_iter()
                .enumerate()
                .map(|(index, Offer { role, ruling })| {
                    let id = format!("role-{}", role.name);
                    let enforced = role.guarantee == Guarantee::Enforced;
                    let tone = if enforced { Tone::Good } else { Tone::Warn };
                    let (title, hint) = (format!("{id}-title"), format!("{id}-hint"));
                    view! {
                        <label class="choice" for=id.clone()>
                            <input
                                type="radio"
                                name="role"
                                id=id.clone()
                                value=role.name.to_string()
                                data-index=index
                                checked=index == chosen
                                autofocus=focused && index == chosen
                                aria-labelledby=title.clone()
                                aria-describedby=hint.clone()
                            />
                            <span>
                                <b id=title>{role.title}</b>
                                " "
                                <Tag tone text=role.guarantee.words() />
                            </span>
                            <small id=hint>
                                {role.summary} " " <b>{sentence(&decides(&ruling))}</b>
                            </small>
                        </label>
                    }
                })
                .collect_view()}
            <Problem field="role" />
        </fieldset>
    }
    .into_any()
}

#[component]
fn Lengths(offers: Vec<Offer>) -> impl IntoView {
    let rejected = Rejected::current();
    let longest = offers.iter().map(|offer| offer.ruling.longest).max().unwrap_or_default();
    let shortest = offers.iter().map(|offer| offer.ruling.longest).min().unwrap_or_default();
    let presets: Vec<_> = PRESETS
        .into_iter()
        .map(|(value, minutes)| (value, Duration::from_mins(minutes)))
        .filter(|(_, length)| *length <= longest)
        .collect();
    let usual = presets
        .iter()
        .rev()
        .find(|(_, length)| *length <= shortest.min(Duration::from_mins(30)))
        .map_or("other", |(value, _)| *value);
    let chosen = rejected.value("length").unwrap_or_else(|| usual.to_owned());
    let wrong = rejected.problem("length").is_some();
    let first = rejected.is_first("length");
    let over = |length: Duration| {
        offers
            .iter()
            .enumerate()
            .filter(|(_, offer)| offer.ruling.longest < length)
            .map(|(index, _)| index.to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let other = chosen == "other";
    view! {
        <fieldset>
            <legend>"How long?"</legend>
            <div class="segments">
                {presets
                    .iter()
                    .map(|(value, length)| {
                        view! {
                            <label data-over=over(*length)>
                                <input
                                    type="radio"
                                    name="length"
                                    value=*value
                                    checked=chosen == *value
                                    autofocus=first && !other && chosen == *value
                                />
                                <span>{duration::words(*length)}</span>
                            </label>
                        }
                    })
                    .collect_view()} <label>
                    <input type="radio" name="length" value="other" checked=other />
                    <span>"Other"</span>
                </label>
            </div>
            <div class="field other">
                <label for="length-other">"Other length"</label>
                <input
                    id="length-other"
                    name="length_other"
                    value=rejected.value("length_other")
                    placeholder="45m"
                    autocomplete="off"
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=if wrong { "length-problem" } else { "length-hint" }
                    autofocus=first && other
                />
                <small id="length-hint">"Such as 45m or 1h 30m."</small>
            </div>
            <Problem field="length" />
        </fieldset>
    }
    .into_any()
}

#[component]
fn Reason(at_least: u16) -> impl IntoView {
    view! {
        <div class="field">
            <label for="reason">"Reason"</label>
            <TextArea id="reason" name="reason" hint="reason-hint" rows=3 at_least />
            <Problem field="reason" />
            <small id="reason-hint">
                {format!("At least {at_least} characters. Approvers and auditors read it.")}
            </small>
        </div>
    }
    .into_any()
}

/// What happens when a role is asked for; shown while it is chosen.
#[component]
fn Fate(
    offer: Offer,
    offers: Vec<Offer>,
    index: usize,
    pods: domain::broker::PodHealth,
) -> impl IntoView {
    let Offer { role, ruling } = offer;
    let at_once = matches!(ruling.decision, Decision::Approve);
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
                            <b>{decides(&ruling)}</b>
                            <small>"never yourself"</small>
                        }
                        .into_any()
                    }}
                </dd>
                <dt>"Longest"</dt>
                <dd>{duration::words(ruling.longest)}</dd>
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
                    <small>{format!("policy {}", ruling.policy.short())}</small>
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
