use std::collections::BTreeMap;

use heal_model::{Safety, Severity};
use schemars::JsonSchema;
use serde::Deserialize;

use super::exact::{exact, one_of_types};
use super::step::Step;
use super::trigger::Trigger;
use super::{Gone, Instant, Name, Pattern, Retry, Short, Timeout, Word};

/// A trigger, and the steps that mend what it finds. A rule without steps only names what was seen.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// The rule's name within its playbook.
    #[schemars(extend("examples" = ["moved-symbol"]))]
    pub(crate) id: Name,
    /// One line that says what is wrong. A template that knows the trigger's captures.
    #[schemars(extend("examples" = ["{{symbol}} is no longer defined in {{module}}"]))]
    pub(crate) title: String,
    /// A word to group rules by: `import`, `borrow`, `network` …
    #[schemars(extend("examples" = ["import"]))]
    pub(crate) category: Option<Name>,
    /// How bad the failure is; `medium` unless said otherwise.
    pub(crate) severity: Option<Word<Severity>>,
    /// How the fix may be applied; `unsafe` unless said otherwise.
    pub(crate) safety: Option<Word<Safety>>,
    /// What the failure means, why it happens and what heal does, in Markdown.
    pub(crate) explain: Option<String>,
    /// Pages to read.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) links: Vec<Link>,
    /// Rules of other playbooks, `playbook/rule`, that are known to fire on the same output.
    #[serde(default)]
    #[schemars(length(min = 1))]
    #[schemars(extend("examples" = [["python/module-missing"]]))]
    pub(crate) also: Vec<WholeId>,
    /// What each capture must look like before a command may use it; `ident` where nothing is said.
    #[serde(default)]
    #[schemars(extend("examples" = [{"file": "path", "crate": "ident"}]))]
    pub(crate) captures: BTreeMap<String, CaptureType>,
    /// What must be seen.
    pub(crate) trigger: Trigger,
    /// What is done, in order. Templates know the trigger's captures, `file`, `line` and `column` where they are known,
    /// what earlier steps have bound, the playbook's `vars` and `sources`, and `python`: the Python that the failed
    /// command used, for what must go into the same environment. Where heal can't be sure which that was, a step that
    /// names it is refused.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) steps: Vec<Step>,
    /// How it is known that the fix helped; if it did not, it is rolled back.
    #[schemars(extend("examples" = [{"rerun": true}, {"command": ["cargo", "check"]}]))]
    pub(crate) verify: Option<Verify>,
    /// The rule's own retry policy.
    pub(crate) retry: Option<Retry>,
    /// The rule's own time limits.
    pub(crate) timeout: Option<Timeout>,
    /// Examples that fit and that must not; `heal test` runs them.
    #[serde(default)]
    #[schemars(length(min = 1))]
    #[schemars(extend("examples" = [[{"output": "error: no module x", "files": {"a.py": "import x\n"}, "expect": {"captures": {"module": "x"}}}, {"output": "fine", "expect": {"match": "none"}}]]))]
    pub(crate) tests: Vec<RuleTest>,
    /// For a learned rule: where it comes from. heal writes it.
    pub(crate) learned: Option<Provenance>,
}

exact!(
    /// A link to a page.
    Link(String), {
        "type": "string",
        "pattern": "^https?://[^ ]+$",
        "patternErrorMessage": "write a link that starts with `https://`",
    }
);

exact!(
    /// A rule's whole id.
    WholeId(String), {
        "type": "string",
        "pattern": "^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$",
        "patternErrorMessage": "write a rule's whole id, `playbook/rule`",
    }
);

/// What a capture must look like: a word for a kind, or a map with the texts allowed.
pub(crate) type CaptureType = Short<CaptureKind, CaptureEnum>;

exact!(
    /// A kind of capture.
    CaptureKind(String), {
        "type": "string",
        "pattern": "^(ident|path|version|int|line)$",
        "patternErrorMessage": "write `ident`, `path`, `version`, `int`, `line`, or `{enum: […]}`",
    }
);

/// What a capture must look like: `ident` (a name), `path` (a path inside the project that exists), `version`, `int`
/// (a whole number), `line` (one line of any text), or a map with the texts allowed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CaptureType")]
pub(crate) struct CaptureEnum {
    /// The texts allowed.
    #[serde(rename = "enum")]
    #[schemars(length(min = 1))]
    pub(crate) one_of: Vec<String>,
}

