use heal_model::{Diff, Edit, Plan, RelPath};

use super::arguments::Test;
use super::diff;
use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use super::style::{Style, counted, visible};
use super::update;
use crate::report::{self, Report};
use crate::rule_test::{Difference, Tested, Verdict, noise, rule_tests};
use crate::{Library, Reading};

/// `heal test`: the rules' own tests, and that rules are silent on the output of runs that passed.
pub(super) fn test(session: &mut Session<'_>, wanted: &Test) -> Result<Exit, Failure> {
    let library = session.library_of(&wanted.playbooks)?;
    session.tell_faulty(&library)?;
    if library.playbooks.is_empty() {
        return Err(Failure::new(Exit::Usage, "there is no playbook to test")
            .help("name one, `heal test playbook.yaml`, or write a start with `heal init`"));
    }
    let reading = session.reading(None)?;
    let tested = rule_tests(&library.playbooks, &reading).into_iter();
    let path = |place: usize| library.playbooks[place].origin.path();
    let tested: Vec<(&str, Tested)> = tested.map(|(place, one)| (path(place), one)).collect();
    let noisy = noisy(session, &library, &wanted.noise, &reading)?;
    let mut report = Report::of("test");
    if session.is_text() {
        let text = summary(&tested, &noisy, session.console.style());
        session.console.out(&text);
    } else {
        report.tests = tested.iter().map(|(path, tested)| report::tested(path, tested)).collect();
        report.doubts = noisy.iter().map(|(path, rule)| format!("{rule} fires on {path}")).collect();
    }
    if wanted.update && tested.iter().any(|(_, one)| matches!(one.verdict, Verdict::Wrong(_))) {
        return update::update(session, &library, &tested, wanted, &mut report);
    }
    if !session.is_text() {
        session.console.json(&report);
    }
    let passed =
        noisy.is_empty() && library.faulty.is_empty() && tested.iter().all(|(_, one)| one.verdict.passed());
    Ok(if passed { Exit::Done } else { Exit::Remains })
}

/// A test that failed, in a few lines: where it is, what became of it, what differs.
pub(super) fn line(path: &str, tested: &Tested, style: Style) -> String {
    let place = format!("{path}:{}:{}", tested.place.line, tested.place.column);
    let mut text = format!(
        "{} {} {}  {}\n",
        style.bad(tested.verdict.word()),
        style.bold(tested.rule.as_str()),
        visible(&tested.test),
        style.faint(&place),
    );
    match &tested.verdict {
        Verdict::Wrong(differences) => {
            differences.iter().for_each(|one| text.push_str(&difference(one, style)));
        }
        verdict => text.push_str(&format!("  {}\n", visible(&said(verdict)))),
    }
    text
}

/// What became of a test, in a line.
pub(super) fn said(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Validated | Verdict::Reported => "passed".to_owned(),
        Verdict::Noisy(seen) => format!("matched where it must not: {seen}"),
        Verdict::Missing(seen) => format!("did not match where it must: {seen}"),
        Verdict::Wrong(differences) => {
            let what: Vec<String> = differences.iter().map(|one| one.what.to_string()).collect();
            format!("did something else than expected: {}", what.join(", "))
        }
    }
}

/// A text of several lines as a diff, a word as it is: whether it ends with a line break is seen in the first alone.
fn difference(one: &Difference, style: Style) -> String {
    let what = visible(&one.what.to_string());
    let head = format!("  {what}: {} and {}\n", style.removed("- expected"), style.added("+ found"));
    let has_lines = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains('\n'));
    let is_whole = has_lines(&one.expected) || has_lines(&one.found);
    let bytes = |text: &Option<String>| {
        let end = if is_whole { "" } else { "\n" };
        text.as_ref().map(|text| format!("{text}{end}").as_str().into())
    };
    let path = RelPath::new("expectation").expect("a plain name");
    let content = Diff { before: bytes(&one.expected), after: bytes(&one.found) };
    let edit = Edit { path, content, executable: false, parts: Vec::new() };
    let shown = heal_plan::preview(&Plan { edits: vec![edit], ..Plan::default() });
    let lines = shown.files.iter().flat_map(|file| &file.hunks).flat_map(|hunk| &hunk.lines);
    lines.fold(head, |text, line| format!("{text}    {}", diff::line(line, style)))
}

/// Every rule that fires on output of a run that passed, with the file.
fn noisy(
    session: &Session<'_>,
    library: &Library,
    folders: &[String],
    reading: &Reading,
) -> Result<Vec<(String, String)>, Failure> {
    let mut all = Vec::new();
    for folder in folders {
        let outputs = session.host.texts(folder).map_err(|error| Failure::of(Exit::Usage, &error))?;
        let found = noise(&library.playbooks, &outputs, reading);
        all.extend(found.into_iter().map(|(path, finding)| (path, finding.rule.to_string())));
    }
    Ok(all)
}

fn summary(tested: &[(&str, Tested)], noisy: &[(String, String)], style: Style) -> String {
    let mut text = String::new();
    for (path, one) in tested.iter().filter(|(_, one)| !one.verdict.passed()) {
        text.push_str(&line(path, one, style));
    }
    for (path, rule) in noisy {
        let place = format!("on {path}, the output of a run that passed");
        text.push_str(&format!("{} {} {place}\n", style.bad("noisy"), style.bold(rule)));
    }
    let count = |word: &str| tested.iter().filter(|(_, one)| one.verdict.word() == word).count();
    let told = |word: &str| (count(word) > 0).then(|| format!("{} {word}", count(word)));
    let counts: Vec<String> =
        ["validated", "reported", "noisy", "missing", "wrong"].into_iter().filter_map(told).collect();
    let mut told = match tested.is_empty() {
        true => "no rule has a test".to_owned(),
        false => format!("{}: {}", counted(tested.len(), "test", "tests"), counts.join(", ")),
    };
    if !noisy.is_empty() {
        let count = counted(noisy.len(), "finding", "findings");
        told.push_str(&format!("; {count} in the output of runs that passed"));
    }
    let passed = noisy.is_empty() && tested.iter().all(|(_, one)| one.verdict.passed());
    let head = match passed {
        true if tested.is_empty() => style.warn("nothing to test:"),
        true => style.good("passed"),
        false => style.bad("failed"),
    };
    text + &format!("{head} {told}\n")
}
