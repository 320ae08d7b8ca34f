//! For how much of the namespace, why, for which ticket, from when, and whether the glass is broken.

use domain::Scope;
use domain::broker::{Ask, Offer};
use domain::policy::{ReasonRule, Terms, TicketRule};
use leptos::prelude::*;

use crate::Rejected;
use crate::parts::{Parts, Problem, Select, TextArea};

/// One workload or pod, for whoever needs no more.
#[component]
pub(super) fn Only(parts: Vec<Scope>, typed: Option<String>) -> impl IntoView {
    let rejected = Rejected::current();
    let chosen = rejected.value("scope").or(typed).unwrap_or_default();
    // What runs changes; what was chosen stays to be seen.
    let gone =
        chosen.parse().ok().filter(|scope| *scope != Scope::Namespace && !parts.contains(scope));
    view! {
        <Select
            id="scope"
            name="scope"
            label="Pods"
            hint="No more than is needed: approvers look at it."
        >
            <option value="">"Every pod in the namespace"</option>
            <Parts parts=gone.into_iter().chain(parts).collect() chosen />
        </Select>
    }
    .into_any()
}

/// The reason, with what the policy asks for.
#[component]
pub(super) fn Reason(offers: Vec<Offer>, typed: Option<String>) -> impl IntoView {
    let rules = || terms(&offers).map(|terms| &terms.reason);
    let at_least = rules().map(|rule| rule.at_least).min().unwrap_or(1);
    let prompt = rules().find_map(|rule: &ReasonRule| rule.prompt.clone());
    let hint = format!("At least {at_least} characters. Approvers and auditors read it.");
    view! {
        <div class="field">
            <label for="reason">"Reason"</label>
            <TextArea id="reason" name="reason" hint="reason-hint" rows=3 at_least typed />
            <Problem field="reason" />
            <small id="reason-hint">
                {prompt.map(|prompt| view! { <b>{prompt}</b> " " })} {hint}
            </small>
        </div>
    }
    .into_any()
}

/// The ticket, where some role wants one.
#[component]
pub(super) fn Ticket(offers: Vec<Offer>, typed: Option<String>) -> impl IntoView {
    let rule = terms(&offers).find_map(|terms| terms.ticket.clone());
    rule.map(|TicketRule { example, .. }| {
        view! {
            <Line name="ticket" label="Ticket" typed hint=format!("Such as {example}.") kind="text" />
        }
    })
}

/// When it begins, where that is not at once.
#[component]
pub(super) fn Start(zone: String, typed: Option<String>) -> impl IntoView {
    let shown = Rejected::current().value("starts").or(typed.clone());
    let open = shown.is_some_and(|shown| !shown.is_empty());
    view! {
        <details class="later" open=open>
            <summary>"Begin later"</summary>
            <Line
                name="starts"
                label="Start"
                typed
                hint=format!("{zone} time. Left empty, it begins when it is granted.")
                kind="datetime-local"
            />
        </details>
    }
}

/// The way past everybody, where some role has one.
#[component]
pub(super) fn Glass(offers: Vec<Offer>) -> impl IntoView {
    let rejected = Rejected::current();
    offers.iter().any(|offer| offer.glass.is_some()).then(|| {
        view! {
            <label class="choice glass" for="glass">
                <input
                    type="checkbox"
                    name="glass"
                    id="glass"
                    value="broken"
                    checked=rejected.value("glass").is_some()
                    aria-describedby="glass-hint"
                />
                <b>"Break the glass"</b>
                <small id="glass-hint">
                    "When nobody can be waited for. It is granted at once, everybody who would have been asked is told, it is marked everywhere, and somebody else must review it in writing."
                </small>
            </label>
        }
    })
}

/// A field of one line.
#[component]
fn Line(
    name: &'static str,
    label: &'static str,
    typed: Option<String>,
    hint: String,
    kind: &'static str,
) -> impl IntoView {
    let rejected = Rejected::current();
    let wrong = rejected.problem(name).is_some();
    let (hinted, problem) = (format!("{name}-hint"), format!("{name}-problem"));
    view! {
        <div class="field line">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                value=rejected.value(name).or(typed)
                autocomplete="off"
                aria-invalid=wrong.then_some("true")
                aria-describedby=if wrong { format!("{problem} {hinted}") } else { hinted.clone() }
                autofocus=rejected.is_first(name)
            />
            <Problem field=name />
            <small id=hinted>{hint}</small>
        </div>
    }
}

fn terms(offers: &[Offer]) -> impl Iterator<Item = &Terms> {
    offers.iter().flat_map(|offer| {
        let glass = offer.glass.iter().map(|glass| &glass.terms);
        glass.chain([&offer.ruling.terms])
    })
}

/// The link that fills the form in as the last time.
#[component]
pub(super) fn Again(last: Ask) -> impl IntoView {
    let place = format!("/ns/{}/{}", last.place.cluster, last.place.namespace);
    view! {
        <a class="button again" href=format!("{place}?again=yes")>
            "Same as last time"
            <small>{format!("{} for {}", last.role, last.length)}</small>
        </a>
    }
}
