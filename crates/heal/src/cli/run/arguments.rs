use clap::Args;
use heal_model::command_line;

use super::retry_on::RetryOn;
use crate::cli::arguments::{Consent, On};
use crate::cli::span::{BreakerSpans, Span, Spans, limits};

#[derive(Args, Clone)]
#[command(
    after_help = "Examples:\n  heal run --yes -- pytest -q\n  heal run --retry 3 --timeout 30s -- make fetch\n\n\
    What the command prints passes through; heal's own words go to standard error. So does the report of\n\
    --format json, after all that the command printed there: --receipt FILE writes it to a file instead.\n\
    Durations are 500ms, 30s, 1m30s, 2h or a number of seconds.\n\n\
    Exit codes:\n  0    it passes, at once or healed\n  124  its time ran out\n  \
    4    its breaker is open, or what was rehearsed can't be carried over\n  \
    128+ a signal ended heal, or the command\n\
    Else the command's own, also where a fix did not help and was taken back."
)]
pub(in crate::cli) struct Run {
    #[command(flatten)]
    pub(in crate::cli) consent: Consent,
    /// Mend and run again at most so often
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    pub(in crate::cli) max_rounds: u32,
    /// Try a command that fails so many times in all, waiting 100 ms, 200 ms, 400 ms … in between
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(in crate::cli) retry: Option<u32>,
    /// Try again only after: any failure, known (a rule calls it transient), timeout, exit=CODE,… or output=PATTERN; may be
    /// given several times
    #[arg(long, value_name = "WHAT", requires = "retry")]
    pub(in crate::cli) retry_on: Vec<RetryOn>,
    /// The first wait, and the longest: 100ms,30s where nothing is said
    #[arg(long, value_name = "FIRST[,LONGEST]", requires = "retry")]
    pub(in crate::cli) backoff: Option<Spans>,
    /// Draw each wait between nothing and its length, so that many do not try at the same moment
    #[arg(long, requires = "retry")]
    pub(in crate::cli) jitter: bool,
    /// End the command after so long, by force 2 s later, and a later try after twice that or the second; it may take as
    /// long as it likes where nothing is said
    #[arg(long, value_name = "FIRST[,LATER]", value_parser = limits)]
    pub(in crate::cli) timeout: Option<Spans>,
    /// Leave the command alone for a while once it has failed so often in a row, whoever ran it: 5,60s
    #[arg(long, value_name = "FAILURES[,COOLDOWN]", num_args = 0..=1, require_equals = true, default_missing_value = "5,60s")]
    pub(in crate::cli) breaker: Option<BreakerSpans>,
    /// Do it all on a copy of the project first, commands included; then show one diff, and apply exactly that. What
    /// commands do outside the project is real
    #[arg(long, value_enum, value_name = "ON", num_args = 0..=1, require_equals = true, default_missing_value = "best")]
    pub(in crate::cli) rehearse: Option<On>,
    /// Write the report to this file, as JSON: what the command did, what was found, planned and changed
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) receipt: Option<String>,
    /// A playbook to use besides, before all others; may be given several times
    #[arg(long = "playbook", value_name = "FILE")]
    pub(in crate::cli) playbooks: Vec<String>,
    /// The command and its arguments
    #[arg(value_name = "CMD", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub(in crate::cli) command: Vec<String>,
}

impl Run {
    /// The command, as it is shown: as a shell would take it.
    pub(super) fn line(&self) -> String {
        command_line(&self.command)
    }

    /// How long a first try may take, and a later one.
    pub(super) fn timeout(&self) -> Option<heal_model::Timeout> {
        let Spans { first, second } = self.timeout?;
        let Span(first) = first;
        let retry = second.map_or(first.saturating_mul(2), |Span(second)| second);
        Some(heal_model::Timeout { first, retry })
    }
}
