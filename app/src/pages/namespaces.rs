//! Home: what may be requested, and what is held now.

use domain::broker::{
    ClusterHealth, Held, Home, NamespaceRow, NothingRequestable, Offer, PodHealth,
};
use domain::{Action, ClusterName, GroupName, duration};
use leptos::prelude::*;

use super::query;
use crate::parts::{
    Ago, Content, Countdown, Empty, GlassTag, Head, Icon, Pods, RiskTag, Tab, Table, icon, offered,
    page,
};

/// The namespaces page.
#[component]
pub(crate) fn NamespacesPage() -> impl IntoView {
    let wanted = query("q");
    page(Tab::Namespaces, |broker| async move {
        let home = broker.home().await?;
        Ok(Content {
            title: "Namespaces".to_owned(),
            live: "requests sessions namespaces policy",
            body: view! { <HomeView home wanted /> }.into_any(),
        })
    })
}

#[component]
fn HomeView(home: Home, wanted: Option<String>) -> impl IntoView {
    let Home { rows, total, unreachable, nothing } = home;
    let held: Vec<_> = rows
        .iter()
        .flat_map(|row| row.held.iter().map(|held| (row.clone(), held.clone())))
        .collect();
    let requestable = rows.iter().filter(|row| !row.offers.is_empty()).count();
    let matching: Vec<_> = rows
        .into_iter()
        .filter(|row| wanted.as_deref().is_none_or(|wanted| matches(row, wanted)))
        .collect();
    let caption = format!("{requestable} of {total} namespaces can be requested by you");
    let search = wanted.clone();
    let silent: Vec<_> = unreachable.iter().map(|cluster| cluster.name.clone()).collect();
    view! {
        <Head title="Namespaces" line=|| "What you may ask for, and what you hold now.">
            <Search wanted=search />
        </Head>
        {unreachable.into_iter().map(|cluster| view! { <Unreachable cluster /> }).collect_view()}
        {(!held.is_empty())
            .then(|| {
                view! {
                    <section class="stack" aria-label="What you hold now">
                        {held
                            .into_iter()
                            .map(|(row, held)| view! { <HeldCard row held /> })
                            .collect_view()}
                    </section>
                }
            })}
        {match (nothing, matching.is_empty(), wanted) {
            (Some(nothing), ..) => view! { <Nothing nothing /> }.into_any(),
            (None, true, Some(wanted)) => view! {
                <Empty picture=Icon::Search title=format!("No namespace matches “{wanted}”")>
                    <p>
                        {caption}
                        ". Those that you may not request are not listed: ask their owners."
                    </p>
                    <p>
                        <a class="button" href="/">
                            "Show all of mine"
                        </a>
                    </p>
                </Empty>
            }
            .into_any(),
            _ => view! { <Rows rows=matching silent caption /> }.into_any(),
        }}
    }
    .into_any()
}

/// Whether a row is meant by what was typed: a part of a name, an owner, `namespace/pod`, or the
/// address of an alert that names the namespace.
fn matches(row: &NamespaceRow, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    let name = row.place.namespace.as_str();
    name.contains(&wanted)
        || row.place.cluster.as_str().contains(&wanted)
        || row.owner.as_ref().is_some_and(|owner| owner.to_lowercase().contains(&wanted))
        || wanted
            .split(|character: char| !character.is_ascii_alphanumeric() && character != '-')
            .any(|word| word == name)
}

#[component]
fn Search(wanted: Option<String>) -> impl IntoView {
    view! {
        <form method="get" action="/" class="search" role="search" id="search">
            {icon(Icon::Search)}
            <input
                type="search"
                name="q"
                id="q"
                value=wanted
                placeholder="Namespace, owner or alert link"
                aria-label="Find a namespace"
                data-key="/"
                autocomplete="off"
                spellcheck="false"
            />
            <kbd aria-hidden="true">"/"</kbd>
            <button class="unseen" tabindex="-1">
                "Find"
            </button>
        </form>
    }
}

#[component]
fn Unreachable(cluster: ClusterHealth) -> impl IntoView {
    let name = cluster.name.to_string();
    view! {
        <div class="notice" data-tone="warn" id=format!("unreachable-{name}")>
            {icon(Icon::Warning)}
            <p>
                <b>{format!("Cluster {name} does not answer")}</b>
                " since "
                <Ago at=cluster.since />
                " ("
                {cluster.why}
                "). You can ask and approve; shells and pod health have to wait."
            </p>
        </div>
    }
}

