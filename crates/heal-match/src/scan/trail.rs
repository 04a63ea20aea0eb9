use heal_pattern::Caught;

use super::partial::{Line, Partial};
use super::watch::{Role, Watch};

/// How far one watch has come in a stream: for each of its lines, the tightest way to have come there.
///
/// A new first line starts anew, so that of two candidates the nearer one is taken. Memory is that of one match for
/// each line of the trigger.
pub(crate) struct Trail {
    /// What has been seen up to and with the item of each place.
    reached: Vec<Option<Partial>>,
    /// Complete but for optional lines that may yet come, and the place of its last item.
    waiting: Option<(Partial, usize)>,
}

impl Trail {
    pub(crate) fn new(watch: &Watch) -> Self {
        Self { reached: vec![None; watch.items.len()], waiting: None }
    }

    /// Takes in a line on which some of the watch's items were found, and gives what became complete.
    pub(crate) fn see(&mut self, watch: &Watch, line: Line<'_>, hits: &[(Role, &Caught)]) -> Vec<Partial> {
        let mut complete = Vec::new();
        complete.extend(self.expire(watch, line.number));
        // From the last place back, so that a line is not taken for two of them.
        for (role, caught) in hits.iter().rev() {
            let Role::Item(place) = *role else { continue };
            if let Some(longer) = self.lengthened(watch, place, line, caught) {
                complete.extend(self.reach(watch, place, longer));
                continue;
            }
            let extended = self.extended(watch, place, line, caught);
            let started = watch.starts(place);
            let Some(partial) = extended.or_else(|| started.then(|| Partial::new(line, caught, watch.shown)))
            else {
                continue;
            };
            if place == 0 {
                complete.extend(self.waiting.take().map(|(partial, _)| partial));
                self.forget_before(line.number);
            }
            complete.extend(self.reach(watch, place, partial));
        }
        complete
    }

    /// Goes on past a line, for what has not taken it.
    pub(crate) fn pass(&mut self, line: Line<'_>) {
        let waiting = self.waiting.iter_mut().map(|(partial, _)| partial);
        self.reached.iter_mut().flatten().chain(waiting).for_each(|partial| partial.pass(line));
    }

    /// Gives what was only waiting for lines that can no longer come.
    pub(crate) fn expire(&mut self, watch: &Watch, number: u64) -> Option<Partial> {
        let (partial, _) = self.waiting.as_ref()?;
        if number <= last_line(watch, partial) { None } else { self.finish() }
    }

    /// Gives what was waiting when the stream ends.
    pub(crate) fn finish(&mut self) -> Option<Partial> {
        self.waiting.take().map(|(partial, _)| partial)
    }

    /// Drops what is waiting, where a line that must not be there came too near.
    pub(crate) fn drop_waiting(&mut self, near: impl Fn(&Partial) -> bool) {
        if self.waiting.as_ref().is_some_and(|(partial, _)| near(partial)) {
            self.waiting = None;
        }
    }

    /// The line after which a waiting match is decided; `None` where none waits.
    pub(crate) fn due(&self, watch: &Watch) -> Option<u64> {
        self.waiting.as_ref().map(|(partial, _)| last_line(watch, partial))
    }

    /// The last line that could still add something; 0 where nothing is under way.
    pub(crate) fn open_until(&self, watch: &Watch) -> u64 {
        let waiting = self.waiting.iter().map(|(partial, _)| partial);
        self.reached
            .iter()
            .flatten()
            .chain(waiting)
            .map(|partial| last_line(watch, partial))
            .max()
            .unwrap_or(0)
    }

    /// The waiting match with one more of its optional lines.
    fn lengthened(
        &mut self,
        watch: &Watch,
        place: usize,
        line: Line<'_>,
        caught: &Caught,
    ) -> Option<Partial> {
        let (partial, last) = self.waiting.as_ref()?;
        let fits = *last < place && follows(watch, partial, line.number);
        fits.then(|| self.waiting.take()).flatten().map(|(partial, _)| partial.with(line, caught))
    }

    /// The tightest of what led here, with this line.
    fn extended(&self, watch: &Watch, place: usize, line: Line<'_>, caught: &Caught) -> Option<Partial> {
        let mut best: Option<&Partial> = None;
        for before in (0..place).rev() {
            let reached =
                self.reached[before].as_ref().filter(|partial| follows(watch, partial, line.number));
            if let Some(partial) = reached
                && best.is_none_or(|best| partial.span.first_line > best.span.first_line)
            {
                best = Some(partial);
            }
            if !watch.items[before].optional {
                break;
            }
        }
        best.map(|partial| partial.clone().with(line, caught))
    }

    /// Notes how far a match has come; gives it back where it is complete. Of two that start on the same line the one
    /// that came here first counts.
    fn reach(&mut self, watch: &Watch, place: usize, partial: Partial) -> Option<Partial> {
        if !watch.ends(place) {
            let Partial { span, .. } = partial;
            let is_old = |old: &Partial| {
                old.span.first_line < span.first_line || last_line(watch, old) <= span.last_line
            };
            if self.reached[place].as_ref().is_none_or(is_old) {
                self.reached[place] = Some(partial);
            }
            return None;
        }
        self.reached.fill(None);
        if place + 1 == watch.items.len() {
            return Some(partial);
        }
        self.waiting = Some((partial, place));
        None
    }

    fn forget_before(&mut self, number: u64) {
        for reached in &mut self.reached {
            reached.take_if(|partial| partial.span.last_line < number);
        }
    }
}

/// Whether a line can be the next of a match.
fn follows(watch: &Watch, partial: &Partial, number: u64) -> bool {
    partial.span.last_line < number && number <= last_line(watch, partial)
}

/// The last line that can belong to a match.
fn last_line(watch: &Watch, partial: &Partial) -> u64 {
    match watch.within {
        Some(within) => partial.span.first_line.saturating_add(within).saturating_sub(1),
        None => partial.span.last_line + 1,
    }
}
