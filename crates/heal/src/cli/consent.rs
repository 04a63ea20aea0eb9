use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};

use heal_model::{PartRef, Plan, Safety};
use heal_plan::{Choices, Question, preview, select};

use super::arguments::Consent;
use super::diff;
use super::session::{Rules, Session};
use super::style::Style;

/// How a question about one part of a plan is answered.
const KEYS: &str = "[y]es  [n]o  [q]uit without any";

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
        Some(mut terminal) => terminal.ask(rules, plan.clone()),
        None => Agreed::Nobody,
    }
}

/// Asks one question; `None` where there is nobody to ask.
pub(super) fn yes(session: &Session<'_>, question: &str) -> Option<bool> {
    let mut terminal = Terminal::open(session)?;
    Some(terminal.yes(question, "[y]es  [n]o") == Some(true))
}

/// Whether there is a person to ask.
pub(super) fn is_anybody_there(session: &Session<'_>) -> bool {
    Terminal::open(session).is_some()
}

/// Asks for one of several keys; `None` where there is nobody to ask, `q` where nobody answers.
pub(super) fn key(session: &Session<'_>, question: &str, keys: &str) -> Option<String> {
    let mut terminal = Terminal::open(session)?;
    let style = session.console.style();
    let question = format!("{} {} ", style.bold(question), style.faint(keys));
    Some(terminal.line(&question).unwrap_or_else(|| "q".to_owned()))
}

/// Asks the questions of `choose` steps, where a person is there to answer.
pub(super) fn choices(session: &Session<'_>, questions: &[Question]) -> Choices {
    let mut choices = Choices::default();
    if questions.is_empty() || !session.is_text() {
        return choices;
    }
    let Some(mut terminal) = Terminal::open(session) else { return choices };
    for question in questions {
        if let Some(option) = terminal.choose(question) {
            choices.answer(question.rule.clone(), question.question.clone(), option);
        }
    }
    choices
}

/// The terminal a person sits at, whatever standard input is.
struct Terminal {
    reader: BufReader<File>,
    writer: File,
    style: Style,
}

impl Terminal {
    /// A terminal to ask on: only where what is asked about is shown on one too.
    fn open(session: &Session<'_>) -> Option<Self> {
        if !session.console.is_terminal {
            return None;
        }
        let writer = session.host.tty()?;
        let reader = BufReader::new(writer.try_clone().ok()?);
        Some(Self { reader, writer, style: session.console.style() })
    }

    /// One answer; `None` at the end of input.
    fn line(&mut self, question: &str) -> Option<String> {
        write!(self.writer, "{question}").and_then(|()| self.writer.flush()).ok()?;
        let mut line = String::new();
        match self.reader.read_line(&mut line) {
            Ok(count) if count > 0 => Some(line.trim().to_lowercase()),
            _ => None,
        }
    }

    fn ask(&mut self, rules: &Rules, plan: Plan) -> Agreed {
        let keys = "[a]ll  [c]hoose  [s]how the rules  [q]uit";
        loop {
            let question =
                format!("{} {} {} ", self.style.bold("Apply?"), diff::sum(&plan), self.style.faint(keys));
            match self.line(&question).as_deref() {
                Some("a" | "all" | "y" | "yes") => return Agreed::To(plan),
                Some("c" | "choose") => return self.pick(&plan),
                Some("s" | "show") => self.show(rules, &plan),
                Some("q" | "quit" | "n" | "no" | "") | None => return Agreed::No,
                Some(_) => self.say("Type a, c, s or q.\n"),
            }
        }
    }

