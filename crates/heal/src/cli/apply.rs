use heal_model::{Finding, Plan};
use heal_plan::{Choices, Context, join, plan, questions, tiers};

use super::arguments::{Apply, Check, Consent, Format};
use super::consent::{self, acts};
use super::diff;
use super::exit::{Exit, Failure};
use super::finding;
use super::outcome::{Carried, Sight, carry_out, print, requires_a_person, told};
use super::session::{Rules, Session};
use crate::Library;
use crate::report::{self, Report};
use heal_exec::Probes;
use heal_model::Origin;

/// `heal apply`: brings files to the state that playbooks declare.
pub(super) fn apply(session: &mut Session<'_>, wanted: &Apply) -> Result<Exit, Failure> {
    tell_recovered(session);
    let rules = ready(session, &wanted.playbooks)?;
    let sight = inspect(session, &rules);
    let planned = planned(session, &rules, &sight, &wanted.consent);
    let mut report = reported("apply", &rules, &sight);
    if requires_a_person(&planned) {
        return Ok(required(session, &planned, report));
    }
    if session.is_text() {
        show_findings(session, &rules, &sight);
        sight.tell_doubts(session.console);
    }
    let refused = !planned.refusals.is_empty();
    let waits = sight.findings.iter().any(|finding| !rules.may_act(finding)) || held(session, &rules);
    let exit = match carry_out(session, &rules, &planned, &wanted.consent, None, &mut report)? {
        Carried::Out(exit) => exit,
        Carried::Declined if wanted.consent.dry_run => Exit::Remains,
        Carried::Declined => Exit::Remains,
        Carried::Nothing if refused => Exit::Remains,
        Carried::Nothing if waits => Exit::Refused,
        Carried::Nothing => {
            if session.is_text() {
                session.console.out("Nothing to do: all is as the playbooks say.\n");
            }
            Exit::Done
        }
    };
    Ok(exit)
}

/// `heal check`: says what `apply` would do, and does nothing.
pub(super) fn check(session: &mut Session<'_>, wanted: &Check) -> Result<Exit, Failure> {
    let mut rules = ready(session, &wanted.playbooks)?;
    rules.warrant = rules.library.warrant(&session.host);
    let sight = inspect(session, &rules);
    let planned = planned(session, &rules, &sight, &Consent::default());
    let mut report = reported("check", &rules, &sight);
    if requires_a_person(&planned) {
        return Ok(required(session, &planned, report));
    }
    let clean = !acts(&planned) && planned.refusals.is_empty() && sight.findings.is_empty();
    report.plan = Some(report::plan(&planned));
    if session.is_text() {
        show_findings(session, &rules, &sight);
        sight.tell_doubts(session.console);
        let style = session.console.style();
        let shown = diff::plan(&planned, style);
        let text = match (clean, acts(&planned)) {
            (true, _) => "All is as the playbooks say.\n".to_owned(),
            (_, true) => {
                format!("{shown}\n{} {}\n", style.bold("heal apply would change"), diff::sum(&planned))
            }
            _ => shown,
        };
        session.console.out(&text);
        held(session, &rules);
    } else {
        print(session, &report);
    }
    Ok(if clean { Exit::Done } else { Exit::Remains })
}

/// The playbooks that are named, or the project's own; commands may be run to find things out where all may act.
fn ready(session: &mut Session<'_>, named: &[String]) -> Result<Rules, Failure> {
    let rules = session.own_rules(named)?;
    if rules.library.playbooks.is_empty() && rules.library.faulty.is_empty() {
        return Err(Failure::new(Exit::Usage, "this project has no playbook")
            .help("name one, `heal apply playbook.yaml`, or write a start with `heal init`"));
    }
    let all_may = rules.library.playbooks.iter().all(|playbook| rules.warrant.covers(&playbook.origin));
    session.host.allow_probes(if all_may { Probes::Run } else { Probes::Refuse });
    Ok(rules)
}

fn inspect(session: &Session<'_>, rules: &Rules) -> Sight {
    let found = rules.matcher.inspect(&session.host);
    Sight { findings: found.findings, doubts: found.doubts }
}

/// What the playbooks that may act would do: their files first, then their rules.
fn planned(session: &Session<'_>, rules: &Rules, sight: &Sight, consent: &Consent) -> Plan {
    let acting = rules.acting();
    let none = Choices::default();
    let context =
        Context { playbooks: &acting, world: &session.host, inspect: &rules.inspector, choices: &none };
    let files = tiers(&context);
    if requires_a_person(&files) {
        return files;
    }
    let allowed: Vec<Finding> = sight.findings.iter().filter(|one| rules.may_act(one)).cloned().collect();
    let asks = if consent.yes || consent.dry_run { Vec::new() } else { questions(&allowed, &context) };
    let choices = consent::choices(session, &asks);
    join(vec![files, plan(&allowed, &Context { choices: &choices, ..context })])
}

fn reported(command: &str, rules: &Rules, sight: &Sight) -> Report {
    let mut report = Report::of(command);
    report.findings = sight.findings.iter().filter_map(|finding| told(rules, finding)).collect();
    report.doubts = sight.doubts.iter().map(|doubt| doubt.message.clone()).collect();
    report
}

fn show_findings(session: &mut Session<'_>, rules: &Rules, sight: &Sight) {
    let style = session.console.style();
    for one in &sight.findings {
        if let Some((rule, title)) = rules.of(one) {
            session.console.out(&finding::finding(one, rule, &title, style));
        }
    }
}

/// A required file is missing: its recovery steps are all that is printed, and nothing else is done.
fn required(session: &mut Session<'_>, planned: &Plan, mut report: Report) -> Exit {
    report.plan = Some(report::plan(planned));
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

/// Says which of the repository's playbooks may not act yet; whether there are any.
fn held(session: &mut Session<'_>, rules: &Rules) -> bool {
    let library: &Library = &rules.library;
    let held: Vec<&str> = library
        .playbooks
        .iter()
        .filter(|playbook| {
            matches!(playbook.origin, Origin::Repository(_)) && !rules.warrant.covers(&playbook.origin)
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

/// An operation that was cut short is taken back before anything else is done.
fn tell_recovered(session: &mut Session<'_>) {
    for receipt in session.host.recover() {
        let style = session.console.err_style();
        let text =
            format!("{} operation {} was cut short, and was taken back\n", style.warn("note:"), receipt.id);
        session.console.err(&text);
    }
}
