use memchr::{memchr, memrchr};

use super::Hit;
use super::loose::Loose;
use super::states::{Forgotten, SPECIAL, START, State, States};

/// Walks the automaton of the loose patterns through a stream.
///
/// A step takes a processor several cycles of waiting for memory, so a block is cut into parts at line ends that are
/// walked side by side. A part that comes to a match notes its line and goes on with the next.
pub(crate) struct Walk<'a> {
    states: States<'a>,
    loose: &'a Loose,
    /// How often all states had to be forgotten.
    forgotten: u32,
}

/// One part of a block, as far as it has been walked.
#[derive(Clone, Copy, Default)]
struct Lane {
    at: usize,
    end: usize,
    state: State,
}

/// How many parts are walked side by side.
const LANES: usize = 4;
/// After so many fresh starts, every pattern counts as found on every line: the automaton does not fit the stream.
const PATIENCE: u32 = 50;

impl<'a> Walk<'a> {
    pub(crate) fn new(loose: &'a Loose) -> Self {
        Self { states: States::new(loose), loose, forgotten: 0 }
    }

    /// Adds a hit for each line and each pattern that may be found on it; `id` gives the hit's number.
    pub(crate) fn hits(&mut self, text: &[u8], id: impl Fn(usize) -> usize, hits: &mut Vec<Hit>) {
        let whole = memrchr(b'\n', text).map_or(0, |end| end + 1);
        let mut lines = self.lines(&text[..whole]);
        lines.extend((whole < text.len()).then_some(whole));
        for line in lines {
            let end = memchr(b'\n', &text[line..]).map_or(text.len(), |end| line + end);
            let patterns = self.on_line(&text[line..end]);
            hits.extend(patterns.into_iter().map(|pattern| (line, id(pattern))));
        }
    }

    /// Where the lines start on which some pattern matches.
    fn lines(&mut self, text: &[u8]) -> Vec<usize> {
        let mut found = Vec::new();
        let mut lanes = lanes(text);
        while lanes.iter().all(|lane| lane.at < lane.end) {
            self.side_by_side(text, &mut lanes);
            for lane in 0..LANES {
                self.one_step(text, &mut lanes, lane, &mut found);
            }
        }
        for lane in 0..LANES {
            while lanes[lane].at < lanes[lane].end {
                self.alone(text, &mut lanes[lane]);
                self.one_step(text, &mut lanes, lane, &mut found);
            }
        }
        found
    }

    /// Walks all lanes until one comes to a special step or to its end; that step is not taken.
    fn side_by_side(&self, text: &[u8], lanes: &mut [Lane; LANES]) {
        let steps = self.states.steps();
        let length = lanes.iter().map(|lane| lane.end - lane.at).min().unwrap_or(0);
        let [one, two, three, four] = std::array::from_fn(|lane| &text[lanes[lane].at..][..length]);
        let mut states: [State; LANES] = std::array::from_fn(|lane| lanes[lane].state);
        let mut walked = 0;
        for (((one, two), three), four) in one.iter().zip(two).zip(three).zip(four) {
            let next = [
                steps[states[0] as usize | usize::from(*one)],
                steps[states[1] as usize | usize::from(*two)],
                steps[states[2] as usize | usize::from(*three)],
                steps[states[3] as usize | usize::from(*four)],
            ];
            if (next[0] | next[1] | next[2] | next[3]) & SPECIAL != 0 {
                break;
            }
            states = next;
            walked += 1;
        }
        for (lane, state) in lanes.iter_mut().zip(states) {
            lane.at += walked;
            lane.state = state;
        }
    }

    fn alone(&self, text: &[u8], lane: &mut Lane) {
        let steps = self.states.steps();
        for byte in &text[lane.at..lane.end] {
            let next = steps[lane.state as usize | usize::from(*byte)];
            if next & SPECIAL != 0 {
                return;
            }
            lane.state = next;
            lane.at += 1;
        }
    }

    /// Takes one step of a lane that is not at its end. On a match the line is noted, and the next one begins; so it
    /// is where all states had to be forgotten, and then the other lanes begin their lines anew.
    fn one_step(&mut self, text: &[u8], lanes: &mut [Lane; LANES], lane: usize, found: &mut Vec<usize>) {
        let Lane { at, end, state } = lanes[lane];
        if at >= end {
            return;
        }
        match self.states.step(state, text[at]) {
            Ok(state) if state & SPECIAL == 0 => {
                lanes[lane] = Lane { at: at + 1, end, state };
                return;
            }
            Ok(_) => {}
            Err(Forgotten) => {
                self.forgotten += 1;
                for lane in lanes.iter_mut().filter(|lane| lane.at < lane.end) {
                    *lane = Lane { at: line_start(text, lane.at), end: lane.end, state: START };
                }
            }
        }
        found.push(line_start(text, at));
        let next = memchr(b'\n', &text[at..end]).map_or(end, |end| at + end + 1);
        lanes[lane] = Lane { at: next, end, state: START };
    }

