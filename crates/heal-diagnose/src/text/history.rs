use std::collections::VecDeque;

use crate::LinePlace;
use crate::extractor::{Above, Captured};

/// The lines just above, the nearest last.
#[derive(Debug, Default)]
pub(crate) struct History(VecDeque<Seen>);

#[derive(Debug)]
struct Seen {
    text: Vec<u8>,
    place: LinePlace,
    /// Whether it belongs to a diagnostic, so that it can begin no other.
    claimed: bool,
}

/// How many lines are kept, and how much of each, in bytes.
pub(super) const LINES: usize = 32;
const LONGEST: usize = 2 * 1024;

/// What lines above caught: for each of them, from the top, the entry that it fits and its captures.
pub(crate) struct Caught<'a> {
    pub(crate) lines: Vec<(&'a Above, Vec<Captured>)>,
    pub(crate) first: Option<LinePlace>,
}

impl History {
    pub(crate) fn push(&mut self, text: &[u8], place: LinePlace, claimed: bool) {
        let mut room = if self.0.len() < LINES {
            Vec::new()
        } else {
            self.0.pop_front().map_or_else(Vec::new, |oldest| oldest.text)
        };
        room.clear();
        room.extend_from_slice(&text[..text.len().min(LONGEST)]);
        self.0.push_back(Seen { text: room, place, claimed });
    }

    /// What the lines above catch if they fit `before`, whose last entry is the nearest. No more than `gap` lines of others
    /// may lie between, and none above one that may be missing.
    pub(crate) fn fits<'a>(
        &self,
        before: &'a [Above],
        gap: u32,
        strip: impl Fn(&[u8]) -> usize,
    ) -> Option<Caught<'a>> {
        let mut above = self.0.iter().rev().take_while(|seen| !seen.claimed);
        let mut gap = gap as usize;
        let mut caught = Caught { lines: Vec::new(), first: None };
        for wanted in before.iter().rev() {
            let mut times = 0;
            while times == 0 || wanted.repeat {
                let most = if wanted.optional { 0 } else { gap };
                let captures = |seen: &Seen| wanted.line.captures(&seen.text[strip(&seen.text)..]);
                let next = above.clone().take(most + 1).enumerate();
                let found = next.into_iter().find_map(|(others, seen)| Some((others, seen, captures(seen)?)));
                let Some((others, seen, captures)) = found else { break };
                caught.lines.push((wanted, captures));
                caught.first = Some(seen.place);
                above.nth(others);
                gap -= others;
                times += 1;
            }
            if times == 0 && !wanted.optional {
                return None;
            }
        }
        caught.lines.reverse();
        Some(caught)
    }
}
