use std::collections::BTreeSet;
use std::sync::LazyLock;

use heal_diagnose::{Extractor, Marks, Reader, Runs, extractors};
use heal_model::{Diagnostic, Finding, Playbook, Rule, Span, Trigger};

use crate::Reading;
use crate::environments::Environments;

/// How many diagnostics of one stream are kept for rules to look at.
const MOST: usize = 10_000;

/// Made once: what they compile is kept in them.
pub(crate) static BUILT_IN: LazyLock<Vec<Extractor>> = LazyLock::new(extractors);

thread_local! {
    /// Reads any format with those alone: a run that fails is read twice, and the second time costs next to nothing.
    static READER: Reader = Reader::new(&BUILT_IN, None);
}

/// Reads the diagnostics of a stream beside whatever else reads it, where anybody wants them; and which environments of
/// Python it names.
pub struct Diagnostics {
    reader: Option<Reader>,
    marks: Marks,
    runs: Runs,
    found: Vec<Diagnostic>,
    most: usize,
    environments: Environments,
}

impl Diagnostics {
    /// Reads them as it is said.
    #[must_use]
    pub fn wanted(reading: &Reading) -> Self {
        // A project's own extractors come on top.
        let is_built_in = reading.format.is_none() && reading.extractors.len() == BUILT_IN.len();
        if is_built_in {
            return Self::built_in();
        }
        let reader = Reader::new(&reading.extractors, reading.format);
        Self::with(Some(reader), reading.marks.clone())
    }

    /// The same, and keeps every one of them: for a list of all.
    #[must_use]
    pub fn every(reading: &Reading) -> Self {
        Self { most: usize::MAX, ..Self::wanted(reading) }
    }

    /// Reads them in any format, with what heal comes with.
    #[must_use]
    pub fn built_in() -> Self {
        Self::with(Some(READER.with(Reader::anew)), Marks::sure(&BUILT_IN))
    }

    /// Reads them in the same way, from another stream.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self { most: self.most, ..Self::with(self.reader.as_ref().map(Reader::anew), self.marks.clone()) }
    }

    /// Reads none.
    #[must_use]
    pub fn unwanted(reading: &Reading) -> Self {
        Self::with(None, reading.marks.clone())
    }

    fn with(reader: Option<Reader>, marks: Marks) -> Self {
        let runs = reader.as_ref().map(Reader::runs).unwrap_or_default();
        Self { reader, marks, runs, found: Vec::new(), most: MOST, environments: Environments::default() }
    }

    /// What rules on lines see the stream without.
    #[must_use]
    pub fn marks(&self) -> Marks {
        self.marks.clone()
    }

    /// Takes the next bytes of the stream.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.environments.feed(bytes);
        if let Some(reader) = &mut self.reader {
            let found = &mut self.found;
            reader.feed(bytes, &mut |diagnostic| keep(found, self.most, diagnostic));
        }
    }

    /// The environments of Python that were named so far.
    #[must_use]
    pub fn environments(&self) -> BTreeSet<String> {
        self.environments.found()
    }

    /// Which lines were printed by runs that passed, as far as that is known.
    #[must_use]
    pub fn runs(&self) -> Runs {
        self.runs.clone()
    }

    /// Ends the stream: all is known of its runs then.
    pub fn end(&mut self) {
        if let Some(mut reader) = self.reader.take() {
            let found = &mut self.found;
            reader.finish(&mut |diagnostic| keep(found, self.most, diagnostic));
            found.retain(|diagnostic| !self.runs.has_passed(diagnostic.span));
        }
    }

    /// Ends the stream, and gives what was found, in order; nothing of it was printed by a run that passed.
    #[must_use]
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.end();
        self.found
    }
}

/// What is left of a finding without the places that a run printed which passed.
pub(crate) fn standing(mut finding: Finding, runs: &Runs) -> Option<Finding> {
    let known = finding.spans().count();
    let left: Vec<Span> = finding.spans().filter(|span| !runs.has_passed(*span)).collect();
    if left.len() == known {
        return Some(finding);
    }
    finding.count = finding.count.saturating_sub(u32::try_from(known - left.len()).unwrap_or(u32::MAX));
    let (first, again) = left.split_first()?;
    (finding.span, finding.again) = (Some(*first), again.to_vec());
    Some(finding)
}

/// Whether a rule of these playbooks looks at diagnostics.
#[must_use]
pub fn look_at_diagnostics(playbooks: &[Playbook]) -> bool {
    playbooks.iter().flat_map(|playbook| &playbook.rules).any(looks_at_diagnostics)
}

/// Whether a rule looks at diagnostics.
#[must_use]
pub fn looks_at_diagnostics(rule: &Rule) -> bool {
    of_diagnostics(&rule.trigger)
}

fn of_diagnostics(trigger: &Trigger) -> bool {
    match trigger {
        Trigger::Diagnostic(_) => true,
        Trigger::All(triggers) | Trigger::Any(triggers) => triggers.iter().any(of_diagnostics),
        Trigger::Not(trigger) => of_diagnostics(trigger),
        _ => false,
    }
}

fn keep(found: &mut Vec<Diagnostic>, most: usize, diagnostic: Diagnostic) {
    if found.len() < most {
        found.push(diagnostic);
    }
}
