use heal_model::{Playbook, Rule};
use heal_playbook::{Problem, Report as Shown, Severity, shared_id};
use miette::{GraphicalReportHandler, GraphicalTheme, NarratableReportHandler};

use super::arguments::{Format, Playbooks};
use super::exit::{Exit, Failure};
use super::session::Session;
use super::style::{Style, counted};
use super::test::{failed, line};
use crate::library::FaultyBecause;
use crate::report::{self, Annotation, Report, Weight, github};
use crate::rule_test::{Tested, rule_tests};
use crate::{Library, builtin};

/// Lines longer than so many bytes are not drawn under their problem.
const LONGEST: usize = 400;

/// All that is wrong with one playbook.
struct Checked<'a> {
    path: &'a str,
    text: String,
    problems: Vec<Problem>,
    unreadable: Option<&'a str>,
    tests: Vec<Tested>,
}

/// `heal lint`: every problem of every playbook, at its place, and rules that fail their own tests.
pub(super) fn lint(session: &mut Session<'_>, wanted: &Playbooks) -> Result<Exit, Failure> {
    let library = session.library_of(&wanted.playbooks)?;
    let checked = checked(&library);
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

/// The playbooks that can be used, with their rules' tests run, and those that can't.
fn checked(library: &Library) -> Vec<Checked<'_>> {
    let tested = rule_tests(&library.playbooks);
    let built_in = builtin();
    let fine = library.members.iter().enumerate().map(|(place, member)| Checked {
        path: member.origin.path(),
        text: String::from_utf8_lossy(&member.text).into_owned(),
        problems: member.warnings.iter().cloned().chain(shared(library, place, &built_in)).collect(),
        unreadable: None,
        tests: tested.iter().filter(|(index, _)| *index == place).map(|(_, one)| one.clone()).collect(),
    });
    let faulty = library.faulty.iter().map(|faulty| {
        let (text, problems, unreadable) = match &faulty.error {
            FaultyBecause::Invalid(error) => (error.text.clone(), error.problems.clone(), None),
            FaultyBecause::Unreadable(reason) => (String::new(), Vec::new(), Some(reason.as_str())),
        };
        Checked { path: faulty.origin.path(), text, problems, unreadable, tests: Vec::new() }
    });
    let mut all: Vec<Checked<'_>> = fine.chain(faulty).collect();
    all.sort_by_key(|one| one.path);
    all
}

/// Ids of a playbook's rules that another has as well. Of those that are looked at the first counts; what is built
/// in comes after all.
fn shared(library: &Library, place: usize, built_in: &[Playbook]) -> Vec<Problem> {
    let (before, own) = (&library.playbooks[..place], &library.playbooks[place]);
    let has = |playbook: &&Playbook, rule: &Rule| playbook.rules.iter().any(|other| other.id == rule.id);
    let told = own.rules.iter().filter_map(|rule| {
        let above = before.iter().find(|playbook| has(playbook, rule)).map(|above| (above, false));
        let below = || built_in.iter().find(|playbook| has(playbook, rule)).map(|below| (below, true));
        let (other, counts) = above.or_else(below)?;
        Some(shared_id(&library.members[place].text, rule, &other.origin, counts))
    });
    told.collect()
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
        one.problems.iter().for_each(|problem| text.push_str(&drawn(problem, one, style)));
        if let Some(reason) = one.unreadable {
            text.push_str(&format!("{} {} can't be read: {reason}\n", style.bad("error:"), one.path));
        }
        failing(one).for_each(|tested| text.push_str(&line(one.path, tested, style)));
    }
    let problems: usize = checked.iter().map(|one| one.problems.len()).sum();
    let failures: usize = checked.iter().map(|one| failing(one).count()).sum();
    let tests: usize = checked.iter().map(|one| one.tests.len()).sum();
    let playbooks = counted(checked.len(), "playbook", "playbooks");
    let tests = counted(tests, "test", "tests");
    let wrong = checked.iter().filter(|one| is_wrong(one)).count();
    let is_error = |problem: &&Problem| problem.severity == Severity::Error;
    let errors: usize = checked.iter().map(|one| one.problems.iter().filter(is_error).count()).sum();
    let hints = match problems - errors {
        0 => String::new(),
        count => format!(", {}", counted(count, "hint", "hints")),
    };
    text.push_str(&if wrong == 0 {
        format!("{} {playbooks}, {tests}{hints}\n", style.good("fine:"))
    } else {
        let errors = counted(errors, "problem", "problems");
        format!("{} {wrong} of {playbooks}: {errors}{}{hints}\n", style.bad("not valid:"), failed(failures))
    });
    text
}

/// A problem with its text underlined; without colours in plain characters.
fn drawn(problem: &Problem, one: &Checked<'_>, style: Style) -> String {
    let line = one.text.lines().nth(problem.line.saturating_sub(1) as usize).unwrap_or_default();
    if line.len() > LONGEST {
        return undrawn(problem, one.path, style);
    }
    let shown = Shown::new(problem, one.path, &one.text);
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut text = String::new();
    let drawn = GraphicalReportHandler::new_themed(theme).with_width(100).render_report(&mut text, &shown);
    if drawn.is_err() {
        text.clear();
        NarratableReportHandler::new().render_report(&mut text, &shown).expect("a string takes all text");
    }
    text + "\n"
}

/// A problem in words alone, for a line that is too long to show.
fn undrawn(problem: &Problem, path: &str, style: Style) -> String {
    let Problem { code, message, line, column, .. } = problem;
    let mut text = format!("{code}\n\n  {} {message}\n   {path}:{line}:{column}\n", style.bad("×"));
    if let Some(help) = &problem.help {
        text.push_str(&format!("  {} {help}\n", style.hint("help:")));
    }
    text + "\n"
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
