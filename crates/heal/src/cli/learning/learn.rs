use heal_learn::Refused;
use heal_model::{Incident, Lesson, RelPath, World as _};

use super::super::arguments::{Consent, Learn};
use super::super::carry::{Call, Carried, carry_out};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::{Rules, Session};
use super::super::style::counted;
use super::playbook::name_of;
use super::review::{Reviewed, asks, review};
use super::standing::Way;
use super::{narrowing, rejecting, shown, sources, standing, sync, unknown};
use crate::learning::{Record, Settings, Taught, amended, rewriting, teach};
use crate::report::{self, Report};

/// `heal learn`: what the record teaches, and writing that down as rules.
pub(in crate::cli) fn learn(session: &mut Session<'_>, wanted: &Learn) -> Result<Exit, Failure> {
    let rules = session.rules(&[])?;
    if let Some(name) = &wanted.promote {
        return standing::judge(session, &rules, name, Way::Up);
    }
    if let Some(name) = &wanted.demote {
        return standing::judge(session, &rules, name, Way::Down);
    }
    if wanted.sync {
        return sync::sync(session, &rules, wanted);
    }
    if wanted.unknown {
        return unknown::list(session, &rules);
    }
    let settings = Settings::of(&rules.library.playbooks);
    if !settings.stores {
        let place = settings.said_by.unwrap_or_default();
        let message =
            format!("{place} says `store_new_patterns: false`: nothing is recorded or learned here");
        return Err(Failure::new(Exit::Refused, message).help("set it to true to learn from failures"));
    }
    let taken = sources::take(session, wanted)?;
    let target = Target::open(session, &rules, settings, wanted)?;
    let mut recorded = session.host.recorded();
    let is_new = |one: &Incident| recorded.incidents.iter().all(|known| known.id != one.id);
    let taken: Vec<Incident> = taken.into_iter().filter(is_new).collect();
    recorded.incidents.extend(taken);
    if wanted.narrow {
        narrowing::narrow(session, &mut recorded.incidents, wanted)?;
    }
    let reading = session.reading(None)?;
    let playbooks = &rules.library.playbooks;
    let (incidents, passing) = (&recorded.incidents[..], &recorded.passing[..]);
    let record = Record { incidents, passing, playbooks, reading: &reading, world: &session.host };
    let taught = teach(&record, &target.settings, &target.name);
    if let Some(name) = &wanted.reject {
        return rejecting::reject(session, &taught.lessons, name);
    }
    let taught = match &wanted.accept {
        Some(name) => rejecting::only(&taught, name)?,
        None => rejecting::without_rejected(session, taught),
    };
    let mut report = Report::of("learn");
    report.lessons = taught.lessons.iter().map(report::lesson).collect();
    report.not_learned = taught.refused.iter().map(report::not_learned).collect();
    let asks = asks(session, wanted) && !taught.lessons.is_empty();
    if session.is_text() {
        tell(session, &taught, recorded.incidents.len(), if asks { &[] } else { &taught.lessons });
    }
    if taught.lessons.is_empty() {
        if !session.is_text() {
            session.console.json(&report);
        }
        return Ok(Exit::Done);
    }
    let reviewed = if asks { review(session, &taught.lessons) } else { Reviewed::NotAsked };
    let chosen = match reviewed {
        Reviewed::Chosen(chosen) => chosen,
        Reviewed::NotAsked => {
            let yes = wanted.yes || wanted.accept.is_some() && !wanted.dry_run;
            let consent = Consent { yes, dry_run: !yes, ..Consent::default() };
            return write(session, &rules, &target, &taught.lessons, &consent, &mut report);
        }
    };
    if chosen.is_empty() {
        session.say("Nothing was written.\n");
        return Ok(Exit::Done);
    }
    let consent = Consent { yes: true, ..Consent::default() };
    write(session, &rules, &target, &chosen, &consent, &mut report)
}

/// The playbook that lessons are written to.
struct Target {
    settings: Settings,
    /// Its name; its file's where it is not there yet.
    name: String,
    text: Option<String>,
    /// What applies a plan that was only shown.
    next: String,
}

impl Target {
    fn open(
        session: &Session<'_>,
        rules: &Rules,
        settings: Settings,
        wanted: &Learn,
    ) -> Result<Self, Failure> {
        let path = &settings.file;
        let content = session.host.read(path).map_err(|error| Failure::of(Exit::Refused, &error))?;
        let text = content.map(|content| content.text().map(str::to_owned).ok_or_else(|| no_text(path)));
        let text = text.transpose()?;
        let name = name_of(&rules.library.playbooks, path);
        let next = match &wanted.accept {
            Some(rule) => format!("heal learn --accept {rule}"),
            None => "heal learn --yes".to_owned(),
        };
        Ok(Self { settings, name, text, next })
    }
}

fn no_text(path: &RelPath) -> Failure {
    Failure::new(Exit::Usage, format!("{path} is not text, so no rule can be written to it"))
        .help("name another `pattern_file`")
}

/// Writes lessons to the pattern file, as an edit like any other.
fn write(
    session: &mut Session<'_>,
    rules: &Rules,
    target: &Target,
    lessons: &[Lesson],
    consent: &Consent,
    report: &mut Report,
) -> Result<Exit, Failure> {
    let path = &target.settings.file;
    let before = target.text.as_deref();
    let after = amended(before.unwrap_or_default(), lessons).map_err(|error| {
        Failure::of(Exit::Usage, &error).help(format!("see {path}, or name another `pattern_file`"))
    })?;
    let title = counted(lessons.len(), "lesson", "lessons");
    let planned = rewriting(path, before, &after, &title);
    let several = format!("{}, or on a terminal one by one,", target.next);
    let next = if lessons.len() == 1 { &target.next } else { &several };
    let call = Call::new(consent, next);
    let carried = carry_out(session, rules, &planned, &call, report)?;
    let Carried::Out { exit, .. } = carried else { return Ok(Exit::Done) };
    if exit == Exit::Done {
        rejecting::accept(session, lessons)?;
        let style = session.console.style();
        let first = &lessons[0].rule.id;
        session.say(&format!(
            "{} {}\n{} {}\n",
            style.faint("let it act:"),
            style.code("heal trust"),
            style.faint("let it apply, not only show:"),
            style.code(&format!("heal learn --promote {first}")),
        ));
    }
    Ok(exit)
}

/// Lists what was learned, but for what is asked about one by one, and what was not and why.
fn tell(session: &mut Session<'_>, taught: &Taught, count: usize, listed: &[Lesson]) {
    let style = session.console.style();
    let mut text = String::new();
    if count == 0 {
        text.push_str(
            "Nothing to learn from yet: `heal run -- CMD` records what fails, and what mends it.\n",
        );
    } else if taught.lessons.is_empty() {
        text.push_str("Nothing new to learn.\n");
    }
    let lessons: Vec<String> = listed.iter().map(|lesson| shown::lesson(lesson, style)).collect();
    text.push_str(&lessons.join("\n"));
    if !lessons.is_empty() && !taught.refused.is_empty() {
        text.push('\n');
    }
    let refused: Vec<&Refused> = taught.refused.iter().collect();
    text.push_str(&shown::refused(&refused, style));
    session.console.out(&text);
}