    /// Goes through a plan hunk by hunk, and through its commands.
    fn pick(&mut self, plan: &Plan) -> Agreed {
        let shown = preview(plan);
        let mut parts: Vec<PartRef> = Vec::new();
        let most: usize = shown.files.iter().map(|file| file.hunks.len().max(1)).sum();
        let mut number = 0_usize;
        let mut question = |what: &str| {
            number += 1;
            if most == 1 {
                format!("Apply this {what}?")
            } else {
                format!("Apply this {what}, {number} of {most}?")
            }
        };
        for file in &shown.files {
            let all: Vec<PartRef> = file.hunks.iter().flat_map(|hunk| hunk.parts.clone()).collect();
            if file.hunks.is_empty() || all.is_empty() {
                self.say(&diff::file(file, self.style));
                let edit = plan.edits.iter().find(|edit| edit.path == file.path);
                match self.yes(&question("file"), KEYS) {
                    Some(true) => parts.extend(edit.into_iter().flat_map(|edit| edit.parts.clone())),
                    Some(false) => {}
                    None => return Agreed::No,
                }
                continue;
            }
            for hunk in &file.hunks {
                self.say(&format!(
                    "{}\n{}",
                    self.style.bold(file.path.as_str()),
                    diff::hunk(hunk, self.style)
                ));
                match self.yes(&question("hunk"), KEYS) {
                    Some(true) => parts.extend(&hunk.parts),
                    Some(false) => {}
                    None => return Agreed::No,
                }
            }
        }
        let Some(declined) = self.decline(plan, &parts) else { return Agreed::No };
        let mut plan = plan.clone();
        for &fix in &declined {
            plan.fixes[fix].commands.clear();
            plan.fixes[fix].rest = None;
        }
        let is_whole = |fix: usize| !declined.contains(&fix) || !plan.fixes[fix].parts.is_empty();
        Agreed::To(select(&plan, &|part| parts.contains(&part), &is_whole))
    }

    /// Asks about the commands of those fixes that are not left out already; gives the fixes whose commands are.
    fn decline(&mut self, plan: &Plan, parts: &[PartRef]) -> Option<Vec<usize>> {
        let mut declined = Vec::new();
        for (index, fix) in plan.fixes.iter().enumerate() {
            let is_left_out = !fix.parts.is_empty() && !parts.iter().any(|part| part.fix == index);
            if fix.commands.is_empty() || is_left_out {
                continue;
            }
            let alone = preview(&select(plan, &|_| true, &|one| one == index));
            for command in alone.commands {
                self.say(&format!("run {}\n", self.style.bold(&command.line)));
            }
            if !self.yes("Run this?", KEYS)? {
                declined.push(index);
            }
        }
        Some(declined)
    }

    fn yes(&mut self, question: &str, keys: &str) -> Option<bool> {
        loop {
            let question = format!("{} {} ", self.style.bold(question), self.style.faint(keys));
            match self.line(&question).as_deref() {
                Some("y" | "yes") => return Some(true),
                Some("n" | "no") => return Some(false),
                Some("q" | "quit") | None => return None,
                Some(_) => self.say("Type y, n or q.\n"),
            }
        }
    }

    fn choose(&mut self, question: &Question) -> Option<String> {
        self.say(&format!("{}\n{}\n", self.style.bold(&question.title), question.question));
        for (index, option) in question.options.iter().enumerate() {
            self.say(&format!("  {}  {}\n", index + 1, option.label));
        }
        let usual =
            question.options.iter().position(|option| Some(&option.name) == question.default.as_ref());
        let hint = usual.map(|index| format!(" [{}]", index + 1)).unwrap_or_default();
        loop {
            let line = self.line(&format!("Which{hint}? "))?;
            if line.is_empty() && usual.is_some() {
                return question.default.clone();
            }
            let chosen =
                line.parse::<usize>().ok().and_then(|number| question.options.get(number.checked_sub(1)?));
            match chosen {
                Some(option) => return Some(option.name.clone()),
                None if line == "q" || line.is_empty() => return None,
                None => self.say("Type a number, or q.\n"),
            }
        }
    }

    fn show(&mut self, rules: &Rules, plan: &Plan) {
        let mut ids: Vec<_> = plan.fixes.iter().map(|fix| &fix.rule).collect();
        ids.dedup();
        for id in ids {
            if let Ok((playbook, rule)) = rules.library.rule(id.as_str()) {
                self.say(&super::explain::page(playbook, rule, self.style));
                self.say("\n");
            }
        }
    }

    fn say(&mut self, text: &str) {
        // A terminal that has gone away answers no question either: the next one ends it.
        drop(self.writer.write_all(text.as_bytes()));
    }
}
