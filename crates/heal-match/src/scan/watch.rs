use heal_model::{Count, ExitCodes, LinePattern, Observation, OutputTrigger};
use heal_pattern::Compiled;

use super::partial::Shown;
use crate::bank::{Bank, PatternId};

/// One output trigger of a rule, its patterns in the bank.
pub(crate) struct Watch {
    /// The rule's place among the rules.
    pub(crate) rule: usize,
    /// The lines it wants, in order.
    pub(crate) items: Vec<Item>,
    /// Within how many lines they must lie; `None` where they follow each other directly.
    pub(crate) within: Option<u64>,
    /// What must not be seen near by.
    pub(crate) absence: Option<Absent>,
    /// How often it must be seen.
    pub(crate) count: Option<Count>,
    /// Which lines its findings show.
    pub(crate) shown: Shown,
    trigger: OutputTrigger,
}

/// One line that is wanted.
pub(crate) struct Item {
    pub(crate) pattern: PatternId,
    pub(crate) optional: bool,
}

/// What must not be seen near by, on the match's own lines or this many before and after; where `near` is `None`,
/// nowhere.
pub(crate) struct Absent {
    pub(crate) pattern: PatternId,
    pub(crate) near: Option<(u64, u64)>,
}

/// How many lines away from a match something can be forbidden.
const FARTHEST: u64 = 1_000;

/// What a pattern is to a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// What must not be seen. It comes first: a line that holds both does not count.
    Not,
    /// The line of this place.
    Item(usize),
}

impl Watch {
    pub(crate) fn new(rule: usize, trigger: &OutputTrigger, shown: Shown, bank: &mut Bank) -> Self {
        let mut item =
            |line: &LinePattern| Item { pattern: bank.add(&line.pattern), optional: line.optional };
        let items = trigger.lines.iter().map(&mut item).collect();
        let absence = trigger.not.as_ref().map(|not| {
            let near = not.before.is_some() || not.after.is_some();
            let lines = |lines: Option<u32>| u64::from(lines.unwrap_or(0)).min(FARTHEST);
            let near = near.then(|| (lines(not.before), lines(not.after)));
            Absent { pattern: bank.add(&not.pattern), near }
        });
        Self {
            rule,
            items,
            within: trigger.within.map(u64::from),
            absence,
            count: trigger.count,
            shown,
            trigger: trigger.clone(),
        }
    }

    /// The patterns that must be searched for, with what each is to this watch.
    pub(crate) fn uses(&self) -> impl Iterator<Item = (PatternId, Role)> {
        let items = self.items.iter().enumerate().map(|(place, item)| (item.pattern, Role::Item(place)));
        self.absence.iter().map(|absence| (absence.pattern, Role::Not)).chain(items)
    }

    /// Whether a match can start with the item at this place: all before it are optional.
    pub(crate) fn starts(&self, place: usize) -> bool {
        self.items[..place].iter().all(|item| item.optional)
    }

    /// Whether a match can end with the item at this place: all after it are optional.
    pub(crate) fn ends(&self, place: usize) -> bool {
        self.items[place + 1..].iter().all(|item| item.optional)
    }

    /// Whether this output is one that the trigger looks at. What is not known fits.
    pub(crate) fn looks_at(&self, observation: &Observation) -> bool {
        let Restrictions { command, exit, stream } = self.restrictions(observation);
        command && exit && stream
    }

    /// Each of the trigger's restrictions, and whether this output fits it.
    pub(crate) fn restrictions(&self, observation: &Observation) -> Restrictions {
        let command = match (&self.trigger.command, &observation.command) {
            (Some(wanted), Some(command)) => {
                Compiled::new(wanted).is_ok_and(|wanted| wanted.is_match(command.as_bytes()))
            }
            _ => true,
        };
        let exit = match (&self.trigger.exit, observation.exit) {
            (Some(ExitCodes::Codes(codes)), Some(exit)) => codes.contains(&exit),
            (Some(ExitCodes::Failure), Some(exit)) => exit != 0,
            _ => true,
        };
        let stream = match (self.trigger.stream, observation.stream) {
            (Some(wanted), Some(stream)) => wanted == stream,
            _ => true,
        };
        Restrictions { command, exit, stream }
    }

    /// The trigger as it was written.
    pub(crate) fn trigger(&self) -> &OutputTrigger {
        &self.trigger
    }
}

/// Whether an output fits each restriction of a trigger.
#[derive(Clone, Copy)]
pub(crate) struct Restrictions {
    pub(crate) command: bool,
    pub(crate) exit: bool,
    pub(crate) stream: bool,
}
