use globset::escape as glob_escape;

/// How a value is written so that it stays one value where it is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// As it is.
    Plain,
    /// As a literal inside a regular expression.
    Regex,
    /// As a literal inside a glob.
    Glob,
    /// As inside a double-quoted string of JSON, YAML or TOML, whose escapes JSON's are among.
    Quoted,
}

impl Escape {
    /// What a made file's template needs, by its name.
    pub(crate) fn of_file(path: &str) -> Self {
        match path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("json" | "jsonc" | "yaml" | "yml" | "toml") => Self::Quoted,
            _ => Self::Plain,
        }
    }

    /// Writes a value.
    pub(crate) fn apply(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Regex => regex_syntax::escape(text),
            Self::Glob => glob_escape(text),
            Self::Quoted => {
                let quoted = serde_json::Value::from(text).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
        }
    }
}
