use std::fmt;

use heal_model::{Bytes, RelPath};
use jsonc_parser::ParseOptions;
use serde_json::Value;
use toml_edit::{DocumentMut, TomlError};

use super::yaml;

/// Comments and trailing commas, and no more.
pub(super) const JSONC: ParseOptions = ParseOptions {
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

/// How a document is written; the ending of its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// JSON as the standard has it.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
}

impl Format {
    /// The format of a file, if it is a document's.
    pub(crate) fn of(path: &RelPath) -> Option<Self> {
        let name = path.name();
        let folder = path.parent().map_or(String::new(), |folder| folder.to_string());
        let commented =
            name.starts_with("tsconfig") || name.starts_with("jsconfig") || folder.ends_with(".vscode");
        match path.extension()? {
            "json" if commented => Some(Self::Jsonc),
            "json" => Some(Self::Json),
            "jsonc" => Some(Self::Jsonc),
            "yaml" | "yml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }

    /// How a document is written in fact: many a `.json` holds comments.
    pub(crate) fn as_written(self, text: &str) -> Self {
        let commented = self == Self::Json && self.parse(text).is_err() && Self::Jsonc.parse(text).is_ok();
        if commented { Self::Jsonc } else { self }
    }

    /// Whether a content is of this format; of YAML there may be several documents.
    pub(crate) fn check(self, content: &Bytes) -> Result<(), String> {
        let text = content.text().ok_or_else(|| "it is not UTF-8".to_owned())?;
        match self {
            Self::Yaml => yaml::check(without_mark(text)),
            _ => self.parse(text).map(|_| ()),
        }
    }

    /// What a document says.
    pub(crate) fn parse(self, text: &str) -> Result<Value, String> {
        let text = without_mark(text);
        match self {
            Self::Json => serde_json::from_str(text).map_err(|error| error.to_string()),
            Self::Jsonc => jsonc(text),
            Self::Yaml => yaml::parse(text),
            Self::Toml => toml(text),
        }
    }
}

fn jsonc(text: &str) -> Result<Value, String> {
    jsonc_parser::parse_to_serde_value(text, &JSONC).map_err(|error| error.to_string())
}

fn toml(text: &str) -> Result<Value, String> {
    let document: DocumentMut = text.parse().map_err(|error: TomlError| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        format!("{} at line {}", error.message(), 1 + before.matches('\n').count())
    })?;
    toml_edit::de::from_document(document).map_err(|error| error.message().to_owned())
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Json => "JSON",
            Self::Jsonc => "JSON with comments",
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
        })
    }
}
