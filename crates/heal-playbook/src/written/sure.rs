use std::borrow::Cow;
use std::fmt;

use heal_model::Applicability;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, IntoDeserializer, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::words::Words;

/// How sure of an edit a tool must be: yes, no, or a word for the least.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sure {
    /// An edit at all, or none.
    Yes(bool),
    /// At least so sure.
    AtLeast(Applicability),
    /// An edit, and none that it is sure of.
    Unsure,
}

/// The word for an edit of which the tool is not sure.
const UNSURE: &str = "unsure";

impl<'de> Deserialize<'de> for Sure {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(Forms)
    }
}

struct Forms;

impl Visitor<'_> for Forms {
    type Value = Sure;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("`true`, `false`, `unsure`, or how sure the tool must be")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Sure, E> {
        Ok(Sure::Yes(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Sure, E> {
        if value == UNSURE {
            return Ok(Sure::Unsure);
        }
        Applicability::deserialize(value.into_deserializer()).map(Sure::AtLeast)
    }
}

impl JsonSchema for Sure {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Sure".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let (words, meanings): (Vec<_>, Vec<_>) = Applicability::WORDS.iter().copied().unzip();
        let more = [
            (json!(UNSURE), "An edit that may not be what was meant, and none that the tool is sure of."),
            (json!(true), "An edit, however sure."),
            (json!(false), "No edit."),
        ];
        let words: Vec<_> = words
            .into_iter()
            .map(|word| json!(word))
            .chain(more.iter().map(|(word, _)| word.clone()))
            .collect();
        let meanings: Vec<_> = meanings.into_iter().chain(more.iter().map(|(_, meaning)| *meaning)).collect();
        json_schema!({ "type": ["string", "boolean"], "enum": words, "markdownEnumDescriptions": meanings })
    }
}
