use std::borrow::Cow;

use heal_model::{Action, Origin, Playbook, Rule, Safety};

use super::arguments::List;
use super::exit::Exit;
use super::failure::Failure;
use super::session::{Rules, Session};
use super::style::{Style, counted, visible};
use super::tally;
use super::titled::{is_bare, titled};
use crate::Shared;
use crate::report::{self, Report};

/// How many rules make a catalogue, where they only name a code.
const MANY: usize = 20;

/// `heal list`: every rule, and where it comes from.
pub(super) fn list(session: &mut Session<'_>, wanted: &List) -> Result<Exit, Failure> {
    let rules = session.rules(&[])?;
    let filter = wanted.filter.as_deref().unwrap_or_default().to_lowercase();
    let counts = |rule: &&Rule| fits(rule, &filter) && (!wanted.held || rules.held().contains_key(&rule.id));
    let shown: Vec<(&Playbook, Vec<&Rule>)> = rules
        .library
        .playbooks
        .iter()
        .map(|playbook| (playbook, playbook.rules.iter().filter(counts).collect()))
        .filter(|(_, rules): &(_, Vec<_>)| !rules.is_empty())
        .collect();
    if session.is_text() {
        let style = session.console.style();
        let is_whole = wanted.filter.is_none() && !wanted.all && !wanted.held;
        let is_built_in = |playbook: &Playbook| matches!(playbook.origin, Origin::Builtin(_));
        let (lines, blocks): (Vec<_>, Vec<_>) =
            shown.iter().partition(|(playbook, _)| is_whole && is_built_in(playbook));
        let blocks = blocks.iter().map(|(playbook, some)| block(playbook, some, &rules, style));
        let mut text: Vec<String> = blocks.collect();
        text.extend((!lines.is_empty()).then(|| folded(&lines, style)));
        session.console.out(&text.join("\n"));
        let shared = rules.library.shared.iter().filter(|one| shown.iter().any(|(_, some)| has(some, one)));
        let shared: String = shared.map(|one| told(one, style)).collect();
        if !shared.is_empty() {
            session.console.out(&format!("\n{shared}"));
        }
        if shown.is_empty() && wanted.held {
            session.console.err("no rule is held back\n");
        } else if shown.is_empty() {
            session.console.err("no rule fits; `heal list` without a word shows all\n");
        }
    } else {
        let mut report = Report::of("list");
        for (playbook, some) in &shown {
            let trusted = rules.warrant.covers(&playbook.origin);
            report.rules.extend(some.iter().map(|rule| rules.reported(rule, playbook, trusted)));
        }
        session.console.json(&report);
    }
    Ok(if shown.is_empty() { Exit::Remains } else { Exit::Done })
}

fn fits(rule: &Rule, filter: &str) -> bool {
    let category = rule.category.as_deref().unwrap_or_default();
    [rule.id.as_str(), rule.title.as_str(), category].iter().any(|text| text.to_lowercase().contains(filter))
}

fn has(rules: &[&Rule], shared: &Shared) -> bool {
    rules.iter().any(|rule| rule.id == shared.rule)
}

/// Which of two rules with one id counts.
fn told(shared: &Shared, style: Style) -> String {
    let Shared { rule, counts, left_out, for_want_of_trust } = shared;
    let (counts, left_out) = (place(counts), place(left_out));
    let why = if *for_want_of_trust { ", as it is not trusted" } else { "" };
    format!("{} {rule}: the one {counts} counts, the one {left_out} does not{why}\n", style.warn("note:"))
}

fn place(origin: &Origin) -> String {
    match origin {
        Origin::Builtin(_) => "built in".to_owned(),
        origin => format!("in {}", origin.path()),
    }
}

/// Whether a playbook is a catalogue of codes: many rules, and none has a title of its own.
fn is_catalogue(rules: &[&Rule]) -> bool {
    rules.len() >= MANY && rules.iter().all(|rule| is_bare(rule))
}

