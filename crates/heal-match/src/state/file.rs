use std::time::Duration;

use heal_model::{Bytes, FileIs, FileTrigger, JsonLines, Pattern, RelPath, Stat};

use super::checksum::{Sidecar, sidecar};
use super::look::Look;
use super::paths::Paths;
use super::read::{is_document, parse};
use super::spot::{Captures, Spot};
use super::time::is_older;
use crate::scan::excerpt;
use crate::seen::LONGEST_LINE;

/// How many of a document's faults an excerpt names.
const MOST_FAULTS: usize = 5;

impl Look<'_> {
    /// The files of which all that the trigger asks for holds.
    pub(crate) fn file(&mut self, trigger: &FileTrigger, given: &Captures) -> Vec<Spot> {
        match self.paths(&trigger.path, given) {
            None => Vec::new(),
            Some(Paths::One(path)) => self.one_file(trigger, &path).into_iter().collect(),
            Some(Paths::Fitting(none)) if trigger.is == Some(FileIs::Missing) => {
                let wanted = self.filled(&trigger.path, given).unwrap_or_default();
                let missing = Spot::default().with("file", wanted);
                if none.is_empty() { vec![missing] } else { Vec::new() }
            }
            Some(Paths::Fitting(paths)) => {
                paths.iter().filter_map(|path| self.one_file(trigger, path)).collect()
            }
        }
    }

    fn one_file(&mut self, trigger: &FileTrigger, path: &RelPath) -> Option<Spot> {
        let stat = self.known(self.world.stat(path))?;
        let spot = Spot::default().with("file", path.as_str());
        let Some(stat) = stat else {
            return (trigger.is == Some(FileIs::Missing)).then_some(spot);
        };
        let holds = self.is(trigger.is, path, &stat)
            && trigger.larger_than.is_none_or(|size| stat.len > size)
            && trigger.older_than.is_none_or(|age| self.is_older(&stat, age));
        let held = |pattern| !matches!(self.line(path, pattern), Some(None));
        if !holds || trigger.lacks.as_ref().is_some_and(held) {
            return None;
        }
        let spot = match &trigger.contains {
            Some(pattern) => spot.joined(&self.line(path, pattern)??),
            None => spot,
        };
        match &trigger.invalid_against {
            Some(schema) => Some(spot.joined(&self.invalid(path, schema)?)),
            None => Some(spot),
        }
    }

    fn is(&mut self, is: Option<FileIs>, path: &RelPath, stat: &Stat) -> bool {
        match is {
            None | Some(FileIs::Present) => true,
            Some(FileIs::Missing) => false,
            Some(FileIs::Empty) => stat.is_file() && stat.len == 0,
            Some(FileIs::Corrupt) => self.is_corrupt(path),
            Some(FileIs::Broken) => self.is_broken(path),
            Some(FileIs::Torn) => self.read(path).is_some_and(|it| is_torn(path, &it)),
        }
    }

    fn is_broken(&mut self, path: &RelPath) -> bool {
        if !is_document(path.name()) {
            self.doubt(format!(
                "{path} is no JSON, JSON Lines, YAML or TOML by its name, so it can't be broken"
            ));
            return false;
        }
        self.read(path).is_some_and(|content| parse(path.as_str(), &content).is_err())
    }

    fn read(&mut self, path: &RelPath) -> Option<Bytes> {
        self.known(self.world.read(path))?
    }

    fn is_older(&self, stat: &Stat, age: Duration) -> bool {
        is_older(stat.modified, self.world.now(), age)
    }

    fn is_corrupt(&mut self, path: &RelPath) -> bool {
        match sidecar(path, self.world) {
            Ok(Sidecar::Absent | Sidecar::Holds) => false,
            Ok(Sidecar::Differs) => true,
            Err(why) => {
                self.doubt(why);
                false
            }
        }
    }

    /// The first line of a file that holds a pattern; `None` where that can't be found out.
    fn line(&mut self, path: &RelPath, pattern: &Pattern) -> Option<Option<Spot>> {
        let content = self.known(self.world.read(path))??;
        let pattern = self.compiled(pattern)?;
        let before = self.undecided;
        for (number, line) in content.split(|byte| *byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let line = &line[..line.len().min(LONGEST_LINE)];
            if let Some(caught) = self.search(&pattern, line) {
                let spot = Spot::default().with_groups(&caught, line).with("line", (number + 1).to_string());
                return Some(Some(Spot { excerpt: vec![excerpt(line)], ..spot }));
            }
        }
        (self.undecided == before).then_some(None)
    }

    /// What of a document its schema does not allow; a document that can't be parsed is not valid either.
    fn invalid(&mut self, path: &RelPath, schema: &str) -> Option<Spot> {
        let content = self.known(self.world.read(path))??;
        let validator = self.schema(schema)?;
        let faults: Vec<String> = match parse(path.as_str(), &content) {
            Err(why) => vec![why],
            Ok(value) => {
                let fault = |error: jsonschema::ValidationError<'_>| {
                    let pointer = error.instance_path().to_string();
                    if pointer.is_empty() { error.to_string() } else { format!("{pointer}: {error}") }
                };
                validator.iter_errors(&value).take(MOST_FAULTS).map(fault).collect()
            }
        };
        let excerpt = faults.iter().map(|fault| excerpt(fault.as_bytes())).collect();
        (!faults.is_empty()).then(|| Spot { excerpt, ..Spot::default() })
    }
}

/// Whether what was appended to a file last was cut off. In JSON Lines a last line that is JSON is whole without its end.
fn is_torn(path: &RelPath, content: &Bytes) -> bool {
    if JsonLines::are_in(path.name()) {
        return JsonLines::read(content).is_ok_and(|read| read.torn.is_some());
    }
    content.last().is_some_and(|byte| *byte != b'\n')
}