    /// The patterns, by their order in the automaton, that may be found on a line, given without its end.
    fn on_line(&mut self, line: &[u8]) -> Vec<usize> {
        let all = || (0..self.loose.patterns.len()).collect();
        if self.forgotten > PATIENCE {
            return all();
        }
        let mut patterns = Vec::new();
        let mut state = START;
        for byte in line.iter().chain(b"\n") {
            match self.states.step(state, *byte) {
                Ok(next) => state = next & !SPECIAL,
                Err(Forgotten) => {
                    self.forgotten += 1;
                    return all();
                }
            }
            patterns.extend(self.states.matches(state));
        }
        patterns.sort_unstable();
        patterns.dedup();
        patterns
    }
}

/// Cuts a text of whole lines into parts of about one length.
fn lanes(text: &[u8]) -> [Lane; LANES] {
    let mut at = 0;
    std::array::from_fn(|lane| {
        let about = (text.len() * (lane + 1) / LANES).max(at);
        let end = memchr(b'\n', &text[about..]).map_or(text.len(), |end| about + end + 1);
        let lane = Lane { at, end, state: START };
        at = end;
        lane
    })
}

fn line_start(text: &[u8], at: usize) -> usize {
    memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1)
}

#[cfg(test)]
mod tests {
    use heal_model::{Engine, Pattern, PatternKind};

    use super::{Loose, Walk};

    #[track_caller]
    fn check(sources: &[&str], text: &str, expected: &[(usize, usize)]) {
        let pattern = |source: &&str| Pattern {
            source: (*source).to_owned(),
            kind: PatternKind::Regex,
            unicode: false,
            engine: Engine::Linear,
        };
        let patterns: Vec<Pattern> = sources.iter().map(pattern).collect();
        let (loose, rest) = Loose::new(patterns.iter().enumerate());
        assert!(rest.is_empty());
        let mut hits = Vec::new();
        Walk::new(&loose.expect("it compiles")).hits(text.as_bytes(), |pattern| pattern, &mut hits);
        hits.sort_unstable();
        assert_eq!(hits, expected, "{sources:?} on {text:?}");
    }

    #[test]
    fn lines_and_their_patterns() {
        check(
            &["[0-9]{3}", "^x", "^$"],
            "a 123 456\nx 1\n\nx 789",
            &[(0, 0), (10, 1), (14, 2), (15, 0), (15, 1)],
        );
        check(&["a$"], "a\r\nba\nab\na", &[(0, 0), (3, 0), (9, 0)]);
        check(&["a[^x]*b"], "a\nb\na b\n", &[(4, 0)]);
        check(&["a\\sb|\\z."], "a\nb\na b\n", &[(4, 0)]);
        check(&["\\bé\\b|^.$"], "é\nxéx\nx\n", &[(0, 0), (3, 0), (8, 0)]);
        check(&["x"], "", &[]);
    }

    #[test]
    fn an_automaton_that_does_not_fit_loses_nothing() {
        // Each of the last bytes may be where the match began: the states are without number.
        let source = ["[ab]*a[ab]{14}c[0-9]"];
        let line =
            |n: usize| (0..40).map(move |bit| if ((n * 2_654_435_761) >> bit) & 1 == 0 { 'a' } else { 'b' });
        let lines: Vec<String> = (1..600).map(|n| line(n).collect::<String>() + "c1\n").collect();
        let matches = regex::Regex::new(source[0]).expect("it compiles");
        let mut expected = Vec::new();
        let mut at = 0;
        for line in &lines {
            expected.extend(matches.is_match(line).then_some((at, 0)));
            at += line.len();
        }
        let pattern = Pattern {
            source: source[0].to_owned(),
            kind: PatternKind::Regex,
            unicode: false,
            engine: Engine::Linear,
        };
        let (loose, _) = Loose::new([(0, &pattern)].into_iter());
        let mut hits = Vec::new();
        Walk::new(&loose.expect("it compiles")).hits(lines.concat().as_bytes(), |pattern| pattern, &mut hits);
        assert!(expected.iter().all(|hit| hits.contains(hit)));
        assert!(!expected.is_empty());
    }
}
