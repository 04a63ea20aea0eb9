use heal_match::asks;
use heal_model::{Playbook, Rule, RuleId};

use super::arguments::Explain;
use super::exit::{Exit, Failure};
use super::health;
use super::list::{source, titled};
use super::markdown::{self, wrapped};
use super::session::{Rules, Session};
use super::steps;
use super::style::{Style, counted, visible};
use crate::NoRule;
use crate::report::Report;

/// `heal explain`: what a rule means, why it happens, what heal does.
pub(super) fn explain(session: &mut Session<'_>, wanted: &Explain) -> Result<Exit, Failure> {
    let rules = session.rules(&[])?;
    let (playbook, rule) = known(&rules, &wanted.rule)?;
    if session.is_text() {
        let style = session.console.style();
        session.console.out(&(page(playbook, rule, style) + &standing(&rules, rule, style)));
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
    let Some(told) = health::standing(tally) else { return learned };
    let held = match tally.is_held() {
        true => format!("{} {}\n", style.warn("held back:"), health::reason(&rule.id, tally, style)),
        false => String::new(),
    };
    format!("{learned}{} {told}\n{held}", style.faint("here"))
}

/// The rule that is meant.
pub(super) fn known<'a>(rules: &'a Rules, name: &str) -> Result<(&'a Playbook, &'a Rule), Failure> {
    let listed = |ids: &[RuleId]| ids.iter().map(RuleId::as_str).collect::<Vec<_>>().join(" or ");
    rules.library.rule(name).map_err(|none| match none {
        NoRule::Several(ids) => {
            let count = counted(ids.len(), "rule is", "rules are");
            Failure::new(Exit::Usage, format!("{count} called {name}"))
                .help(format!("say which: {}", listed(&ids)))
        }
        NoRule::Unknown(near) => {
            let failure = Failure::new(Exit::Usage, format!("no rule is called {name}"));
            match near.is_empty() {
                true => failure.help("`heal list` shows them all"),
                false => failure.help(format!("did you mean {}?", listed(&near))),
            }
        }
    })
}

/// A rule as a page: what it means, then what heal does about it.
pub(super) fn page(playbook: &Playbook, rule: &Rule, style: Style) -> String {
    let mut facts = vec![rule.id.to_string(), style.severity(rule.severity)];
    facts.extend(rule.category.clone());
    facts.push(format!("{}:{}", source(&playbook.origin), rule.place.line));
    let mut text = format!("{}\n{}\n", style.bold(&visible(&titled(rule))), facts.join(&style.faint(" · ")));
    if let Some(explain) = &rule.explain {
        text.push_str(&format!("\n{}", markdown::plain(explain, style)));
    }
    let asked = asks(&rule.trigger);
    if !asked.is_empty() {
        text.push_str(&format!("\n{}\n", style.bold("What it looks for")));
        asked.iter().for_each(|one| text.push_str(&wrapped(&visible(one), "  ", "    ")));
    }
    let does = steps::told(&rule.steps, style);
    if does.is_empty() {
        text.push_str("\nheal names it, and does nothing about it.\n");
    } else {
        text.push_str(&format!("\n{} ({})\n{does}", style.bold("What heal does"), style.safety(rule.safety)));
    }
    if let Some(verify) = &rule.verify {
        text.push_str(&steps::verification(verify, style));
    }
    for link in &rule.links {
        text.push_str(&format!("{} {}\n", style.faint("see"), visible(link)));
    }
    text
}
