use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeOwned, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// A value with a short form, a scalar or list, and a long one, a map.
///
/// The type that is there decides which is meant, in serde and in the schema alike. So a mistake in one form is
/// one error about that form, where `oneOf` would tell why it is not the other as well.
#[derive(Clone, Debug)]
pub(crate) enum Short<S, L> {
    Short(S),
    Long(L),
}

impl<'de, S: DeserializeOwned, L: DeserializeOwned> Deserialize<'de> for Short<S, L> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(Forms(PhantomData))
    }
}

struct Forms<S, L>(PhantomData<(S, L)>);

impl<'de, S: DeserializeOwned, L: DeserializeOwned> Visitor<'de> for Forms<S, L> {
    type Value = Short<S, L>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the short form or a map")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        S::deserialize(value.into_deserializer()).map(Short::Short)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        S::deserialize(value.into_deserializer()).map(Short::Short)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        S::deserialize(value.into_deserializer()).map(Short::Short)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        S::deserialize(value.into_deserializer()).map(Short::Short)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        S::deserialize(value.into_deserializer()).map(Short::Short)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        S::deserialize(SeqAccessDeserializer::new(items)).map(Short::Short)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Self::Value, A::Error> {
        L::deserialize(MapAccessDeserializer::new(entries)).map(Short::Long)
    }
}

impl<S: JsonSchema, L: JsonSchema> JsonSchema for Short<S, L> {
    fn schema_name() -> Cow<'static, str> {
        L::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("Short<{}, {}>", S::schema_id(), L::schema_id()).into()
    }

    /// Keywords of JSON Schema hold for values of their own type alone, so both forms' go side by side.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut both = L::json_schema(generator);
        // A `oneOf` of required keys holds for whatever is no map several times over.
        if let Some(one_of) = both.remove("oneOf") {
            both.insert("if".to_owned(), json!({ "type": "object" }));
            both.insert("then".to_owned(), json!({ "oneOf": one_of }));
        }
        let short = S::json_schema(generator);
        for (keyword, value) in short.as_object().into_iter().flatten() {
            if keyword != "description" && both.get(keyword).is_none() {
                both.insert(keyword.clone(), value.clone());
            }
        }
        let mut types = match short.get("type") {
            Some(Value::Array(types)) => types.clone(),
            Some(one) => vec![one.clone()],
            None => Vec::new(),
        };
        types.push(json!("object"));
        both.insert("type".to_owned(), types.into());
        both
    }
}
