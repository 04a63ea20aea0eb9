use heal_model::{
    Action, Applicability, DiagnosticTrigger, Engine, Line, LineChange, Pattern, PatternKind, Place, Rule,
    RuleId, Safety, Severity, Step, Suggestions, Template, Trigger, Verify,
};

use crate::compose::Atom;
use crate::context::{holds, taken};
use crate::edit::edit;
use crate::example::Example;
use crate::frame::Frame;
use crate::ground::ground;
use crate::hole::Breadth;
use crate::message::{Freedom, Spoken, spoken};
use crate::sketch::{Generality, Sketch, quoted, sketch};
use crate::tree::words;
use crate::trial::Trial;

/// How far a rule reaches beyond the examples it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reach {
    pub(crate) freedom: Freedom,
    pub(crate) generality: Generality,
    pub(crate) breadth: Breadth,
}

/// A rule that mends each of its examples as a person did.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    pub(crate) rule: Rule,
    pub(crate) frame: Frame,
    /// How much of its pattern is literal: of two rules the one that says more is the more specific.
    pub(crate) weight: usize,
    /// Whether its pattern has no hole.
    pub(crate) is_literal: bool,
    /// How many literal words its message holds.
    pub(crate) words: usize,
    /// How many literal characters it writes.
    pub(crate) written: usize,
}

/// Makes a rule of examples in one frame; `None` where it would not mend each of them byte for byte.
pub(crate) fn draft(examples: &[&Example], frame: Frame, reach: Reach) -> Option<Draft> {
    let first = examples.first()?;
    if !examples.iter().all(|example| example.is_like(first)) {
        return None;
    }
    let mut spoken = message(examples, reach.freedom)?;
    let mut when = None;
    let (step, weight, written, is_literal) = match frame {
        Frame::Suggestion => (suggestion(examples)?, usize::MAX, 0, false),
        Frame::Slot(_) | Frame::Block(_) => {
            spoken = message(examples, Freedom::Different)?;
            let put = match frame {
                Frame::Block(block) => block.put(examples, &spoken.captures)?,
                Frame::Slot(slot) => slot.put(examples, &spoken.captures)?,
                _ => return None,
            };
            when = put.when;
            (put.action, 0, put.written, put.is_literal)
        }
        _ => {
            let mut sketch = sketched(examples, frame, &spoken, reach)?;
            if sketch.renames(&spoken.captures) {
                spoken = message(examples, Freedom::Different)?;
                sketch = sketched(examples, frame, &spoken, reach)?;
            }
            let says_enough = sketch.weight() > 0
                || matches!(frame, Frame::Quoted | Frame::Span | Frame::Insert)
                || matches!(frame, Frame::Rest)
                || matches!(frame, Frame::Rows(_) | Frame::Gap) && sketch.is_empty();
            let is_guess =
                sketch.forgets_a_copy() || sketch.drops_blindly() || sketch.invents(&spoken.captures);
            if !says_enough || is_guess {
                return None;
            }
            spoken.tighten(&sketch.suffixes());
            if matches!(frame, Frame::Context(..)) && sketch.is_loose() {
                return None;
            }
            let is_context = matches!(frame, Frame::Context(before, after) if before + after > 0);
            let breadth = if is_context { Breadth::Narrow } else { reach.breadth };
            let taken = taken(&sketch.pieces, examples);
            if taken.is_composed {
                return None;
            }
            let edit = edit(&sketch, frame, breadth, first)?;
            when = holds(edit.files.first()?, &taken.names);
            (Action::Edit(edit), sketch.weight(), sketch.written(), sketch.is_literal())
        }
    };
    let rule = about(examples, &mut spoken, vec![Step { when, ..Step::new(step) }])?;
    let words = said(&rule, &spoken);
    mends_all(&rule, examples).then_some(Draft { rule, frame, weight, is_literal, words, written })
}

