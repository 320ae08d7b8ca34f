//! Requests that wait for a decision, and those that were decided.

mod search;

use domain::broker::{Inbox, RequestRow, RequestView, SessionRow};
use domain::{Request, RequestState, SessionState, duration};
use jiff::Timestamp;
use leptos::prelude::*;

use super::{address, query};
use crate::parts::{
    Ago, Allows, Content, Decide, Empty, GlassTag, Head, Helps, Icon, Notify, Pods, ReviewGlass,
    RiskTag, Search, Tab, TakeBack, Withdraw, decides, from, page, request_tag,
};
use search::{first, narrow};

/// The inbox page.
#[component]
pub(crate) fn InboxPage() -> impl IntoView {
    let (selected, wanted) = (query("selected"), query("q"));
    page(Tab::Inbox, |broker| async move {
        let named = selected.is_some();
        let mut inbox = broker.inbox(selected.and_then(|id| id.parse().ok())).await?;
        let needs = inbox.needs_me.len();
        if let Some(wanted) = &wanted {
            // What is shown where none is named is the first of those that are listed.
            if !named && let Some(row) = first(&inbox, wanted) {
                inbox = broker.inbox(Some(row.request.id)).await?;
            }
            narrow(&mut inbox, wanted);
        }
        Ok(Content {
            title: "Inbox".to_owned(),
            live: "requests sessions",
            body: view! { <InboxView inbox needs named wanted /> }.into_any(),
        })
    })
}

#[component]
fn InboxView(
    inbox: Inbox,
    /// How many wait for whoever looks, listed or not.
    needs: usize,
    /// Whether the address names the request that is shown.
    named: bool,
    wanted: Option<String>,
) -> impl IntoView {
    let sections = [
        ("Needs me", inbox.needs_me),
        ("Waiting for others", inbox.waiting),
        ("Decided", inbox.decided),
        ("Expired", inbox.expired),
    ];
    let line = move || match needs {
        0 => "Nothing waits for you.".to_owned().into_any(),
        1 => "1 request waits for you.".to_owned().into_any(),
        count => format!("{count} requests wait for you.").into_any(),
    };
    let current = inbox.shown.as_ref().map(|view| view.request.id);
    let found = sections.iter().any(|(_, requests)| !requests.is_empty());
    let none = wanted.clone().filter(|_| !found);
    let search = wanted.clone();
    view! {
        <Head title="Inbox" line>
            <Search
                action="/inbox"
                label="Find a request"
                placeholder="Person, namespace, role or reason"
                wanted=search
            />
            <Notify />
        </Head>
        {match (none, inbox.shown) {
            (Some(none), Some(_)) => view! {
                <Empty picture=Icon::Search title=format!("No request matches “{none}”")>
                    <p>
                        <a class="button" href="/inbox">
                            "Show all requests"
                        </a>
                    </p>
                </Empty>
            }
            .into_any(),
            (_, None) => view! {
                <Empty picture=Icon::Inbox title="Nothing here">
                    <p>
                        "Requests that you may decide on arrive here by themselves, and so do the decisions on your own."
                    </p>
                </Empty>
            }
            .into_any(),
            (None, Some(shown)) => view! {
                <div class="inbox" data-named=named.then_some("")>
                    <div class="lists" data-list>
                        {sections
                            .into_iter()
                            .filter(|(_, requests)| !requests.is_empty())
                            .map(|(name, requests)| {
                                view! {
                                    <section aria-label=name>
                                        <h2 class="section">{name}</h2>
                                        <ul class="list">
                                            {requests
                                                .into_iter()
                                                .map(|row| {
                                                    let current = Some(row.request.id) == current;
                                                    view! { <Row row current wanted=wanted.clone() /> }
                                                })
                                                .collect_view()}
                                        </ul>
                                    </section>
                                }
                            })
                            .collect_view()}
                    </div>
                    <Detail view=shown />
                </div>
            }
            .into_any(),
        }}
    }
    .into_any()
}

