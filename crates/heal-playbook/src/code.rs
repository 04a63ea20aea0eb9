use std::fmt;

use crate::Severity;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal),+ $(,)?) => {
        /// What kind of mistake a problem is; its text form is stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant),+
        }

        const CODES: &[(Code, &str)] = &[$((Code::$variant, concat!($($doc),+))),+];

        impl Code {
            /// Its text form, `heal::unknown-key`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => concat!("heal::", $word)),+ }
            }
        }
    };
}

codes! {
    /// The playbook is larger than 256 KiB.
    TooLarge = "too-large",
    /// The playbook is not UTF-8.
    Encoding = "encoding",
    /// The text is not YAML.
    Syntax = "yaml-syntax",
    /// An anchor, alias or merge key: a playbook says everything where it is used.
    Alias = "yaml-alias",
    /// A tag such as `!!binary` or `!include`.
    Tag = "yaml-tag",
    /// The same key twice in one map.
    DuplicateKey = "duplicate-key",
    /// Deeper, more or longer than a playbook may be.
    Limit = "limit",
    /// More than one document in one file.
    Documents = "several-documents",
    /// A key that the language does not have.
    UnknownKey = "unknown-key",
    /// A value of the wrong type.
    WrongType = "wrong-type",
    /// A key that must be there is not.
    MissingKey = "missing-key",
    /// A value that is not one of those allowed.
    InvalidValue = "invalid-value",
    /// None, or more than one, of several keys of which just one must be given.
    ExactlyOne = "exactly-one",
    /// A list or map with nothing in it.
    Empty = "empty",
    /// A text that is not a duration.
    Duration = "duration",
    /// A text that is not a size.
    Size = "size",
    /// A version of the language that this heal does not know.
    Version = "version",
    /// Two rules with the same id.
    DuplicateRule = "duplicate-rule",
    /// A file of extractors that is not right.
    Extractor = "extractor",
    /// A rule's id that another playbook has as well: one of the two does not count.
    SharedId = "shared-id",
    /// A regular expression that does not compile.
    Regex = "regex",
    /// A line break in a pattern that is searched within one line.
    LineBreak = "line-break",
    /// A pattern with look-around or a back-reference: searched by backtracking, which is slower and bounded.
    Backtracking = "backtracking",
    /// A template that is not Handlebars.
    Template = "template",
    /// A helper that heal does not have.
    UnknownHelper = "unknown-helper",
    /// A variable that is not known where a template uses it.
    UnknownVariable = "unknown-variable",
    /// A capture that a template or key uses and no pattern of the rule has.
    MissingCapture = "missing-capture",
    /// Records of a source that can't be folded as it says.
    Fold = "fold",
    /// A path that leaves the project.
    Path = "path-outside",
    /// A text that is not a glob.
    Glob = "glob",
    /// A text that is not a JSONPath (RFC 9535).
    JsonPath = "jsonpath",
    /// A file's tier and its other keys contradict each other.
    Tier = "tier",
    /// Shell text with something to fill in: captures never become shell text.
    ShellTemplate = "shell-template",
    /// A step's `env` with a variable that decides what other programs load and run.
    Variable = "deciding-variable",
    /// A pattern that is found on every line.
    Everywhere = "everywhere",
    /// `as` is missing where a result must be named, or given where there is none.
    Binding = "binding",
    /// A condition that looks at output.
    Condition = "condition",
    /// `within` is missing, or given where it means nothing.
    Within = "within",
    /// A JSON Schema that is not one.
    Schema = "schema",
    /// A file that the playbook refers to and that is not there.
    MissingAsset = "missing-asset",
}

impl Code {
    pub(crate) fn severity(self) -> Severity {
        match self {
            Self::Backtracking | Self::SharedId => Severity::Advice,
            Self::Everywhere => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

/// Every code and what it means.
#[must_use]
pub fn codes() -> &'static [(Code, &'static str)] {
    CODES
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_distinct_and_explained() {
        let mut words: Vec<&str> = super::codes().iter().map(|(code, _)| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), super::codes().len());
        for (code, meaning) in super::codes() {
            assert!(meaning.trim().ends_with('.'), "{code}: {meaning}");
        }
    }
}
