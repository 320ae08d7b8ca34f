//! Forms that are shown again, with what was typed and what is wrong with it.

use std::collections::BTreeMap;

use domain::broker::FieldProblem;
use leptos::prelude::{provide_context, use_context};

use super::Visit;

/// A form that was refused: its page is shown again and nothing that was typed is lost.
#[derive(Debug, Clone, Default)]
pub struct Rejected {
    /// What is wrong, by field.
    pub problems: Vec<FieldProblem>,
    /// What was typed, by field.
    pub values: BTreeMap<String, String>,
    /// What is wrong with the whole of it, as a sentence.
    pub message: Option<String>,
    /// Where the page stands that the form was on: the form's own address shows nothing.
    pub address: String,
}

/// The fields of the forms, in the order in which they stand on their pages.
const IN_ORDER: [&str; 16] = [
    "person",
    "groups",
    "namespace",
    "role",
    "cluster",
    "at",
    "scope",
    "length",
    "reason",
    "ticket",
    "starts",
    "why",
    "words",
    "comment",
    "pod",
    "container",
];

impl Rejected {
    /// Makes it that of the page, where the page answers its form by itself.
    pub(crate) fn provide(self) {
        provide_context(self);
    }

    pub(crate) fn current() -> Self {
        use_context::<Self>()
            .or_else(|| use_context::<Visit>().and_then(|visit| visit.rejected))
            .unwrap_or_default()
    }

    /// What is wrong with a field.
    pub(crate) fn problem(&self, field: &str) -> Option<String> {
        self.problems
            .iter()
            .find(|problem| problem.field == field)
            .map(|problem| problem.problem.clone())
    }

    /// Whether this is the first field of its form with a problem: it gets the focus.
    pub(crate) fn is_first(&self, field: &str) -> bool {
        let wrong = |name: &&&str| self.problems.iter().any(|problem| problem.field == **name);
        IN_ORDER.iter().find(wrong).is_some_and(|first| *first == field)
    }

    /// What was typed into a field.
    pub(crate) fn value(&self, field: &str) -> Option<String> {
        self.values.get(field).cloned()
    }
}
