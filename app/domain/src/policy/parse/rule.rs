//! Rules.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;

use serde_saphyr::Spanned;

use super::document::{AskDocument, RuleDocument};
use super::field::{filled, length, some, words};
use crate::document::Mistake;
use crate::policy::{Condition, Escalation, Expression, Quorum, Role, Rule, Terms, Verdict};
use crate::{RoleName, RuleName};

impl RuleDocument {
    /// `terms` are those of the whole policy; the rule may have its own.
    pub(super) fn into_rule(
        mut self,
        roles: &BTreeMap<RoleName, Role>,
        mut terms: Terms,
    ) -> Result<Rule, Mistake> {
        let name = self.name.clone();
        let field = |part: &str| format!("rules.{}.{part}", name.value);
        if let Some(named) = &self.roles
            && let Some(unknown) = named.value.iter().find(|role| !roles.contains_key(role))
        {
            let problem = format!("there is no role {unknown}");
            return Err(Mistake::at(named, &field("roles"), &problem));
        }
        let (lapse, reason) = (self.lapse_after.take(), self.reason.take());
        terms.change(&field(""), lapse, reason, self.ticket.take(), self.clock.take())?;
        let longest =
            self.longest.as_ref().map(|text| length(text, &field("longest"))).transpose()?;
        let verdict = self.verdict(&name)?;
        let condition = Condition {
            groups: filled(self.groups, &field("groups"))?,
            roles: filled(self.roles, &field("roles"))?,
            clusters: filled(self.clusters, &field("clusters"))?,
            namespaces: filled(self.namespaces, &field("namespaces"))?,
            labels: filled(self.labels, &field("labels"))?,
            when: self.when.as_ref().map(|when| expression(when, &field("when"))).transpose()?,
        };
        if condition.groups.is_none() && !matches!(verdict, Verdict::Deny(_)) {
            let problem = "a rule that allows something names the groups it allows";
            return Err(Mistake::at(&name, &field("groups"), problem));
        }
        Ok(Rule { name: name.value, condition, verdict, longest, terms })
    }

    fn verdict(&mut self, name: &Spanned<RuleName>) -> Result<Verdict, Mistake> {
        let field = |part: &str| format!("rules.{}.{part}", name.value);
        let verdicts =
            (self.approve.take(), self.ask.take(), self.deny.take(), self.break_glass.take());
        match verdicts {
            (Some(_), None, None, None) => Ok(Verdict::Approve),
            (None, Some(ask), None, None) => Ok(Verdict::Ask(ask.into_quorum(&field("ask"))?)),
            (None, None, Some(why), None) => Ok(Verdict::Deny(words(why, &field("deny"), 300)?)),
            (None, None, None, Some(glass)) => {
                Ok(Verdict::BreakGlass(some(glass.reviewers, &field("break_glass.reviewers"))?))
            }
            _ => {
                let problem = "a rule says exactly one of approve, ask, deny and break_glass";
                Err(Mistake::at(name, &field("approve"), problem))
            }
        }
    }
}

impl AskDocument {
    fn into_quorum(self, field: &str) -> Result<Quorum, Mistake> {
        let approvers = some(self.approvers, &format!("{field}.approvers"))?;
        let mut later = Vec::with_capacity(self.later.len());
        for step in self.later {
            later.push(Escalation {
                after: length(&step.after, &format!("{field}.later.after"))?,
                approvers: some(step.approvers, &format!("{field}.later.approvers"))?,
            });
        }
        let mut quorum = Quorum { count: self.count, from: NonZeroU8::MIN, approvers, later };
        if let Some(from) = self.from {
            let groups = quorum.all_approvers().collect::<BTreeSet<_>>().len();
            if from.value > quorum.count || usize::from(from.value.get()) > groups {
                let problem = "cannot be more than the people or the groups that are asked";
                return Err(Mistake::at(&from, &format!("{field}.from"), problem));
            }
            quorum.from = from.value;
        }
        Ok(quorum)
    }
}

fn expression(text: &Spanned<String>, field: &str) -> Result<Expression, Mistake> {
    Expression::parse(&text.value).map_err(|problem| Mistake::at(text, field, &problem))
}
