//! The request form, with what will happen beside it: for something new, for more time, or for a
//! change of what was asked.

mod details;
mod fate;
mod lengths;
mod roles;

use std::time::Duration;

use domain::broker::{Ask, AskFor, AskForm, Offer, Refusal};
use domain::{ClusterName, Namespace, Place, RequestId};
use leptos::prelude::*;

use super::{address, param, query};
use crate::Rejected;
use crate::parts::{Ago, Content, Empty, Head, Icon, RiskTag, Tab, page};
use details::{Again, Glass, Only, Reason, Start, Ticket};
use fate::Fate;
use lengths::Lengths;
use roles::Roles;

/// A namespace's page.
#[component]
pub(crate) fn AskPage() -> impl IntoView {
    let place = place();
    let (role, again) = (query("role"), query("again").is_some());
    page(Tab::Namespaces, move |broker| async move {
        let form = broker.ask_form(&AskFor::Place(place?)).await?;
        let typed = form.last.clone().filter(|_| again);
        let way = Way::New { role: typed.as_ref().map(|last| last.role.to_string()).or(role) };
        Ok(content(form, way, typed))
    })
}

/// More time for what is held.
#[component]
pub(crate) fn ExtendPage() -> impl IntoView {
    let id = param::<RequestId>("id");
    page(Tab::Namespaces, move |broker| async move {
        let id = id?;
        let form = broker.ask_form(&AskFor::More(id)).await?;
        let typed = form.last.clone();
        Ok(content(form, Way::More { id }, typed))
    })
}

/// Something else than what a request that waits asks for.
#[component]
pub(crate) fn ChangePage() -> impl IntoView {
    let id = param::<RequestId>("id");
    page(Tab::Namespaces, move |broker| async move {
        let id = id?;
        let form = broker.ask_form(&AskFor::Change(id)).await?;
        let typed = form.last.clone();
        Ok(content(form, Way::Change { id }, typed))
    })
}

/// What the form is for.
#[derive(Debug, Clone)]
enum Way {
    New { role: Option<String> },
    More { id: RequestId },
    Change { id: RequestId },
}

impl Way {
    fn title(&self, place: &Place) -> String {
        match self {
            Self::New { .. } => format!("Request access to {}", place.namespace),
            Self::More { .. } => format!("More time in {}", place.namespace),
            Self::Change { .. } => format!("Change the request for {}", place.namespace),
        }
    }

    /// Where the form is sent to.
    fn action(&self, place: &Place) -> String {
        match self {
            Self::New { .. } => format!("/ns/{}/{}", place.cluster, place.namespace),
            Self::More { id } => format!("/requests/{id}/extend"),
            Self::Change { id } => format!("/requests/{id}/change"),
        }
    }

    /// Where whoever thinks again goes.
    fn back(&self) -> String {
        match self {
            Self::New { .. } => "/".to_owned(),
            Self::More { id } | Self::Change { id } => format!("/requests/{id}"),
        }
    }

    fn button(&self) -> &'static str {
        match self {
            Self::Change { .. } => "Send the change",
            Self::New { .. } | Self::More { .. } => "Send request",
        }
    }
}

fn content(form: AskForm, way: Way, typed: Option<Ask>) -> Content {
    Content {
        title: way.title(&form.place),
        live: "",
        body: view! { <AskView form way typed /> }.into_any(),
    }
}

fn place() -> Result<Place, Refusal> {
    let cluster: ClusterName = param("cluster")?;
    let namespace: Namespace = param("namespace")?;
    Ok(Place { cluster, namespace })
}

#[component]
fn AskView(form: AskForm, way: Way, typed: Option<Ask>) -> impl IntoView {
    let wanted = if let Way::New { role } = &way { role.clone() } else { None };
    let AskForm { place, risk, owner, offers, .. } = form.clone();
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
        <Head title=way.title(&place) line />
        {if offers.is_empty() {
            view! {
                <Empty picture=Icon::Lock title="Nothing here may be requested by you">
                    <p>"No rule of the policy grants anything here to your groups."</p>
                    <p class="row">
                        <a class="button" href="/">
                            "To the namespaces"
                        </a>
                        <a class="button" href=why(&place, wanted.as_deref())>
                            "Why?"
                        </a>
                    </p>
                </Empty>
            }
            .into_any()
        } else {
            view! { <Form form way typed /> }.into_any()
        }}
    }
    .into_any()
}