/// What is built in, each playbook in a line with the words that list it.
fn folded(playbooks: &[&(&Playbook, Vec<&Rule>)], style: Style) -> String {
    let name = |playbook: &Playbook| playbook.name.len();
    let width = playbooks.iter().map(|(playbook, _)| name(playbook)).max().unwrap_or(0);
    let mut text = String::new();
    for (playbook, some) in playbooks {
        let ends: Vec<&str> =
            some.first().into_iter().chain(some.last()).map(|rule| rule.id.rule()).collect();
        let ends = if is_catalogue(some) { format!(", {}", ends.join(" to ")) } else { String::new() };
        let head = format!("{} (built in){ends}", counted(some.len(), "rule", "rules"));
        let pad = " ".repeat(width - name(playbook));
        let how = style.code(&format!("heal list {}/", playbook.name));
        let row = format!("{}{pad}  {}: {how}", style.bold(&playbook.name), style.faint(&head));
        text.push_str(&format!("{}\n", style.fold(&row, width + 2)));
    }
    text + &format!("{} {}\n", style.faint("every rule on a line of its own:"), style.code("heal list --all"))
}

fn block(playbook: &Playbook, some: &[&Rule], rules: &Rules, style: Style) -> String {
    let held = match () {
        () if rules.warrant.covers(&playbook.origin) => "",
        () if rules.has_changed(playbook) => ", changed since it was trusted: it only names",
        () => ", not trusted: it only names",
    };
    let head = format!("{} ({}{held})", counted(some.len(), "rule", "rules"), source(&playbook.origin));
    let head = format!("{}  {}", style.bold(&playbook.name), style.faint(&head));
    let mut text = format!("{}\n", style.fold(&head, 2));
    let width = some.iter().map(|rule| rule.id.rule().len()).max().unwrap_or(0);
    for rule in some {
        let name = format!("{:<width$}", rule.id.rule());
        let (far, len) = far(&rules.as_it_acts(rule), style);
        let pad = " ".repeat(6 - len);
        let row = format!("  {}  {far}{pad}  {}", style.code(&name), visible(&titled(rule)));
        text.push_str(&format!("{}\n", style.fold(&row, width + 12)));
        if let Some(standing) = rules.standing.get(&rule.id) {
            let told = style.faint(&format!("learned: {}", standing.reason));
            text.push_str(&format!("{}\n", style.fold(&format!("  {:<width$}  {told}", ""), width + 4)));
        }
        if let Some(tally) = rules.held().get(&rule.id) {
            let reason = tally::reason(&rule.id, *tally, style);
            let row = format!("  {:<width$}  {} {reason}", "", style.warn("held back:"));
            text.push_str(&format!("{}\n", style.fold(&row, width + 4)));
        }
    }
    text
}

/// How far a rule goes, and how long the word is.
fn far(rule: &Rule, style: Style) -> (String, usize) {
    let only_tells = rule.steps.iter().all(|step| matches!(step.action, Action::Guide(_)));
    let safety = if only_tells { Safety::Manual } else { rule.safety };
    match rule.steps.is_empty() {
        true => (style.faint("named"), "named".len()),
        false => (style.safety(safety), safety.to_string().len()),
    }
}

impl Rules {
    /// A rule, manual where it is held back to that.
    pub(super) fn as_it_acts<'r>(&self, rule: &'r Rule) -> Cow<'r, Rule> {
        match self.held().contains_key(&rule.id) {
            true => Cow::Owned(Rule { safety: Safety::Manual, ..rule.clone() }),
            false => Cow::Borrowed(rule),
        }
    }

    /// A rule as it is reported, with why it is held back where it is.
    pub(super) fn reported(&self, rule: &Rule, playbook: &Playbook, trusted: bool) -> report::Rule {
        let held = self.held().get(&rule.id).map(|tally| tally::short(*tally));
        let standing = self.standing.get(&rule.id).map(|standing| standing.reason.clone());
        report::Rule { held, standing, ..report::rule(&self.as_it_acts(rule), playbook, trusted) }
    }
}

/// Where a playbook comes from, in words.
pub(super) fn source(origin: &Origin) -> String {
    match origin {
        Origin::Builtin(_) => "built in".to_owned(),
        Origin::User(path) => format!("yours, {path}"),
        Origin::Repository(path) | Origin::Named(path) => path.clone(),
    }
}
