use heal_model::{Finding, Plan, Playbook, Refusal, Safety};
use heal_plan::{Choices, Context, divide, join, plan, questions, tiers};

use super::arguments::{Apply, Check, Consent, Format, On};
use super::backups::{back_up, tell_unkept};
use super::carry::{Call, Carried, carry_out};
use super::consent;
use super::diff;
use super::exit::Exit;
use super::failure::Failure;
use super::finding;
use super::outcome::{Sight, remains, requires_a_person, told};
use super::planning::context;
use super::print::print;
use super::rehearse::rehearse;
use super::session::{Rules, Session};
use crate::library::FaultyBecause;
use crate::report::{self, Report};

/// How often a rehearsal applies before it is taken to go on for ever.
const MOST_ROUNDS: usize = 10;

/// Whose playbooks are planned for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Those that may act.
    Acting,
    /// All: looking needs no trust.
    All,
}

/// `heal apply`: brings files to the state that playbooks declare.
pub(super) fn apply(session: &mut Session<'_>, wanted: &Apply) -> Result<Exit, Failure> {
    session.keep_to(wanted.consent.deadline);
    let rules = ready(session, &wanted.playbooks)?;
    tell_unkept(session, back_up(session, &rules));
    let sight = inspect(session, &rules);
    let plan = planned(session, &rules, &sight, &wanted.consent, Whose::Acting);
    let mut report = reported("apply", &rules, &sight);
    if requires_a_person(&plan) {
        return Ok(required(session, &plan, report));
    }
    if session.is_text() {
        show_findings(session, &rules, &sight);
        sight.tell_doubts(session.console);
    }
    let held = held(session, &rules, &sight);
    if let Some(on) = wanted.rehearse {
        return Ok(unless_faulty(&rules, rehearsed(session, &rules, wanted, on, &mut report)?));
    }
    let call = Call::new(&wanted.consent, Call::NOT_DRY);
    let carried = carry_out(session, &rules, &plan, &call, &mut report)?;
    let left = |applied: &Plan| remains(&rules, &sight.findings, &plan, applied);
    let exit = match carried {
        Carried::Out { exit: Exit::Done, applied, .. } if left(&applied) => Exit::Remains,
        Carried::Out { exit, .. } => exit,
        Carried::Nothing if held => Exit::Refused,
        Carried::Nothing if !left(&Plan::default()) => {
            session.say("Nothing to do: all is as the playbooks say.\n");
            Exit::Done
        }
        Carried::Nothing | Carried::Declined => Exit::Remains,
    };
    Ok(unless_faulty(&rules, exit))
}

/// Applies on a copy until nothing is left to do there, shows what that came to as one diff, and applies exactly that.
fn rehearsed(
    session: &mut Session<'_>,
    rules: &Rules,
    wanted: &Apply,
    on: On,
    report: &mut Report,
) -> Result<Exit, Failure> {
    let consent = Consent { yes: true, dry_run: false, plan: None, ..wanted.consent.clone() };
    let (clean, rehearsal) = rehearse(session, on, |session| {
        for _ in 0..MOST_ROUNDS {
            let sight = inspect(session, rules);
            let plan = planned(session, rules, &sight, &consent, Whose::Acting);
            let call = Call::new(&consent, Call::NOT_DRY);
            match carry_out(session, rules, &plan, &call, &mut Report::of("apply"))? {
                Carried::Out { exit: Exit::Done, .. } => {}
                Carried::Out { .. } => return Ok(false),
                Carried::Nothing | Carried::Declined => return Ok(true),
            }
        }
        Ok(false)
    })?;
    if clean {
        return rehearsal.offer(session, rules, &wanted.consent, "heal apply is done", report);
    }
    let word = session.console.style().bad("rehearsed:");
    session.say(&format!("{word} heal apply does not come to an end on a copy; nothing was changed\n"));
    print(session, report);
    Ok(Exit::RolledBack)
}

/// `heal check`: says what `apply` would do, and does nothing. It looks at playbooks that are not trusted too.
pub(super) fn check(session: &mut Session<'_>, wanted: &Check) -> Result<Exit, Failure> {
    let rules = ready(session, &wanted.playbooks)?;
    tell_unkept(session, back_up(session, &rules));
    let sight = inspect(session, &rules);
    let plan = planned(session, &rules, &sight, &Consent::default(), Whose::All);
    let mut report = reported("check", &rules, &sight);
    if requires_a_person(&plan) {
        return Ok(required(session, &plan, report));
    }
    let clean = !plan.acts() && !plan.refusals.iter().any(Refusal::is_open) && sight.findings.is_empty();
    let shown = divide(&plan, Safety::Unsafe);
    report.plan = Some(report::plan(&shown));
    if session.is_text() {
        show_findings(session, &rules, &sight);
        sight.tell_doubts(session.console);
        let style = session.console.style();
        let is_faulty = !rules.library.faulty.is_empty();
        let gap = if sight.findings.is_empty() { "" } else { "\n" };
        let text = match (clean, shown.offered.acts()) {
            (true, _) if is_faulty => "All is as the playbooks that are valid say.\n".to_owned(),
            (true, _) => "All is as the playbooks say.\n".to_owned(),
            (_, true) => {
                let told = diff::divided(&shown, style);
                format!(
                    "{gap}{told}\n{} {}\n",
                    style.bold("heal apply would do this:"),
                    diff::sum(&shown.offered)
                )
            }
            _ => format!("{gap}{}", diff::divided(&shown, style)),
        };
        session.console.out(&text);
        held(session, &rules, &sight);
    } else {
        print(session, &report);
    }
    Ok(unless_faulty(&rules, if clean { Exit::Done } else { Exit::Remains }))
}