/// A grant, first on the page: it is what the person came for.
#[component]
fn HeldCard(row: NamespaceRow, held: Held) -> impl IntoView {
    let request = held.request;
    let described = format!("held-{request}");
    let shell = held.begins.is_none() && held.role.actions.contains(&Action::Shell);
    view! {
        <article class="panel grant-card" id=described.clone()>
            <div>
                <h2>
                    {row.place.namespace.to_string()} " " <RiskTag risk=row.risk />
                    {held.broke_glass.then(|| view! { " " <GlassTag /> })}
                </h2>
                <p class="muted">
                    {held.role.title.clone()} " · " {held.role.guarantee.words()} " · "
                    {row.place.cluster.to_string()} " cluster · " {held.scope.words()}
                </p>
            </div>
            <p class="left">
                {icon(Icon::Clock)}
                {match held.begins {
                    Some(at) => view! { "begins " <Ago at /> }.into_any(),
                    None => view! {
                        {held.unclaimed.then_some("to be used within ")}
                        <Countdown left=held.remaining until=held.not_after />
                    }
                    .into_any(),
                }}
            </p>
            <div class="row">
                <a
                    class="button"
                    href=format!("/requests/{request}")
                    aria-describedby=described.clone()
                >
                    "Details"
                </a>
                {shell
                    .then(|| {
                        view! {
                            <a
                                class="button"
                                data-kind="main"
                                href=format!("/requests/{request}/shell")
                                aria-describedby=described.clone()
                            >
                                "Open"
                            </a>
                        }
                    })}
            </div>
        </article>
    }
    .into_any()
}

#[component]
fn Rows(rows: Vec<NamespaceRow>, silent: Vec<ClusterName>, caption: String) -> impl IntoView {
    let rows = rows.into_iter().map(move |row| {
        let pods = (!silent.contains(&row.place.cluster)).then_some(row.pods);
        view! { <Row row pods /> }
    });
    view! {
        <Table class="namespaces" caption columns=&["Namespace", "Pods", "You may ask for"]>
            {rows.collect_view()}
        </Table>
    }
}

#[component]
fn Row(
    row: NamespaceRow,
    /// Its pods, where the cluster answers.
    #[prop(optional_no_strip)]
    pods: Option<PodHealth>,
) -> impl IntoView {
    let (cluster, namespace) = (row.place.cluster.to_string(), row.place.namespace.to_string());
    let id = format!("ns-{cluster}-{namespace}");
    let name = format!("{id}-name");
    view! {
        <tr id=id data-item>
            <td class="main">
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
                {match pods {
                    Some(pods) => view! { <Pods pods /> }.into_any(),
                    None => view! { <span class="muted">"unknown"</span> }.into_any(),
                }}
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

/// How a role is to be had, and for how long.
fn had(offer: &Offer) -> String {
    let only = offer.glass.as_ref().filter(|_| !offer.ruling.decision.is_requestable());
    let longest = only.map_or(offer.ruling.longest, |glass| glass.longest);
    format!("{}, up to {}", offered(offer), duration::words(longest))
}

/// Why the list is empty, down to the rules that looked.
#[component]
fn Nothing(nothing: NothingRequestable) -> impl IntoView {
    let operators = names(&nothing.operators);
    let groups_missing = nothing.groups_missing.clone();
    view! {
        <Empty picture=Icon::Lock title="There is nothing you may request">
            <p>
                "What may be requested depends on the groups that your identity provider names, and none of yours is in a rule of the policy."
            </p>
        </Empty>
        <div class="halves">
            <section class="panel">
                <h2>"Your groups"</h2>
                {match groups_missing {
                    Some(why) => view! {
                        <p class="notice" data-tone="warn">
                            {icon(Icon::Warning)} <span>{why}</span>
                        </p>
                    }
                    .into_any(),
                    None if nothing.groups.is_empty() => {
                        view! { <p>"Your identity provider names no groups for you."</p> }.into_any()
                    }
                    None => view! { <p class="row">{chips(&nothing.groups)}</p> }.into_any(),
                }}
                <h2>"Whom to ask"</h2>
                <p>
                    {if operators.is_empty() {
                        "The people who run Shorepass.".to_owned()
                    } else {
                        format!("The people who run Shorepass: {operators}.")
                    }}
                    " They can add a rule for one of your groups, or you to a group below. Then sign out and in again."
                </p>
            </section>
            <section class="panel">
                <h2>"The rules that looked at you"</h2>
                {if nothing.rules.is_empty() {
                    view! { <p>"The policy has no rules that grant anything."</p> }.into_any()
                } else {
                    view! {
                        <dl class="facts">
                            {nothing
                                .rules
                                .iter()
                                .map(|rule| {
                                    view! {
                                        <dt>
                                            <code>{rule.name.to_string()}</code>
                                        </dt>
                                        <dd class="row">"for " {chips(&rule.groups)}</dd>
                                    }
                                })
                                .collect_view()}
                        </dl>
                    }
                    .into_any()
                }}
            </section>
        </div>
    }
    .into_any()
}

fn names(groups: &[GroupName]) -> String {
    groups.iter().map(GroupName::as_str).collect::<Vec<_>>().join(", ")
}

fn chips(groups: &[GroupName]) -> impl IntoView + use<> {
    groups.iter().map(|group| view! { <span class="tag">{group.to_string()}</span> }).collect_view()
}
