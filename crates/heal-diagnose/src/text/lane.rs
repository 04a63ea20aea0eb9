use std::collections::{BTreeMap, BTreeSet};

use heal_model::Diagnostic;

use super::block::{Answer, Block, Strength};
use super::difference::Differences;
use super::draft::{Draft, How, Values};
use super::finish::{finish, path};
use super::history::History;
use super::index::{Index, Matter};
use super::runs::{OpenRuns, Runs};
use crate::LinePlace;
use crate::extractor::{Captured, Keep, Shape, Target, captured};

/// One sequence of lines, and what is open in it.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    /// How many lines it has had.
    number: u64,
    history: History,
    /// In the order in which they were opened.
    blocks: Vec<Block>,
    /// For each extractor in whose section it is, what the section's first line caught.
    sections: BTreeMap<usize, Values>,
    /// Which extractors have told of something, by place.
    given: BTreeSet<usize>,
    /// The folders it went down into.
    folders: Vec<String>,
    /// For each extractor that carries something over, the line where it last told of something, and what.
    last: BTreeMap<usize, (u64, Values)>,
    matters: Vec<Matter>,
    differences: Differences,
    runs: OpenRuns,
    /// What is complete and waits for what began before it.
    told: Vec<Diagnostic>,
}

/// How many blocks may be open at once.
const MOST: usize = 8;
/// How many lines of others may lie between the first lines of a block, until it has what it needs.
const MOST_BETWEEN: u32 = 2;
/// How many diagnostics may wait for one that began before them.
const MOST_TOLD: usize = 64;

type Out<'a> = dyn FnMut(Diagnostic) + 'a;

impl Lane {
    /// Another lane of the same stream.
    pub(crate) fn beside(&self) -> Self {
        Self { runs: self.runs.beside(), ..Self::default() }
    }

    /// What is known of the stream's runs.
    pub(crate) fn runs(&self) -> &Runs {
        self.runs.known()
    }

    /// Takes the next line.
    pub(crate) fn line(&mut self, index: &Index, text: &[u8], place: LinePlace, out: &mut Out<'_>) {
        let mut told = std::mem::take(&mut self.told);
        self.take(index, text, place, &mut |diagnostic| told.push(diagnostic));
        self.told = told;
        self.tell(out);
    }

    fn take(&mut self, index: &Index, text: &[u8], place: LinePlace, out: &mut Out<'_>) {
        self.number += 1;
        self.runs.leave(index, text);
        self.runs.lines(place.number, 1);
        if self.differences.line(text, place, out) {
            self.age(index, out);
            self.history.push(text, place, true);
            return;
        }
        let mut matters = std::mem::take(&mut self.matters);
        index.look_up(text, &mut matters);
        self.leave_sections(index, text, out);
        self.turn(index, text, place, &matters);
        let own = matters.iter().filter(|matter| !is_of_guest(index, matter));
        let claimed = self.go_on(index, text, place, Strength::Strong, out)
            || self.start(index, text, place, own, out)
            || self.go_on(index, text, place, Strength::Weak, out);
        if !claimed {
            // Whatever a guest makes of it, the line is there for what looks at the lines above.
            let guests = matters.iter().filter(|matter| is_of_guest(index, matter));
            let _ = self.go_on(index, text, place, Strength::Guest, out)
                || self.start(index, text, place, guests, out);
        }
        self.age(index, out);
        self.history.push(text, place, claimed);
        self.matters = matters;
    }

    /// Whether nothing is open, so that a line counts for what it says by itself.
    pub(crate) fn is_idle(&self) -> bool {
        self.blocks.is_empty()
            && self.sections.is_empty()
            && self.told.is_empty()
            && !self.runs.is_waiting()
            && self.differences.is_idle()
    }

    /// Takes so many lines that mean nothing, from this one of the stream on; of them the last are given.
    pub(crate) fn pass<'a>(
        &mut self,
        first: u64,
        lines: u64,
        last: impl Iterator<Item = (&'a [u8], LinePlace)>,
    ) {
        if lines == 0 {
            return;
        }
        self.number += lines;
        self.runs.lines(first, lines);
        last.for_each(|(text, place)| self.history.push(text, place, false));
    }

    /// Ends whatever is open.
    pub(crate) fn finish(&mut self, index: &Index, out: &mut Out<'_>) {
        let mut told = std::mem::take(&mut self.told);
        while !self.blocks.is_empty() {
            self.close(index, 0, &mut |diagnostic| told.push(diagnostic));
        }
        self.differences.finish(&mut |diagnostic| told.push(diagnostic));
        self.runs.finish();
        self.told = told;
        self.tell(out);
    }

