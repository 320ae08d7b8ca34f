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
    let least = offers.iter().map(|offer| terms(offer).reason.at_least).min();
    view! {
        <div class="field">
            <label for="reason">"Reason"</label>
            <TextArea
                id="reason"
                name="reason"
                hint="reason-hint"
                rows=3
                at_least=least.unwrap_or(1)
                typed
            />
            <Problem field="reason" />
            <small id="reason-hint">
                <Hints offers of=reason />
            </small>
        </div>
    }
    .into_any()
}

fn reason(terms: &Terms) -> Hint {
    let ReasonRule { at_least, prompt, .. } = &terms.reason;
    let words = format!("At least {at_least} characters. Approvers and auditors read it.");
    Hint { asked: prompt.clone(), words }
}

/// The ticket, where some role wants one or some rule may look at it.
#[component]
pub(super) fn Ticket(
    offers: Vec<Offer>,
    typed: Option<String>,
    ticket_may_count: bool,
) -> impl IntoView {
    let wanted = offers.iter().any(|offer| terms(offer).ticket.is_some());
    let of: fn(&Terms) -> Hint = if ticket_may_count { optional_ticket } else { ticket };
    (wanted || ticket_may_count).then(|| {
        view! {
            <Line name="ticket" label="Ticket" typed kind="text">
                <Hints offers of />
            </Line>
        }
    })
}

fn ticket(terms: &Terms) -> Hint {
    ticket_or(terms, "Not needed.")
}

fn optional_ticket(terms: &Terms) -> Hint {
    ticket_or(terms, "Where there is one: it may change what is decided.")
}

fn ticket_or(terms: &Terms, otherwise: &str) -> Hint {
    let words = match &terms.ticket {
        Some(TicketRule { example, .. }) => format!("Such as {example}."),
        None => otherwise.to_owned(),
    };
    Hint { asked: None, words }
}

/// What the policy asks for of a field.
#[derive(PartialEq, Eq)]
struct Hint {
    /// Its question.
    asked: Option<String>,
    words: String,
}

/// The hint of each role, of which the chosen role's is shown; one, where all are the same.
#[component]
fn Hints(offers: Vec<Offer>, of: fn(&Terms) -> Hint) -> impl IntoView {
    let mut hints: Vec<_> =
        offers.into_iter().map(|offer| (of(terms(&offer)), offer.role.title)).collect();
    let same = hints.windows(2).all(|pair| pair[0].0 == pair[1].0);
    if same {
        hints.truncate(1);
    }
    hints
        .into_iter()
        .enumerate()
        .map(|(index, (Hint { asked, words }, title))| {
            view! {
                <span class="of-role" data-index=(!same).then_some(index)>
                    {(!same).then(|| format!("{title}: "))}
                    {asked.map(|asked| view! { <b>{asked}</b> " " })} {words} " "
                </span>
            }
        })
        .collect_view()
}

/// The terms on which a role is to be had: with broken glass, where there is no other way.
fn terms(offer: &Offer) -> &Terms {
    let only = offer.glass.as_ref().filter(|_| !offer.ruling.decision.is_requestable());
    &only.unwrap_or(&offer.ruling).terms
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
                kind="datetime-local"
            >
                {format!("{zone} time. Left empty, it begins when it is granted.")}
            </Line>
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
    kind: &'static str,
    /// Its hint.
    children: Children,
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
            <small id=hinted>{children()}</small>
        </div>
    }
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
