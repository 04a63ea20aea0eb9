use std::time::Duration;

use heal_model::{EnvTrigger, ExitCodes, Pattern, Probe, ProbeTrigger, ValueTrigger, command_line, spoken};

use super::look::Look;
use super::spot::{Captures, Spot};
use super::time::{is_older, time};
use crate::seen::LONGEST_LINE;

/// How long a probe may take where nothing is said.
const PROBE_TIMEOUT: Duration = Duration::from_secs(30);

impl Look<'_> {
    /// The variable, where it is as the trigger asks.
    pub(crate) fn env(&mut self, trigger: &EnvTrigger) -> Vec<Spot> {
        let spot = Spot::default().with("name", &trigger.name);
        match self.world.env(&trigger.name) {
            None if !trigger.set => vec![spot],
            Some(value) if trigger.set => {
                let matched = self.matched(trigger.matches.as_ref(), &value);
                matched.map(|matched| matched.joined(&spot).with("value", value)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// The value, where it is what the trigger asks.
    pub(crate) fn value(&mut self, trigger: &ValueTrigger, given: &Captures) -> Vec<Spot> {
        let Some(value) = self.filled(&trigger.value, given) else { return Vec::new() };
        if let Some(wanted) = &trigger.equals
            && self.filled(wanted, given).as_ref() != Some(&value)
        {
            return Vec::new();
        }
        let number = value.trim().parse::<f64>().ok();
        let holds = trigger.more_than.is_none_or(|least| number.is_some_and(|number| number > least))
            && trigger.less_than.is_none_or(|most| number.is_some_and(|number| number < most))
            && trigger.older_than.is_none_or(|age| self.is_old(&value, age));
        if !holds {
            return Vec::new();
        }
        self.matched(trigger.matches.as_ref(), &value).into_iter().collect()
    }

    /// What a command said, where that is what the trigger asks.
    pub(crate) fn probe(&mut self, trigger: &ProbeTrigger, given: &Captures) -> Vec<Spot> {
        let argv = trigger.argv.iter().map(|argument| self.filled(argument, given)).collect();
        let Some(argv) = argv else { return Vec::new() };
        let probe =
            Probe { argv, timeout: trigger.timeout.unwrap_or(PROBE_TIMEOUT), retry: trigger.retry.clone() };
        let Some(probed) = self.known(self.world.probe(&probe)) else { return Vec::new() };
        if trigger.hangs {
            return if probed.timed_out { vec![Spot::default()] } else { Vec::new() };
        }
        let Some(exit) = probed.exit.filter(|_| !probed.timed_out) else {
            let (line, limit) = (command_line(&probe.argv), spoken(probe.timeout));
            self.doubt(format!("{line} did not end within {limit}"));
            return Vec::new();
        };
        let fits = match (&trigger.exit, &trigger.output) {
            (Some(ExitCodes::Codes(codes)), _) => codes.contains(&exit),
            (Some(ExitCodes::Failure), _) | (None, None) => exit != 0,
            (None, Some(_)) => true,
        };
        let matched = fits.then(|| self.on_a_line(trigger.output.as_ref(), &probed.output)).flatten();
        matched.map(|matched| matched.with("exit", exit.to_string())).into_iter().collect()
    }

    /// Whether a time lies so far back. What is not a time is a doubt.
    fn is_old(&mut self, value: &str, age: Duration) -> bool {
        let Some(time) = time(value) else {
            self.doubt(format!("`{value}` is not a time"));
            return false;
        };
        is_older(time, self.world.now(), age)
    }

    fn matched(&mut self, pattern: Option<&Pattern>, text: &str) -> Option<Spot> {
        let Some(pattern) = pattern else { return Some(Spot::default()) };
        let pattern = self.compiled(pattern)?;
        let caught = self.search(&pattern, text.as_bytes())?;
        Some(Spot::default().with_groups(&caught, text.as_bytes()))
    }

    fn on_a_line(&mut self, pattern: Option<&Pattern>, output: &str) -> Option<Spot> {
        let Some(pattern) = pattern else { return Some(Spot::default()) };
        let pattern = self.compiled(pattern)?;
        output.lines().find_map(|line| {
            let line = &line.as_bytes()[..line.len().min(LONGEST_LINE)];
            let caught = self.search(&pattern, line)?;
            Some(Spot::default().with_groups(&caught, line))
        })
    }
}
