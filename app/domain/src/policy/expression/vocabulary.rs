//! The names an expression may use: a wrong one is found when the policy is read, not when
//! somebody is in need.

use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr};

const INPUTS: [(&str, &[&str]); 5] = [
    ("person", &["username", "groups", "holds"]),
    ("target", &["cluster", "namespace", "labels"]),
    ("role", &["name", "actions"]),
    ("time", &["date", "hour", "minute", "weekday"]),
    ("request", &["workload", "pod", "minutes", "reason", "ticket", "break_glass"]),
];

/// The names of all inputs.
pub(super) fn inputs() -> impl Iterator<Item = &'static str> {
    INPUTS.iter().map(|(input, _)| *input)
}

/// Checks every name.
///
/// # Errors
/// The first name that means nothing, with those that would.
pub(super) fn check(expression: &IdedExpr) -> Result<(), String> {
    names(expression, &mut Vec::new())
}

/// `local` are the variables of the comprehensions around.
fn names<'e>(expression: &'e IdedExpr, local: &mut Vec<&'e str>) -> Result<(), String> {
    match &expression.expr {
        Expr::Ident(name) => known(name, local).map(|_| ()),
        Expr::Select(select) => {
            if let Expr::Ident(name) = &select.operand.expr
                && let Some(fields) = known(name, local)?
                && !fields.contains(&select.field.as_str())
            {
                return Err(format!(
                    "{name} has no {}; it has {}",
                    select.field,
                    fields.join(", ")
                ));
            }
            names(&select.operand, local)
        }
        Expr::Call(call) => call
            .target
            .iter()
            .map(|target| &**target)
            .chain(&call.args)
            .try_for_each(|part| names(part, local)),
        Expr::List(list) => list.elements.iter().try_for_each(|part| names(part, local)),
        Expr::Map(map) => map.entries.iter().try_for_each(|entry| match &entry.expr {
            EntryExpr::MapEntry(entry) => {
                names(&entry.key, local)?;
                names(&entry.value, local)
            }
            EntryExpr::StructField(field) => names(&field.value, local),
        }),
        Expr::Comprehension(inner) => {
            names(&inner.iter_range, local)?;
            let before = local.len();
            local.extend([inner.iter_var.as_str(), inner.accu_var.as_str()]);
            let parts = [&inner.accu_init, &inner.loop_cond, &inner.loop_step, &inner.result];
            let checked = parts.into_iter().try_for_each(|part| names(part, local));
            local.truncate(before);
            checked
        }
        Expr::Struct(_) => Err("makes a message, which no input is compared with".to_owned()),
        Expr::Literal(_) | Expr::Unspecified => Ok(()),
    }
}

/// The fields of an input; none for a variable of a comprehension.
fn known(name: &str, local: &[&str]) -> Result<Option<&'static [&'static str]>, String> {
    if local.contains(&name) {
        return Ok(None);
    }
    if let Some((_, fields)) = INPUTS.iter().find(|(input, _)| *input == name) {
        return Ok(Some(fields));
    }
    let inputs: Vec<_> = inputs().collect();
    Err(format!("there is no {name}; there is {}", inputs.join(", ")))
}
