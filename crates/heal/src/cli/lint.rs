use heal_model::{Playbook, Rule};
use heal_playbook::{Problem, Severity, SharedId, shared_ids};

use super::arguments::{Format, Playbooks};
use super::drawn::drawn;
use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use super::style::{Style, counted};
use super::test::line;
use crate::library::FaultyBecause;
use crate::report::{self, Annotation, Report, Weight, github};
use crate::rule_test::{Tested, rule_tests};
use crate::{ExtractorFile, Extractors, ExtractorsFaulty, Library, Reading, is_builtin, origin_of_builtin};

/// All that is wrong with one playbook.
struct Checked<'a> {
    path: &'a str,
    text: String,
    problems: Vec<Problem>,
    unreadable: Option<&'a str>,
    tests: Vec<Tested>,
    /// A file of extractors where it is not.
    is_playbook: bool,
}

/// `heal lint`: every problem of every playbook, at its place, and rules that fail their own tests.
pub(super) fn lint(session: &mut Session<'_>, wanted: &Playbooks) -> Result<Exit, Failure> {
    let (playbooks, extractors) = sorted(session, &wanted.playbooks)?;
    let library = if playbooks.is_empty() && !wanted.playbooks.is_empty() {
        Library::default()
    } else {
        session.library_of(&playbooks)?
    };
    let reading = Extractors::open(&session.host).whole();
    let mut checked = checked(&library, &reading);
    checked.extend(extractors.files.iter().map(of_extractors));
    checked.sort_by_key(|one| one.path);
    if checked.is_empty() {
        return Err(Failure::new(Exit::Usage, "there is no playbook to check")
            .help("name one, `heal lint playbook.yaml`, or write a start with `heal init`"));
    }
    match session.format {
        Format::Text | Format::Sarif | Format::Jsonl => {
            let text = text(&checked, session.console.style());
            session.console.out(&text);
        }
        Format::Json => {
            let mut report = Report::of("lint");
            for one in &checked {
                report.problems.extend(one.problems.iter().map(|problem| report::problem(one.path, problem)));
                report.tests.extend(failing(one).map(|tested| report::tested(one.path, tested)));
                report
                    .doubts
                    .extend(one.unreadable.map(|reason| format!("{} can't be read: {reason}", one.path)));
            }
            session.console.json(&report);
        }
        Format::Github => {
            let text: String = checked.iter().flat_map(annotations).map(|one| github(&one)).collect();
            session.console.out(&text);
        }
    }
    Ok(if checked.iter().any(is_wrong) { Exit::Remains } else { Exit::Done })
}

/// The playbooks among what is named, and the extractors; those of the project where nothing is named.
fn sorted(session: &Session<'_>, named: &[String]) -> Result<(Vec<String>, Extractors), Failure> {
    if named.is_empty() {
        return Ok((Vec::new(), Extractors::open(&session.host)));
    }
    let mut playbooks = Vec::new();
    let mut extractors = Extractors::built_in();
    for path in named {
        let found = session.host.named(path).map_err(|error| Failure::of(Exit::Usage, &error))?;
        match &found.text {
            Ok(text) if is_extractors(text) => extractors.add(found),
            _ => playbooks.push(path.clone()),
        }
    }
    Ok((playbooks, extractors))
}

/// Whether a file says at its outermost level that it holds extractors.
fn is_extractors(text: &[u8]) -> bool {
    String::from_utf8_lossy(text).lines().any(|line| line.starts_with("extract:"))
}

fn of_extractors(file: &ExtractorFile) -> Checked<'_> {
    let (problems, unreadable) = match &file.read {
        Ok(_) => (Vec::new(), None),
        Err(ExtractorsFaulty::Wrong(error)) => {
            (vec![Problem::of_extractor(&file.text, error.line, error.column, &error.message)], None)
        }
        Err(ExtractorsFaulty::Unreadable(reason)) => (Vec::new(), Some(reason.as_str())),
    };
    Checked {
        path: file.origin.path(),
        text: file.text.clone(),
        problems,
        unreadable,
        tests: Vec::new(),
        is_playbook: false,
    }
}

/// The playbooks that can be used, with their rules' tests run, and those that can't.
fn checked<'a>(library: &'a Library, reading: &Reading) -> Vec<Checked<'a>> {
    let tested = rule_tests(&library.playbooks, reading);
    let fine = library.members.iter().enumerate().map(|(place, member)| Checked {
        path: member.origin.path(),
        text: String::from_utf8_lossy(&member.text).into_owned(),
        problems: member.warnings.iter().cloned().chain(shared(library, place)).collect(),
        unreadable: None,
        tests: tested.iter().filter(|(index, _)| *index == place).map(|(_, one)| one.clone()).collect(),
        is_playbook: true,
    });
    let faulty = library.faulty.iter().map(|faulty| {
        let (text, problems, unreadable) = match &faulty.error {
            FaultyBecause::Invalid(error) => (error.text.clone(), error.problems.clone(), None),
            FaultyBecause::Unreadable(reason) => (String::new(), Vec::new(), Some(reason.as_str())),
        };
        Checked {
            path: faulty.origin.path(),
            text,
            problems,
            unreadable,
            tests: Vec::new(),
            is_playbook: true,
        }
    });
    fine.chain(faulty).collect()
}

