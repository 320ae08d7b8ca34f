//! Conditions in the Common Expression Language, over the inputs that `docs/policy.md` lists.
//!
//! An expression is checked when the policy is read: it may name only what the inputs hold, and
//! must be true or false, whichever branch is taken. What can still fail, such as a label that a namespace does not have,
//! fails when it is judged, and then denies.

mod branches;
mod inputs;
mod vocabulary;

use std::fmt;
use std::sync::Arc;

use cel::{ExecutionError, Program, Value};

use super::Question;
use super::question::Setting;
use inputs::Inputs;

/// A condition, compiled; two with the same text are the same.
#[derive(Clone)]
pub struct Expression {
    text: String,
    program: Arc<Program>,
    /// What it looks at, by name.
    inputs: Vec<&'static str>,
}

/// What an expression says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// It holds, or not.
    Holds(bool),
    /// That depends on what will be typed.
    Depends,
    /// It could not be evaluated, for this reason.
    Failed(String),
}

impl Expression {
    /// Compiles an expression.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let program = Program::compile(text).map_err(|errors| {
            let first = errors.errors.first();
            let problem = first.map_or("cannot be read", |first| first.msg.as_str());
            // What the grammar would take instead is of no help to whoever wrote it.
            let problem = problem.split(" expecting ").next().unwrap_or(problem);
            let column = first.map_or(1, |first| first.pos.1);
            format!("is not an expression: {problem} (character {column})")
        })?;
        vocabulary::check(program.expression())?;
        let inputs =
            vocabulary::inputs().filter(|name| program.references().has_variable(name)).collect();
        let expression = Self { text: text.to_owned(), program: Arc::new(program), inputs };
        let sample = Inputs::sample();
        let context = sample.context().map_err(|cause| cause.to_string())?;
        branches::check(expression.program.expression(), &context)?;
        match expression.program.execute(&context) {
            Ok(Value::Bool(_)) | Err(ExecutionError::NoSuchKey(_)) => Ok(expression),
            Ok(other) => Err(format!("must be true or false, and is {}", other.type_of())),
            Err(cause) => Err(format!("does not fit its inputs: {cause}")),
        }
    }

    /// Whether it may look at the ticket of a request: a word that is no look does no harm.
    pub(super) fn may_look_at_ticket(&self) -> bool {
        self.inputs.contains(&"request") && self.text.contains("ticket")
    }

    /// Judges a question.
    pub(super) fn judge(&self, question: &Question<'_>, setting: Setting<'_>) -> Said {
        if question.asked.is_none() && self.inputs.contains(&"request") {
            return Said::Depends;
        }
        let inputs = Inputs::of(question, setting, &self.inputs);
        match inputs.context().and_then(|context| self.program.execute(&context)) {
            Ok(Value::Bool(holds)) => Said::Holds(holds),
            Ok(other) => Said::Failed(format!("it is {}, not true or false", other.type_of())),
            Err(ExecutionError::NoSuchKey(key)) => {
                Said::Failed(format!("there is no {key} here; ask with has() first"))
            }
            Err(cause) => Said::Failed(cause.to_string()),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, out)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

#[cfg(test)]
mod tests;