fn asks(row: &RequestRow) -> String {
    let role = row.role.as_ref().map_or(row.request.role.as_str(), |role| &role.title);
    let who = if row.standing.own { "you" } else { row.request.person.username.as_str() };
    format!("{who} · {role}")
}

#[component]
fn Row(
    row: RequestRow,
    current: bool,
    /// What was looked for, to be kept.
    #[prop(optional_no_strip)]
    wanted: Option<String>,
) -> impl IntoView {
    let tag = request_tag(&row.request, row.grant.as_ref(), row.now);
    let id = row.request.id;
    let selected = id.to_string();
    let href = address("/inbox", &[("q", wanted.as_deref()), ("selected", Some(&selected))]);
    let pending = matches!(row.request.state, RequestState::Pending);
    let broken =
        row.request.broke_glass() || row.grant.as_ref().is_some_and(|grant| grant.broke_glass);
    let reminded = row.request.reminded_at.filter(|_| row.standing.may_decide);
    let reminded = reminded.map(|at| view! { <AsksAgain request=row.request.clone() at /> });
    // For a moment only: the list is for looking, and the detail is for deciding.
    let undo = !current && row.request.granted_at().is_some() && row.standing.may_take_back;
    view! {
        <li id=format!("row-{id}") data-item data-current=current.then_some("")>
            <a href=format!("{href}#detail") aria-current=current.then_some("true")>
                <span class="spread">
                    <b>{asks(&row)}</b>
                    <small>
                        <Ago at=row.request.sent_at />
                    </small>
                </span>
                <span class="row">
                    {row.request.place.namespace.to_string()} <RiskTag risk=row.risk />
                    {broken.then(|| view! { <GlassTag /> })}
                    <span class="muted">{duration::words(row.request.length)}</span>
                    {(!pending || !row.standing.may_decide).then_some(tag)}
                    {reminded}
                </span>
                <small class="clip">{row.request.reason.clone()}</small>
            </a>
            {undo.then(|| view! { <TakeBack id back=Some("inbox") /> })}
        </li>
    }
    .into_any()
}

/// The mark of a request whose requester reminds of it.
#[component]
fn AsksAgain(request: Request, at: Timestamp) -> impl IntoView {
    let Request { id, person, place, .. } = request;
    view! {
        // Each reminder is another one, and is read out.
        <span
            class="tag"
            data-tone="warn"
            id=format!("reminded-{id}-{}", at.as_second())
            data-announce
        >
            <span class="unseen">{person.username.to_string()} " "</span>
            "asks again"
            <span class="unseen">" for " {place.namespace.to_string()}</span>
        </span>
    }
}

