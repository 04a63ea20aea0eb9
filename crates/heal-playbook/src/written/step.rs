use heal_model::Occurrences;
use schemars::JsonSchema;
use serde::Deserialize;

use super::action::{Create, Delete, Document, Patch, Restore, Run, Set, Signal, Suggestions, Transfer};
use super::trigger::Trigger;
use super::{Globs, Retry, Short, Timeout, Word};
use crate::schema::{exactly, exactly_each};

/// Every way to act.
const ACTIONS: &[&str] = &[
    "find",
    "edit",
    "line",
    "create",
    "set",
    "remove",
    "copy",
    "move",
    "delete",
    "restore",
    "patch",
    "suggestions",
    "snapshot",
    "run",
    "signal",
    "choose",
    "guide",
];

/// One declared way to act.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = exactly(ACTIONS)))]
pub(crate) struct Step {
    /// Locates a line in files and binds the place. Needs `as`.
    #[schemars(extend("examples" = [{"files": "**/*.py", "regex": r"^(?:class|def) {{symbol}}\b"}]))]
    pub(crate) find: Option<Find>,
    /// Searches and replaces in files.
    #[schemars(extend("examples" = [{"file": "{{file}}", "search": "{{old}}", "replace": "{{new}}"}, {"files": "**/*.py", "regex": r"\bold_name\b", "replace": "new_name"}]))]
    pub(crate) edit: Option<TextEdit>,
    /// Sees to it that a line is, or is not, in a file.
    #[schemars(extend("examples" = [{"file": "requirements.txt", "present": "{{distribution}}"}]))]
    pub(crate) line: Option<Line>,
    /// Makes a file; never over one that exists.
    #[schemars(extend("examples" = [{"path": "{{dir}}/__init__.py", "content": ""}]))]
    pub(crate) create: Option<Create>,
    /// Sets a value in a JSON, YAML or TOML document; comments and layout are kept.
    #[schemars(extend("examples" = [{"file": "pyproject.toml", "key": "tool.pytest.ini_options.markers[+]", "value": "{{marker}}"}]))]
    pub(crate) set: Option<Set>,
    /// Takes a value out of a document.
    pub(crate) remove: Option<Document>,
    /// Copies a file; never over one that exists.
    pub(crate) copy: Option<Transfer>,
    /// Moves a file; never over one that exists.
    #[serde(rename = "move")]
    pub(crate) moving: Option<Transfer>,
    /// Deletes a file: its path, as a template.
    #[schemars(extend("examples" = ["run/server.pid"]))]
    pub(crate) delete: Option<Short<String, Delete>>,
    /// Brings a file back.
    #[schemars(extend("examples" = [{"path": "{{file}}", "from": "git"}]))]
    pub(crate) restore: Option<Restore>,
    /// Applies a unified diff.
    #[schemars(extend("examples" = [{"from": "output"}]))]
    pub(crate) patch: Option<Patch>,
    /// Applies what the tool itself suggests: `true`, or a map that says how sure it must be.
    #[schemars(extend("examples" = [true]))]
    pub(crate) suggestions: Option<Suggestions>,
    /// Keeps files as they are before the commands that follow: where one of these fails, or the fix does not help, or it is
    /// undone, the files are what they were, their permissions too. A path or glob, or several; templates. A folder (`var`,
    /// or `var/**`) is kept whole: links stay links, empty folders come back, and what came in it is removed.
    #[schemars(extend("examples" = ["Cargo.lock", "var/**"]))]
    pub(crate) snapshot: Option<Globs>,
    /// Runs a command, given as program and arguments or as a map that says more. It can't be undone.
    #[schemars(extend("examples" = [["cargo", "add", "{{crate}}"]]))]
    pub(crate) run: Option<Short<Vec<String>, Run>>,
    /// Signals a process. It can't be undone.
    pub(crate) signal: Option<Signal>,
    /// Asks which way to go.
    pub(crate) choose: Option<Choose>,
    /// Tells a person what to do, in Markdown. A template.
    #[schemars(extend("examples" = ["Start the server: `make serve`."]))]
    pub(crate) guide: Option<String>,
    /// The name that later steps know a find's result by: `{{name.path}}`, `{{name.line}}` …
    #[serde(rename = "as")]
    #[schemars(regex(pattern = "^[A-Za-z_][A-Za-z0-9_]*$"), extend("patternErrorMessage" = "write a name of letters, digits and `_`"))]
    #[schemars(extend("examples" = ["home"]))]
    pub(crate) bind: Option<String>,
    /// Whether the step is done: a condition on files, documents, processes or the environment.
    #[schemars(extend("examples" = [{"file": {"path": "Cargo.lock", "is": "present"}}]))]
    pub(crate) when: Option<Trigger>,
    /// When it is tried again.
    pub(crate) retry: Option<Retry>,
    /// How long it may take.
    pub(crate) timeout: Option<Timeout>,
}

