//! The namespaces that may be requested.

use domain::broker::{NamespaceRow, Offer};
use domain::{Place, duration};
use leptos::prelude::*;

use crate::PageContext;
use crate::parts::{Icon, Pods, RiskTag, Table, here, icon, offered};

#[component]
pub(super) fn Rows(rows: Vec<NamespaceRow>, caption: String) -> impl IntoView {
    let rows = rows.into_iter().map(|row| view! { <Row row /> });
    view! {
        <Table class="namespaces" caption columns=&["Namespace", "Pods", "You may ask for"]>
            {rows.collect_view()}
        </Table>
    }
}

#[component]
fn Row(row: NamespaceRow) -> impl IntoView {
    let (cluster, namespace) = (row.place.cluster.to_string(), row.place.namespace.to_string());
    let id = format!("ns-{cluster}-{namespace}");
    let name = format!("{id}-name");
    view! {
        <tr id=id data-item>
            <td class="main">
                <Star place=row.place.clone() />
                <span class="name" id=name.clone()>
                    {namespace.clone()}
                </span>
                " "
                <RiskTag risk=row.risk />
                <small>
                    {format!("{cluster} cluster")}
                    {row.owner.map(|owner| format!(" · owned by {owner}"))}
                </small>
            </td>
            <td data-label="Pods">
                <Pods pods=row.pods />
            </td>
            <td data-label="You may ask for">
                <ul class="offers">
                    {row
                        .offers
                        .iter()
                        .map(|offer| {
                            view! {
                                <li>
                                    <b>{offer.role.title.clone()}</b>
                                    " "
                                    <small>{had(offer)}</small>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </td>
            <td class="end">
                {(!row.offers.is_empty())
                    .then(|| {
                        view! {
                            <a
                                class="button"
                                href=format!("/ns/{cluster}/{namespace}")
                                aria-describedby=name
                            >
                                "Request access"
                            </a>
                        }
                    })}
            </td>
        </tr>
    }
    .into_any()
}

/// Marks the namespace, or takes the mark away.
#[component]
fn Star(place: Place) -> impl IntoView {
    let marked = PageContext::current().favourites.contains(&place);
    let name = format!("Favourite {}", place.namespace);
    view! {
        <form method="post" action="/favourite" class="star" id=format!("star-{place}")>
            <input type="hidden" name="back" value=here() />
            <input type="hidden" name="place" value=place.to_string() />
            <button
                name="favourite"
                value=if marked { "no" } else { "yes" }
                aria-pressed=if marked { "true" } else { "false" }
                aria-label=name
                title="Favourites come first"
            >
                {icon(Icon::Star)}
            </button>
        </form>
    }
}

/// How a role is to be had, and for how long.
fn had(offer: &Offer) -> String {
    let only = offer.glass.as_ref().filter(|_| !offer.ruling.decision.is_requestable());
    let longest = only.map_or(offer.ruling.longest, |glass| glass.longest);
    format!("{}, up to {}", offered(offer), duration::words(longest))
}
