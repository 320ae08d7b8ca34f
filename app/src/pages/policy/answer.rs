//! What it says, and of each rule why.

use domain::broker::{Judged, Simulated};
use domain::policy::Decision;
use domain::text::sentence;
use leptos::prelude::*;

use crate::parts::{Icon, Tag, Tone, absolute, decides, icon};

/// The decision, and of each rule why it applied or not.
#[component]
pub(super) fn Answer(simulated: Simulated) -> impl IntoView {
    let Simulated {
        username,
        account,
        groups,
        groups_missing,
        holds,
        namespace,
        known,
        labels,
        at,
        ruling,
        rules,
    } = simulated;
    let given = known && ruling.decision.is_requestable();
    let asks = matches!(ruling.decision, Decision::Ask(_));
    let groups: Vec<_> = groups.iter().map(ToString::to_string).collect();
    let labels: Vec<_> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let listed =
        |list: Vec<String>| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
    view! {
        <section class="panel" aria-labelledby="answer">
            <h2 id="answer">"Decision"</h2>
            <p class="said">
                {icon(if given { Icon::Check } else { Icon::Cross })}
                <span>
                    {asks.then_some("Asks ")} {sentence(&decides(&ruling))}
                    {ruling.preliminary.then_some(" It may depend on length, reason or ticket.")}
                </span>
            </p>
            <dl class="facts">
                <dt>"Person"</dt>
                <dd>
                    {username.to_string()}
                    {account
                        .map(|key| {
                            view! { <small>{format!("{} at {}", key.subject, key.issuer)}</small> }
                        })}
                </dd>
                <dt>"Groups"</dt>
                <dd>{listed(groups)} <small>{groups_missing}</small></dd>
                {(!holds.is_empty())
                    .then(|| {
                        let holds = holds.into_iter().map(|held| (held.role, held.place.namespace));
                        view! {
                            <dt>"Holds"</dt>
                            <dd>{listed(holds.map(|(role, place)| format!("{role} in {place}")).collect())}</dd>
                        }
                    })}
                <dt>"Namespace"</dt>
                <dd>
                    {namespace.to_string()}
                    {if known {
                        view! { <small>{listed(labels)}</small> }.into_any()
                    } else {
                        view! {
                            <small>
                                "unknown namespace: nobody can ask for it while the cluster does not name it"
                            </small>
                        }
                        .into_any()
                    }}
                </dd>
                <dt>"When"</dt>
                <dd>{absolute(at)}</dd>
            </dl>
            <table class="judged">
                <caption class="unseen">"Each rule, and why it applies or not"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Rule"</th>
                        <th scope="col">"Says"</th>
                        <th scope="col">"Why"</th>
                    </tr>
                </thead>
                <tbody>{rules.into_iter().map(|rule| view! { <Row rule /> }).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

#[component]
fn Row(rule: Judged) -> impl IntoView {
    let Judged { name, verdict, why, applies, decides } = rule;
    view! {
        <tr data-applies=applies.then_some("")>
            <th scope="row">
                <code>{name.to_string()}</code>
                {decides.then(|| view! { " " <Tag tone=Tone::Accent text="decides" /> })}
            </th>
            <td data-label="Says">
                <span>{verdict}</span>
            </td>
            <td data-label="Why">
                <span>{why}</span>
            </td>
        </tr>
    }
}