/// Locates a line in files and binds `path`, `line`, `column`, `text`, `module`, `stem`, `dir`, `base` (the folder with a
/// `/` behind it; nothing at the project's root) and the pattern's captures.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = exactly(&["regex", "text"])))]
pub(crate) struct Find {
    /// A glob, or several, of the files to look in; what git ignores is left out. Templates.
    pub(crate) files: Globs,
    /// A path, as a template: `files` are looked for in its folder, then in each folder above, up to the first that has
    /// one where the line is found (`{files: Cargo.toml, above: "{{file}}", regex: '^\[package\]'}`). Binds `inside` as
    /// well: this path as seen from that folder.
    pub(crate) above: Option<String>,
    /// A regular expression, as a template; what is filled in is escaped.
    pub(crate) regex: Option<String>,
    /// The text itself, as a template.
    pub(crate) text: Option<String>,
    /// Whether it must be found in just one place; true unless said otherwise. Otherwise the first is taken.
    pub(crate) one: Option<bool>,
}

/// Searches and replaces in files.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("allOf" = exactly_each(&[&["file", "files"], &["search", "regex"]])))]
pub(crate) struct TextEdit {
    /// The file, as a template.
    pub(crate) file: Option<String>,
    /// A glob, or several, of the files; what git ignores is left out. Templates.
    pub(crate) files: Option<Globs>,
    /// The text to replace, as a template.
    pub(crate) search: Option<String>,
    /// A regular expression for what to replace, as a template; `^` and `$` are a line's ends, `\n` may occur.
    pub(crate) regex: Option<String>,
    /// What takes its place, as a template; the search's captures are known here.
    pub(crate) replace: String,
    /// Which places; `all` unless said otherwise.
    pub(crate) occurrences: Option<Word<Occurrences>>,
    /// Only near this line.
    #[schemars(extend("examples" = [{"line": "{{line}}"}]))]
    pub(crate) at: Option<Anchor>,
}

/// A line that an edit is tied to.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Anchor {
    /// The line's number, from 1: a template such as `"{{line}}"`.
    pub(crate) line: String,
    /// The column, from 1, that the match must start at or cover. A template.
    pub(crate) column: Option<String>,
    /// How many lines off it may be; 0 unless said otherwise.
    #[schemars(range(max = 1000))]
    pub(crate) within: Option<u32>,
    /// Where the text that starts at the line and column ends: the match must be all of it.
    pub(crate) to: Option<AnchorEnd>,
}

/// The end of the text that an edit is tied to.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnchorEnd {
    /// The line's number, from 1: a template such as `"{{end_line}}"`.
    pub(crate) line: String,
    /// The column, from 1, exclusive: a template such as `"{{end_column}}"`.
    pub(crate) column: String,
}

/// Sees to it that a line is in a file, at its place if it was missing; or that no line like it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = exactly(&["present", "absent"])))]
pub(crate) struct Line {
    /// The file, as a template.
    pub(crate) file: String,
    /// The line that must be there, as a template.
    pub(crate) present: Option<String>,
    /// A regular expression, as a template, that no line may fit.
    pub(crate) absent: Option<String>,
    /// Where a missing line is put: `start` or `end` of the file; `end` unless said otherwise.
    #[schemars(regex(pattern = "^(start|end)$"), extend("patternErrorMessage" = "write `start` or `end`"))]
    pub(crate) at: Option<String>,
    /// A regular expression, as a template: a missing line is put after the last line that fits.
    pub(crate) after: Option<String>,
    /// A regular expression, as a template: a missing line is put before the first line that fits.
    pub(crate) before: Option<String>,
}

/// Asks which way to go; the only way that is offered is taken unasked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choose {
    /// What is asked, as a template.
    pub(crate) question: String,
    /// The ways, in order.
    #[schemars(length(min = 1))]
    pub(crate) options: Vec<Choice>,
    /// The name of the one taken when no person is there; without it, nothing is.
    pub(crate) default: Option<String>,
}

/// One way to go.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    /// Its name.
    pub(crate) name: String,
    /// What a person reads, as a template.
    pub(crate) label: String,
    /// Whether it is offered: a condition on files, documents, processes or the environment.
    pub(crate) when: Option<Trigger>,
    /// What is done, in order.
    #[schemars(length(min = 1))]
    pub(crate) steps: Vec<Step>,
}
