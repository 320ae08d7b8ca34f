//! The rules in force.

use domain::broker::RuleRow;
use leptos::prelude::*;

use crate::parts::counted;

#[component]
pub(super) fn Rules(rules: Vec<RuleRow>) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="rules">
            <h2 id="rules">"Rules"</h2>
            <p class="muted">
                "A deny wins, then the most specific rule; their order decides nothing. What no rule allows is denied."
            </p>
            <table>
                <caption class="unseen">"Rules in force"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Rule"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"Says"</th>
                        <th scope="col">"In 30 days"</th>
                    </tr>
                </thead>
                <tbody>
                    {rules
                        .into_iter()
                        .map(|rule| {
                            view! {
                                <tr>
                                    <th scope="row">
                                        <code>{rule.name.to_string()}</code>
                                    </th>
                                    <td data-label="When">
                                        {rule
                                            .condition
                                            .into_iter()
                                            .map(|(part, words)| {
                                                view! { <div><small class="inline">{part}</small> " " {words}</div> }
                                            })
                                            .collect_view()}
                                    </td>
                                    <td data-label="Says">
                                        <span>{rule.verdict}</span>
                                    </td>
                                    <td data-label="In 30 days">
                                        <span>{counted(rule.decided)}</span>
                                    </td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </section>
    }
    .into_any()
}
