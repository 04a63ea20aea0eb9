/// A text of a fixed form, with the form and what to write as its schema.
macro_rules! exact {
    ($(#[doc = $doc:literal])+ $type:ident($inner:ty), $schema:tt) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, serde::Deserialize)]
        #[serde(transparent)]
        pub(crate) struct $type(pub(crate) $inner);

        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}

exact!(
    /// The name of a playbook or rule.
    Name(String), {
        "type": "string",
        "pattern": "^[a-z][a-z0-9-]*$",
        "patternErrorMessage": "write lower-case letters, digits and `-`, starting with a letter",
    }
);

exact!(
    /// A length of time.
    Duration(String), {
        "type": "string",
        "pattern": heal_model::DURATION,
        "patternErrorMessage": "write a duration such as `100ms`, `30s`, `1m30s`, `2h` or `1d`",
    }
);

exact!(
    /// A point of time.
    Instant(String), {
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z$",
        "patternErrorMessage": "write a time such as `2026-01-31T12:00:00Z`",
    }
);

exact!(
    /// A size in words.
    SizeText(String), {
        "type": "string",
        "pattern": "^[0-9]{1,9} ?(B|KB|MB|GB)$",
        "patternErrorMessage": "write a size such as `10KB`, `5MB` or `1GB`, or a number of bytes",
    }
);

pub(crate) use exact;

/// Serde reads one of several scalar types; the schema lists them side by side.
macro_rules! one_of_types {
    ($(#[doc = $doc:literal])+ $type:ident { $($variant:ident($inner:ty)),+ }, $schema:tt) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        pub(crate) enum $type { $(#[doc = "As this type."] $variant($inner)),+ }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let value: serde_json::Value = serde::Deserialize::deserialize(input)?;
                $(if let Ok(inner) = <$inner as serde::Deserialize>::deserialize(&value) {
                    return Ok(Self::$variant(inner));
                })+
                Err(serde::de::Error::custom(concat!("not a ", stringify!($type))))
            }
        }

        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}
pub(crate) use one_of_types;

one_of_types!(
    /// A size: bytes, or in words.
    Size { Bytes(u64), Text(SizeText) }, {
        "type": ["integer", "string"],
        "minimum": 0,
        "maximum": 9007199254740991_u64,
        "pattern": "^[0-9]{1,9} ?(B|KB|MB|GB)$",
        "patternErrorMessage": "write a size such as `10KB`, `5MB` or `1GB`, or a number of bytes",
    }
);

one_of_types!(
    /// A share: a number from 0 to 1, or a percentage.
    Share { Number(f64), Percent(String) }, {
        "type": ["number", "string"],
        "minimum": 0,
        "maximum": 1,
        "pattern": "^(100|[0-9]{1,2}(\\.[0-9]+)?)%$",
        "patternErrorMessage": "write a number from 0 to 1, or a percentage such as `10%`",
    }
);

one_of_types!(
    /// A number of lines.
    Span { Lines(u32), Text(String) }, {
        "type": ["integer", "string"],
        "minimum": 1,
        "maximum": 10000,
        "pattern": "^[1-9][0-9]{0,3} lines?$",
        "patternErrorMessage": "write a number of lines, such as `5` or `5 lines`",
    }
);

one_of_types!(
    /// Exit codes: one, several, or all but 0.
    Exit { Code(i32), Codes(Vec<i32>), Text(String) }, {
        "type": ["integer", "array", "string"],
        "minimum": i32::MIN,
        "maximum": i32::MAX,
        "items": { "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX },
        "minItems": 1,
        "pattern": "^failure$",
        "patternErrorMessage": "write a number, a list of numbers, or `failure` for every code but 0",
    }
);

one_of_types!(
    /// One path or glob, or several.
    Globs { One(String), Many(Vec<String>) }, {
        "type": ["string", "array"],
        "items": { "type": "string" },
        "minItems": 1,
    }
);

one_of_types!(
    /// A file's whole content, or null where it must be gone.
    Gone { Text(String), Gone(()) }, { "type": ["string", "null"] }
);
