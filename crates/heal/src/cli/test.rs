use heal_model::{Diff, Edit, Plan, RelPath};

use super::arguments::Test;
use super::diff;
use super::exit::{Exit, Failure};
use super::session::Session;
use super::style::{Style, counted, visible};
use super::update;
use crate::Library;
use crate::report::{self, Report};
use crate::rule_test::{Difference, Tested, Verdict, noise, rule_tests};

/// `heal test`: the rules' own tests, and that rules are silent on the output of runs that passed.
pub(super) fn test(session: &mut Session<'_>, wanted: &Test) -> Result<Exit, Failure> {
    let library = session.library_of(&wanted.playbooks)?;
    session.tell_faulty(&library)?;
    if library.playbooks.is_empty() {
        return Err(Failure::new(Exit::Usage, "there is no playbook to test")
            .help("name one, `heal test playbook.yaml`, or write a start with `heal init`"));
    }
    let tested = rule_tests(&library.playbooks).into_iter();
    let path = |place: usize| library.playbooks[place].origin.path();
    let tested: Vec<(&str, Tested)> = tested.map(|(place, one)| (path(place), one)).collect();
    let noisy = noisy(session, &library, &wanted.noise)?;
    if session.is_text() {
        let text = summary(&tested, &noisy, session.console.style());
        session.console.out(&text);
    } else {
        let mut report = Report::of("test");
        report.tests = tested.iter().map(|(path, tested)| report::tested(path, tested)).collect();
        report.doubts = noisy.iter().map(|(path, rule)| format!("{rule} fires on {path}")).collect();
        session.console.json(&report);
    }
    if wanted.update && tested.iter().any(|(_, one)| matches!(one.verdict, Verdict::Wrong(_))) {
        return update::update(session, &library, &tested, wanted);
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
            let what: Vec<&str> = differences.iter().map(|one| one.what.as_str()).collect();
            format!("did something else than expected: {}", what.join(", "))
        }
    }
}

/// `, 2 tests failed`, or nothing.
pub(super) fn failed(count: usize) -> String {
    if count == 0 { String::new() } else { format!(", {} failed", counted(count, "test", "tests")) }
}

fn difference(one: &Difference, style: Style) -> String {
    let name = one.what.replace(['\\', '\0', '\n'], "?");
    let path = RelPath::new(&name).unwrap_or_else(|_| RelPath::new("expectation").expect("a plain name"));
    let bytes = |text: &Option<String>| text.as_ref().map(|text| text.as_str().into());
    let content = Diff { before: bytes(&one.expected), after: bytes(&one.found) };
    let edit = Edit { path, content, executable: false, parts: Vec::new() };
    let shown = heal_plan::preview(&Plan { edits: vec![edit], ..Plan::default() });
    let mut text =
        format!("  {}: {} and {}\n", visible(&one.what), style.removed("- expected"), style.added("+ found"));
    for line in shown.files.iter().flat_map(|file| &file.hunks).flat_map(|hunk| &hunk.lines) {
        text.push_str(&format!("    {}", diff::line(line, style)));
    }
    text
}

/// Every rule that fires on output of a run that passed, with the file.
fn noisy(
    session: &Session<'_>,
    library: &Library,
    folders: &[String],
) -> Result<Vec<(String, String)>, Failure> {
    let mut all = Vec::new();
    for folder in folders {
        let outputs = session.host.texts(folder).map_err(|error| Failure::of(Exit::Usage, &error))?;
        let found = noise(&library.playbooks, &outputs);
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
        text.push_str(&format!(
            "{} {}  on {path}, the output of a run that passed\n",
            style.bad("noisy"),
            style.bold(rule)
        ));
    }
    let count = |word: &str| tested.iter().filter(|(_, one)| one.verdict.word() == word).count();
    let told = |word: &str| {
        let count = count(word) + if word == "noisy" { noisy.len() } else { 0 };
        (count > 0).then(|| format!("{count} {word}"))
    };
    let counts: Vec<String> =
        ["validated", "reported", "noisy", "missing", "wrong"].into_iter().filter_map(told).collect();
    let passed = noisy.is_empty() && tested.iter().all(|(_, one)| one.verdict.passed());
    let head = if passed { style.good("passed") } else { style.bad("failed") };
    text + &format!("{head} {}: {}\n", counted(tested.len(), "test", "tests"), counts.join(", "))
}