    /// Takes a diagnostic that was read elsewhere, to be told in its turn.
    pub(crate) fn add(&mut self, diagnostic: Diagnostic, out: &mut Out<'_>) {
        self.told.push(diagnostic);
        self.tell(out);
    }

    /// Tells of what is complete, in the order in which it began: what began after something that is still open waits.
    fn tell(&mut self, out: &mut Out<'_>) {
        if self.told.is_empty() {
            return;
        }
        let open = self.blocks.iter().filter(|block| block.sure).map(|block| block.draft.span.start);
        let open = open.chain(self.differences.open()).min();
        let limit = open.filter(|_| self.told.len() < MOST_TOLD).unwrap_or(u64::MAX);
        self.told.sort_by_key(|diagnostic| diagnostic.span.start);
        let ready = self.told.partition_point(|diagnostic| diagnostic.span.start < limit);
        self.told.drain(..ready).for_each(out);
    }

    fn leave_sections(&mut self, index: &Index, text: &[u8], out: &mut Out<'_>) {
        let to = |at: usize| index.shape(at).section.as_ref().and_then(|section| section.to.as_ref());
        let left: Vec<usize> =
            self.sections.keys().copied().filter(|at| to(*at).is_some_and(|to| to.fits(text))).collect();
        for at in left {
            self.sections.remove(&at);
            if let Some(open) = self.blocks.iter().position(|block| block.at == at) {
                self.close(index, open, out);
            }
        }
    }

    /// What a line says of all that follow it.
    fn turn(&mut self, index: &Index, text: &[u8], place: LinePlace, matters: &[Matter]) {
        for matter in matters {
            match *matter {
                Matter::Anew(at) => self.forget(index, at, text),
                Matter::Run(at) => self.runs.turn(index, at, text, place.number),
                Matter::From(at) => {
                    let from = index.shape(at).section.as_ref().map(|section| &section.from);
                    if let Some(captures) = from.and_then(|from| from.captures(text)) {
                        self.sections.insert(at, named(captures));
                    }
                }
                Matter::Enter(at) => {
                    let enter = index.shape(at).enter.as_ref();
                    let captures = enter.and_then(|enter| enter.captures(text)).unwrap_or_default();
                    if let Some(folder) = captures.into_iter().find(|one| one.name == "file") {
                        self.folders.push(path(&folder.text, self.folders.last()));
                    }
                }
                Matter::Leave(at) => {
                    if index.shape(at).leave.as_ref().is_some_and(|leave| leave.fits(text)) {
                        self.folders.pop();
                    }
                }
                Matter::Start(..) => return,
            }
        }
    }

    fn forget(&mut self, index: &Index, at: usize, text: &[u8]) {
        let Some(unless) = &index.shape(at).unless else { return };
        if unless.since.as_ref().is_some_and(|since| since.fits(text)) {
            self.given.retain(|other| !unless.given.contains(&index.shape(*other).name));
        }
    }

