use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use heal_model::Span;

use super::index::Index;
use crate::extractor::Look;

/// Which lines were printed by runs that passed: whatever they tell, it is no failure. A copy goes on knowing them.
#[derive(Clone, Debug, Default)]
pub struct Runs(Rc<RefCell<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// Stretches of lines, the first and the last of each.
    passed: BTreeMap<u64, u64>,
    /// Where runs began whose end has not come yet.
    open: Vec<u64>,
}

/// The runs of one lane that are not over.
#[derive(Debug, Default)]
pub(super) struct OpenRuns {
    open: Vec<OpenRun>,
    known: Runs,
}

#[derive(Debug)]
struct OpenRun {
    /// Which extractor's.
    at: usize,
    /// Its first line.
    first: u64,
    /// The stretches of lines that it printed so far, as other lanes' lines may lie between.
    lines: Vec<(u64, u64)>,
    /// Whether it is where what it says counts, however it went.
    counts: bool,
}

/// Of how many stretches a run may consist, and how many are known at once; what lies in more is never taken back.
const MOST: usize = 4096;

impl Runs {
    /// Whether what stands there was printed by a run that passed.
    #[must_use]
    pub fn has_passed(&self, span: Span) -> bool {
        let known = self.0.borrow();
        let before = known.passed.range(..=span.first_line).next_back();
        before.is_some_and(|(_, last)| span.first_line <= *last)
    }

    /// Whether it is not known yet how the run went that may have printed what stands there.
    #[must_use]
    pub fn is_open(&self, span: Span) -> bool {
        self.0.borrow().open.iter().any(|first| *first <= span.last_line)
    }

    fn ended(&self, run: &OpenRun, passed: bool) {
        let mut known = self.0.borrow_mut();
        if let Some(at) = known.open.iter().position(|first| *first == run.first) {
            known.open.remove(at);
        }
        for (first, last) in run.lines.iter().filter(|_| passed) {
            // What lies within ended earlier.
            known.passed.retain(|inner, _| inner < first || inner > last);
            if known.passed.len() < MOST {
                known.passed.insert(*first, *last);
            }
        }
    }
}

impl OpenRuns {
    /// None yet, in a lane of the same stream.
    pub(super) fn beside(&self) -> Self {
        Self { open: Vec::new(), known: self.known.clone() }
    }

    /// What is known of all runs of the stream.
    pub(super) fn known(&self) -> &Runs {
        &self.known
    }

    /// Whether it matters what lines say that nothing else looks at.
    pub(super) fn is_waiting(&self) -> bool {
        self.open.iter().any(|run| run.counts)
    }

    /// Takes so many lines of the lane, of which the first has this number in the stream.
    pub(super) fn lines(&mut self, number: u64, count: u64) {
        let last = number + count - 1;
        for run in self.open.iter_mut().filter(|run| !run.counts) {
            match run.lines.last_mut().filter(|(_, last)| last + 1 == number) {
                Some(stretch) => stretch.1 = last,
                None => run.lines.push((number, last)),
            }
        }
        while let Some(at) = self.open.iter().position(|run| run.lines.len() > MOST) {
            self.end(at, false);
        }
    }

    /// Leaves what counts where a line ends it.
    pub(super) fn leave(&mut self, index: &Index, text: &[u8]) {
        for run in self.open.iter_mut().filter(|run| run.counts) {
            let counts = index.shape(run.at).run.as_ref().and_then(|shape| shape.counts.as_ref());
            run.counts = !counts.and_then(|counts| counts.to.as_ref()).is_some_and(|to| to.fits(text));
        }
    }

    /// Takes a line that may say something of an extractor's run.
    pub(super) fn turn(&mut self, index: &Index, at: usize, text: &[u8], number: u64) {
        let Some(shape) = &index.shape(at).run else { return };
        let open = self.open.iter().position(|run| run.at == at);
        let begins_amid = |among: &Look| open.is_none() && among.fits(text);
        if shape.from.fits(text) || shape.among.as_ref().is_some_and(begins_amid) {
            open.into_iter().for_each(|open| self.end(open, false));
            self.known.0.borrow_mut().open.push(number);
            self.open.push(OpenRun { at, first: number, lines: Vec::new(), counts: false });
            return;
        }
        let Some(open) = open else { return };
        if shape.to.fits(text) {
            self.end(open, shape.passed.fits(text));
        } else if shape.counts.as_ref().is_some_and(|counts| counts.from.fits(text)) {
            self.open[open].counts = true;
        }
    }

    /// Ends whatever is open: nobody said that it passed.
    pub(super) fn finish(&mut self) {
        while !self.open.is_empty() {
            self.end(0, false);
        }
    }

    fn end(&mut self, at: usize, passed: bool) {
        let run = self.open.remove(at);
        self.known.ended(&run, passed);
    }
}
