use super::draft::{Draft, How};
use crate::LinePlace;
use crate::extractor::{Rule, Shape, Target};

/// A diagnostic whose lines are coming in.
#[derive(Debug)]
pub(crate) struct Block {
    /// Which extractor's.
    pub(crate) at: usize,
    pub(crate) draft: Draft,
    /// The lane's number of the line that it was recognised by.
    pub(crate) opened: u64,
    /// The lane's number of its last line.
    pub(crate) ended: u64,
    /// Whether all that it needs is there: what else might have begun with its lines did not.
    pub(crate) sure: bool,
    /// How many lines since its last one fitted nothing.
    pub(crate) missed: u32,
    /// The folder that its files are in.
    pub(crate) folder: Option<String>,
    state: String,
    used: Vec<u32>,
}

/// What a block makes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is not one of its lines.
    No,
    /// It is.
    Taken,
    /// It says that there was no diagnostic.
    Dropped,
    /// The block ends before it.
    Ended,
    /// The block ends with it.
    EndedWith,
}

/// Which rules count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strength {
    /// Those that have a line before whatever else starts with it.
    Strong,
    /// Those that leave it to that.
    Weak,
    /// Those of guests, which leave it to all others.
    Guest,
}

impl Block {
    pub(crate) fn new(at: usize, draft: Draft, opened: u64, folder: Option<String>, shape: &Shape) -> Self {
        let used = vec![0; shape.body.len()];
        let state = "start".to_owned();
        let mut block =
            Self { at, draft, opened, ended: opened, sure: false, missed: 0, folder, state, used };
        block.sure = block.has_all(shape);
        block
    }

    /// Takes a line if it is one of its own.
    pub(crate) fn offer(
        &mut self,
        shape: &Shape,
        text: &[u8],
        place: LinePlace,
        strength: Strength,
    ) -> Answer {
        if shape.guest != (strength == Strength::Guest) {
            return Answer::No;
        }
        if strength != Strength::Weak
            && let Some(end) = shape.end.as_ref().filter(|end| end.line.fits(text))
        {
            return if end.take { Answer::EndedWith } else { Answer::Ended };
        }
        let counts = |rule: &Rule| shape.guest || rule.weak == (strength == Strength::Weak);
        for (index, rule) in shape.body.iter().enumerate() {
            if !counts(rule) || !self.may_use(index, rule) {
                continue;
            }
            let Some(captured) = rule.line.captures(text) else { continue };
            if !self.draft.agrees(&captured, &rule.same) {
                continue;
            }
            if rule.to == Target::Drop {
                return Answer::Dropped;
            }
            self.draft.keep(text);
            let join = rule.join.as_deref().unwrap_or("\n");
            self.draft.take(&captured, &How { to: rule.to, keep: rule.keep, join, set: &rule.set });
            if rule.to != Target::Nothing || !text.trim_ascii().is_empty() {
                self.draft.reach(place);
            }
            self.used[index] += 1;
            if let Some(state) = &rule.go {
                self.state.clone_from(state);
            }
            self.sure = self.sure || self.has_all(shape);
            return Answer::Taken;
        }
        Answer::No
    }

    fn may_use(&self, index: usize, rule: &Rule) -> bool {
        rule.times.is_none_or(|times| self.used[index] < times)
            && (rule.states.is_empty() || rule.states.contains(&self.state))
    }

    fn has_all(&self, shape: &Shape) -> bool {
        shape.needs.iter().all(|name| self.draft.has(name))
    }
}
