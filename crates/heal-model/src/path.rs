use std::fmt;

use serde::{Deserialize, Serialize};

/// A path inside the project: relative, with `/` between its parts, never climbing out.
///
/// The one constructor is the one check, so whoever holds a `RelPath` need not ask again. Paths compare by bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelPath(String);

/// Why a text is not a path inside the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadPath {
    /// Nothing is left of it.
    Empty,
    /// It starts at the root of a file system or drive.
    Absolute,
    /// One of its parts is `..`.
    Climbs,
    /// It holds a NUL, a line break or a backslash.
    Character(char),
}

impl RelPath {
    /// Takes a path as a person writes it, dropping `./` and doubled slashes.
    ///
    /// # Errors
    /// Says why the text does not name a place inside the project.
    pub fn new(text: &str) -> Result<Self, BadPath> {
        if let Some(bad) = text.chars().find(|c| matches!(c, '\0' | '\n' | '\r' | '\\')) {
            return Err(BadPath::Character(bad));
        }
        let drive = text.as_bytes().get(1) == Some(&b':') && text.as_bytes()[0].is_ascii_alphabetic();
        if text.starts_with('/') || drive {
            return Err(BadPath::Absolute);
        }
        let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        if parts.contains(&"..") {
            return Err(BadPath::Climbs);
        }
        if parts.is_empty() {
            return Err(BadPath::Empty);
        }
        Ok(Self(parts.join("/")))
    }

    /// The path as text, parts joined by `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder it is in, if it is not at the project's root.
    #[must_use]
    pub fn parent(&self) -> Option<RelPath> {
        self.0.rsplit_once('/').map(|(parent, _)| Self(parent.to_owned()))
    }

    /// Its last part.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The ending of its last part, without the dot.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.name().rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, extension)| extension)
    }
}

impl TryFrom<String> for RelPath {
    type Error = BadPath;

    fn try_from(text: String) -> Result<Self, BadPath> {
        Self::new(&text)
    }
}

impl From<RelPath> for String {
    fn from(path: RelPath) -> Self {
        path.0
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", self.0)
    }
}

impl fmt::Display for BadPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("a path must name something"),
            Self::Absolute => out.write_str("a path must be relative to the project"),
            Self::Climbs => out.write_str("a path must not climb with `..`"),
            Self::Character('\\') => out.write_str("a path must not hold `\\`"),
            Self::Character(bad) => write!(out, "a path must not hold {bad:?}"),
        }
    }
}

impl std::error::Error for BadPath {}

#[cfg(test)]
mod tests {
    use super::{BadPath, RelPath};

    #[track_caller]
    fn check(text: &str, expected: Result<&str, BadPath>) {
        assert_eq!(RelPath::new(text).map(|path| path.to_string()), expected.map(str::to_owned));
    }

    #[test]
    fn paths_stay_inside() {
        check("a/b.py", Ok("a/b.py"));
        check("./a//b", Ok("a/b"));
        check("a/...b", Ok("a/...b"));
        check("", Err(BadPath::Empty));
        check("./", Err(BadPath::Empty));
        check("/etc/passwd", Err(BadPath::Absolute));
        check("C:/x", Err(BadPath::Absolute));
        check("a/../../x", Err(BadPath::Climbs));
        check("a\\..\\x", Err(BadPath::Character('\\')));
        check("a\0b", Err(BadPath::Character('\0')));
    }

    #[test]
    fn parts() {
        let path = RelPath::new("core/.env.example").expect("a path");
        assert_eq!((path.name(), path.extension()), (".env.example", Some("example")));
        assert_eq!(RelPath::new(".env").expect("a path").extension(), None);
    }
}
