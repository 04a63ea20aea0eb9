use heal_model::{Diagnostic, Level, Note, Span};

use super::formatter::formatter;
use crate::LinePlace;

/// The diffs among the lines of a lane: what a formatter would change.
///
/// Lines of a hunk belong to it and to nothing else, whatever they say, so the errors that a diff quotes are nobody's.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    state: State,
    /// Whether git's header stands above: such a diff tells what was done, and offers nothing.
    by_git: bool,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Idle,
    /// After `--- name`, and so many lines of others.
    Named(String, LinePlace, u32),
    /// After `+++ name`.
    Open(Box<Difference>),
}

/// The diff of one file, as far as it has come.
#[derive(Debug)]
struct Difference {
    file: String,
    /// Who offers it; nobody does what git shows.
    tool: Option<&'static str>,
    text: String,
    span: Span,
    /// The first line that changes.
    line: Option<u32>,
    left: Left,
    /// How many lines of others came since its last one.
    between: u32,
}

/// What of a hunk is still to come.
#[derive(Clone, Copy, Debug)]
enum Left {
    /// So many lines of the file before, and of the file after; the next line of the file before.
    Lines(u32, u32, u32),
    /// As many as there are, in the form of rustfmt.
    Open,
}

/// How many lines of another process may lie between two of a diff whose hunks are counted.
const MOST_BETWEEN: u32 = 4;
/// The longest diff of one file that is kept, in bytes.
const LONGEST: usize = 256 * 1024;
/// What git writes between `diff --git` and the names.
const GIT: [&str; 9] = [
    "index ",
    "old mode",
    "new mode",
    "new file",
    "deleted file",
    "similarity",
    "dissimilarity",
    "rename ",
    "copy ",
];

impl Differences {
    /// Takes the next line if it belongs to a diff; whether it does.
    pub(crate) fn line(&mut self, text: &[u8], place: LinePlace, out: &mut dyn FnMut(Diagnostic)) -> bool {
        if matches!(self.state, State::Idle)
            && !matches!(text.first(), Some(b'-' | b'd' | b'D'))
            && !self.by_git
        {
            return false;
        }
        let text = String::from_utf8_lossy(text);
        match std::mem::take(&mut self.state) {
            State::Open(mut open) => {
                if open.take(&text, place) {
                    self.state = State::Open(open);
                    return true;
                }
                if open.passes_over(&text) {
                    self.state = State::Open(open);
                    return false;
                }
                open.told().into_iter().for_each(out);
            }
            State::Named(old, first, between) => {
                if let Some(new) = text.strip_prefix("+++ ") {
                    let by_git = std::mem::take(&mut self.by_git);
                    self.state = State::Open(Box::new(Difference::of(&old, new, by_git, first)));
                    return false;
                }
                if between < MOST_BETWEEN && !begins_anew(&text) {
                    self.state = State::Named(old, first, between + 1);
                    return false;
                }
            }
            State::Idle => {}
        }
        self.begin(&text, place);
        matches!(self.state, State::Open(_))
    }

    /// Ends whatever is open.
    pub(crate) fn finish(&mut self, out: &mut dyn FnMut(Diagnostic)) {
        if let State::Open(open) = std::mem::take(&mut self.state) {
            open.told().into_iter().for_each(out);
        }
    }

    /// Whether no diff is open, and none is about to begin.
    pub(crate) fn is_idle(&self) -> bool {
        matches!(self.state, State::Idle) && !self.by_git
    }

    /// Where an open diff began.
    pub(crate) fn open(&self) -> Option<u64> {
        match &self.state {
            State::Open(open) if open.tool.is_some() => Some(open.span.start),
            _ => None,
        }
    }

    fn begin(&mut self, text: &str, place: LinePlace) {
        if let Some(name) = text.strip_prefix("--- ") {
            self.state = State::Named(name.to_owned(), place, 0);
        } else if let Some(open) = Difference::of_rustfmt(text, place) {
            self.state = State::Open(Box::new(open));
        } else {
            self.by_git = text.starts_with("diff --git ")
                || (self.by_git && GIT.iter().any(|header| text.starts_with(header)));
        }
    }
}

impl Difference {
    fn of(old: &str, new: &str, by_git: bool, place: LinePlace) -> Self {
        let (tool, file) = formatter(old, new);
        Self {
            text: format!("--- {file}\n+++ {file}\n"),
            file,
            tool: tool.filter(|_| !by_git),
            span: span(place),
            line: None,
            left: Left::Lines(0, 0, 0),
            between: 0,
        }
    }

