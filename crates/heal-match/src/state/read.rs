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
        Some("json") => serde_json::from_slice(content).map_err(|error| error.to_string()),
        Some("yaml" | "yml") => Budget::default()
            .deserialize(serde_yaml::Deserializer::from_slice(content))
            .map_err(|e| e.to_string()),
        Some("toml") => std::str::from_utf8(content).map_err(|error| error.to_string()).and_then(|text| {
            let document = toml_edit::de::Deserializer::parse(text).map_err(|error| error.to_string())?;
            Budget::default().deserialize(document).map_err(|error| error.to_string())
        }),
        _ => Err("not a JSON, YAML or TOML document by its name".to_owned()),
    };
    parsed.map_err(|why| format!("{name}: {}", why.trim_end().replace('\n', " ")))
}