/// How it is known that a fix helped; all that is given must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub(crate) struct Verify {
    /// Whether the command that failed is run again. Where it still fails in the same way, what was applied is taken back.
    pub(crate) rerun: Option<bool>,
    /// A command that must pass: program and arguments, each a template.
    #[schemars(length(min = 1))]
    #[schemars(extend("examples" = [["pytest", "-q", "{{file}}"]]))]
    pub(crate) command: Option<Vec<String>>,
    /// What the command's output must and must not say.
    pub(crate) success_indicators: Option<Indicators>,
    /// Conditions on files, documents, processes or the environment that must hold.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) conditions: Vec<Trigger>,
    /// How long the command may take.
    pub(crate) timeout: Option<Timeout>,
}

/// What a verifying command's output must and must not say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub(crate) struct Indicators {
    /// Patterns that must each be found.
    #[serde(default)]
    #[schemars(length(min = 1))]
    #[schemars(extend("examples" = [[r"^\d+ passed"]]))]
    pub(crate) must: Vec<Pattern>,
    /// Patterns none of which may be found.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) must_not: Vec<Pattern>,
}

/// An example of a rule: what is seen, and what must come of it; without `expect`, at least one finding.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleTest {
    /// What the example shows.
    pub(crate) name: Option<String>,
    /// Output of a command.
    pub(crate) output: Option<String>,
    /// The command that the output came from.
    pub(crate) command: Option<String>,
    /// The exit code of that command.
    pub(crate) exit: Option<i32>,
    /// The project's files, by path.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    /// The environment.
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    /// The time, as RFC 3339 writes times; the start of 1970 unless said otherwise.
    pub(crate) now: Option<Instant>,
    /// When files were last changed, by path; the start of 1970 unless said otherwise.
    #[serde(default)]
    pub(crate) modified: BTreeMap<String, Instant>,
    /// The version that heal keeps of a file, by path: what `restore` brings back.
    #[serde(default)]
    pub(crate) kept: BTreeMap<String, String>,
    /// The processes that run.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) processes: Vec<TestProcess>,
    /// The machine's boot id.
    pub(crate) boot: Option<String>,
    /// What the commands of `probe` triggers say.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) probes: Vec<TestProbe>,
    /// What must come of it.
    pub(crate) expect: Option<Expect>,
}

/// What a command of a `probe` trigger says where a rule is tested.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestProbe {
    /// The program and its arguments, filled in.
    #[schemars(length(min = 1))]
    pub(crate) argv: Vec<String>,
    /// The code it ends with; 0 unless said otherwise.
    pub(crate) exit: Option<i32>,
    /// What it prints.
    pub(crate) output: Option<String>,
    /// `true`: it does not end in time.
    #[schemars(extend("enum" = [true]))]
    pub(crate) hangs: Option<bool>,
}

/// A process that runs where an example is looked at.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestProcess {
    /// Its pid.
    #[schemars(range(min = 1))]
    pub(crate) pid: u32,
    /// Its program's name.
    pub(crate) name: Option<String>,
    /// When it started; the start of 1970 unless said otherwise.
    pub(crate) started: Option<Instant>,
    /// The pid of the process that started it; 1 is the one that takes orphans over.
    pub(crate) parent: Option<u32>,
    /// Its working folder, from the project's root; outside unless said otherwise.
    pub(crate) folder: Option<String>,
    /// The TCP port that it listens on.
    pub(crate) listens: Option<u16>,
}

/// What must come of an example.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub(crate) struct Expect {
    /// How many findings, or `none`; at least one where nothing is said.
    #[serde(rename = "match")]
    #[schemars(extend("examples" = ["none", 2]))]
    pub(crate) matches: Option<Matches>,
    /// Captures of the first finding.
    #[serde(default)]
    pub(crate) captures: BTreeMap<String, String>,
    /// Every file that the fix changes, whole; null where it must be gone.
    #[serde(default)]
    #[schemars(extend("examples" = [{"app.py": "from core.matrix import Level\n", "old.py": null}]))]
    pub(crate) files: BTreeMap<String, Gone>,
    /// Commands that the fix runs.
    #[serde(default)]
    #[schemars(length(min = 1), inner(length(min = 1)))]
    pub(crate) commands: Vec<Vec<String>>,
    /// Words that the guide must hold.
    pub(crate) guide: Option<String>,
    /// Part of the reason for which planning must refuse.
    pub(crate) refused: Option<String>,
}

one_of_types!(
    /// How many findings there must be.
    Matches { Count(u32), None(String) }, {
        "type": ["integer", "string"],
        "minimum": 0,
        "maximum": 10000,
        "pattern": "^none$",
        "patternErrorMessage": "write a number of findings, or `none`",
    }
);

/// Where a learned rule comes from.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provenance {
    /// The incidents' ids.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) incidents: Vec<String>,
    /// When it was first learned, as RFC 3339 writes times.
    pub(crate) since: Option<String>,
    /// The version of the signature, `sig-v1`.
    pub(crate) signature: Option<String>,
}
