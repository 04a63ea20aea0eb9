use heal_learn::Group;
use heal_model::{Diagnostic, Incident, RelPath, World as _};

use super::super::arguments::{Consent, New};
use super::super::carry::{Call, Carried, carry_out};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::{Rules, Session};
use super::super::style::{Style, counted, visible};
use super::playbook::name_of;
use crate::learning::{Settings, amended, begun, rewriting, unknown};
use crate::report::{self, Report};

/// How many groups are listed for a person.
const MOST_LISTED: usize = 20;

/// `heal learn --unknown`: the failures on record that no rule names, grouped.
pub(super) fn list(session: &mut Session<'_>, rules: &Rules) -> Result<Exit, Failure> {
    let recorded = session.host.recorded();
    let groups = unknown(&recorded.incidents, &rules.matcher);
    if !session.is_text() {
        let mut report = Report::of("learn");
        report.unknown = groups.iter().map(report::unknown).collect();
        session.console.json(&report);
        return Ok(Exit::Done);
    }
    let style = session.console.style();
    let listed = groups.iter().enumerate().take(MOST_LISTED);
    let mut text: String = listed.map(|(index, group)| told(index + 1, group, style)).collect();
    if groups.is_empty() {
        text.push_str("No failure on record is without a rule.\n");
    } else {
        let more = groups.len().saturating_sub(MOST_LISTED);
        if more > 0 {
            text.push_str(&format!("{}\n", style.faint(&format!("and {more} more; --format json has all"))));
        }
        text.push_str(&format!(
            "{} {}\n",
            style.faint("start a rule:"),
            style.code("heal new NAME --from 1")
        ));
    }
    session.console.out(&text);
    Ok(Exit::Done)
}

fn told(number: usize, group: &Group, style: Style) -> String {
    let Diagnostic { file, line, message, .. } = &group.example;
    let mut place = file.as_deref().map(visible).unwrap_or_default();
    place.push_str(&line.map(|line| format!(":{line}")).unwrap_or_default());
    let place = if place.is_empty() { place } else { format!("{place}: ") };
    let message = visible(message.lines().next().unwrap_or_default());
    format!(
        "{number:>3}  {}  {}\n     {place}{message}\n",
        style.bold(&visible(&group.key)),
        style.faint(&counted(group.count, "time", "times")),
    )
}

/// `heal new`: starts a rule for failures of one kind, with its pattern and tests filled in.
pub(in crate::cli) fn new(session: &mut Session<'_>, wanted: &New) -> Result<Exit, Failure> {
    let rules = session.rules(&[])?;
    let recorded = session.host.recorded();
    let groups = unknown(&recorded.incidents, &rules.matcher);
    let group = named(&groups, &wanted.from)?;
    let settings = Settings::of(&rules.library.playbooks);
    let (path, playbook, name) = target(&rules, &settings, &wanted.rule)?;
    let of_group: Vec<&Incident> =
        recorded.incidents.iter().filter(|incident| group.incidents.contains(&incident.id)).collect();
    let lesson = begun(group, &of_group, &playbook, name);
    let content = session.host.read(&path).map_err(|error| Failure::of(Exit::Refused, &error))?;
    let before = content.as_ref().map(|content| content.text().unwrap_or_default());
    let after = amended(before.unwrap_or_default(), &[lesson])
        .map_err(|error| Failure::of(Exit::Usage, &error).help("give it another name, or `playbook/name`"))?;
    let planned = rewriting(&path, before, &after, "a rule to fill in");
    let consent = Consent { yes: !wanted.dry_run, dry_run: wanted.dry_run, ..Consent::default() };
    let call = Call::new(&consent, Call::NOT_DRY);
    match carry_out(session, &rules, &planned, &call, &mut Report::of("new"))? {
        Carried::Out { exit: Exit::Done, .. } => {
            let test = session.console.style().code(&format!("heal test {path}"));
            session.say(&format!("Say in {path} what mends it; {test} tries it.\n"));
            Ok(Exit::Done)
        }
        Carried::Out { exit, .. } => Ok(exit),
        Carried::Nothing | Carried::Declined => Ok(Exit::Done),
    }
}

/// The group that is meant: by its number in the list, or its key.
fn named<'a>(groups: &'a [Group], from: &str) -> Result<&'a Group, Failure> {
    let by_number = from.parse::<usize>().ok().and_then(|number| groups.get(number.checked_sub(1)?));
    by_number.or_else(|| groups.iter().find(|group| group.key == from)).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("{from} is no group of failures"))
            .help("`heal learn --unknown` lists them")
    })
}

/// Where a rule goes: `playbook/rule` to that playbook of the project, else to the one that lessons go to.
fn target<'a>(
    rules: &Rules,
    settings: &Settings,
    typed: &'a str,
) -> Result<(RelPath, String, &'a str), Failure> {
    let (playbook, name) =
        typed.split_once('/').map_or((None, typed), |(playbook, name)| (Some(playbook), name));
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    if !is_word(name) || playbook.is_some_and(|playbook| !is_word(playbook)) {
        return Err(Failure::new(Exit::Usage, format!("{typed} can't be a rule's name"))
            .help("use small letters, digits and `-`: unknown-setting"));
    }
    let path = match playbook {
        Some(playbook) => RelPath::new(&format!(".heal/{playbook}.yaml")).expect("a word is a file's name"),
        None => settings.file.clone(),
    };
    let playbook = name_of(&rules.library.playbooks, &path);
    Ok((path, playbook, name))
}
