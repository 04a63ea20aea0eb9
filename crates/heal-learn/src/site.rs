use heal_model::{Diagnostic, Template};

/// How a rule names the file that a change is in, and the place in it. The order is the order of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Site {
    /// The file that the diagnostic is about.
    Own,
    /// The place that the diagnostic names beside its own: where it was called from.
    Caller,
    /// A file of which the diagnostic says nothing, and that has the same name each time.
    Other,
}

/// A place as a diagnostic names it: file, line, and column where it tells one.
pub(crate) type Said<'a> = (&'a str, u32, Option<u32>);

impl Site {
    pub(crate) const ALL: [Self; 3] = [Self::Own, Self::Caller, Self::Other];

    /// The place that a diagnostic names; `None` where it names none.
    pub(crate) fn said(self, diagnostic: &Diagnostic) -> Option<Said<'_>> {
        match self {
            Self::Own => Some((diagnostic.file.as_deref()?, diagnostic.line?, diagnostic.column)),
            Self::Caller => diagnostic.caller().map(|(file, line)| (file, line, None)),
            Self::Other => None,
        }
    }

    /// The file as a template; `None` where its name would be read as one.
    pub(crate) fn file(self, path: &str) -> Option<Template> {
        match self {
            Self::Own => Some("{{file}}".into()),
            Self::Caller => Some("{{caller_file}}".into()),
            Self::Other => (!path.contains(['{', '\\'])).then(|| Template(path.to_owned())),
        }
    }

    /// The variable that holds the line.
    pub(crate) fn line(self) -> &'static str {
        if self == Self::Caller { "caller_line" } else { "line" }
    }
}

/// Whether a path in a tool's words names a file of the project: from its root, from above it, or from a folder below.
pub(crate) fn names(said: &str, path: &str) -> bool {
    let said = said.trim_start_matches("./");
    let is_below = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|head| head.ends_with('/'));
    said == path || is_below(said, path) || is_below(path, said)
}
