use clap::{ArgGroup, Args};
use heal_model::duration;

#[derive(Args)]
#[command(
    after_help = "Examples:\n  heal log --incidents\n  heal forget 4f2a81\n  heal forget --older-than 30d",
    arg_required_else_help = true
)]
pub(in crate::cli) struct Forget {
    /// The incidents, by their ids or the first letters of them
    #[arg(value_name = "ID", required_unless_present_any = ["all", "older_than"])]
    pub(in crate::cli) incidents: Vec<String>,
    /// All of them, and what passing runs printed
    #[arg(long, conflicts_with_all = ["incidents", "older_than"])]
    pub(in crate::cli) all: bool,
    /// Those that were recorded so long ago: 12h, 30d, 8w
    #[arg(long, value_name = "AGE", conflicts_with = "incidents", value_parser = age)]
    pub(in crate::cli) older_than: Option<Age>,
    /// Show what would be forgotten, and forget nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  heal learn\n  heal learn --from failed.log --before old/ --after src/\n  \
    heal learn --from-git main~20..main -- cargo check\n  heal learn --narrow -- cargo check\n  heal learn --reject unknown-setting\n  heal learn --promote learned/unknown-setting",
    group = ArgGroup::new("runs").args(["from_git", "narrow"]).multiple(true)
)]
pub(in crate::cli) struct Learn {
    /// Write every rule that passes all gates, without asking
    #[arg(long, short)]
    pub(in crate::cli) yes: bool,
    /// Show what would be written, and do nothing
    #[arg(long, conflicts_with = "yes")]
    pub(in crate::cli) dry_run: bool,
    /// Learn from the output of a failed run besides; or from a folder of folders that hold failed.log, before and after
    #[arg(long, value_name = "FAILED.log")]
    pub(in crate::cli) from: Option<String>,
    /// The files at that failure: a folder, the one file, or a revision
    #[arg(long, value_name = "DIR|FILE|REV", requires_all = ["from", "after"])]
    pub(in crate::cli) before: Option<String>,
    /// The files once it was mended
    #[arg(long, value_name = "DIR|FILE|REV", requires_all = ["from", "before"])]
    pub(in crate::cli) after: Option<String>,
    /// The command that failed then, as it was typed; it is not run
    #[arg(long = "command", value_name = "CMD", requires = "from")]
    pub(in crate::cli) failed: Option<String>,
    /// Learn from history besides: run CMD before and after each commit, in a copy of the repository
    #[arg(long, value_name = "RANGE", requires = "command")]
    pub(in crate::cli) from_git: Option<String>,
    /// Of failures of CMD that several changes ended find out which were needed, by running it on a copy with some of them
    #[arg(long, requires = "command")]
    pub(in crate::cli) narrow: bool,
    /// Write one of the rules that may be written, without asking; one that was rejected is taken back by it
    #[arg(long, value_name = "RULE", conflicts_with = "yes")]
    pub(in crate::cli) accept: Option<String>,
    /// Want no rule for a lesson: it is not proposed again, unless more incidents teach more
    #[arg(long, value_name = "RULE", conflicts_with_all = ["yes", "dry_run", "accept"])]
    pub(in crate::cli) reject: Option<String>,
    /// Let a learned rule go one step further: from manual to unsafe, from unsafe to safe
    #[arg(long, value_name = "RULE", conflicts_with_all = ["yes", "dry_run", "from", "runs", "accept", "reject"])]
    pub(in crate::cli) promote: Option<String>,
    /// Let a learned rule go one step less far
    #[arg(long, value_name = "RULE", conflicts_with_all = ["promote", "yes", "dry_run", "from", "runs", "accept", "reject"])]
    pub(in crate::cli) demote: Option<String>,
    /// Write into the playbook how far its learned rules may go by now, and the incidents that they would have mended
    #[arg(long, conflicts_with_all = ["promote", "demote", "from", "runs", "accept", "reject"])]
    pub(in crate::cli) sync: bool,
    /// List the failures on record that no rule names, grouped, the most frequent first
    #[arg(long, conflicts_with_all = ["promote", "demote", "sync", "yes", "dry_run", "from", "runs", "accept", "reject"])]
    pub(in crate::cli) unknown: bool,
    /// The command that shows what each change mended
    #[arg(value_name = "CMD", last = true, requires = "runs")]
    pub(in crate::cli) command: Vec<String>,
}

#[derive(Args)]
#[command(after_help = "Example: heal new unknown-setting --from 1")]
pub(in crate::cli) struct New {
    /// The rule's name; `playbook/rule` writes it to .heal/playbook.yaml
    pub(in crate::cli) rule: String,
    /// The group of failures that it is for, by its number or key as `heal learn --unknown` lists them
    #[arg(long, value_name = "GROUP")]
    pub(in crate::cli) from: String,
    /// Show what would be written, and do nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
}

/// A length of time, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Age(pub(in crate::cli) i64);

fn age(text: &str) -> Result<Age, String> {
    let span = duration(text).and_then(|span| i64::try_from(span.as_millis()).ok());
    span.map(Age).ok_or_else(|| "type a number and its unit, as in 12h, 30d or 8w".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Age, age};

    #[test]
    fn ages_are_numbers_with_units() {
        assert_eq!(age("2d"), Ok(Age(2 * 24 * 60 * 60 * 1000)));
        assert_eq!(age("1h"), Ok(Age(60 * 60 * 1000)));
        for wrong in ["", "d", "2", "-1d", "é"] {
            let help = "type a number and its unit, as in 12h, 30d or 8w";
            assert_eq!(age(wrong), Err(help.to_owned()), "{wrong}");
        }
    }
}
