use std::borrow::Cow;
use std::collections::BTreeMap;

use heal_model::{Applicability, SignalName};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value;

use super::exact::exact;
use super::words::Words;
use super::{Duration, Exit, Short, Sure, Word};
use crate::schema::exactly;

/// Makes a file; never over one that exists.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = exactly(&["template", "content"])))]
pub(crate) struct Create {
    /// Where, as a template.
    pub(crate) path: String,
    /// A template file, named from the playbook's folder.
    pub(crate) template: Option<String>,
    /// The content, as a template written here.
    pub(crate) content: Option<String>,
    /// Whether it may be executed; false unless said otherwise.
    pub(crate) executable: Option<bool>,
}

/// Sets a value in a document.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Set {
    /// The file, as a template; its ending tells JSON, YAML or TOML.
    pub(crate) file: String,
    /// Dotted keys (`tool.pytest.ini_options.markers[+]`, `"a.b"` for a key with a dot) or a JSON pointer (`/a/b/0`).
    pub(crate) key: String,
    /// The value; texts in it are templates.
    pub(crate) value: Value,
}

/// A place in a document.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    /// The file, as a template; its ending tells JSON, YAML or TOML.
    pub(crate) file: String,
    /// Dotted keys (`tool.pytest.ini_options.markers[0]`, `"a.b"` for a key with a dot) or a JSON pointer (`/a/b/0`).
    pub(crate) key: String,
}

/// From where to where a file goes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transfer {
    /// From where, as a template.
    pub(crate) from: String,
    /// To where, as a template.
    pub(crate) to: String,
}

/// Deletes a file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Delete {
    /// Which, as a template.
    pub(crate) path: String,
}

/// Brings a file back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Restore {
    /// Which, as a template.
    pub(crate) path: String,
    /// From where: `backup`, `git` (its last commit), or `{git: REVISION}`.
    pub(crate) from: Short<RestoreFrom, Revision>,
}

exact!(
    /// Where a file is brought back from, in a word.
    RestoreFrom(String), {
        "type": "string",
        "pattern": "^(backup|git)$",
        "patternErrorMessage": "write `backup`, `git` or `{git: REVISION}`",
    }
);

/// A file's version in git.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revision {
    /// The commit, as a template: `HEAD`, `origin/main`, `{{commit}}`.
    pub(crate) git: String,
}

/// Applies a unified diff: one written here, or the one that the output holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = exactly(&["diff", "from"])))]
pub(crate) struct Patch {
    /// The diff, as a template.
    pub(crate) diff: Option<String>,
    /// `output`: the diff in the output that the finding came from.
    #[schemars(regex(pattern = "^output$"), extend("patternErrorMessage" = "write `output`"))]
    pub(crate) from: Option<String>,
    /// How many leading parts of its paths are dropped; `a/` and `b/` always are.
    #[schemars(range(max = 16))]
    pub(crate) strip: Option<u32>,
}

/// What a tool suggests: whatever can be applied as it is, or what a map allows.
pub(crate) type Suggestions = Short<Yes, SuggestionsMap>;

/// `true`, or how sure the tool must be at least.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Yes(pub(crate) Sure);

impl JsonSchema for Yes {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Yes".into()
    }

    /// No `enum`: that would hold for the map beside it as well.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = Applicability::WORDS.iter().map(|(word, _)| *word).collect();
        json_schema!({
            "type": ["boolean", "string"],
            "pattern": format!("^(?:{})$", words.join("|")),
            "not": { "const": false },
            "patternErrorMessage": format!("write `true`, or how sure the tool must be: {}", words.join(", ")),
        })
    }
}

/// Applies what the tool itself suggests.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Suggestions")]
pub(crate) struct SuggestionsMap {
    /// How sure the tool must be at least.
    pub(crate) applicability: Word<Applicability>,
}

/// Runs a command: `argv`, or `shell` text that captures reach as `HEAL_CAP_<name>` in its environment alone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = exactly(&["argv", "shell"]), "minItems" = 1))]
pub(crate) struct Run {
    /// The program and its arguments, each a template; each stays one argument.
    #[schemars(length(min = 1))]
    pub(crate) argv: Option<Vec<String>>,
    /// Shell text; it is never filled in.
    pub(crate) shell: Option<String>,
    /// The folder to run it in, as a template; the project's root unless said otherwise.
    pub(crate) cwd: Option<String>,
    /// Variables added to its environment, each a template. Of yours it has what says who you are, where tools and their
    /// files are and how to reach the network (`PATH`, `HOME`, `LANG`, `VIRTUAL_ENV`, `XDG_*`, proxies ...), and nothing
    /// else. What decides which code other programs load (`PATH`, `GIT_*`, `LD_*`, `PYTHON*`, `NODE_OPTIONS` ...) is written
    /// into the command, where a person sees it before it runs: `[env, GIT_EDITOR=true, git, rebase, --continue]`.
    #[serde(default)]
    #[schemars(extend("examples" = [{"DATABASE_URL": "sqlite:{{file}}"}]))]
    pub(crate) env: BTreeMap<String, String>,
    /// Exit codes that count as done; 0 unless said otherwise.
    pub(crate) exit: Option<Exit>,
    /// Whether it may be run again; false unless said otherwise.
    pub(crate) idempotent: Option<bool>,
    /// A path, as a template, that makes it needless when it is there.
    pub(crate) creates: Option<String>,
}

/// Signals a process: the one that a pid file names, or the one that is recorded by pid.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    extend("oneOf" = exactly(&["pid_file", "pid"])),
    extend("dependentRequired" = {"started": ["pid"], "boot": ["pid"], "host": ["pid"]})
)]
pub(crate) struct Signal {
    /// The file with its pid, as a template.
    pub(crate) pid_file: Option<String>,
    /// Its pid, as a template such as `"{{pid}}"`.
    pub(crate) pid: Option<String>,
    /// When the process of that pid started, as a template: one that started otherwise is left alone.
    pub(crate) started: Option<String>,
    /// The boot id of the machine when the pid was recorded, as a template.
    pub(crate) boot: Option<String>,
    /// The name of the machine that it runs on, as a template.
    pub(crate) host: Option<String>,
    /// Which signal.
    pub(crate) signal: Word<SignalName>,
    /// How long it has before it is killed.
    pub(crate) kill_after: Option<Duration>,
    /// Whether the processes that it has started, and those that they have, get it too.
    #[serde(default)]
    pub(crate) family: bool,
}
