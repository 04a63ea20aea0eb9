use heal_model::{Finding, Observation};
use heal_pattern::Caught;
use memchr::{memchr, memrchr};

use super::guard::{Guard, Passed};
use super::lines::{Piece, count_lines};
use super::partial::{BYTE_ORDER_MARK, Line, Partial, Shown};
use super::tally::Tally;
use super::trail::Trail;
use super::watch::{Role, Watch};
use crate::bank::PatternId;
use crate::rules::Rules;
use crate::seen::{LONGEST_LINE, Seen};
use crate::sieve::{Filter, Hit, Sieve};

/// One scan of one stream.
pub(crate) struct Run<'a> {
    rules: &'a Rules,
    sieve: &'a Sieve,
    filter: Filter<'a>,
    /// Whether each watch looks at this stream.
    looks: Vec<bool>,
    /// For each watch that has seen something, how far it has come.
    tracks: Vec<Option<Track>>,
    tally: Tally<'a>,
    /// Lines and bytes before the piece at hand.
    lines: u64,
    bytes: u64,
    long_lines: Option<(u64, u64)>,
    hits: Vec<Hit>,
    /// The first line by which some watch has something to decide.
    due: u64,
    /// Watches that are under way and want every line then, with the last line that counts.
    awake: Vec<(usize, u64)>,
}

