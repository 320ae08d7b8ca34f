//! The audit log.

use domain::FactKind;
use domain::broker::{AuditFilter, AuditPage as Page, EventRow};
use leptos::prelude::*;

use super::{address as address_of, query};
use crate::parts::{
    Ago, Content, FilterField, FilterForm, Head, Icon, NothingLeft, Pages, Said, Tab, absolute,
    facts, page, tone,
};

/// The audit page.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    let filter = AuditFilter {
        actor: query("actor"),
        kind: query("kind").and_then(|word| word.parse().ok()),
        namespace: query("namespace"),
        about: query("about"),
        before: query("before").and_then(|number| number.parse().ok()),
    };
    page(Tab::Audit, |broker| async move {
        let log = broker.audit(&filter).await?;
        Ok(Content {
            title: "Audit".to_owned(),
            live: if filter.before.is_none() { "audit" } else { "" },
            body: view! { <AuditView log filter /> }.into_any(),
        })
    })
}

#[component]
fn AuditView(log: Page, filter: AuditFilter) -> impl IntoView {
    let total = log.total;
    let line = move || format!("{total} events; none can be changed without being noticed.");
    let next =
        log.next.map(|before| address(&AuditFilter { before: Some(before), ..filter.clone() }));
    let newest =
        filter.before.is_some().then(|| address(&AuditFilter { before: None, ..filter.clone() }));
    view! {
        <Head title="Audit" line=move || line().into_any() />
        <Filter filter=filter.clone() />
        {if log.events.is_empty() {
            view! { <Nothing filter total /> }.into_any()
        } else {
            view! {
                <ol class="log" data-list>
                    {log.events.into_iter().map(|row| view! { <Row row /> }).collect_view()}
                </ol>
                <Pages newest older=next />
            }
            .into_any()
        }}
    }
    .into_any()
}

/// The address of the page with this filter.
fn address(filter: &AuditFilter) -> String {
    let before = filter.before.map(|number| number.to_string());
    address_of(
        "/audit",
        &[
            ("actor", filter.actor.as_deref()),
            ("kind", filter.kind.map(FactKind::word)),
            ("namespace", filter.namespace.as_deref()),
            ("about", filter.about.as_deref()),
            ("before", before.as_deref()),
        ],
    )
}

#[component]
fn Filter(filter: AuditFilter) -> impl IntoView {
    let chosen = filter.kind;
    let narrowed = address(&filter) != "/audit";
    view! {
        <FilterForm action="/audit" narrowed>
            <FilterField name="actor" label="Actor" value=filter.actor key="/" />
            <div class="field">
                <label for="kind">"Kind"</label>
                <select id="kind" name="kind">
                    <option value="" selected=chosen.is_none()>
                        "anything"
                    </option>
                    {FactKind::ALL
                        .iter()
                        .copied()
                        .map(|kind| {
                            view! {
                                <option value=kind.word() selected=chosen == Some(kind)>
                                    {kind.word().replace('-', " ")}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
            <FilterField name="namespace" label="Namespace" value=filter.namespace />
            <FilterField name="about" label="Request, grant or session" value=filter.about />
        </FilterForm>
    }
    .into_any()
}

#[component]
fn Row(row: EventRow) -> impl IntoView {
    let EventRow { number, digest, event } = row;
    let said: Vec<_> = facts(&event.fact)
        .into_iter()
        .map(|(name, value)| {
            view! {
                <dt>{name}</dt>
                <dd class="words">{value}</dd>
            }
        })
        .collect();
    let about = [
        ("Request", event.request.map(|id| (id.to_string(), Some(format!("/requests/{id}"))))),
        ("Grant", event.grant.map(|id| (id.to_string(), None))),
        ("Session", event.session.map(|id| (id.to_string(), Some(format!("/sessions/{id}"))))),
    ];
    let permalink = format!("/audit?before={}#event-{number}", number + 1);
    view! {
        <li id=format!("event-{number}") data-item data-tone=tone(&event.fact).word()>
            <details>
                <summary>
                    <span class="number">{number}</span>
                    <span class="what">
                        <Said event=event.clone() />
                    </span>
                    <small class="place">
                        {event.place.as_ref().map(|place| place.namespace.to_string())}
                    </small>
                    <small class="kind mono">{event.fact.word()}</small>
                    <small>
                        <Ago at=event.at />
                    </small>
                </summary>
                <dl class="facts">
                    <dt>"When"</dt>
                    <dd>{absolute(event.at)}</dd>
                    <dt>"Who"</dt>
                    <dd>
                        {event
                            .actor
                            .as_ref()
                            .map_or_else(
                                || "the portal itself".to_owned(),
                                |actor| {
                                    format!(
                                        "{} ({} at {})",
                                        actor.username,
                                        actor.key.subject,
                                        actor.key.issuer,
                                    )
                                },
                            )}
                    </dd>
                    {event
                        .place
                        .as_ref()
                        .map(|place| {
                            view! {
                                <dt>"Where"</dt>
                                <dd>{place.to_string()}</dd>
                            }
                        })}
                    {said}
                    {about
                        .into_iter()
                        .filter_map(|(name, about)| {
                            let (id, href) = about?;
                            Some(
                                view! {
                                    <dt>{name}</dt>
                                    <dd>
                                        {match href {
                                            Some(href) => {
                                                view! { <a class="mono" href=href>{id.clone()}</a> }
                                                    .into_any()
                                            }
                                            None => view! { <code>{id.clone()}</code> }.into_any(),
                                        }} " "
                                        <a href=format!("/audit?about={id}")>"all its events"</a>
                                    </dd>
                                },
                            )
                        })
                        .collect_view()}
                    <dt>"Event"</dt>
                    <dd>
                        <code>{event.id.to_string()}</code>
                        " "
                        <a href=permalink>"link to it"</a>
                    </dd>
                    <dt>"Chain"</dt>
                    <dd>
                        <code>{digest}</code>
                    </dd>
                </dl>
            </details>
        </li>
    }
    .into_any()
}

/// Which filters leave nothing, each with a way to leave it out.
#[component]
fn Nothing(filter: AuditFilter, total: u64) -> impl IntoView {
    let all = || filter.clone();
    let without = [
        ("actor", filter.actor.clone(), AuditFilter { actor: None, ..all() }),
        (
            "kind",
            filter.kind.map(|kind| kind.word().to_owned()),
            AuditFilter { kind: None, ..all() },
        ),
        ("namespace", filter.namespace.clone(), AuditFilter { namespace: None, ..all() }),
        ("about", filter.about.clone(), AuditFilter { about: None, ..all() }),
    ]
    .into_iter()
    .filter_map(|(name, value, rest)| Some((format!("{name} “{}”", value?), address(&rest))))
    .collect();
    let why = format!("The filter hides all {total} events. Leave a part of it out:");
    view! { <NothingLeft picture=Icon::List title="No event matches" why without /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_carries_the_filter_and_nothing_else() {
        let filter = AuditFilter {
            actor: Some("ana & co=1#x".to_owned()),
            kind: Some(FactKind::SessionEnded),
            before: Some(7),
            ..AuditFilter::default()
        };
        let carried = "/audit?actor=ana%20%26%20co%3D1%23x&kind=session-ended&before=7";
        assert_eq!(address(&filter), carried);
        assert_eq!(address(&AuditFilter::default()), "/audit");
    }
}