/// The longest that a role may be had, with broken glass or without.
fn longest(offer: &Offer) -> Duration {
    let glass = offer.glass.as_ref().map(|glass| glass.longest);
    glass.unwrap_or_default().max(offer.ruling.longest)
}

/// The page that says which rules looked at whoever asks, for the role that they wanted, where one
/// is known.
fn why(place: &Place, role: Option<&str>) -> String {
    let (cluster, namespace) = (place.cluster.as_str(), place.namespace.as_str());
    let filled = [("cluster", Some(cluster)), ("namespace", Some(namespace)), ("role", role)];
    address("/policy", &filled)
}

#[component]
fn Form(form: AskForm, way: Way, typed: Option<Ask>) -> impl IntoView {
    let AskForm {
        place,
        pods,
        offers,
        waits,
        last,
        parts,
        extends,
        changes,
        zone,
        ticket_may_count,
        ..
    } = form;
    let new = matches!(way, Way::New { .. });
    let wanted = if let Way::New { role } = &way { role.clone() } else { None };
    let chosen = Rejected::current().value("role").or(wanted);
    let chosen = chosen
        .and_then(|name| offers.iter().position(|offer| offer.role.name.as_str() == name))
        .unwrap_or_default();
    let action = way.action(&place);
    let draft = action.replace('/', "-");
    // What is prolonged is for as much as it was, and goes on where that ends.
    let prolongs = matches!(way, Way::More { .. })
        || changes.as_ref().is_some_and(|request| request.extends.is_some());
    let (scope, length, reason, ticket, starts) = match typed {
        Some(Ask { scope, length, reason, ticket, starts, .. }) => {
            (Some(scope), Some(length), Some(reason), Some(ticket), Some(starts))
        }
        None => (None, None, None, None, None),
    };
    view! {
        <div class="ask">
            <form
                method="post"
                action=action
                id="ask"
                class="stack"
                data-draft=draft
                data-send
                novalidate
            >
                {extends
                    .map(|grant| {
                        view! {
                            <p class="notice" data-tone="plain">
                                <span>
                                    "What is held ends " <Ago at=grant.not_after />
                                    ". More time counts from there, and terminals that run go on."
                                </span>
                            </p>
                        }
                    })}
                {changes
                    .filter(|request| !request.approvals.is_empty())
                    .map(|request| {
                        let given = request.approvals.len();
                        view! {
                            <p class="notice" data-tone="warn">
                                {format!(
                                    "{given} approval(s) were given for what stands there now: a change makes them void.",
                                )}
                            </p>
                        }
                    })}
                {last.filter(|_| new).map(|last| view! { <Again last /> })}
                <Roles offers=offers.clone() chosen />
                {(!prolongs).then(|| view! { <Only parts typed=scope /> })}
                <Lengths offers=offers.clone() typed=length />
                <Reason offers=offers.clone() typed=reason />
                <Ticket offers=offers.clone() typed=ticket ticket_may_count />
                {(!prolongs).then(|| view! { <Start zone typed=starts /> })}
                {new.then(|| view! { <Glass offers=offers.clone() /> })}
                <div class="row">
                    <button class="button" data-kind="main" aria-keyshortcuts="Control+Enter">
                        {way.button()}
                        <kbd aria-hidden="true">"ctrl ↵"</kbd>
                    </button>
                    <a class="quiet" href=way.back()>
                        "Cancel"
                    </a>
                </div>
            </form>
            <div class="fates" aria-live="polite">
                {offers
                    .iter()
                    .enumerate()
                    .map(|(index, offer)| {
                        let wait = waits.get(&offer.role.name).copied();
                        view! {
                            <Fate offer=offer.clone() offers=offers.clone() wait index pods />
                        }
                    })
                    .collect_view()}
            </div>
        </div>
    }
    .into_any()
}