struct Track {
    trail: Trail,
    guard: Guard,
    /// The finding that a count came to.
    counted: Option<usize>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        rules: &'a Rules,
        sieve: &'a Sieve,
        observation: &Observation,
        tally: Tally<'a>,
    ) -> Self {
        let mut run = Self {
            rules,
            sieve,
            filter: sieve.filter(),
            looks: rules.watches.iter().map(|watch| watch.looks_at(observation)).collect(),
            tracks: rules.watches.iter().map(|_| None).collect(),
            tally,
            lines: 0,
            bytes: 0,
            long_lines: None,
            hits: Vec::new(),
            due: u64::MAX,
            awake: Vec::new(),
        };
        for rule in &rules.rules {
            if let Err(why) = rule.ways {
                run.tally.doubt(Some(&rule.id), why.to_owned());
            }
        }
        run
    }

    /// Searches the next piece of the stream.
    pub(crate) fn take(&mut self, piece: &Piece<'_>) {
        match *piece {
            Piece::Plain(text) => self.plain(text),
            Piece::Shown { text, cut, len, end } => {
                let number = self.lines + 1;
                if cut {
                    let (_, count) = self.long_lines.get_or_insert((number, 0));
                    *count += 1;
                }
                let line = Line::new(number, self.bytes, self.bytes + len, text);
                let hits = self.hits(text);
                self.visit(line, &hits);
                self.hits = hits;
                self.lines += u64::from(len + end > 0);
                self.bytes += len + end;
            }
        }
        self.decide(self.lines + 1);
    }

    /// Decides what was left to the end, and gives all that was found.
    pub(crate) fn finish(mut self) -> Seen {
        for place in 0..self.tracks.len() {
            let watch = &self.rules.watches[place];
            let Some(track) = &mut self.tracks[place] else { continue };
            let last = track.trail.finish();
            let mut over: Vec<Partial> =
                last.and_then(|partial| track.guard.admit(watch, partial)).into_iter().collect();
            over.extend(track.guard.release(watch, u64::MAX));
            over.extend(track.guard.take_rest());
            let overflow = track.guard.overflow();
            for partial in over {
                self.found(place, partial);
            }
            if overflow > 0 {
                self.tally.cap(&self.rules.rules[watch.rule].id, overflow);
            }
        }
        if let Some((first, count)) = self.long_lines {
            let kept = LONGEST_LINE / 1024;
            let others = if count > 1 { format!(" and {} others", count - 1) } else { String::new() };
            let message = format!("line {first}{others}: only the first {kept} KiB were searched");
            self.tally.doubt(None, message);
        }
        self.tally.finish(self.lines, self.bytes)
    }

    fn plain(&mut self, text: &[u8]) {
        let hits = self.hits(text);
        let mut rest = hits.as_slice();
        let mut at = 0;
        let mut number = self.lines + 1;
        while let Some(start) = self.next_line(text, at, number, rest) {
            number += count_lines(&text[at..start]);
            let end = memchr(b'\n', &text[start..]).map_or(text.len(), |end| start + end);
            let on_line = rest.partition_point(|(place, _)| *place <= end);
            let shown = text[start..end].strip_suffix(b"\r").unwrap_or(&text[start..end]);
            let from = self.bytes + start as u64;
            self.visit(Line::new(number, from, from + shown.len() as u64, shown), &rest[..on_line]);
            rest = &rest[on_line..];
            at = end + 1;
            number += 1;
        }
        self.hits = hits;
        let left = text.get(at..).unwrap_or_default();
        self.lines = number - 1 + count_lines(left) + u64::from(!left.is_empty() && !left.ends_with(b"\n"));
        self.bytes += text.len() as u64;
    }

    /// Where the next line starts that must be looked at, from the start of the line with this number.
    fn next_line(&self, text: &[u8], at: usize, number: u64, hits: &[Hit]) -> Option<usize> {
        let is_awake = self.awake.iter().any(|(_, until)| number <= *until);
        if is_awake || !self.sieve.always().is_empty() {
            return (at < text.len()).then_some(at);
        }
        let (place, _) = hits.first()?;
        Some(memrchr(b'\n', &text[at..*place]).map_or(at, |end| at + end + 1))
    }

    fn hits(&mut self, text: &[u8]) -> Vec<Hit> {
        let mut hits = std::mem::take(&mut self.hits);
        // The byte order mark that a stream may start with is no part of its first line.
        let mark =
            if self.bytes == 0 && text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let text = &text[mark..];
        self.filter.hits(text, &mut hits);
        hits.iter_mut().for_each(|(place, _)| *place += mark);
        hits
    }

    /// The patterns to try on a line where these texts stand.
    fn worth_trying(&mut self, number: u64, hits: &[Hit]) -> Vec<PatternId> {
        let sieve = self.sieve;
        let mut patterns: Vec<PatternId> =
            hits.iter().flat_map(|(_, text)| sieve.patterns(*text)).copied().collect();
        self.awake.retain(|(_, until)| number <= *until);
        self.awake.iter().for_each(|(watch, _)| patterns.extend(sieve.later(*watch)));
        patterns.extend(sieve.always());
        patterns.sort_unstable();
        patterns.dedup();
        patterns
    }

    /// Tries patterns on a line, and tells the watches that use them.
    fn visit(&mut self, line: Line<'_>, hits: &[Hit]) {
        self.decide(line.number);
        let mut caught: Vec<Caught> = Vec::new();
        let mut told: Vec<(usize, Role, usize)> = Vec::new();
        for pattern in self.worth_trying(line.number, hits) {
            if let Some(found) = self.search(pattern, line) {
                let users = self.rules.uses[pattern].iter();
                told.extend(users.map(|(watch, role)| (*watch, *role, caught.len())));
                caught.push(found);
            }
        }
        told.sort_unstable_by_key(|(watch, role, _)| (*watch, *role));
        for group in told.chunk_by(|one, other| one.0 == other.0) {
            let hits: Vec<(Role, &Caught)> =
                group.iter().map(|(_, role, at)| (*role, &caught[*at])).collect();
            self.tell(group[0].0, line, &hits);
        }
        for (place, _) in &self.awake {
            self.tracks[*place].iter_mut().for_each(|track| track.trail.pass(line));
        }
    }

    fn search(&mut self, pattern: PatternId, line: Line<'_>) -> Option<Caught> {
        let used = self.rules.uses[pattern].iter().any(|(watch, _)| self.looks[*watch]);
        let compiled = used.then(|| self.rules.bank.compiled(pattern))?;
        let doubt = match compiled {
            Ok(compiled) => match compiled.search(line.text, 0) {
                Ok(found) => return found,
                Err(exhausted) => format!("line {}: {exhausted}", line.number),
            },
            Err(error) => error.to_string(),
        };
        self.tally.doubt(self.rules.user(pattern), doubt);
        None
    }

    fn tell(&mut self, place: usize, line: Line<'_>, hits: &[(Role, &Caught)]) {
        let watch = &self.rules.watches[place];
        if !self.looks[place] {
            return;
        }
        let track = self.tracks[place].get_or_insert_with(|| Track::new(watch));
        if hits.iter().any(|(role, _)| *role == Role::Not) {
            track.guard.forbid(watch, line.number);
            track.trail.drop_waiting(|partial| Guard::spoils(watch, partial, line.number));
        }
        let complete = track.trail.see(watch, line, hits);
        let passed: Vec<Partial> =
            complete.into_iter().filter_map(|partial| track.guard.admit(watch, partial)).collect();
        self.due = self.due.min(track.due(watch));
        if watch.shown != Shown::Matched || !self.sieve.later(place).is_empty() {
            self.awake.retain(|(awake, _)| *awake != place);
            self.awake.push((place, track.trail.open_until(watch)));
        }
        for partial in passed {
            self.found(place, partial);
        }
    }

    /// Decides all that is due before a line.
    fn decide(&mut self, number: u64) {
        if number <= self.due {
            return;
        }
        self.due = u64::MAX;
        for place in 0..self.tracks.len() {
            let watch = &self.rules.watches[place];
            let Some(track) = &mut self.tracks[place] else { continue };
            let mut over = track.guard.release(watch, number);
            let expired = track.trail.expire(watch, number);
            over.extend(expired.and_then(|partial| track.guard.admit(watch, partial)));
            self.due = self.due.min(track.due(watch));
            for partial in over {
                self.found(place, partial);
            }
        }
    }

    fn found(&mut self, place: usize, partial: Partial) {
        let watch = &self.rules.watches[place];
        let Some(track) = &mut self.tracks[place] else { return };
        match track.guard.count(watch, partial) {
            Passed::Nothing => {}
            Passed::Again => track.counted.into_iter().for_each(|counted| self.tally.again(counted, None)),
            Passed::Found(partial, count) => {
                let finding = partial.finding(&self.rules.rules[watch.rule].id);
                let counted = self.tally.add(watch.rule, Finding { count, ..finding });
                track.counted = counted;
            }
        }
    }
}

impl Track {
    fn new(watch: &Watch) -> Self {
        Self { trail: Trail::new(watch), guard: Guard::default(), counted: None }
    }

    /// The last line before which something must be decided.
    fn due(&self, watch: &Watch) -> u64 {
        let waiting = self.trail.due(watch);
        waiting.into_iter().chain(self.guard.due(watch)).min().unwrap_or(u64::MAX)
    }
}
