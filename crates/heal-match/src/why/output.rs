use std::io::{BufRead, Result};

use heal_model::{Observation, OutputTrigger};
use heal_pattern::Caught;

use super::apart::Apart;
use super::near::Near;
use super::{Condition, Tried, describe};
use crate::bank::Bank;
use crate::scan::{Guard, Line, Partial, Passed, Restrictions, Role, Shown, Trail, Watch, lines};
use crate::state::Captures;

/// Follows one output trigger through a stream, line by line, and notes how far each part of it came.
pub(super) struct Follow {
    watch: Watch,
    bank: Bank,
    trail: Trail,
    guard: Guard,
    /// How often each line that is wanted was seen, and what came near it.
    found: Vec<(u64, Near)>,
    apart: Apart,
    complete: u64,
    unspoilt: u64,
    /// The lines with what must not be near, as far as that is one line.
    spoiling: Vec<u64>,
    met: bool,
    captures: Option<Captures>,
}

/// Takes all of them through a stream.
pub(super) fn follow(follows: &mut [Follow], input: &mut dyn BufRead) -> Result<()> {
    lines(input, &mut |line| follows.iter_mut().for_each(|follow| follow.take(line)))?;
    follows.iter_mut().for_each(Follow::finish);
    Ok(())
}

impl Follow {
    pub(super) fn new(trigger: &OutputTrigger) -> Self {
        let mut bank = Bank::default();
        let watch = Watch::new(0, trigger, Shown::Matched, &mut bank);
        let found = trigger.lines.iter().map(|line| (0, Near::new(&line.pattern))).collect();
        Self {
            trail: Trail::new(&watch),
            apart: Apart::new(&watch),
            watch,
            bank,
            guard: Guard::default(),
            found,
            complete: 0,
            unspoilt: 0,
            spoiling: Vec::new(),
            met: false,
            captures: None,
        }
    }

    fn take(&mut self, line: Line<'_>) {
        let mut hits: Vec<(Role, Caught)> = Vec::new();
        for (pattern, role) in self.watch.uses() {
            let compiled = self.bank.compiled(pattern).as_ref().ok();
            let caught = compiled.and_then(|compiled| compiled.find(line.text));
            if let Role::Item(place) = role {
                let (times, near) = &mut self.found[place];
                *times += u64::from(caught.is_some());
                if *times == 0 {
                    near.take(line);
                }
            }
            hits.extend(caught.map(|caught| (role, caught)));
        }
        hits.sort_by_key(|(role, _)| *role);
        for (role, _) in hits.iter().rev() {
            if let Role::Item(place) = *role {
                self.apart.see(&self.watch, place, line.number);
            }
        }
        let released = self.guard.release(&self.watch, line.number);
        self.count(released);
        if hits.iter().any(|(role, _)| *role == Role::Not) {
            if self.spoiling.len() < 2 {
                self.spoiling.push(line.number);
            }
            self.guard.forbid(&self.watch, line.number);
            self.trail.drop_waiting(|partial| Guard::spoils(&self.watch, partial, line.number));
        }
        let hits: Vec<(Role, &Caught)> = hits.iter().map(|(role, caught)| (*role, caught)).collect();
        let complete = self.trail.see(&self.watch, line, &hits);
        self.admit(complete);
    }

    fn finish(&mut self) {
        let last = self.trail.finish();
        self.admit(last);
        let rest = self.guard.take_rest();
        self.count(rest);
    }

    fn admit(&mut self, complete: impl IntoIterator<Item = Partial>) {
        for partial in complete {
            self.complete += 1;
            let admitted = self.guard.admit(&self.watch, partial);
            self.count(admitted);
        }
    }

    fn count(&mut self, unspoilt: impl IntoIterator<Item = Partial>) {
        for partial in unspoilt {
            self.unspoilt += 1;
            self.captures.get_or_insert_with(|| partial.captures().clone());
            self.met |= !matches!(self.guard.count(&self.watch, partial), Passed::Nothing);
        }
    }

    /// What the trigger asks for, and what was captured where all of it was there.
    pub(super) fn tried(self, observation: &Observation) -> (Tried, Option<Captures>) {
        let trigger = self.watch.trigger();
        let mut conditions = Vec::new();
        let mut add = |text: Option<String>, met| conditions.extend(text.map(|text| Condition { text, met }));
        let Restrictions { command, exit, stream } = self.watch.restrictions(observation);
        add(describe::command(trigger, observation), command);
        add(describe::exit(trigger, observation), exit);
        add(describe::stream(trigger, observation), stream);
        for (line, (times, _)) in trigger.lines.iter().zip(&self.found) {
            add(Some(describe::line(line)), *times > 0 || line.optional);
        }
        if trigger.lines.len() > 1 {
            let mut lines = trigger.lines.iter().zip(&self.found);
            let all_there = lines.all(|(line, (times, _))| *times > 0 || line.optional);
            let nearest = (self.complete == 0 && all_there).then_some(self.apart.nearest);
            add(Some(describe::order(trigger, nearest)), self.complete > 0);
        }
        if self.complete > 0 {
            let spoilt = if self.unspoilt == 0 { self.spoiling.as_slice() } else { &[] };
            add(trigger.not.as_ref().map(|not| describe::presence(not, spoilt)), self.unspoilt > 0);
            add(trigger.count.map(|count| describe::count(count, self.unspoilt)), self.met);
        }
        let unmet =
            trigger.lines.iter().zip(self.found).find(|(line, (times, _))| *times == 0 && !line.optional);
        let closest = unmet.and_then(|(_, (_, near))| near.closest());
        (Tried { conditions, closest }, self.captures)
    }
}
