//! One request: where it stands, what can be done about it, and all that happened.

mod facts;
mod now;

use domain::RequestId;
use domain::broker::RequestView;
use domain::text::sentence;
use leptos::prelude::*;

use super::param;
use crate::parts::{
    Ago, Comment, Content, GlassTag, Head, Icon, ReviewGlass, RiskTag, SessionTable, Steps, Tab,
    Timeline, decides, icon, page, request_tag,
};
use facts::RequestFacts;
use now::Now;

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
    // Where the request itself broke it, a panel of its own says so.
    let prolongs_broken =
        !request.broke_glass() && view.grant.as_ref().is_some_and(|grant| grant.broke_glass);
    let sessions = view.sessions.clone();
    let events = view.events.clone();
    view! {
        <Head title=heading(&view) line>
            {prolongs_broken.then(|| view! { <GlassTag /> " " })} {tag}
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
