use std::fmt;
use std::str::FromStr;

/// A format of output. Each is recognised by itself; naming one means that nothing else is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// What the extractors read, and nothing structured but TAP.
    Text,
    /// `cargo --message-format=json`.
    Cargo,
    /// `rustc --error-format=json`.
    Rustc,
    /// JUnit XML.
    Junit,
    /// SARIF 2.1.
    Sarif,
    /// The Test Anything Protocol.
    Tap,
    /// `eslint --format json`.
    Eslint,
    /// `ruff check --output-format json` or `json-lines`.
    Ruff,
    /// `mypy --output json`.
    Mypy,
    /// The report of pytest-json-report.
    Pytest,
    /// `go test -json`.
    Go,
    /// `pylint --output-format=json` or `json2`.
    Pylint,
    /// `shellcheck --format json` or `json1`.
    Shellcheck,
    /// `terraform validate -json`.
    Terraform,
}

impl Format {
    /// Every format, with the name it is asked for by.
    pub const ALL: [(Format, &'static str); 14] = [
        (Format::Text, "text"),
        (Format::Cargo, "cargo"),
        (Format::Rustc, "rustc"),
        (Format::Junit, "junit"),
        (Format::Sarif, "sarif"),
        (Format::Tap, "tap"),
        (Format::Eslint, "eslint"),
        (Format::Ruff, "ruff"),
        (Format::Mypy, "mypy"),
        (Format::Pytest, "pytest"),
        (Format::Go, "go"),
        (Format::Pylint, "pylint"),
        (Format::Shellcheck, "shellcheck"),
        (Format::Terraform, "terraform"),
    ];

    /// Whether it is lines of text, which extractors read.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Format::Text | Format::Tap)
    }
}

/// A name that is no format's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no input format is called `{name}`; there are {}", names())]
pub struct UnknownFormat {
    /// The name.
    pub name: String,
}

fn names() -> String {
    Format::ALL.map(|(_, name)| name).join(", ")
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let found = Format::ALL.into_iter().find(|(_, known)| *known == name);
        found.map(|(format, _)| format).ok_or_else(|| UnknownFormat { name: name.to_owned() })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Format::ALL.iter().find(|(format, _)| format == self).map_or("", |(_, name)| name);
        out.write_str(name)
    }
}
