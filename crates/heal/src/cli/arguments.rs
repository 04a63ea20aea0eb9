mod learning;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use super::run::Run;
use super::span::{Span, limit};
pub(super) use super::watch::Watch;
pub(super) use learning::{Age, Forget, Learn, New};

/// Turns a failure that someone has mended once into a rule that mends it for everyone.
///
/// Pipe a failing command's output in, look at the diff, apply it, and take it back if you like:
///
///     pytest 2>&1 | heal match
#[derive(Parser)]
#[command(name = "heal", version, verbatim_doc_comment, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 done · 1 not healed, or nothing matched · 2 usage or an invalid playbook ·\n\
    3 a person must act · 4 refused, nothing changed · 5 applied, did not help, rolled back"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) options: Options,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What every command takes.
#[derive(Args, Clone, Default)]
pub(super) struct Options {
    /// Work as if started in this folder
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR")]
    pub(super) directory: Option<PathBuf>,
    /// How to print the result
    #[arg(long, global = true, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub(super) format: Format,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a person
    #[default]
    Text,
    /// One JSON document; its schema: heal schema report
    Json,
    /// One JSON object a line (match --list and watch)
    Jsonl,
    /// Annotations of GitHub Actions (match, check and lint)
    Github,
    /// SARIF 2.1.0 (match and check)
    Sarif,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Bring files to the state that playbooks declare: preview, ask, apply, verify
    Apply(Apply),
    /// Say what `apply` would do, and do nothing
    Check(Check),
    /// Name the known failures in a command's output, and preview their fixes
    Match(Match),
    /// Run a command; while it fails in a way that is known, mend that and run it again
    Run(Run),
    /// Look whenever files change and from time to time, and tell what comes and goes; --fix mends it
    Watch(Watch),
    /// Take an operation back; naming an undo brings it back again
    Undo(Undo),
    /// List what heal has done here, newest first
    Log(Log),
    /// Turn failures that were mended into rules: list them, look at each, write those that you accept
    Learn(Learn),
    /// Start a rule for failures that none names yet
    New(New),
    /// Remove failures from the record that `heal run` keeps
    Forget(Forget),
    /// Show one operation whole: its receipt and its diff
    Show(Show),
    /// Check playbooks, and show every problem at its place
    Lint(Playbooks),
    /// Run the rules' own tests
    Test(Test),
    /// List every rule, and where it comes from
    List(List),
    /// Explain a rule: what it means, why it happens, what heal does
    Explain(Explain),
    /// Say why a rule did not match: its nearest miss
    Why(Why),
    /// Print a JSON Schema
    Schema(Schema),
    /// Allow a repository's playbook to act, after a look at what it would do
    Trust(Trust),
    /// Stop trusting a playbook
    Untrust(Untrust),
    /// Write a commented start into .heal/; never overwrites
    Init(Init),
    /// Print shell completions
    Completions(Completions),
    /// Print a man page
    Man(Man),
}

#[derive(Args)]
pub(super) struct Init {
    /// Copy a playbook that heal brings for projects to set up, `resilience/stale-lock`; repeat for more
    #[arg(long, value_name = "NAME")]
    pub(super) with: Vec<String>,
    /// Show what would be written, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// On what kind of copy to rehearse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum On {
    /// An overlay over the project where the kernel lets heal, else copies
    Best,
    /// Copies of the files that git would not ignore
    Copy,
}

/// How far heal may go without asking.
#[derive(Args, Clone, Default)]
pub(super) struct Consent {
    /// Apply `safe` fixes without asking
    #[arg(long, short)]
    pub(super) yes: bool,
    /// Count `unsafe` fixes in as well; `manual` ones never
    #[arg(long = "unsafe")]
    pub(super) also_unsafe: bool,
    /// Show what would be done, and do nothing, whatever else is said
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Apply just the plan with this id, as it was previewed, or refuse
    #[arg(long, value_name = "ID", conflicts_with = "dry_run")]
    pub(super) plan: Option<String>,
    /// End it all within so long, 30s or 1m30s: 100 s where nothing is said; what `run` wraps may take longer then
    #[arg(long, value_name = "SPAN", value_parser = limit)]
    pub(super) deadline: Option<Span>,
}

#[derive(Args)]
#[command(after_help = "Example: heal apply .heal/files.yaml")]
pub(super) struct Apply {
    /// Playbooks to apply; naming one is consent for this call. Those of the project where none is named
    #[arg(value_name = "PLAYBOOK")]
    pub(super) playbooks: Vec<String>,
    /// Do it all on a copy of the project first, commands included; then show one diff, and apply exactly that. What
    /// commands do outside the project is real
    #[arg(long, value_enum, value_name = "ON", num_args = 0..=1, require_equals = true, default_missing_value = "best")]
    pub(super) rehearse: Option<On>,
    #[command(flatten)]
    pub(super) consent: Consent,
}

