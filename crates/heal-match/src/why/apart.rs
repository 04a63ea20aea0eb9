use crate::scan::Watch;

/// How near to each other a sequence's lines were seen, in their order, however far apart they may lie.
pub(super) struct Apart {
    /// For each line that is wanted: where the latest sequence up to it starts, and where it was seen.
    reached: Vec<Option<(u64, u64)>>,
    /// The first and last line of the shortest sequence.
    pub(super) nearest: Option<(u64, u64)>,
}

impl Apart {
    pub(super) fn new(watch: &Watch) -> Self {
        Self { reached: vec![None; watch.items.len()], nearest: None }
    }

    /// Takes in that the item of a place was seen on a line; of one line, the last places first.
    pub(super) fn see(&mut self, watch: &Watch, place: usize, line: u64) {
        let required = |place: &usize| !watch.items[*place].optional;
        if !required(&place) {
            return;
        }
        let before = (0..place).rev().find(required);
        let start = match before {
            None => Some(line),
            Some(before) => self.reached[before].filter(|(_, at)| *at < line).map(|(start, _)| start),
        };
        let Some(start) = start else { return };
        self.reached[place] = Some((start, line));
        let is_last = (place + 1..watch.items.len()).all(|place| !required(&place));
        if is_last && self.nearest.is_none_or(|(first, last)| line - start < last - first) {
            self.nearest = Some((start, line));
        }
    }
}
