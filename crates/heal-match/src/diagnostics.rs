use std::cell::OnceCell;
use std::collections::BTreeMap;

use globset::GlobBuilder;
use heal_model::{Capture, Diagnostic, DiagnosticTrigger, Finding, Pattern, RuleId};
use heal_pattern::Compiled;

use crate::location::location;
use crate::scan::excerpt;

/// A diagnostic trigger, its patterns compiled when they are first needed: most diagnostics are another tool's.
pub(crate) struct Wanted<'a> {
    trigger: &'a DiagnosticTrigger,
    code: Option<Asked<'a>>,
    message: Option<Asked<'a>>,
    help: Option<Asked<'a>>,
    file: Option<globset::GlobMatcher>,
    not: Option<Box<Wanted<'a>>>,
}

/// One pattern that is asked for, and what it compiles to; nothing has one that does not.
struct Asked<'a>(&'a Pattern, OnceCell<Option<Compiled>>);

impl<'a> Wanted<'a> {
    /// Takes what the trigger asks for.
    ///
    /// # Errors
    /// Says what does not compile.
    pub(crate) fn new(trigger: &'a DiagnosticTrigger) -> Result<Self, String> {
        let asked = |pattern: &'a Option<Pattern>| pattern.as_ref().map(|one| Asked(one, OnceCell::new()));
        let glob = |glob: &String| GlobBuilder::new(glob).literal_separator(true).build();
        let file = trigger.file.as_ref().map(glob).transpose().map_err(|error| error.to_string())?;
        let not = trigger.not.as_deref().map(Self::new).transpose()?;
        Ok(Self {
            trigger,
            code: asked(&trigger.code),
            message: asked(&trigger.message),
            help: asked(&trigger.help),
            file: file.map(|glob| glob.compile_matcher()),
            not: not.map(Box::new),
        })
    }

    /// Whether some diagnostic of an output is one that may not be among them.
    pub(crate) fn is_barred_by(&self, all: &[Diagnostic]) -> bool {
        self.not.as_ref().is_some_and(|not| all.iter().any(|one| not.fits(one)) && !not.is_barred_by(all))
    }

    /// The finding that a diagnostic makes, where all that is asked for fits.
    pub(crate) fn finding(&self, rule: &RuleId, diagnostic: &Diagnostic) -> Option<Finding> {
        let mut captures = self.captures(diagnostic)?;
        let known = known(diagnostic).filter_map(|(name, text)| Some((name, text?)));
        for (name, text) in known {
            captures.entry(name.to_owned()).or_insert(Capture(text));
        }
        Some(Finding {
            rule: rule.clone(),
            location: location(&captures),
            captures,
            values: BTreeMap::new(),
            span: Some(diagnostic.span).filter(|span| span.first_line > 0),
            excerpt: diagnostic.message.lines().take(1).map(|line| excerpt(line.as_bytes())).collect(),
            diagnostic: Some(diagnostic.clone()),
            count: 1,
            again: Vec::new(),
        })
    }

    fn fits(&self, diagnostic: &Diagnostic) -> bool {
        self.captures(diagnostic).is_some()
    }

    /// What its patterns catch of a diagnostic, where all that is asked for fits.
    fn captures(&self, diagnostic: &Diagnostic) -> Option<BTreeMap<String, Capture>> {
        let trigger = self.trigger;
        let fits = trigger.tool.as_ref().is_none_or(|tool| *tool == diagnostic.tool)
            && trigger.level.is_none_or(|least| diagnostic.level >= least)
            && trigger.suggestion.is_none_or(|offered| offered.fits(&diagnostic.suggestions));
        let file = diagnostic.file.as_deref();
        if !fits || self.file.as_ref().is_some_and(|glob| !file.is_some_and(|file| glob.is_match(file))) {
            return None;
        }
        let mut captures = BTreeMap::new();
        let code = diagnostic.code.as_deref().unwrap_or_default();
        catch(self.message.as_ref(), &diagnostic.message, &mut captures)?;
        catch(self.code.as_ref(), code, &mut captures)?;
        if self.help.is_some() {
            let notes = diagnostic.notes.iter();
            notes
                .map(|note| catch(self.help.as_ref(), &note.message, &mut captures))
                .find(Option::is_some)?;
        }
        Some(captures)
    }
}

/// What a diagnostic says of itself, as captures.
fn known(diagnostic: &Diagnostic) -> impl Iterator<Item = (&'static str, Option<String>)> {
    let level = format!("{:?}", diagnostic.level).to_lowercase();
    [
        ("tool", Some(diagnostic.tool.clone())),
        ("code", diagnostic.code.clone()),
        ("level", Some(level)),
        ("message", Some(diagnostic.message.clone())),
    ]
    .into_iter()
    .chain(diagnostic.places())
}

/// Searches a text and keeps what is caught; `None` where the pattern is not found.
fn catch(asked: Option<&Asked<'_>>, text: &str, captures: &mut BTreeMap<String, Capture>) -> Option<()> {
    let Some(Asked(pattern, compiled)) = asked else { return Some(()) };
    let compiled = compiled.get_or_init(|| Compiled::new(pattern).ok());
    for group in compiled.as_ref()?.find(text.as_bytes())?.groups {
        let caught = String::from_utf8_lossy(&text.as_bytes()[group.range]).into_owned();
        captures.entry(group.name).or_insert(Capture(caught));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use heal_model::{Diagnostic, Level};

    use super::known;

    #[test]
    fn what_a_finding_captures_has_the_names_that_all_agree_on() {
        let diagnostic = Diagnostic::new("tool", Level::Error, "no");
        let names: Vec<&str> = known(&diagnostic).map(|(name, _)| name).collect();
        assert_eq!(names, Diagnostic::CAPTURES);
    }
}
