use heal_match::asks;
use heal_model::{Action, Observation, Origin, Playbook, Rule, Safety};

use super::abridged::abridged;
use super::arguments::Explain;
use super::diff;
use super::exit::Exit;
use super::failure::Failure;
use super::list::source;
use super::markdown;
use super::session::{Rules, Session};
use super::steps;
use super::style::{Style, counted, visible};
use super::tally;
use super::titled::titled;
use super::wrapped::wrapped;
use crate::report::Report;
use crate::rule_test::{Example, example, example_on};
use crate::{NoRule, Reading};

/// How many lines of an example's output are shown.
const LONGEST: usize = 16;

/// `heal explain`: what a rule means, why it happens, what heal does.
pub(super) fn explain(session: &mut Session<'_>, wanted: &Explain) -> Result<Exit, Failure> {
    let rules = session.rules(&[])?;
    let reading = session.reading(None)?;
    let by_code = match rules.library.rule(&wanted.rule) {
        Err(NoRule::Unknown(_)) => of_code(&rules, &wanted.rule, &reading),
        _ => None,
    };
    let (playbook, rule, example) = match by_code {
        Some(found) => found,
        None => {
            let (playbook, rule) = rules.named(&wanted.rule)?;
            (playbook, rule, example(playbook, rule, &reading))
        }
    };
    if session.is_text() {
        let style = session.console.style();
        let page = page(playbook, &rules.as_it_acts(rule), example.as_ref(), style);
        session.console.out(&(page + &standing(&rules, rule, style)));
    } else {
        let mut report = Report::of("explain");
        report.rules.push(rules.reported(rule, playbook, rules.warrant.covers(&playbook.origin)));
        session.console.json(&report);
    }
    Ok(Exit::Done)
}

/// What has become of a rule's fixes in this project, and whether it is held back for that.
fn standing(rules: &Rules, rule: &Rule, style: Style) -> String {
    let tally = rules.ledger.tallies().of_rule(&rule.id);
    let learned = rules.standing.get(&rule.id).map(|standing| {
        let safety = style.safety(standing.safety);
        format!("{} {safety}: {}\n", style.faint("learned,"), standing.reason)
    });
    let learned = learned.unwrap_or_default();
    let Some(told) = tally::standing(tally) else { return learned };
    let held = match tally.is_held() {
        true => format!("{} {}\n", style.warn("held back:"), tally::reason(&rule.id, tally, style)),
        false => String::new(),
    };
    format!("{learned}{} {told}\n{held}", style.faint("here"))
}

/// The rule that knows an error code of a compiler, one of many or not, and what it says of that.
fn of_code<'a>(
    rules: &'a Rules,
    name: &str,
    reading: &Reading,
) -> Option<(&'a Playbook, &'a Rule, Option<Example>)> {
    let code = name.to_uppercase();
    let is_code =
        code.starts_with('E') && code.len() == 5 && code[1..].bytes().all(|byte| byte.is_ascii_digit());
    let output = format!("error[{code}]: what the compiler says\n --> src/main.rs:1:1\n");
    let observation = Observation::default();
    let seen =
        rules.matcher.scan(&mut output.as_bytes(), &observation, &mut |_| {}).ok().filter(|_| is_code)?;
    let finding = seen.findings.iter().find(|finding| finding.capture("code") == Some(&code))?;
    let (playbook, rule) = rules.library.rule(finding.rule.as_str()).ok()?;
    Some((playbook, rule, example_on(playbook, rule, &output, reading)))
}

/// A rule as a page: what it means, what heal does about it and how safely, and that on an example.
pub(super) fn page(playbook: &Playbook, rule: &Rule, example: Option<&Example>, style: Style) -> String {
    let mut facts = vec![rule.id.to_string(), style.severity(rule.severity)];
    facts.extend(rule.category.clone());
    facts.push(match &playbook.origin {
        Origin::Builtin(_) => source(&playbook.origin),
        _ => format!("{}:{}", source(&playbook.origin), rule.place.line),
    });
    let title = style.fold(&style.bold(&visible(&titled(rule))), 2);
    let mut text = format!("{title}\n{}\n", style.fold(&facts.join(&style.faint(" · ")), 2));
    if let Some(explain) = &rule.explain {
        text.push_str(&format!("\n{}", markdown::plain(explain, style)));
    }
    let asked = asks(&rule.trigger);
    if !asked.is_empty() {
        text.push_str(&format!("\n{}\n", style.bold("What it looks for")));
        asked.iter().for_each(|one| text.push_str(&wrapped(&abridged(&visible(one)), "  ", "    ", style)));
    }
    text.push_str(&format!("\n{}", deeds(rule, example.is_some(), style)));
    if let Some(example) = example {
        text.push_str(&format!("\n{}", shown(example, style)));
    }
    if !rule.links.is_empty() {
        text.push('\n');
    }
    for link in &rule.links {
        text.push_str(&format!("{} {}\n", style.faint("see"), visible(link)));
    }
    text
}

/// What heal does, step by step, and how it is known that it helped.
fn deeds(rule: &Rule, has_example: bool, style: Style) -> String {
    let only_tells = rule.steps.iter().all(|step| matches!(step.action, Action::Guide(_)));
    if rule.steps.is_empty() {
        return "heal names it, and does nothing about it.\n".to_owned();
    }
    let consent = match rule.safety {
        Safety::Safe => "--yes is enough",
        Safety::Unsafe => "heal asks first; with --yes, add --unsafe",
        Safety::Manual => "heal tells, a person acts",
    };
    let head = format!("{} ({}: {consent})\n", style.bold("What heal does"), style.safety(rule.safety));
    if only_tells && has_example {
        return format!("{head}  tell what to do, as in the example; nothing is changed\n");
    }
    let verified = rule.verify.as_ref().map(|verify| steps::verification(verify, style));
    head + &steps::told(&rule.steps, style) + &verified.unwrap_or_default()
}

/// What is seen, what heal says of it, and what it would do.
fn shown(example: &Example, style: Style) -> String {
    let mut text = format!("{}\n", style.bold("Example"));
    let lines: Vec<&str> = example.output.lines().collect();
    let indented = |line: &&str| format!("{}\n", format!("    {}", visible(line)).trim_end());
    text.extend(lines.iter().take(LONGEST).map(indented));
    if lines.len() > LONGEST {
        text.push_str(
            &style.faint(&format!("    … {} more\n", counted(lines.len() - LONGEST, "line", "lines"))),
        );
    }
    let says = style.faint("heal says:");
    let says = style.fold(&format!("{says} {}", visible(&example.title)), 2);
    text.push_str(&format!("\n{says}\n\n{}", diff::plan(&example.plan, style)));
    text
}