/// A rule that is triggered by what was said in each example.
pub(crate) fn about(examples: &[&Example], spoken: &mut Spoken, steps: Vec<Step>) -> Option<Rule> {
    let first = examples.first()?;
    let same = |code: &&String| examples.iter().all(|example| example.diagnostic.code.as_ref() == Some(code));
    let code = first.diagnostic.code.as_ref().filter(same);
    let sources: String = steps.iter().map(|step| sources(&step.action)).collect();
    spoken.simplify(&|name| words(&sources).any(|word| word == name));
    let trigger = DiagnosticTrigger {
        tool: Some(first.diagnostic.tool.clone()),
        code: code.map(|code| pattern(&format!("^{}$", regex::escape(code)))),
        message: Some(pattern(&spoken.pattern)),
        help: steps.iter().find_map(|step| ground(&step.action, examples)).map(|note| pattern(&note)),
        ..DiagnosticTrigger::default()
    };
    Some(rule(trigger, steps, spoken.title.clone()))
}

/// How many words a rule's trigger says: a code counts for three.
pub(crate) fn said(rule: &Rule, spoken: &Spoken) -> usize {
    let has_code = matches!(&rule.trigger, Trigger::Diagnostic(trigger) if trigger.code.is_some());
    spoken.words + usize::from(has_code) * 3
}

/// Whether a rule mends each of its examples byte for byte.
pub(crate) fn mends_all(rule: &Rule, examples: &[&Example]) -> bool {
    let Some(trial) = Trial::new(rule) else { return false };
    examples.iter().all(|example| {
        trial
            .mend(&example.diagnostic, &example.path, &example.content)
            .is_some_and(|found| found.as_bytes() == &*example.mended)
    })
}

/// The templates in which an action names values.
fn sources(action: &Action) -> String {
    match action {
        Action::Edit(edit) => format!("{} {}", edit.search.source, edit.replace),
        Action::Line(Line { change: LineChange::Present { line, .. }, .. }) => line.to_string(),
        _ => String::new(),
    }
}

pub(crate) fn message(examples: &[&Example], freedom: Freedom) -> Option<Spoken> {
    let messages: Vec<&str> = examples.iter().map(|example| example.diagnostic.message.as_str()).collect();
    spoken(&messages, freedom)
}

fn sketched(examples: &[&Example], frame: Frame, spoken: &Spoken, reach: Reach) -> Option<Sketch> {
    let mut olds = Vec::new();
    let mut news = Vec::new();
    for example in examples {
        let (old, new) = frame.texts(example)?;
        olds.push(old);
        news.push(new);
    }
    if frame == Frame::Insert {
        return sketch(&olds, &news, &[]);
    }
    let known = Atom::of(&spoken.captures);
    if frame == Frame::Quoted {
        return quoted(&olds, &news, &known);
    }
    // Where a part of what the message quotes is kept, the quoted value itself is of no use.
    let found = sketch(&olds, &news, &known).or_else(|| sketch(&olds, &news, &[]))?;
    let is_context = matches!(frame, Frame::Context(before, after) if before + after > 0);
    match reach.generality {
        Generality::Copies if !is_context => Some(found.merged(&news, &known)),
        Generality::Copies | Generality::Strict => Some(found),
    }
}

fn suggestion(examples: &[&Example]) -> Option<Action> {
    let offered = |example: &&Example| !example.diagnostic.suggestions.is_empty();
    let all = examples.iter().flat_map(|example| &example.diagnostic.suggestions);
    let applicability = all.map(|one| one.applicability).min().unwrap_or(Applicability::Unspecified);
    examples.iter().all(offered).then_some(Action::Suggestions(Suggestions { applicability }))
}

fn pattern(source: &str) -> Pattern {
    Pattern { source: source.to_owned(), kind: PatternKind::Regex, unicode: false, engine: Engine::Linear }
}

fn rule(trigger: DiagnosticTrigger, steps: Vec<Step>, title: String) -> Rule {
    Rule {
        id: RuleId::new("learned", "draft"),
        title: Template(title),
        category: None,
        severity: Severity::default(),
        safety: Safety::Manual,
        explain: None,
        links: Vec::new(),
        also: Vec::new(),
        captures: std::collections::BTreeMap::new(),
        trigger: Trigger::Diagnostic(trigger),
        steps,
        verify: Some(Verify { rerun: true, ..Verify::default() }),
        retry: None,
        timeout: None,
        tests: Vec::new(),
        learned: None,
        place: Place::default(),
    }
}
