use std::collections::BTreeSet;

use heal_model::Diagnostic;

use crate::written::trigger::{DiagnosticTrigger, OutputTrigger, Trigger};
use crate::written::{LinePattern, Pattern, Short};

/// The names of a pattern's captures, as far as its text shows them: a pattern that does not compile has them too, so
/// that one mistake is not told twice.
pub(crate) fn names(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['\\', '(']) {
        let found = &rest[at..];
        rest = if found.starts_with('\\') {
            found
                .get(1..)
                .map_or("", |rest| rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or(""))
        } else {
            let group = found.strip_prefix("(?<").or_else(|| found.strip_prefix("(?P<"));
            let name = group.and_then(|group| group.split_once('>')).map(|(name, _)| name);
            names.extend(name.filter(|name| !name.starts_with(['=', '!'])).map(str::to_owned));
            &found[1..]
        };
    }
    names
}

/// The captures that a trigger's findings have.
pub(super) fn of(trigger: &Trigger) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(trigger, &mut found);
    found
}

/// What a kind of trigger captures by itself.
pub(crate) fn of_kind(kind: &str) -> &'static [&'static str] {
    match kind {
        "diagnostic" => &Diagnostic::CAPTURES,
        "file" => &["file"],
        "document" => &["file", "node", "pointer"],
        "rate" => &["file", "group", "failures", "total", "percent"],
        "process" => &["file", "pid", "program"],
        "probe" => &["exit"],
        "env" => &["name", "value"],
        _ => &[],
    }
}

fn collect(trigger: &Trigger, found: &mut BTreeSet<String>) {
    let kinds = [
        ("diagnostic", trigger.diagnostic.is_some()),
        ("file", trigger.file.is_some()),
        ("document", trigger.document.is_some()),
        ("rate", trigger.rate.is_some()),
        ("process", trigger.process.is_some()),
        ("probe", trigger.probe.is_some()),
        ("env", trigger.env.is_some()),
    ];
    for (kind, _) in kinds.iter().filter(|(_, is_there)| *is_there) {
        found.extend(of_kind(kind).iter().map(|name| (*name).to_owned()));
    }
    if trigger.file.as_ref().is_some_and(|file| file.contains.is_some()) {
        found.insert("line".to_owned());
    }
    found.extend(trigger.document.iter().flat_map(|document| document.bind.keys().cloned()));
    for pattern in regexes(trigger) {
        found.extend(names(pattern));
    }
    for inner in trigger.all.iter().chain(&trigger.any).flatten() {
        collect(inner, found);
    }
}

/// The regular expressions of a trigger that bind captures.
fn regexes(trigger: &Trigger) -> Vec<&str> {
    let mut regexes = Vec::new();
    match &trigger.output {
        Some(Short::Short(regex)) => regexes.push(regex.as_str()),
        Some(Short::Long(output)) => regexes.extend(of_output(output)),
        None => {}
    }
    regexes.extend(trigger.diagnostic.iter().flat_map(of_diagnostic));
    let env = match &trigger.env {
        Some(Short::Long(env)) => env.matches.as_ref(),
        _ => None,
    };
    let states = [
        trigger.file.as_ref().and_then(|file| file.contains.as_ref()),
        trigger.document.as_ref().and_then(|document| document.matches.as_ref()),
        trigger.probe.as_ref().and_then(|probe| probe.output.as_ref()),
        trigger.value.as_ref().and_then(|value| value.matches.as_ref()),
        env,
    ];
    regexes.extend(states.into_iter().flatten().filter_map(regex));
    regexes
}

fn of_output(output: &OutputTrigger) -> impl Iterator<Item = &str> {
    let lines = output.lines.iter().chain(&output.sequence).flatten();
    output.regex.as_deref().into_iter().chain(lines.filter_map(|line: &LinePattern| match line {
        Short::Short(regex) => Some(regex.as_str()),
        Short::Long(map) => map.regex.as_deref(),
    }))
}

fn of_diagnostic(diagnostic: &DiagnosticTrigger) -> impl Iterator<Item = &str> {
    [&diagnostic.code, &diagnostic.message, &diagnostic.help].into_iter().flatten().filter_map(regex)
}

pub(super) fn regex(pattern: &Pattern) -> Option<&str> {
    match pattern {
        Short::Short(regex) => Some(regex),
        Short::Long(map) => map.regex.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_seen_in_the_text() {
        let names = |source| super::names(source).join(" ");
        assert_eq!(names(r"(?<a>x)\(?<b>(?P<c>(?<=d)(?<!e)(?:f)\\(?<g>"), "a c g");
        assert_eq!(names("(?<"), "");
        assert_eq!(names("\\é(?<a>\\"), "a");
    }
}