/// Ids of a playbook's rules that another has as well. Of those that are looked at the first counts; what is built
/// in comes after all, and the same rule once more is no other.
fn shared(library: &Library, place: usize) -> Vec<Problem> {
    let (before, own) = (&library.playbooks[..place], &library.playbooks[place]);
    let has = |playbook: &&Playbook, rule: &Rule| playbook.rules.iter().any(|other| other.id == rule.id);
    let shared: Vec<SharedId<'_>> = own
        .rules
        .iter()
        .filter_map(|rule| {
            let above = before.iter().find(|playbook| has(playbook, rule));
            let above = above.map(|above| (above.origin.clone(), false));
            let built_in = || origin_of_builtin(&rule.id).filter(|_| !is_builtin(rule));
            let (other, counts) = above.or_else(|| Some((built_in()?, true)))?;
            Some(SharedId { rule, other, counts })
        })
        .collect();
    shared_ids(&library.members[place].text, &shared)
}

fn failing<'a>(one: &'a Checked<'_>) -> impl Iterator<Item = &'a Tested> {
    one.tests.iter().filter(|tested| !tested.verdict.passed())
}

fn is_wrong(one: &Checked<'_>) -> bool {
    let is_error = |problem: &Problem| problem.severity == Severity::Error;
    one.unreadable.is_some() || one.problems.iter().any(is_error) || failing(one).next().is_some()
}

fn text(checked: &[Checked<'_>], style: Style) -> String {
    let mut text = String::new();
    for one in checked {
        one.problems.iter().for_each(|problem| text.push_str(&drawn(problem, one.path, &one.text, style)));
        if let Some(reason) = one.unreadable {
            text.push_str(&format!("{} {} can't be read: {reason}\n", style.bad("error:"), one.path));
        }
        failing(one).for_each(|tested| text.push_str(&line(one.path, tested, style)));
    }
    text + &summary(checked, style)
}

/// `fine: 1 playbook, 2 tests, 1 hint`, or `not valid: 1 of 2 playbooks: 3 problems, 1 test failed`.
fn summary(checked: &[Checked<'_>], style: Style) -> String {
    let is_error = |problem: &&Problem| problem.severity == Severity::Error;
    let problems: usize = checked.iter().map(|one| one.problems.len()).sum();
    let errors: usize = checked.iter().map(|one| one.problems.iter().filter(is_error).count()).sum();
    let tests: usize = checked.iter().map(|one| one.tests.len()).sum();
    let failures: usize = checked.iter().map(|one| failing(one).count()).sum();
    let unreadable = checked.iter().filter(|one| one.unreadable.is_some()).count();
    let wrong = checked.iter().filter(|one| is_wrong(one)).count();
    let some = |count: usize, told: String| (count > 0).then_some(told);
    let hints = some(problems - errors, counted(problems - errors, "hint", "hints"));
    let of_playbooks = checked.iter().filter(|one| one.is_playbook).count();
    let playbooks = some(of_playbooks, counted(of_playbooks, "playbook", "playbooks"));
    let of_extractors = checked.len() - of_playbooks;
    let extractors = some(of_extractors, counted(of_extractors, "file of extractors", "files of extractors"));
    let looked_at: Vec<String> = playbooks.into_iter().chain(extractors).collect();
    let looked_at = looked_at.join(", ");
    if wrong == 0 {
        let tests = some(tests, counted(tests, "test", "tests"));
        let told: Vec<String> = [Some(looked_at), tests, hints].into_iter().flatten().collect();
        return format!("{} {}\n", style.good("fine:"), told.join(", "));
    }
    let told = [
        some(errors, counted(errors, "problem", "problems")),
        some(failures, format!("{} failed", counted(failures, "test", "tests"))),
        some(unreadable, format!("{unreadable} can't be read")),
        hints,
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    let all = if of_extractors == 0 { looked_at } else { counted(checked.len(), "file", "files") };
    let whose = if checked.len() > 1 { format!("{wrong} of {all}: ") } else { String::new() };
    format!("{} {whose}{}\n", style.bad("not valid:"), told.join(", "))
}

fn annotations(one: &Checked<'_>) -> Vec<Annotation> {
    let problems = one.problems.iter().map(|problem| Annotation {
        weight: match problem.severity {
            Severity::Error => Weight::Error,
            Severity::Warning => Weight::Warning,
            Severity::Advice => Weight::Notice,
        },
        title: problem.code.to_string(),
        message: problem
            .help
            .iter()
            .fold(problem.message.clone(), |message, help| format!("{message}\n{help}")),
        file: Some(one.path.to_owned()),
        line: Some(problem.line),
        column: Some(problem.column),
    });
    let tests = failing(one).map(|tested| Annotation {
        weight: Weight::Error,
        title: format!("{}: {}", tested.rule, tested.test),
        message: super::test::said(&tested.verdict),
        file: Some(one.path.to_owned()),
        line: Some(tested.place.line),
        column: Some(tested.place.column),
    });
    problems.chain(tests).collect()
}
