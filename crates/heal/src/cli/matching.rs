use std::collections::VecDeque;
use std::io::BufRead;

use heal_diagnose::{Lines, Runs};
use heal_match::{Event, Seen};
use heal_model::{Doubt, Finding, Observation, Rule};
use heal_plan::title;

use super::arguments::{Format, Match};
use super::exit::Exit;
use super::failure::Failure;
use super::learning::Recording;
use super::listing;
use super::localized::localized;
use super::observed::{Source, in_place, observation, read, sources, whole};
use super::outcome::{Sight, finish};
use super::planning::{Asks, planned};
use super::session::{Rules, Session};
use super::style::{Style, visible};
use crate::diagnostics::standing;
use crate::{Diagnostics, Reading, find, look_at_diagnostics};

/// `heal match`: names the known failures in output, previews their fixes, applies them where it may.
pub(super) fn run(session: &mut Session<'_>, wanted: &Match) -> Result<Exit, Failure> {
    if wanted.tee && !session.is_text() {
        let message = "--tee passes the input through where the result goes";
        return Err(Failure::new(Exit::Usage, message).help("leave out --tee, or --format"));
    }
    if wanted.list {
        return listing::list(session, wanted);
    }
    let mut sources = sources(session, &wanted.files)?;
    let reading = session.reading(wanted.input_format.as_deref())?;
    let output = whole(&mut sources, &reading);
    let rules = match &output {
        Some(output) => session.rules_for(&wanted.playbooks, output)?,
        None => session.rules(&wanted.playbooks)?,
    };
    if wanted.fix {
        session.let_probe(&rules);
    }
    let recording = Recording::of(wanted);
    let sources = sources.into_iter().map(|source| recording.through(source)).collect();
    let sight = look(session, &rules, wanted, &reading, sources, output.as_deref())?;
    recording.write(session, &rules, &reading, wanted)?;
    // What prints the output may take its own time.
    session.keep_to(wanted.consent.deadline);
    if sight.findings.is_empty() {
        return Ok(nothing(session, &sight));
    }
    let asks = if wanted.fix && !wanted.consent.yes { Asks::Somebody } else { Asks::Nobody };
    let planned = planned(session, &rules, &sight.findings, asks);
    finish(session, &rules, wanted, &sight, &planned)
}

/// Reads all inputs, and tells of findings as they are made. What they hold is given where that is known before.
fn look(
    session: &mut Session<'_>,
    rules: &Rules,
    wanted: &Match,
    reading: &Reading,
    sources: Vec<Source>,
    output: Option<&[u8]>,
) -> Result<Sight, Failure> {
    let observation = observation(wanted.command.as_deref(), wanted.exit, wanted.stream);
    let live = session.console.is_terminal && wanted.files.is_empty() && session.is_text();
    let mut sight = Sight::default();
    session.used.command.clone_from(&observation.command);
    // They also tell which runs passed, and so which findings are none.
    let is_wanted = look_at_diagnostics(&rules.library.playbooks)
        || output.is_none_or(|output| reading.extractors.iter().any(|one| one.may_begin_run(output)));
    for source in sources {
        let mut diagnostics = match is_wanted {
            true => Diagnostics::wanted(reading),
            false => Diagnostics::unwanted(reading),
        };
        let passes = live || wanted.tee;
        let input = source.is_file.then(|| source.name.clone());
        let seen = if passes {
            let scan = |input: &mut dyn BufRead, lines: &Lines| {
                Ok(in_place(rules.matcher.scan(input, &observation, &mut |_| {})?, lines))
            };
            let mut seen = read(source, Some(session.console), &mut diagnostics, scan)?;
            let runs = diagnostics.runs();
            seen.findings = seen.findings.into_iter().filter_map(|one| standing(one, &runs)).collect();
            seen
        } else {
            told_early(session, rules, source, &observation, &mut diagnostics)?
        };
        session.used.environments.extend(diagnostics.environments());
        let by_diagnostic = rules.matcher.diagnostics(&diagnostics.finish());
        let mut all_confirmed = |findings| confirmed(session, rules, findings, &mut sight.doubts);
        let (by_output, by_diagnostic) = (all_confirmed(seen.findings), all_confirmed(by_diagnostic));
        if passes && !(by_output.is_empty() && by_diagnostic.is_empty()) {
            session.console.end_line();
            session.say("\n");
            tell(session, rules, &by_output, input.as_deref());
        }
        tell(session, rules, &by_diagnostic, input.as_deref());
        sight.findings.extend(by_output);
        sight.findings.extend(by_diagnostic);
        sight.doubts.extend(seen.doubts);
        sight.doubts.extend(seen.capped.into_iter().map(|(rule, count)| Doubt {
            message: format!("{count} more findings were counted and not kept"),
            rule: Some(rule),
        }));
    }
    Ok(sight)
}

