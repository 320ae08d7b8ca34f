//! What a request waits for, or what came of it.

use domain::broker::RequestView;
use domain::{Action, GrantState, RequestState, Unclaimed, duration};
use leptos::prelude::*;

use crate::parts::{Ago, Countdown, Decide, Icon, Notify, Withdraw, absolute, decides, icon};
use crate::terminal::Preload;

/// What the request waits for, or what came of it, with the next step in it.
#[component]
pub(super) fn Now(view: RequestView) -> impl IntoView {
    let request = view.request.clone();
    let own = view.standing.own;
    let again =
        format!("/ns/{}/{}?role={}", request.place.cluster, request.place.namespace, request.role);
    let again = own.then(|| view! { <a class="button" href=again>"Request again"</a> });
    let active = view
        .grant
        .as_ref()
        .is_some_and(|grant| grant.state == GrantState::Active && view.now < grant.not_after);
    let body = match &request.state {
        RequestState::Pending => view! { <Waiting view=view.clone() /> }.into_any(),
        RequestState::Approved { .. } if active => view! { <Ready view=view.clone() /> }.into_any(),
        RequestState::Approved { at, .. } => {
            let clean = view.sessions.iter().all(|row| row.session.left_nothing());
            let (at, how) = match view.grant.map(|grant| grant.state) {
                Some(GrantState::Ended { at, how }) => (at, how.words()),
                _ => (*at, "its time was over".to_owned()),
            };
            view! {
                <p class="said" data-announce>
                    {icon(Icon::Clock)}
                    <span>"The grant ended: " {how} ", " <Ago at /> "."</span>
                </p>
                <p class="muted">
                    {if clean {
                        "Nothing of it is left in the cluster."
                    } else {
                        "What its sessions left in the cluster stands below."
                    }}
                </p>
                <div class="row">{again}</div>
            }
            .into_any()
        }
        RequestState::Denied { at, by, why } => view! {
            <p class="said" data-announce>
                {icon(Icon::Cross)}
                <span>{by.username.to_string()} " denied it " <Ago at=*at /> "."</span>
            </p>
            <p class="quote">{why.clone()}</p>
            <div class="row">{again}</div>
        }
        .into_any(),
        RequestState::Withdrawn { at } => view! {
            <p class="said" data-announce>
                {icon(Icon::Cross)} <span>"It was withdrawn " <Ago at=*at /> "."</span>
            </p>
            <div class="row">{again}</div>
        }
        .into_any(),
        RequestState::Lapsed { at } => view! {
            <p class="said" data-announce>
                {icon(Icon::Clock)}
                <span>"It lapsed " <Ago at=*at /> ": nobody decided in time."</span>
            </p>
            <div class="row">{again}</div>
        }
        .into_any(),
    };
    view! {
        <section class="panel now" data-state=request.state.word() aria-label="Where it stands">
            {body}
        </section>
    }
    .into_any()
}

#[component]
fn Waiting(view: RequestView) -> impl IntoView {
    let request = view.request.clone();
    let own = view.standing.own;
    let given = request.approved_by();
    let (said, then) = if request.granted_at().is_some() {
        let said = view! { "Approved by " <b>{given}</b> "." }.into_any();
        let then = "The grant is made in a few seconds, unless an approver thinks again.";
        (said, then.into_any())
    } else {
        let approved = (!given.is_empty()).then(|| format!("; approved by {given}"));
        let said =
            view! { "Waiting for " <b>{decides(&request.ruling)}</b> {approved} "." }.into_any();
        let then = view! {
            {own.then_some("This page changes by itself when somebody decides. ")}
            {request.reminded_at.map(|at| view! { "They were reminded " <Ago at /> ". " })}
            "It lapses "
            <Ago at=request.lapses_at />
            " if nobody does."
        };
        (said, then.into_any())
    };
    view! {
        <p class="said" data-announce>
            {icon(Icon::Clock)} <span>{said}</span>
        </p>
        <p class="muted">{then}</p>
        <noscript>
            <p class="muted">
                "Without JavaScript that is seen when the page is loaded again: "
                <a href=format!("/requests/{}", request.id)>"Look again"</a>
            </p>
        </noscript>
        {if own {
            view! {
                <Withdraw view />
                <div class="row">
                    <Notify />
                </div>
            }
            .into_any()
        } else {
            view! {
                <p class="quote">{request.reason}</p>
                <Decide view back=None />
            }
            .into_any()
        }}
    }
    .into_any()
}

#[component]
fn Ready(view: RequestView) -> impl IntoView {
    let id = view.request.id;
    let until = view.grant.as_ref().map_or(view.now, |grant| grant.not_after);
    let begins = view.grant.as_ref().map(|grant| grant.not_before).filter(|at| *at > view.now);
    let unclaimed = view.grant.as_ref().and_then(|grant| grant.unclaimed);
    let opens_nothing =
        view.role.as_ref().is_some_and(|role| !role.actions.contains(&Action::Shell));
    view! {
        <p class="said" data-announce>
            {icon(Icon::Check)}
            <span>
                "Granted. "
                {match begins {
                    Some(at) => view! { "It begins " <Ago at /> "." }.into_any(),
                    None if unclaimed.is_some() => {
                        view! { "To be used for the first time within " <Countdown left=view.remaining until /> "." }
                            .into_any()
                    }
                    None => view! { <Countdown left=view.remaining until /> "." }.into_any(),
                }}
            </span>
        </p>
        {unclaimed.map(|unclaimed| view! { <p class="muted">{waits(unclaimed)}</p> })}
        <p class="muted">
            {if opens_nothing {
                "The portal opens terminals, and this role has none."
            } else if view.standing.may_open_shell {
                "What a terminal shows is recorded. At the end every terminal is closed, and its processes with it."
            } else {
                "At the end everything that runs under it is closed."
            }}
        </p>
        <div class="row">
            {view
                .standing
                .may_open_shell
                .then(|| {
                    view! {
                        <a class="button" data-kind="main" href=format!("/requests/{id}/shell") data-key="o">
                            "Open shell"
                            <kbd aria-hidden="true">"o"</kbd>
                        </a>
                        <Preload />
                    }
                })}
            {view
                .standing
                .may_extend
                .then(|| {
                    view! {
                        <a class="button" href=format!("/requests/{id}/extend")>
                            "Extend"
                        </a>
                    }
                })}
            {view
                .standing
                .may_end
                .then(|| {
                    view! {
                        <form method="post" action=format!("/requests/{id}/end") id=format!("end-{id}")>
                            <button class="button" data-kind="stop">
                                "End now"
                            </button>
                        </form>
                    }
                })}
        </div>
    }
    .into_any()
}

/// What the first use of a grant makes of its end.
fn waits(unclaimed: Unclaimed) -> String {
    match unclaimed {
        Unclaimed::Lasting(length) => {
            format!("Its {} begin with the first terminal.", duration::words(length))
        }
        Unclaimed::Until(at) => format!("Once it is used, it lasts until {}.", absolute(at)),
    }
}
