//! The names an expression may use: a wrong one is found when the policy is read, not when
//! somebody is in need.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, EntryExpr, Expr, LiteralValue, operators};

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
            field(&select.operand, &select.field, local)?;
            names(&select.operand, local)
        }
        Expr::Call(call) => {
            if let Some((operand, name)) = indexed(call) {
                field(operand, name, local)?;
            }
            let mut parts = call.target.iter().map(|target| &**target).chain(&call.args);
            parts.try_for_each(|part| names(part, local))
        }
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

/// Checks that an input has a field.
fn field(operand: &IdedExpr, field: &str, local: &[&str]) -> Result<(), String> {
    match &operand.expr {
        Expr::Ident(name) => match known(name, local)? {
            Some(fields) if !fields.contains(&field) => {
                Err(format!("{name} has no {field}; it has {}", fields.join(", ")))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// What is looked into by a name that stands there as a text: `person['username']`.
fn indexed(call: &CallExpr) -> Option<(&IdedExpr, &str)> {
    let looks = [operators::INDEX, operators::OPT_INDEX, operators::OPT_SELECT];
    match call.args.as_slice() {
        [operand, index] if looks.contains(&call.func_name.as_str()) => match &index.expr {
            Expr::Literal(LiteralValue::String(name)) => Some((operand, name.inner())),
            _ => None,
        },
        _ => None,
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