fn tell(session: &mut Session<'_>, rules: &Rules, findings: &[Finding], input: Option<&str>) {
    let style = session.console.style();
    findings.iter().for_each(|finding| session.say(&shown(rules, finding, input, style)));
}

/// Scans a source, and prints each finding as it is made: what a run of tests shows, as soon as that is over and has not
/// passed. What is seen again is counted at the end.
fn told_early(
    session: &mut Session<'_>,
    rules: &Rules,
    source: Source,
    observation: &Observation,
    diagnostics: &mut Diagnostics,
) -> Result<Seen, Failure> {
    let style = session.console.style();
    let text = session.format == Format::Text;
    let (host, console) = (&session.host, &mut *session.console);
    let input = source.is_file.then(|| source.name.clone());
    let runs = diagnostics.runs();
    // How often each was seen when it was printed.
    let mut printed: Vec<u32> = Vec::new();
    let mut waiting: VecDeque<(usize, Finding)> = VecDeque::new();
    let seen = read(source, None, diagnostics, |reader, lines| {
        let seen = rules.matcher.scan(reader, observation, &mut |event| {
            let Event::Found(finding) = event else { return };
            waiting.push_back((printed.len(), find::in_place(finding, lines)));
            printed.push(0);
            while let Some((place, finding)) = waiting.pop_front_if(|(_, one)| is_decided(one, &runs)) {
                let standing = standing(finding, &runs).map(|finding| localized(host, finding));
                let Some(finding) = standing else { continue };
                printed[place] = finding.count;
                if let Some(finding) = rules.matcher.confirm(finding, host).filter(|_| text) {
                    console.out(&shown(rules, &finding, input.as_deref(), style));
                }
            }
        })?;
        Ok(in_place(seen, lines))
    })?;
    let mut standing_ones = Vec::new();
    for (finding, printed) in seen.findings.into_iter().zip(printed) {
        let Some(finding) = standing(finding, &runs) else { continue };
        let one = confirmed(session, rules, vec![finding.clone()], &mut Vec::new());
        match one.first() {
            Some(_) if printed == 0 => tell(session, rules, &one, input.as_deref()),
            Some(one) if one.count > printed => say_again(session, rules, one),
            _ => {}
        }
        standing_ones.push(finding);
    }
    Ok(Seen { findings: standing_ones, ..seen })
}

/// Whether it is known that the run that printed it, if it was one, did or did not pass.
fn is_decided(finding: &Finding, runs: &Runs) -> bool {
    finding.span.is_none_or(|span| !runs.is_open(span))
}

fn say_again(session: &mut Session<'_>, rules: &Rules, finding: &Finding) {
    let title = rules.of(finding).map_or_else(|| finding.rule.to_string(), |(_, title)| title);
    let text = format!("{} times: {}", finding.count, visible(&title));
    let style = session.console.style();
    session.say(&format!("  {}\n", style.faint(&text)));
}

/// Those findings that hold, and what could not be found out about the others.
fn confirmed(
    session: &Session<'_>,
    rules: &Rules,
    findings: Vec<Finding>,
    doubts: &mut Vec<Doubt>,
) -> Vec<Finding> {
    let mut confirmed = Vec::new();
    for finding in findings {
        match rules.matcher.confirm_or_doubt(localized(&session.host, finding), &session.host) {
            Ok(finding) => confirmed.push(finding),
            Err(unknown) => {
                let new = unknown.into_iter().filter(|doubt| !doubts.contains(doubt)).collect::<Vec<_>>();
                doubts.extend(new);
            }
        }
    }
    confirmed
}

/// A finding as a person reads it.
fn shown(rules: &Rules, finding: &Finding, input: Option<&str>, style: Style) -> String {
    match rules.of(finding) {
        Some((rule, title)) => super::finding::finding(finding, rule, &title, input, style),
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
        _ => super::print::print(session, &crate::report::Report::of("match")),
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
