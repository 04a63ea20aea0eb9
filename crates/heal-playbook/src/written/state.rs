use std::collections::BTreeMap;

use heal_model::{FileIs, ProcessState};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Duration, Exit, Pattern, Retry, Share, Size, Word};

/// A file's state; all that is given must hold. A finding's captures hold `file`, and `line` where `contains` fits.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 2))]
pub(crate) struct FileTrigger {
    /// A path or glob inside the project, as a template: one finding for each file that fits.
    pub(crate) path: String,
    /// What the file is.
    pub(crate) is: Option<Word<FileIs>>,
    /// A pattern that some line of it holds.
    pub(crate) contains: Option<Pattern>,
    /// A pattern that no line of it holds.
    pub(crate) lacks: Option<Pattern>,
    /// A JSON Schema file that its content fails.
    pub(crate) invalid_against: Option<String>,
    /// Not changed for this long.
    pub(crate) older_than: Option<Duration>,
    /// Larger than this.
    pub(crate) larger_than: Option<Size>,
}

/// Nodes of a document: one finding for each; all that is given must hold of a node. A finding's captures hold `file`,
/// `node` (its text), `pointer` (its JSON pointer) and what `bind` names.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentTrigger {
    /// A path or glob, as a template; the ending tells JSON, YAML or TOML.
    pub(crate) file: String,
    /// A JSONPath (RFC 9535) such as `$.tasks[*].status`.
    pub(crate) select: String,
    /// Whether the finding is that nothing was selected.
    pub(crate) missing: Option<bool>,
    /// What the node is.
    #[serde(default, deserialize_with = "given")]
    pub(crate) equals: Option<Value>,
    /// A pattern that its text holds.
    pub(crate) matches: Option<Pattern>,
    /// A time (RFC 3339, or seconds since 1970) that lies this long back.
    pub(crate) older_than: Option<Duration>,
    /// A number above this.
    pub(crate) more_than: Option<f64>,
    /// A number below this.
    pub(crate) less_than: Option<f64>,
    /// Captures from inside the node: names, each with a JSONPath in which `$` is the node: `{id: $.id}`.
    #[serde(default)]
    #[schemars(extend("minProperties" = 1))]
    pub(crate) bind: BTreeMap<String, String>,
}

/// Tells a null that is written from nothing at all.
fn given<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(input).map(Some)
}

/// The share of records that fail, over a threshold. A finding's captures hold `file`, `group`, `failures`, `total` and
/// `percent`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateTrigger {
    /// The log, as a template: one record a line.
    pub(crate) file: String,
    /// A pattern for the lines that are records, with named captures.
    pub(crate) record: Pattern,
    /// A pattern for the records that fail.
    pub(crate) failing: Pattern,
    /// The capture of `record` that groups them: one finding a group.
    pub(crate) by: Option<String>,
    /// The share above which it is a finding: `0.1` or `10%`.
    pub(crate) over: Share,
    /// How many records there must be; 20 unless said otherwise.
    #[schemars(range(min = 1))]
    pub(crate) at_least: Option<u32>,
    /// Only records whose `time` capture is this young.
    pub(crate) window: Option<Duration>,
}

/// A process: the one that a pid file names (`pid_file`), the one that a lock or lease records (`pid`, with `started`,
/// `boot` and `host` where they are known), or each that is like what is said (`name`, `within`, `listens`). A finding's
/// captures hold `pid`, `program` (its name, while it runs) and, for a pid file, `file`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    extend("anyOf" = [
        {"required": ["pid_file"]}, {"required": ["pid"]}, {"required": ["name"]}, {"required": ["within"]},
        {"required": ["listens"]},
    ]),
    extend("dependentSchemas" = {
        "pid_file": {"not": {"anyOf": [
            {"required": ["pid"]}, {"required": ["name"]}, {"required": ["within"]}, {"required": ["listens"]},
        ]}},
        "pid": {"not": {"anyOf": [{"required": ["name"]}, {"required": ["within"]}, {"required": ["listens"]}]}},
        "started": {"required": ["pid"]},
        "boot": {"required": ["pid"]},
        "host": {"required": ["pid"]},
    })
)]
pub(crate) struct ProcessTrigger {
    /// The file with the pid, its first number: a path or glob, as a template.
    pub(crate) pid_file: Option<String>,
    /// The pid, as a template such as `"{{pid}}"`.
    pub(crate) pid: Option<String>,
    /// When the process of that pid started (RFC 3339, or seconds since 1970), as a template: one that started
    /// otherwise is another.
    pub(crate) started: Option<String>,
    /// The boot id of the machine when the pid was recorded (`/proc/sys/kernel/random/boot_id`), as a template: after
    /// a restart of the machine the process is dead, whoever has its pid.
    pub(crate) boot: Option<String>,
    /// The name of the machine that it runs on, as a template: on another, nothing is found.
    pub(crate) host: Option<String>,
    /// A pattern that the program's name holds.
    pub(crate) name: Option<Pattern>,
    /// The folder of the project that its working folder lies in, as a template; `.` is the whole project.
    pub(crate) within: Option<String>,
    /// The TCP port that it listens on, as a template.
    pub(crate) listens: Option<String>,
    /// What has become of the process; `alive` unless said otherwise.
    pub(crate) is: Option<Word<ProcessState>>,
}

/// What a command says when it is run to find out; it runs only where the playbook may act. A finding's captures hold
/// `exit`, and those of `output`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProbeTrigger {
    /// The program and its arguments, each a template.
    #[schemars(length(min = 1))]
    pub(crate) argv: Vec<String>,
    /// The exit codes that make a finding: a number, a list, or `failure` for every code but 0.
    pub(crate) exit: Option<Exit>,
    /// A pattern for output that makes a finding.
    pub(crate) output: Option<Pattern>,
    /// How long it may take; `30s` unless said otherwise, and twice that when it is tried again.
    pub(crate) timeout: Option<Duration>,
    /// When it is tried again, as for a step; once, after it did not end in time, unless said otherwise. What it says at
    /// the last try counts.
    pub(crate) retry: Option<Retry>,
    /// `true`: the finding is that it does not end in time.
    #[schemars(extend("enum" = [true]))]
    pub(crate) hangs: Option<bool>,
}

/// An environment variable. A finding's captures hold `name` and `value`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnvTrigger {
    /// The variable's name.
    pub(crate) name: String,
    /// Whether it must be set; true unless said otherwise.
    pub(crate) set: Option<bool>,
    /// A pattern that its value holds.
    pub(crate) matches: Option<Pattern>,
}

/// A rendered value, compared.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 2))]
pub(crate) struct ValueTrigger {
    /// The value, as a template.
    pub(crate) is: String,
    /// What it is, as a template.
    pub(crate) equals: Option<String>,
    /// A pattern that it holds.
    pub(crate) matches: Option<Pattern>,
    /// A time (RFC 3339, or seconds since 1970) that lies this long back.
    pub(crate) older_than: Option<Duration>,
    /// A number above this.
    pub(crate) more_than: Option<f64>,
    /// A number below this.
    pub(crate) less_than: Option<f64>,
}
