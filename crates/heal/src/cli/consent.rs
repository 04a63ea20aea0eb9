use heal_exec::Host;
use heal_model::{Plan, Safety};
use heal_plan::{Choices, Question};

use super::arguments::Consent;
use super::diff;
use super::pick::pick;
use super::session::{Rules, Session};
use super::terminal::Terminal;
use crate::Extractors;
use crate::rule_test::example;

/// What came of asking.
pub(super) enum Agreed {
    /// This much of the plan.
    To(Plan),
    /// A person said no, or wanted to look only.
    No,
    /// There was nobody to ask.
    Nobody,
}

/// What a call may apply: where a person can be asked, all that is not for a person alone to do.
pub(super) fn least(session: &Session<'_>, consent: &Consent) -> Safety {
    let can_ask = session.is_text() && session.console.is_terminal && !consent.yes;
    if consent.also_unsafe || can_ask { Safety::Unsafe } else { Safety::Safe }
}

/// Asks how much of a plan to apply; `--yes` and `--plan` have answered.
pub(super) fn ask(session: &mut Session<'_>, rules: &Rules, plan: &Plan, consent: &Consent) -> Agreed {
    if consent.dry_run {
        return Agreed::No;
    }
    if consent.yes || consent.plan.is_some() {
        return Agreed::To(plan.clone());
    }
    if !plan.acts() {
        return Agreed::No;
    }
    match Terminal::open(session) {
        Some(mut terminal) => {
            let _interruptible = terminal.interruptible();
            agreed(&mut terminal, &session.host, rules, plan)
        }
        None => Agreed::Nobody,
    }
}

/// Asks one question; `None` where there is nobody to ask.
pub(super) fn yes(session: &Session<'_>, question: &str) -> Option<bool> {
    let mut terminal = Terminal::open(session)?;
    Some(terminal.yes(question, "[y]es  [n]o") == Some(true))
}

/// Why there is nobody to ask.
pub(super) fn nobody(session: &Session<'_>) -> &'static str {
    match session.console.is_terminal {
        true => "there is no terminal to ask on",
        false => "the output goes to no terminal, so nobody is asked",
    }
}

/// Whether there is a person to ask.
pub(super) fn is_anybody_there(session: &Session<'_>) -> bool {
    Terminal::open(session).is_some()
}

/// Asks for one of several keys; `None` where there is nobody to ask, `q` where nobody answers.
pub(super) fn key(session: &Session<'_>, question: &str, keys: &str) -> Option<String> {
    let mut terminal = Terminal::open(session)?;
    Some(terminal.line(question, keys).unwrap_or_else(|| "q".to_owned()))
}

/// Asks the questions of `choose` steps, where a person is there to answer.
pub(super) fn choices(session: &Session<'_>, questions: &[Question]) -> Choices {
    let mut choices = Choices::default();
    if questions.is_empty() || !session.is_text() {
        return choices;
    }
    let Some(mut terminal) = Terminal::open(session) else { return choices };
    for question in questions {
        if let Some(option) = choose(&mut terminal, question) {
            choices.answer(question.rule.clone(), question.question.clone(), option);
        }
    }
    choices
}

fn agreed(terminal: &mut Terminal, host: &Host, rules: &Rules, plan: &Plan) -> Agreed {
    let style = terminal.style;
    let keys = "[a]ll  [c]hoose  [s]how the rules  [q]uit";
    let question = format!("{} {} {} ", style.bold("Apply?"), diff::sum(plan), style.faint(keys));
    loop {
        match terminal.typed(&question).as_deref() {
            Some("a" | "all") => return Agreed::To(plan.clone()),
            Some("c" | "choose") => return pick(terminal, plan).map_or(Agreed::No, Agreed::To),
            Some("s" | "show") => show(terminal, host, rules, plan),
            Some("q" | "quit" | "n" | "no" | "") | None => return Agreed::No,
            Some(_) => terminal.say("Type a for all of it, c to choose, s to see the rules, or q.\n"),
        }
    }
}

fn choose(terminal: &mut Terminal, question: &Question) -> Option<String> {
    terminal.say(&format!("{}\n{}\n", terminal.style.bold(&question.title), question.question));
    for (index, option) in question.options.iter().enumerate() {
        terminal.say(&format!("  {}  {}\n", index + 1, option.label));
    }
    let usual = question.options.iter().position(|option| Some(&option.name) == question.default.as_ref());
    let hint = usual.map(|index| format!(" [{}]", index + 1)).unwrap_or_default();
    loop {
        let line = terminal.typed(&format!("Which{hint}? "))?;
        if line.is_empty() && usual.is_some() {
            return question.default.clone();
        }
        let chosen =
            line.parse::<usize>().ok().and_then(|number| question.options.get(number.checked_sub(1)?));
        match chosen {
            Some(option) => return Some(option.name.clone()),
            None if line == "q" || line.is_empty() => return None,
            None => terminal.say("Type a number, or q.\n"),
        }
    }
}

fn show(terminal: &mut Terminal, host: &Host, rules: &Rules, plan: &Plan) {
    let reading = Extractors::open(host).whole();
    let mut ids: Vec<_> = plan.fixes.iter().map(|fix| &fix.rule).collect();
    ids.dedup();
    for id in ids {
        if let Ok((playbook, rule)) = rules.library.rule(id.as_str()) {
            let example = example(playbook, rule, &reading);
            terminal.say(&super::explain::page(playbook, rule, example.as_ref(), terminal.style));
            terminal.say("\n");
        }
    }
}