#[derive(Args)]
#[command(after_help = "Example: heal check --format github")]
pub(super) struct Check {
    /// Playbooks to check; those of the project where none is named
    #[arg(value_name = "PLAYBOOK")]
    pub(super) playbooks: Vec<String>,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  pytest 2>&1 | heal match\n  heal match --fix --command 'cargo build' build.log"
)]
pub(super) struct Match {
    /// Files with output; standard input where none is named
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<String>,
    /// Apply the fixes: asks first, or takes --yes
    #[arg(long)]
    pub(super) fix: bool,
    #[command(flatten)]
    pub(super) consent: Consent,
    /// The command that printed it: rules for other commands stay silent, and a fix is verified by running it again
    #[arg(long, value_name = "CMD")]
    pub(super) command: Option<String>,
    /// The code that command ended with
    #[arg(long, value_name = "CODE", allow_negative_numbers = true)]
    pub(super) exit: Option<i32>,
    /// Which of the command's streams it is; both where nothing is said
    #[arg(long, value_enum, value_name = "STREAM")]
    pub(super) stream: Option<StreamName>,
    /// Pass the input through; on a terminal this happens anyway
    #[arg(long)]
    pub(super) tee: bool,
    /// List what tools complained of, in one form whatever they printed: rules are not asked
    #[arg(long, conflicts_with_all = ["fix", "plan", "yes"])]
    pub(super) list: bool,
    /// Read the output as this format alone: text, cargo, rustc, junit, sarif, tap, eslint, ruff, mypy, pytest, go,
    /// pylint, shellcheck, terraform, or what the extractors of this tool read
    #[arg(long, value_name = "FORMAT")]
    pub(super) input_format: Option<String>,
    /// Record the failure; and with --exit 0, that the command passes again and what has become of its files
    #[arg(long, requires_all = ["command", "exit"], conflicts_with = "list")]
    pub(super) record: bool,
    /// A playbook to use besides, before all others; may be given several times
    #[arg(long = "playbook", value_name = "FILE")]
    pub(super) playbooks: Vec<String>,
}

/// One of a command's streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum StreamName {
    /// Standard output
    Stdout,
    /// Standard error
    Stderr,
}

#[derive(Args)]
#[command(after_help = "Example: heal undo")]
pub(super) struct Undo {
    /// The operation; the newest where none is named
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub(super) id: Option<String>,
    /// Where a file has changed since: take heal's change back and keep the other, or refuse where both are in one place
    #[arg(long, conflicts_with = "to_dir")]
    pub(super) merge: bool,
    /// Leave the files as they are, and write what they were into this folder of the project
    #[arg(long, value_name = "DIR")]
    pub(super) to_dir: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Args)]
pub(super) struct Log {
    /// At most so many
    #[arg(long, short = 'n', default_value = "20", value_name = "COUNT")]
    pub(super) limit: NonZeroUsize,
    /// List the failures that are on record instead, and how each ended
    #[arg(long)]
    pub(super) incidents: bool,
}

#[derive(Args)]
pub(super) struct Show {
    /// The operation, or the first letters of its id; the newest where none is named
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub(super) id: Option<String>,
}

#[derive(Args)]
#[command(after_help = "Example: heal lint .heal/*.yaml")]
pub(super) struct Playbooks {
    /// Playbooks; those of the project where none is named
    #[arg(value_name = "PLAYBOOK")]
    pub(super) playbooks: Vec<String>,
}

#[derive(Args)]
#[command(after_help = "Example: heal test --noise logs/passing .heal/rules.yaml")]
pub(super) struct Test {
    /// Playbooks; those of the project where none is named
    #[arg(value_name = "PLAYBOOK")]
    pub(super) playbooks: Vec<String>,
    /// Rewrite the expectations that differ, after showing them
    #[arg(long)]
    pub(super) update: bool,
    /// A folder of outputs of passing runs, on which no rule may fire
    #[arg(long, value_name = "DIR")]
    pub(super) noise: Vec<String>,
    /// With --update: rewrite without asking
    #[arg(long, short)]
    pub(super) yes: bool,
    /// With --update: show what would be rewritten, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Args)]
pub(super) struct List {
    /// Only rules whose id, title or category holds this
    pub(super) filter: Option<String>,
    /// Each rule on a line of its own, also those that are built in
    #[arg(long)]
    pub(super) all: bool,
    /// Only rules that are held back since more than a tenth of their fixes failed
    #[arg(long)]
    pub(super) held: bool,
}

#[derive(Args)]
pub(super) struct Explain {
    /// The rule: playbook/rule, or its own name
    pub(super) rule: String,
}

#[derive(Args)]
#[command(after_help = "Example: heal why python/module-missing build.log")]
pub(super) struct Why {
    /// The rule: playbook/rule, or its own name
    pub(super) rule: String,
    /// A file with output; standard input where none is named
    pub(super) file: Option<String>,
    /// The command that printed it
    #[arg(long, value_name = "CMD")]
    pub(super) command: Option<String>,
    /// The code that command ended with
    #[arg(long, value_name = "CODE", allow_negative_numbers = true)]
    pub(super) exit: Option<i32>,
}

#[derive(Args)]
pub(super) struct Schema {
    /// Of what
    #[arg(value_enum, default_value_t = SchemaOf::Playbook)]
    pub(super) of: SchemaOf,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// Playbooks
    Playbook,
    /// How output is read: .heal/extract/*.yaml
    Extract,
    /// What --format json prints
    Report,
    /// heal's journal
    Journal,
}

#[derive(Args)]
pub(super) struct Trust {
    /// The playbook, by its path in the repository; all of .heal/ where none is named
    pub(super) playbook: Option<String>,
    /// Trust it without asking if this is its hash, as `heal trust` shows it
    #[arg(long, value_name = "sha256:…")]
    pub(super) hash: Option<String>,
    /// Set a rule free that was held back since more than a tenth of its fixes failed
    #[arg(long, value_name = "RULE", conflicts_with_all = ["playbook", "hash", "dry_run"])]
    pub(super) rule: Option<String>,
    /// Show what would be allowed, and allow nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Args)]
pub(super) struct Untrust {
    /// The playbook, by its path in the repository
    pub(super) playbook: String,
    /// Say what would change, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Args)]
#[command(after_help = "Example: heal completions bash > ~/.local/share/bash-completion/completions/heal")]
pub(super) struct Completions {
    /// For which shell
    pub(super) shell: clap_complete::Shell,
}

#[derive(Args)]
pub(super) struct Man {
    /// The command whose page is printed; heal's own where none is named
    pub(super) command: Option<String>,
}
