use std::collections::VecDeque;

use heal_model::Count;

use super::partial::Partial;
use super::watch::Watch;

/// What stands between a complete match and a finding: that something is not near by, and that it is seen often
/// enough.
#[derive(Default)]
pub(crate) struct Guard {
    /// The last line that held what must not be there.
    forbidden: Option<u64>,
    /// Matches that are findings unless what must not be there follows.
    pending: VecDeque<Partial>,
    /// Where the last matches started, as many as are asked for: first line and byte.
    starts: VecDeque<(u64, u64)>,
    /// Whether it has been seen often enough.
    met: bool,
    /// Matches that there was no room to keep pending.
    overflow: u64,
}

/// How many matches wait at a time for the end of the stream; further ones are counted.
const MOST_PENDING: usize = 1_001;
/// The most matches that can be asked for.
const MOST_COUNTED: u32 = 10_000;

/// What a match comes to.
pub(crate) enum Passed {
    /// A finding, seen this often.
    Found(Partial, u32),
    /// One more of what is a finding already.
    Again,
    /// Nothing yet.
    Nothing,
}

impl Guard {
    /// Notes that what must not be there is on this line.
    pub(crate) fn forbid(&mut self, watch: &Watch, number: u64) {
        self.forbidden = Some(number);
        self.overflow = 0;
        self.pending.retain(|partial| !Self::spoils(watch, partial, number));
    }

    /// Takes a complete match in; gives what is decided at once.
    pub(crate) fn admit(&mut self, watch: &Watch, partial: Partial) -> Option<Partial> {
        if self.forbidden.is_some_and(|number| Self::spoils(watch, &partial, number)) {
            return None;
        }
        if until(watch, &partial) <= partial.span.last_line {
            return Some(partial);
        }
        if self.pending.len() < MOST_PENDING {
            self.pending.push_back(partial);
        } else {
            self.overflow += 1;
        }
        None
    }

    /// Gives matches that nothing before this line has spoilt, and that nothing from it on can.
    pub(crate) fn release(&mut self, watch: &Watch, number: u64) -> Vec<Partial> {
        let over = |partial: &Partial| until(watch, partial) < number;
        let (over, pending) = std::mem::take(&mut self.pending).into_iter().partition(over);
        self.pending = pending;
        over.into()
    }

    /// Gives the matches that waited for the end, which nothing has spoilt.
    pub(crate) fn take_rest(&mut self) -> Vec<Partial> {
        std::mem::take(&mut self.pending).into()
    }

    /// How many matches were not kept for want of room.
    pub(crate) fn overflow(&self) -> u64 {
        self.overflow
    }

    /// The line after which a waiting match is decided; `None` where none waits.
    pub(crate) fn due(&self, watch: &Watch) -> Option<u64> {
        self.pending.iter().map(|partial| until(watch, partial)).min()
    }

    /// Counts a match, and says what it comes to.
    pub(crate) fn count(&mut self, watch: &Watch, mut partial: Partial) -> Passed {
        let Some(Count { at_least, within }) = watch.count else { return Passed::Found(partial, 1) };
        if self.met {
            return Passed::Again;
        }
        let wanted = at_least.clamp(1, MOST_COUNTED);
        self.starts.push_back((partial.span.first_line, partial.span.start));
        if self.starts.len() > wanted as usize {
            self.starts.pop_front();
        }
        let (first_line, start) = self.starts[0];
        let near = within.is_none_or(|within| partial.span.last_line - first_line < u64::from(within));
        self.met = near && self.starts.len() == wanted as usize;
        if !self.met {
            return Passed::Nothing;
        }
        partial.span.first_line = first_line;
        partial.span.start = start;
        Passed::Found(partial, wanted)
    }

    /// Whether what must not be there spoils a match by being on this line.
    pub(crate) fn spoils(watch: &Watch, partial: &Partial, number: u64) -> bool {
        let Some(absence) = &watch.absence else { return false };
        let Some((before, after)) = absence.near else { return true };
        let span = partial.span;
        (span.first_line.saturating_sub(before)..=span.last_line.saturating_add(after)).contains(&number)
    }
}

/// The last line that can spoil a match.
fn until(watch: &Watch, partial: &Partial) -> u64 {
    match watch.absence.as_ref().map(|absence| absence.near) {
        None => 0,
        Some(None) => u64::MAX,
        Some(Some((_, after))) => partial.span.last_line.saturating_add(after),
    }
}
