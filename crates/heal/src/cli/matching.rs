use heal_match::{Event, Seen};
use heal_model::{Doubt, Finding, Plan, Rule};
use heal_plan::{Choices, Context, plan, questions, title};

use super::arguments::{Format, Match};
use super::consent;
use super::exit::{Exit, Failure};
use super::observed::{Source, observation, read, sources};
use super::outcome::{Sight, finish};
use super::session::{Rules, Session, localized};
use super::style::visible;

/// `heal match`: names the known failures in output, previews their fixes, applies them where it may.
pub(super) fn run(session: &mut Session<'_>, wanted: &Match) -> Result<Exit, Failure> {
    let rules = session.rules(&wanted.playbooks)?;
    let sight = look(session, &rules, wanted)?;
    if sight.findings.is_empty() {
        return Ok(nothing(session, &sight));
    }
    let planned = planned(session, &rules, wanted, &sight.findings);
    finish(session, &rules, wanted, &sight, planned)
}

/// Plans for the findings of those playbooks that may act; asks what only a person can say.
fn planned(session: &Session<'_>, rules: &Rules, wanted: &Match, findings: &[Finding]) -> Plan {
    let acting = rules.acting();
    let allowed: Vec<Finding> = findings.iter().filter(|finding| rules.may_act(finding)).cloned().collect();
    let none = Choices::default();
    let context =
        Context { playbooks: &acting, world: &session.host, inspect: &rules.inspector, choices: &none };
    let asks = if wanted.fix && !wanted.consent.yes { questions(&allowed, &context) } else { Vec::new() };
    let choices = consent::choices(session, &asks);
    plan(&allowed, &Context { choices: &choices, ..context })
}

/// Reads all inputs, and tells of findings as they are made.
fn look(session: &mut Session<'_>, rules: &Rules, wanted: &Match) -> Result<Sight, Failure> {
    let observation = observation(wanted.command.as_deref(), wanted.exit, wanted.stream);
    let live = session.console.is_terminal && wanted.files.is_empty() && session.is_text();
    let mut sight = Sight::default();
    for source in sources(session, &wanted.files)? {
        let seen = if live || wanted.tee {
            let scan =
                |input: &mut dyn std::io::BufRead| rules.matcher.scan(input, &observation, &mut |_| {});
            let seen = read(source, Some(session.console), scan)?;
            let found = confirmed(session, rules, &seen);
            if session.is_text() {
                let style = session.console.style();
                found.iter().for_each(|finding| session.console.out(&shown(rules, finding, style)));
            }
            seen
        } else {
            told_early(session, rules, source, &observation)?
        };
        sight.findings.extend(confirmed(session, rules, &seen));
        sight.doubts.extend(seen.doubts);
        let capped = seen.capped.iter().map(|(rule, count)| Doubt {
            rule: Some(rule.clone()),
            message: format!("{count} more findings of {rule} were counted and not kept"),
        });
        sight.doubts.extend(capped);
    }
    Ok(sight)
}

/// Scans a source, and prints each finding as it is made: how often it was seen is told at the end.
fn told_early(
    session: &mut Session<'_>,
    rules: &Rules,
    source: Source,
    observation: &heal_model::Observation,
) -> Result<Seen, Failure> {
    let style = session.console.style();
    let text = session.format == Format::Text;
    let (host, console) = (&session.host, &mut *session.console);
    read(source, None, |input| {
        rules.matcher.scan(input, observation, &mut |event| {
            if let Event::Found(finding) = event
                && text
                && let Some(finding) = rules.matcher.confirm(finding, host)
            {
                console.out(&shown(rules, &localized(host, finding), style));
            }
        })
    })
}

fn confirmed(session: &Session<'_>, rules: &Rules, seen: &Seen) -> Vec<Finding> {
    let host = &session.host;
    let confirmed = seen.findings.iter().filter_map(|finding| rules.matcher.confirm(finding.clone(), host));
    confirmed.map(|finding| localized(host, finding)).collect()
}

/// A finding as a person reads it.
fn shown(rules: &Rules, finding: &Finding, style: super::style::Style) -> String {
    match rules.of(finding) {
        Some((rule, title)) => super::finding::finding(finding, rule, &title, style),
        None => format!("{}\n", visible(finding.rule.as_str())),
    }
}

/// Nothing matched: said in one line, on standard error, since standard output is for findings.
fn nothing(session: &mut Session<'_>, sight: &Sight) -> Exit {
    sight.tell_doubts(session.console);
    match session.format {
        Format::Text => {
            let text = "no known failure in it; `heal why RULE` says what a rule misses\n";
            session.console.err(text);
        }
        _ => super::outcome::print(session, &crate::report::Report::of("match")),
    }
    Exit::Remains
}

impl Rules {
    /// A finding's rule, and its title filled in.
    pub(super) fn of(&self, finding: &Finding) -> Option<(&Rule, String)> {
        let (playbook, rule) = self.library.rule(finding.rule.as_str()).ok()?;
        Some((rule, title(rule, finding, playbook)))
    }
}
