//! As much of JSON Schema (2020-12) as the policy's schema says; a keyword that is not known here
//! fails the test, so that none is passed over.

use regex::Regex;
use serde_json::{Map, Value};

use crate::policy::SCHEMA;

/// Whether the policy's schema takes a value.
pub(super) fn takes(value: &Value) -> bool {
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    Validator { root: &root }.fits(&root, value)
}

struct Validator<'s> {
    root: &'s Value,
}

impl Validator<'_> {
    fn fits(&self, schema: &Value, value: &Value) -> bool {
        if let Some(all) = schema.as_bool() {
            return all;
        }
        let schema = schema.as_object().unwrap();
        schema.iter().all(|(keyword, said)| {
            let list = || said.as_array().unwrap();
            match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" | "then" | "else" => true,
                "$ref" => {
                    self.fits(self.root.pointer(&said.as_str().unwrap()[1..]).unwrap(), value)
                }
                "allOf" => list().iter().all(|one| self.fits(one, value)),
                "anyOf" => list().iter().any(|one| self.fits(one, value)),
                "oneOf" => list().iter().filter(|one| self.fits(one, value)).count() == 1,
                "if" => {
                    let way = if self.fits(said, value) { "then" } else { "else" };
                    schema.get(way).is_none_or(|way| self.fits(way, value))
                }
                "const" => value == said,
                "enum" => list().contains(value),
                "type" => is_of(value, said.as_str().unwrap()),
                _ => match value {
                    Value::Object(object) => self.object_fits(schema, keyword, object),
                    Value::Array(items) => self.array_fits(keyword, said, items),
                    Value::String(text) => text_fits(keyword, said, text),
                    Value::Number(_) => number_fits(keyword, said, value),
                    Value::Null | Value::Bool(_) => true,
                },
            }
        })
    }

    fn object_fits(
        &self,
        schema: &Map<String, Value>,
        keyword: &str,
        object: &Map<String, Value>,
    ) -> bool {
        let said = &schema[keyword];
        match keyword {
            "required" => said
                .as_array()
                .unwrap()
                .iter()
                .all(|name| object.contains_key(name.as_str().unwrap())),
            "properties" => said
                .as_object()
                .unwrap()
                .iter()
                .all(|(name, one)| object.get(name).is_none_or(|value| self.fits(one, value))),
            "additionalProperties" => object.iter().all(|(name, value)| {
                let known = schema.get("properties").and_then(|named| named.get(name));
                known.is_some() || self.fits(said, value)
            }),
            "propertyNames" => object.keys().all(|name| self.fits(said, &name.as_str().into())),
            "minProperties" => object.len() >= size(said),
            "maxProperties" => object.len() <= size(said),
            other => is_for_others(other),
        }
    }

    fn array_fits(&self, keyword: &str, said: &Value, items: &[Value]) -> bool {
        match keyword {
            "items" => items.iter().all(|item| self.fits(said, item)),
            "contains" => items.iter().any(|item| self.fits(said, item)),
            "minItems" => items.len() >= size(said),
            "maxItems" => items.len() <= size(said),
            other => is_for_others(other),
        }
    }
}

fn text_fits(keyword: &str, said: &Value, text: &str) -> bool {
    match keyword {
        "pattern" => Regex::new(said.as_str().unwrap()).unwrap().is_match(text),
        "minLength" => text.chars().count() >= size(said),
        "maxLength" => text.chars().count() <= size(said),
        other => is_for_others(other),
    }
}

fn number_fits(keyword: &str, said: &Value, value: &Value) -> bool {
    match keyword {
        "minimum" => value.as_i64() >= said.as_i64(),
        "maximum" => value.as_i64() <= said.as_i64(),
        other => is_for_others(other),
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        other => unreachable!("the type {other}"),
    }
}

fn size(said: &Value) -> usize {
    usize::try_from(said.as_u64().unwrap()).unwrap()
}

/// A keyword for values of another type says nothing of this one.
fn is_for_others(keyword: &str) -> bool {
    const KNOWN: [&str; 15] = [
        "required",
        "properties",
        "additionalProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
        "items",
        "contains",
        "minItems",
        "maxItems",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
    ];
    assert!(KNOWN.contains(&keyword), "the keyword {keyword} is not known here");
    true
}
