//! Each branch of a condition is tried by itself when the policy is read: one sample alone would
//! take one way through it, and leave what is wrong with the others for whoever is in need.

use cel::common::ast::{Expr, operators};
use cel::{Context, ExecutionError, IdedExpr, Value};

/// Tries every branch that stands outside of `exists` and its like.
///
/// # Errors
/// What the first wrong one would do.
pub(super) fn check(expression: &IdedExpr, context: &Context<'_, '_>) -> Result<(), String> {
    match &expression.expr {
        Expr::Call(call) => {
            // How many of its parts are true or false, and how many may be left out.
            let (conditions, branches) = match (call.func_name.as_str(), call.args.len()) {
                (operators::LOGICAL_AND | operators::LOGICAL_OR, 2) => (2, 2),
                (operators::CONDITIONAL, 3) => (1, 3),
                _ => (0, 0),
            };
            for (place, part) in call.args.iter().enumerate() {
                check(part, context)?;
                if place < branches {
                    tried(part, context, place < conditions)?;
                }
            }
            call.target.iter().try_for_each(|target| check(target, context))
        }
        Expr::Select(select) => check(&select.operand, context),
        Expr::List(list) => list.elements.iter().try_for_each(|part| check(part, context)),
        Expr::Comprehension(inner) => check(&inner.iter_range, context),
        Expr::Map(_) | Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) | Expr::Unspecified => {
            Ok(())
        }
    }
}

fn tried(part: &IdedExpr, context: &Context<'_, '_>, condition: bool) -> Result<(), String> {
    match Value::resolve(part, context) {
        Ok(value) if condition && !matches!(value, Value::Bool(_)) => {
            Err(format!("has a part that must be true or false, and is {}", value.type_of()))
        }
        // What an error depends on is not there in the sample; another branch may see to that.
        Ok(_)
        | Err(
            ExecutionError::NoSuchKey(_)
            | ExecutionError::FunctionError { .. }
            | ExecutionError::IndexOutOfBounds(_)
            | ExecutionError::DivisionByZero(_)
            | ExecutionError::RemainderByZero(_)
            | ExecutionError::Overflow(..),
        ) => Ok(()),
        Err(cause) => Err(format!("does not fit its inputs: {cause}")),
    }
}
