//! What was asked for, and what it allows.

use domain::broker::RequestView;
use domain::duration;
use leptos::prelude::*;

use crate::parts::{Ago, Allows, Helps, Pods, decides, from, stamp};

#[component]
pub(super) fn RequestFacts(view: RequestView) -> impl IntoView {
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
