//! One request: where it stands, what can be done about it, and all that happened.

use domain::broker::RequestView;
use domain::text::sentence;
use domain::{GrantState, RequestId, RequestState, Unclaimed, duration};
use leptos::prelude::*;

use super::param;
use crate::parts::{
    Ago, Allows, Comment, Content, Countdown, Decide, Head, Helps, Icon, Notify, Pods, ReviewGlass,
    RiskTag, SessionTable, Steps, Tab, Timeline, Withdraw, absolute, decides, from, icon, page,
    request_tag, stamp,
};
use crate::terminal::Preload;

/// A request's page.
#[component]
pub(crate) fn RequestPage() -> impl IntoView {
    let id = param::<RequestId>("id");
    page(Tab::Elsewhere, |broker| async move {
        let view = broker.request(id?).await?;
        Ok(Content {
            title: heading(&view),
            live: "requests sessions",
            body: view! { <RequestBody view /> }.into_any(),
        })
    })
}

fn heading(view: &RequestView) -> String {
    let role = view.role.as_ref().map_or(view.request.role.as_str(), |role| &role.title);
    format!("{role} in {}", view.request.place.namespace)
}

#[component]
fn RequestBody(view: RequestView) -> impl IntoView {
    let request = view.request.clone();
    let who =
        if view.standing.own { "You".to_owned() } else { request.person.username.to_string() };
    let line = {
        let (risk, sent, cluster) = (view.risk, request.sent_at, request.place.cluster.to_string());
        move || {
            view! {
                <RiskTag risk />
                " "
                {format!("{cluster} cluster · {who} asked ")}
                <Ago at=sent />
            }
            .into_any()
        }
    };
    let tag = request_tag(&view.request, view.grant.as_ref(), view.now);
    let sessions = view.sessions.clone();
    let events = view.events.clone();
    view! {
        <Head title=heading(&view) line>
            {tag}
        </Head>
        <Steps view=view.clone() />
        <Broken view=view.clone() />
        <div class="request">
            <div class="stack">
                <Now view=view.clone() />
                {(!sessions.is_empty())
                    .then(|| view! { <SessionTable caption="Sessions of this grant" rows=sessions /> })}
                <section class="panel" aria-labelledby="happened">
                    <h2 id="happened">"What happened"</h2>
                    <Timeline events />
                    <Comment view=view.clone() />
                </section>
            </div>
            <aside class="panel" aria-label="Facts">
                <RequestFacts view />
            </aside>
        </div>
    }
    .into_any()
}

/// Says loudly that the glass was broken, and asks for the review.
#[component]
fn Broken(view: RequestView) -> impl IntoView {
    if !view.request.broke_glass() {
        return ().into_any();
    }
    let review = view.request.review.clone();
    view! {
        <section class="panel" data-tone="bad" aria-label="Broken glass">
            <p class="said">
                {icon(Icon::Warning)} <b>"The glass was broken: nobody was asked before."</b>
            </p>
            {match review {
                Some(review) => view! {
                    <p>{review.by.username.to_string()} " reviewed it " <Ago at=review.at /> "."</p>
                    <p class="quote">{review.words}</p>
                }
                .into_any(),
                None => view! {
                    <p class="muted">{sentence(&decides(&view.request.ruling))}</p>
                    <ReviewGlass view />
                }
                .into_any(),
            }}
        </section>
    }
    .into_any()
}

/// What the request waits for, or what came of it, with the next step in it.
#[component]
fn Now(view: RequestView) -> impl IntoView {
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
            let (at, how) = match view.grant.map(|grant| grant.state) {
                Some(GrantState::Ended { at, how }) => (at, how.words()),
                _ => (*at, "its time was over".to_owned()),
            };
            view! {
                <p class="said" data-announce>
                    {icon(Icon::Clock)}
                    <span>"The grant ended: " {how} ", " <Ago at /> "."</span>
                </p>
                <p class="muted">"Nothing of it is left in the cluster."</p>
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
    let given: Vec<_> =
        request.approvals.iter().map(|approval| approval.by.username.to_string()).collect();
    let own = view.standing.own;
    let given = given.join(", ");
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
            {if view.standing.may_open_shell {
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

#[component]
fn RequestFacts(view: RequestView) -> impl IntoView {
    let request = view.request;
    let groups: Vec<_> = request.person.groups.iter().map(ToString::to_string).collect();
    let begins = from(&request).trim_start_matches([',', ' ']).to_owned();
    view! {
        <dl class="facts">
            <dt>"Reason"</dt>
            <dd class="words">{request.reason}</dd>
            <dt>"Who"</dt>
            <dd>
                {request.person.username.to_string()}
                <small>{groups.join(", ")}</small>
            </dd>
            <dt>"For"</dt>
            <dd>{request.scope.words()}</dd>
            <dt>"How long"</dt>
            <dd>
                {duration::words(request.length)}
                <small>{begins}</small>
            </dd>
            {request.ticket.clone().map(|ticket| view! { <dt>"Ticket"</dt> <dd>{ticket}</dd> })}
            <dt>"Decides"</dt>
            <dd>{decides(&request.ruling)}</dd>
            {(!request.approvals.is_empty())
                .then(|| {
                    view! {
                        <dt>"Approved"</dt>
                        <dd>
                            {request
                                .approvals
                                .into_iter()
                                .map(|approval| {
                                    view! {
                                        <div>
                                            {approval.by.username.to_string()} " "
                                            <small class="inline">
                                                <Ago at=approval.at />
                                            </small>
                                        </div>
                                    }
                                })
                                .collect_view()}
                        </dd>
                    }
                })}
            <dt>"Rule"</dt>
            <dd>
                <code>{request.ruling.rule.as_ref().map(ToString::to_string)}</code>
                <small>{stamp(&request.ruling)}</small>
            </dd>
            <Allows role=view.role group=view.group />
            {view.insight.map(|insight| view! { <Helps insight /> })}
            <dt>"Pods"</dt>
            <dd>
                <Pods pods=view.pods />
            </dd>
        </dl>
    }
    .into_any()
}
