use std::ops::Range;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, parse_to_ast};
use serde_json::Value;

use super::change::Edit;
use super::flow::{self, Comments, Writer};
use super::format::JSONC;
use super::node::{Kind, Member, Node, Style};
use super::place::unit;

/// A JSON document with one change made, each other byte as it was.
pub(super) fn edited(text: &str, edit: &Edit) -> Result<String, String> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &JSONC).map_err(|error| error.to_string())?;
    let root = node(parsed.value.as_ref().ok_or("it is empty")?);
    let writer = Writer { text, unit: unit(text), comments: Comments::Slashes, scalar: Value::to_string };
    flow::edited(&root, edit, &writer)
}

fn node(value: &ast::Value<'_>) -> Node {
    let range = range(value);
    let (kind, style) = match value {
        ast::Value::Object(object) => {
            (Kind::Object(object.properties.iter().map(member).collect()), Style::Flow)
        }
        ast::Value::Array(array) => (Kind::Array(array.elements.iter().map(node).collect()), Style::Flow),
        ast::Value::StringLit(text) => (Kind::Scalar(text.value.as_ref().into()), Style::Double),
        ast::Value::NumberLit(_) | ast::Value::BooleanLit(_) | ast::Value::NullKeyword(_) => {
            (Kind::Scalar(Value::Null), Style::Flow)
        }
    };
    Node { range, kind, style }
}

fn member(property: &ast::ObjectProp<'_>) -> Member {
    Member {
        key: range(&property.name),
        name: property.name.as_str().to_owned(),
        value: node(&property.value),
    }
}

fn range(ranged: &impl Ranged) -> Range<usize> {
    ranged.start()..ranged.end()
}