/// The request that is looked at, with the decision in it.
#[component]
fn Detail(view: RequestView) -> impl IntoView {
    let request = view.request.clone();
    let id = request.id;
    let pending = matches!(request.state, RequestState::Pending);
    let role = view.role.as_ref().map_or(request.role.as_str(), |role| &role.title).to_owned();
    let who = if view.standing.own {
        "You ask".to_owned()
    } else {
        format!("{} asks", request.person.username)
    };
    let tag = request_tag(&request, view.grant.as_ref(), view.now);
    let broken =
        request.broke_glass() || view.grant.as_ref().is_some_and(|grant| grant.broke_glass);
    let groups = request.person.groups.iter();
    let groups = groups.map(|group| view! { <span class="tag">{group.to_string()}</span> });
    let given = request.approved_by();
    view! {
        <article class="panel detail" id="detail" tabindex="-1" aria-labelledby="detail-title">
            <a class="back" href="/inbox">
                "‹ All requests"
            </a>
            <header class="spread">
                <h2 id="detail-title">
                    {format!("{who} for {role} in {}", request.place.namespace)} " "
                    <RiskTag risk=view.risk /> {broken.then(|| view! { " " <GlassTag /> })}
                </h2>
                {tag}
            </header>
            <p class="quote">{request.reason.clone()}</p>
            <dl class="facts">
                <dt>"For"</dt>
                <dd>{request.scope.words()}</dd>
                <dt>"How long"</dt>
                <dd>
                    {duration::words(request.length)}
                    <small class="inline">
                        {from(&request)} "; sent " <Ago at=request.sent_at />
                        {request.reminded_at.map(|at| view! { ", reminded " <Ago at /> })}
                        {pending.then(|| view! { ", lapses " <Ago at=request.lapses_at /> })}
                    </small>
                </dd>
                {request.ticket.clone().map(|ticket| view! { <dt>"Ticket"</dt> <dd>{ticket}</dd> })}
                <dt>"Groups"</dt>
                <dd class="row">{groups.collect_view()}</dd>
                <dt>"Rule"</dt>
                <dd>
                    <code>{request.ruling.rule.as_ref().map(ToString::to_string)}</code>
                    {if request.quorum().is_some() { " asks " } else { ": " }}
                    {decides(&request.ruling)}
                    <small>
                        {if given.is_empty() {
                            "Nobody decides on their own request, and each person counts once."
                                .to_owned()
                        } else {
                            format!("Approved by {given}.")
                        }}
                    </small>
                </dd>
                <Allows role=view.role.clone() group=view.group.clone() />
                <dt>"Pods"</dt>
                <dd>
                    <Pods pods=view.pods />
                </dd>
                {view.insight.clone().map(|insight| view! { <Helps insight /> })}
                <Verdict view=view.clone() />
                <Live sessions=view.sessions.clone() />
            </dl>
            {match (pending, view.standing.own) {
                (true, true) => view! { <Withdraw view=view.clone() /> }.into_any(),
                (true, false) => view! { <Decide view back=Some("inbox") /> }.into_any(),
                (false, _) => view! { <ReviewGlass view /> }.into_any(),
            }}
            <a class="more" href=format!("/requests/{id}")>
                "Everything about this request"
            </a>
        </article>
    }
    .into_any()
}

/// What came of a request that waits no more.
#[component]
fn Verdict(view: RequestView) -> impl IntoView {
    let (at, words) = match view.request.state {
        RequestState::Pending => return ().into_any(),
        RequestState::Approved { at, .. } => (at, "granted".to_owned()),
        RequestState::Denied { at, by, why } => (at, format!("denied by {}: “{why}”", by.username)),
        RequestState::Withdrawn { at } => (at, "withdrawn".to_owned()),
        RequestState::Lapsed { at } => (at, "lapsed: nobody decided in time".to_owned()),
    };
    view! {
        <dt>"Outcome"</dt>
        <dd>
            {words} " "
            <small class="inline">
                <Ago at />
            </small>
        </dd>
    }
    .into_any()
}

/// The terminals of other people that run under it, to look on.
#[component]
fn Live(sessions: Vec<SessionRow>) -> impl IntoView {
    let live: Vec<_> = sessions
        .into_iter()
        .filter(|row| !row.own && matches!(row.session.state, SessionState::Live { .. }))
        .collect();
    (!live.is_empty()).then(|| {
        view! {
            <dt>"Live"</dt>
            <dd>
                {live
                    .into_iter()
                    .enumerate()
                    .map(|(at, row)| {
                        let first = at == 0;
                        view! { <Watch row first /> }
                    })
                    .collect_view()}
            </dd>
        }
    })
}

#[component]
fn Watch(
    row: SessionRow,
    /// Whether it is the one that the key means.
    first: bool,
) -> impl IntoView {
    let id = row.session.id;
    let target = row.session.target;
    let described = format!("live-{id}");
    view! {
        <div class="row">
            <span id=described.clone()>
                {format!("{}, container {}", target.pod, target.container)}
            </span>
            <a
                class="button"
                href=format!("/sessions/{id}?watch=1")
                aria-describedby=described
                data-key=first.then_some("w")
            >
                "Watch"
                {first.then(|| view! { <kbd aria-hidden="true">"w"</kbd> })}
            </a>
        </div>
    }
    .into_any()
}
