use heal_learn::Refused;
use heal_model::Lesson;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::Session;
use crate::learning::Taught;
use crate::report::{self, Report};

/// `heal learn --reject`: no rule is wanted for this lesson.
pub(super) fn reject(session: &mut Session<'_>, lessons: &[Lesson], name: &str) -> Result<Exit, Failure> {
    let lesson = named(lessons, name)?;
    session.host.reject(lesson).map_err(|error| Failure::of(Exit::Refused, &error))?;
    let style = session.console.style();
    let id = &lesson.rule.id;
    if session.is_text() {
        let back = style.code(&format!("heal learn --accept {}", id.rule()));
        session.console.out(&format!("rejected {id}\n{} {back}\n", style.faint("take it back with:")));
    } else {
        let mut report = Report::of("learn");
        report.not_learned.push(report::not_learned(&rejected(lesson)));
        session.console.json(&report);
    }
    Ok(Exit::Done)
}

/// What is taught without what was rejected, which is told of with the rest that is not learned.
pub(super) fn without_rejected(session: &Session<'_>, taught: Taught) -> Taught {
    let known = session.host.rejected();
    let Taught { lessons, mut refused } = taught;
    let (out, lessons): (Vec<Lesson>, Vec<Lesson>) =
        lessons.into_iter().partition(|lesson| known.holds(lesson));
    refused.extend(out.iter().map(rejected));
    refused.sort();
    Taught { lessons, refused }
}

/// `heal learn --accept`: this lesson alone, rejected or not.
pub(super) fn only(taught: &Taught, name: &str) -> Result<Taught, Failure> {
    let lesson = named(&taught.lessons, name)?.clone();
    Ok(Taught { lessons: vec![lesson], refused: Vec::new() })
}

/// Takes back that lessons were rejected, now that their rules are written.
pub(super) fn accept(session: &Session<'_>, lessons: &[Lesson]) -> Result<(), Failure> {
    let known = session.host.rejected();
    let mut back = lessons.iter().filter(|lesson| known.holds(lesson));
    back.try_for_each(|lesson| session.host.accept(lesson))
        .map_err(|error| Failure::of(Exit::Refused, &error))
}

fn rejected(lesson: &Lesson) -> Refused {
    let name = lesson.rule.id.rule();
    Refused {
        title: lesson.rule.title.to_string(),
        incidents: lesson.evidence.incidents.clone(),
        reason: format!("it was rejected; heal learn --accept {name} takes that back"),
    }
}

/// A lesson by the id of its rule, or the half of it that names it in its playbook.
fn named<'a>(lessons: &'a [Lesson], name: &str) -> Result<&'a Lesson, Failure> {
    let is_it = |lesson: &&Lesson| lesson.rule.id.as_str() == name || lesson.rule.id.rule() == name;
    lessons.iter().find(is_it).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("{name} is no rule that may be written"))
            .help("`heal learn` lists them")
    })
}
