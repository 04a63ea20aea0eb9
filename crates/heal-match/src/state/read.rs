use heal_model::JsonLines;
use jsonc_parser::ParseOptions;
use serde::de::DeserializeSeed;
use serde_json::Value;

use super::budget::Budget;

/// Parses a document; its name's ending tells JSON, YAML or TOML.
///
/// # Errors
/// Says what is wrong, after the name.
pub(crate) fn parse(name: &str, content: &[u8]) -> Result<Value, String> {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    let parsed = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("json" | "jsonc") => json(content),
        Some("yaml" | "yml") => Budget::default()
            .deserialize(serde_yaml::Deserializer::from_slice(content))
            .map_err(|e| e.to_string()),
        Some("toml") => std::str::from_utf8(content).map_err(|error| error.to_string()).and_then(|text| {
            let document = toml_edit::de::Deserializer::parse(text).map_err(|error| error.to_string())?;
            Budget::default().deserialize(document).map_err(|error| error.to_string())
        }),
        Some("jsonl" | "ndjson") => JsonLines::read(content).map(|read| Value::Array(read.records)),
        _ => Err("not a JSON, JSON Lines, YAML or TOML document by its name".to_owned()),
    };
    parsed.map_err(|why| format!("{name}: {}", why.trim_end().replace('\n', " ")))
}

/// Whether a file is a document by its name's ending.
pub(crate) fn is_document(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(ending, "json" | "jsonc" | "jsonl" | "ndjson" | "yaml" | "yml" | "toml")
}

/// JSON, and JSON with comments and trailing commas, which many tools' settings are.
fn json(content: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(content).or_else(|strict| {
        let text = std::str::from_utf8(content).map_err(|error| error.to_string())?;
        // What allows comments takes no text at all for `null`.
        if text.trim().is_empty() {
            return Err(strict.to_string());
        }
        let options = ParseOptions {
            allow_comments: true,
            allow_trailing_commas: true,
            allow_loose_object_property_names: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        jsonc_parser::parse_to_serde_value(text, &options).map_err(|_| strict.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn json_may_have_comments() {
        let read = parse("a.json", b"{\n // why\n \"a\": [1, 2,], }\n").expect("it is JSON with comments");
        assert_eq!(read.to_string(), r#"{"a":[1,2]}"#);
        let error = parse("a.json", b"{a: 1}").expect_err("a key must be a string");
        assert_eq!(error, "a.json: key must be a string at line 1 column 2");
        for blank in ["", " \n"] {
            let error = parse("a.json", blank.as_bytes()).expect_err("no text is no JSON");
            assert!(error.starts_with("a.json: EOF while parsing a value at line "), "{error}");
        }
    }
}