/// A playbook that is not valid is no good end, even where the others have nothing to do.
fn unless_faulty(rules: &Rules, exit: Exit) -> Exit {
    if exit == Exit::Done && !rules.library.faulty.is_empty() { Exit::Usage } else { exit }
}

/// The playbooks that are named, or the project's own; commands may be run to find things out where all may act.
pub(super) fn ready(session: &mut Session<'_>, named: &[String]) -> Result<Rules, Failure> {
    let rules = session.own_rules(named)?;
    if rules.library.playbooks.is_empty() && rules.library.faulty.is_empty() {
        return Err(Failure::new(Exit::Usage, "this project has no playbook")
            .help("name one, `heal apply playbook.yaml`, or write a start with `heal init`"));
    }
    session.let_probe(&rules);
    Ok(rules)
}

pub(super) fn inspect(session: &Session<'_>, rules: &Rules) -> Sight {
    let found = rules.matcher.inspect(&session.host);
    Sight { findings: found.findings, doubts: found.doubts }
}

/// What playbooks would do: their files first, then their rules.
pub(super) fn planned(
    session: &Session<'_>,
    rules: &Rules,
    sight: &Sight,
    consent: &Consent,
    whose: Whose,
) -> Plan {
    let acting = match whose {
        Whose::Acting => rules.acting(),
        Whose::All => rules.library.playbooks.clone(),
    };
    let none = Choices::default();
    let context = context(session, rules, &acting, &none);
    let files = tiers(&context);
    if requires_a_person(&files) {
        return files;
    }
    let counts = |finding: &&Finding| whose == Whose::All || rules.may_act(finding);
    let counting: Vec<Finding> = sight.findings.iter().filter(counts).cloned().collect();
    let asks = match whose {
        Whose::Acting if !consent.yes && !consent.dry_run => questions(&counting, &context),
        _ => Vec::new(),
    };
    let choices = consent::choices(session, &asks);
    join(vec![files, plan(&counting, &Context { choices: &choices, ..context })])
}

fn reported(command: &str, rules: &Rules, sight: &Sight) -> Report {
    let mut report = Report::of(command);
    report.findings = sight.findings.iter().filter_map(|finding| told(rules, finding)).collect();
    report.doubts = sight.doubts.iter().map(|doubt| doubt.message.clone()).collect();
    for faulty in &rules.library.faulty {
        match &faulty.error {
            FaultyBecause::Invalid(error) => {
                let problems = error.problems.iter().map(|problem| report::problem(&error.path, problem));
                report.problems.extend(problems);
            }
            FaultyBecause::Unreadable(why) => report.doubts.push(format!("{}: {why}", faulty.origin.path())),
        }
    }
    report
}

fn show_findings(session: &mut Session<'_>, rules: &Rules, sight: &Sight) {
    let style = session.console.style();
    for one in &sight.findings {
        if let Some((rule, title)) = rules.of(one) {
            session.console.out(&finding::finding(one, rule, &title, None, style));
        }
    }
}

/// A required file is missing: its recovery steps are all that is printed, and nothing else is done.
fn required(session: &mut Session<'_>, planned: &Plan, mut report: Report) -> Exit {
    report.plan = Some(report::plan(&divide(planned, Safety::Unsafe)));
    if session.format == Format::Text {
        let style = session.console.style();
        let mut text = String::new();
        for refusal in &planned.refusals {
            let mut lines = refusal.reason.lines();
            let first = lines.next().unwrap_or_default();
            text.push_str(&format!("{} {}\n", style.bad("missing:"), style.bold(first)));
            lines.for_each(|line| text.push_str(&format!("  {line}\n")));
        }
        text.push_str("Nothing was changed: a person has to bring it back first.\n");
        session.console.out(&text);
    } else {
        print(session, &report);
    }
    Exit::Required
}

/// Says which playbooks would do something and may not act yet; whether there are any.
fn held(session: &mut Session<'_>, rules: &Rules, sight: &Sight) -> bool {
    let held: Vec<&str> = rules
        .library
        .playbooks
        .iter()
        .filter(|playbook| {
            !rules.warrant.covers(&playbook.origin) && has_work(session, rules, sight, playbook)
        })
        .map(|playbook| playbook.origin.path())
        .collect();
    if !held.is_empty() {
        let style = session.console.err_style();
        let text = format!(
            "{} {} may not act: look at what it would do with {}\n",
            style.warn("note:"),
            held.join(", "),
            style.code("heal trust")
        );
        session.console.err(&text);
    }
    !held.is_empty()
}

/// Whether a playbook has found something, or would make or mend a file.
fn has_work(session: &Session<'_>, rules: &Rules, sight: &Sight, playbook: &Playbook) -> bool {
    let choices = Choices::default();
    let playbooks = std::slice::from_ref(playbook);
    let files = tiers(&context(session, rules, playbooks, &choices));
    let finds = |finding: &Finding| playbook.rules.iter().any(|rule| rule.id == finding.rule);
    files.acts() || !files.refusals.is_empty() || sight.findings.iter().any(finds)
}