    /// `Diff in src/main.rs:3:`, or ` at line 3:` of earlier releases.
    fn of_rustfmt(text: &str, place: LinePlace) -> Option<Self> {
        let place_of = text.strip_prefix("Diff in ")?.strip_suffix(':')?;
        let (file, line) = place_of.rsplit_once(" at line ").or_else(|| place_of.rsplit_once(':'))?;
        Some(Self {
            text: String::new(),
            file: file.replace('\\', "/"),
            tool: Some("rustfmt"),
            span: span(place),
            line: Some(line.parse().ok()?),
            left: Left::Open,
            between: 0,
        })
    }

    /// Takes a line if it goes on with it.
    fn take(&mut self, line: &str, place: LinePlace) -> bool {
        let sign = line.bytes().next();
        let taken = match self.left {
            Left::Open => matches!(sign, Some(b' ' | b'-' | b'+')),
            Left::Lines(0, 0, _) if line.starts_with("@@ ") => self.hunk(line),
            Left::Lines(0, 0, _) => sign == Some(b'\\'),
            Left::Lines(old, new, at) => self.of_hunk(sign, old, new, at),
        };
        if taken {
            if self.text.len() <= LONGEST {
                self.text.push_str(if line.is_empty() { " " } else { line });
                self.text.push('\n');
            }
            self.span.last_line = place.number;
            self.span.end = place.end;
            self.between = 0;
        }
        taken
    }

    /// Whether a line that is none of its own may lie between: what is missing of a hunk is known, and more may follow
    /// on a whole one.
    fn passes_over(&mut self, line: &str) -> bool {
        self.between += 1;
        let is_counted = matches!(self.left, Left::Lines(..));
        is_counted && !begins_anew(line) && self.between <= MOST_BETWEEN
    }

    fn hunk(&mut self, header: &str) -> bool {
        let Some((start, old, new)) = counts(header) else { return false };
        self.left = Left::Lines(old, new, start);
        true
    }

    fn of_hunk(&mut self, sign: Option<u8>, old: u32, new: u32, at: u32) -> bool {
        let (takes, gives) = match sign {
            None | Some(b' ') => (1, 1),
            Some(b'-') => (1, 0),
            Some(b'+') => (0, 1),
            Some(b'\\') => (0, 0),
            _ => return false,
        };
        let (Some(old), Some(new)) = (old.checked_sub(takes), new.checked_sub(gives)) else { return false };
        if takes != gives {
            self.line.get_or_insert(at.max(1));
        }
        self.left = Left::Lines(old, new, at.saturating_add(takes));
        true
    }

    /// The diagnostic that it comes to, where it is whole and someone offers it.
    fn told(mut self) -> Option<Diagnostic> {
        let (tool, line) = (self.tool?, self.line?);
        match self.left {
            Left::Lines(0, 0, _) => {}
            Left::Lines(..) => return None,
            Left::Open => self.text = self.framed(line)?,
        }
        let words =
            if tool == "diff" { "a difference".to_owned() } else { format!("not formatted as {tool} would") };
        let message = Some(self.text).filter(|text| text.len() <= LONGEST);
        let note = |message| Note { level: Level::Note, message, file: None, line: None, column: None };
        Some(Diagnostic {
            file: Some(self.file),
            line: Some(line),
            notes: message.map(note).into_iter().collect(),
            span: self.span,
            ..Diagnostic::new(tool, if tool == "diff" { Level::Note } else { Level::Warning }, &words)
        })
    }

    /// What rustfmt prints, as a hunk of a unified diff. The line that it sees after the end of a file is left out.
    fn framed(&self, line: u32) -> Option<String> {
        let text = self.text.strip_suffix(" \n").unwrap_or(&self.text);
        let count = |sign: char| text.lines().filter(|line| line.starts_with([' ', sign])).count();
        let (old, new) = (count('-'), count('+'));
        let file = &self.file;
        (old + new > 0).then(|| format!("--- {file}\n+++ {file}\n@@ -{line},{old} +{line},{new} @@\n{text}"))
    }
}

/// Whether a line is the first of another diff.
fn begins_anew(line: &str) -> bool {
    ["--- ", "diff ", "Diff in "].iter().any(|header| line.starts_with(header))
}

fn span(place: LinePlace) -> Span {
    Span { first_line: place.number, last_line: place.number, start: place.start, end: place.end }
}

/// `@@ -1,3 +1,4 @@`: the first line before, and how many lines there are before and after.
fn counts(header: &str) -> Option<(u32, u32, u32)> {
    let (ranges, _) = header.strip_prefix("@@ -")?.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let range = |text: &str| -> Option<(u32, u32)> {
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    let ((start, old), (_, new)) = (range(old)?, range(new)?);
    Some((start, old, new))
}