    /// Offers the line to what is open, the latest first; whether it was taken.
    fn go_on(
        &mut self,
        index: &Index,
        text: &[u8],
        place: LinePlace,
        strength: Strength,
        out: &mut Out<'_>,
    ) -> bool {
        let mut at = self.blocks.len();
        while at > 0 {
            at -= 1;
            let Some(block) = self.blocks.get_mut(at).filter(|block| block.opened < self.number) else {
                continue;
            };
            let shape = index.shape(block.at);
            let line = &text[stripped(shape, text)..];
            let was_sure = block.sure;
            match block.offer(shape, line, place, strength) {
                Answer::No => {}
                Answer::Dropped => {
                    self.blocks.remove(at);
                    return true;
                }
                Answer::Ended => self.close(index, at, out),
                Answer::EndedWith => {
                    block.draft.reach(place);
                    self.close(index, at, out);
                    return true;
                }
                Answer::Taken => {
                    (block.ended, block.missed) = (self.number, 0);
                    let (sure, opened) = (block.sure, block.opened);
                    if sure && !was_sure && !shape.guest {
                        self.settle(at, opened);
                    }
                    if sure {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Drops what might have begun with the lines of a block that is sure now.
    fn settle(&mut self, sure: usize, opened: u64) {
        let mut at = 0;
        self.blocks.retain(|block| {
            at += 1;
            at - 1 == sure || block.sure || block.opened < opened
        });
    }

    /// Opens what the line may be the first of; whether one of them is sure.
    fn start<'a>(
        &mut self,
        index: &Index,
        text: &[u8],
        place: LinePlace,
        matters: impl Iterator<Item = &'a Matter>,
        out: &mut Out<'_>,
    ) -> bool {
        for matter in matters {
            let Matter::Start(_, at) = *matter else { continue };
            let Some(draft) = self.draft(index, at, text, place, out) else { continue };
            let shape = index.shape(at);
            let block = Block::new(at, draft, self.number, self.folders.last().cloned(), shape);
            let sure = block.sure;
            if self.blocks.len() == MOST {
                self.close(index, 0, out);
            }
            self.blocks.push(block);
            let last = self.blocks.len() - 1;
            if sure && !shape.guest {
                self.settle(last, self.number);
            }
            if sure && shape.is_one_line() {
                self.close(index, self.blocks.len() - 1, out);
            }
            if sure {
                return true;
            }
        }
        false
    }

    /// What an extractor makes of a line as the first one.
    fn draft(
        &mut self,
        index: &Index,
        at: usize,
        text: &[u8],
        place: LinePlace,
        out: &mut Out<'_>,
    ) -> Option<Draft> {
        let shape = index.shape(at);
        if shape.section.is_some() && !self.sections.contains_key(&at) || self.is_told(index, shape) {
            return None;
        }
        let line = &text[stripped(shape, text)..];
        let captures = captured(line, &shape.start.as_ref()?.find(line)?);
        if shape.not.as_ref().is_some_and(|not| not.fits(line)) {
            return None;
        }
        if let Some(open) = self.blocks.iter().position(|block| block.at == at) {
            self.close(index, open, out);
        }
        let above = self.history.fits(&shape.before, shape.gap, |line| stripped(shape, line));
        let carried = self.carried(shape, at);
        if above.is_none() && carried.is_none() && !shape.alone {
            return None;
        }
        let mut draft = Draft::default();
        let first = above.as_ref().and_then(|above| above.first);
        first.into_iter().for_each(|place| draft.reach(place));
        draft.reach(place);
        let none = Values::new();
        let own = |to, set| How { to, keep: Keep::First, join: "\n", set };
        draft.take(&captures, &own(Target::Diagnostic, &none));
        for (entry, captures) in above.iter().flat_map(|above| &above.lines) {
            draft.take(captures, &own(entry.to, &entry.set));
        }
        for (name, text) in carried.into_iter().chain(self.sections.get(&at).cloned()).flatten() {
            draft.values.entry(name).or_insert(text);
        }
        Some(draft)
    }

    /// What is carried over from the diagnostic just above.
    fn carried(&self, shape: &Shape, at: usize) -> Option<Values> {
        let (ended, values) = self.last.get(&at)?;
        let near = ended + 1 + u64::from(shape.gap) >= self.number;
        let kept = |(name, _): &(&String, &String)| shape.carry.contains(name);
        near.then(|| values.iter().filter(kept).map(|(name, text)| (name.clone(), text.clone())).collect())
    }

    fn is_told(&self, index: &Index, shape: &Shape) -> bool {
        let told = |name: &String| self.given.iter().any(|other| index.shape(*other).name == *name);
        shape.unless.as_ref().is_some_and(|unless| unless.given.iter().any(told))
    }

    /// Counts the line as one that did not fit where it did not, and ends what has missed too many.
    fn age(&mut self, index: &Index, out: &mut Out<'_>) {
        let mut at = 0;
        while let Some(block) = self.blocks.get_mut(at) {
            let missed = block.ended < self.number;
            block.missed += u32::from(missed);
            let gap = index.shape(block.at).gap;
            let most = if block.sure { gap } else { gap.max(MOST_BETWEEN) };
            if missed && block.missed > most {
                self.close(index, at, out);
            } else {
                at += 1;
            }
        }
    }

    /// Ends a block, and tells of it if it has what it needs.
    fn close(&mut self, index: &Index, open: usize, out: &mut Out<'_>) {
        let block = self.blocks.remove(open);
        let shape = index.shape(block.at);
        if !block.sure {
            return;
        }
        if let Some(diagnostic) = finish(&block.draft, shape, block.folder.as_ref()) {
            out(diagnostic);
            self.given.insert(block.at);
            if !shape.carry.is_empty() {
                self.last.insert(block.at, (block.ended, block.draft.values));
            }
        }
    }
}

/// Whether a line's matter is to begin what a guest reads.
fn is_of_guest(index: &Index, matter: &Matter) -> bool {
    matches!(matter, Matter::Start(_, at) if index.shape(*at).guest)
}

/// How much of the line's start an extractor takes off.
fn stripped(shape: &Shape, text: &[u8]) -> usize {
    let found = shape.strip.as_ref().and_then(|strip| strip.find(text));
    found.filter(|found| found.range.start == 0).map_or(0, |found| found.range.end)
}

fn named(captures: Vec<Captured>) -> Values {
    captures.into_iter().map(|one| (one.name, one.text)).filter(|(_, text)| !text.is_empty()).collect()
}
