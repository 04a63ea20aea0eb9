use std::cell::RefCell;
use std::rc::Rc;

/// Which line of the output each line of the unfolded text stands for, as far as was read; a copy goes on knowing it.
#[derive(Clone, Debug, Default)]
pub struct Lines(Rc<RefCell<Apart>>);

#[derive(Debug, Default)]
struct Apart {
    /// How many lines were given so far, and how many were read.
    given: u64,
    read: u64,
    /// Where they come apart: from this line on (counted from 1) it is that one.
    places: Vec<(u64, u64, Step)>,
}

/// How lines go on from one where they come apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// All stand for the same line.
    Same,
    /// Each for the next.
    Next,
}

impl Lines {
    /// The line of the output that a line of the unfolded text stands for; both count from 1.
    #[must_use]
    pub fn of(&self, line: u64) -> u64 {
        let Apart { places, .. } = &*self.0.borrow();
        let place = places.partition_point(|(from, _, _)| *from <= line);
        match place.checked_sub(1).map(|last| places[last]) {
            None => line,
            Some((_, read, Step::Same)) => read,
            Some((from, read, Step::Next)) => read + (line - from),
        }
    }

    /// The line that is being read, counted from 1.
    pub(super) fn current(&self) -> u64 {
        self.0.borrow().read + 1
    }

    /// Notes lines that stand for themselves.
    pub(super) fn go_on(&self, lines: u64) {
        let mut apart = self.0.borrow_mut();
        apart.given += lines;
        apart.read += lines;
    }

    /// Notes lines that were given for the one that is being read, or for those from an earlier one on.
    pub(super) fn stand_for(&self, lines: u64, read: u64, step: Step) {
        let mut apart = self.0.borrow_mut();
        apart.place(read, step);
        apart.given += lines;
        let next = apart.read + 1;
        apart.place(next, Step::Next);
    }

    /// Notes lines that were read and for which none were given.
    pub(super) fn pass(&self, lines: u64) {
        let mut apart = self.0.borrow_mut();
        apart.read += lines;
        let next = apart.read + 1;
        apart.place(next, Step::Next);
    }
}

impl Apart {
    /// From the next line that is given on, it is this one.
    fn place(&mut self, read: u64, step: Step) {
        let from = self.given + 1;
        self.places.pop_if(|(last, _, _)| *last == from);
        self.places.push((from, read, step));
    }
}
