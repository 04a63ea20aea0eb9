use std::collections::BTreeMap;

use heal_model::{
    Action, Capture, Content, Create, Defaults, Doubt, ExitCodes, FileIs, Find, Finding, Found, Inspect,
    Location, MemoryWorld, Occurrences, Origin, PatternKind, PatternTemplate, Place, Plan, Playbook, RelPath,
    Rule, RuleId, Run, Safety, Severity, Step, TextEdit, Trigger, Used, ValueTrigger, World,
};
use heal_plan::{Choices, Context, plan, preview, unified};

/// Decides on files that are missing or there, and on values; has doubts of all else.
pub(crate) struct Files;

impl Inspect for Files {
    fn inspect(&self, rule: &RuleId, trigger: &Trigger, world: &dyn World) -> Found {
        let holds = match trigger {
            Trigger::File(file) => {
                let path = RelPath::new(file.path.as_str()).expect("a path");
                let is_there = world.stat(&path).expect("a world in memory").is_some();
                Some(is_there == (file.is == Some(FileIs::Present)))
            }
            Trigger::Value(ValueTrigger { value, equals, .. }) => Some(Some(value) == equals.as_ref()),
            _ => None,
        };
        let finding = finding(rule.as_str(), &[]);
        let doubt = Doubt { rule: Some(rule.clone()), message: "not known to this test".to_owned() };
        Found {
            findings: if holds == Some(true) { vec![finding] } else { Vec::new() },
            doubts: if holds.is_none() { vec![doubt] } else { Vec::new() },
        }
    }
}

/// What a person is shown of a plan: the diff, then commands, guides, warnings and refusals, a line each.
pub(crate) fn told(plan: &Plan) -> String {
    let preview = preview(plan);
    let mut text = unified(&preview);
    for command in &preview.commands {
        let then = if command.then == 0 { String::new() } else { format!(" (then {} more)", command.then) };
        text += &format!("run {}{then}\n", command.line);
    }
    for fix in &plan.fixes {
        text.extend(fix.guides.iter().map(|guide| format!("guide {guide}\n")));
        text.extend(fix.notes.iter().map(|note| format!("{note}\n")));
        text.extend(fix.warnings.iter().map(|warning| format!("warning: {warning}\n")));
    }
    for refusal in &preview.refusals {
        text += &format!("{}: {:?}: {}\n", refusal.rule, refusal.code, refusal.reason);
    }
    text
}

/// Plans for every rule of a playbook, each found once with these captures.
#[track_caller]
pub(crate) fn check(
    playbook: &Playbook,
    captures: &[(&str, &str)],
    files: &[(&str, &str)],
    expected: &str,
) -> Plan {
    let world = MemoryWorld::with_files(files.iter().copied());
    let findings: Vec<Finding> =
        playbook.rules.iter().map(|rule| finding(rule.id.as_str(), captures)).collect();
    let plan = planned(playbook, &findings, &world);
    assert_eq!(told(&plan), expected);
    plan
}

pub(crate) fn planned(playbook: &Playbook, findings: &[Finding], world: &dyn World) -> Plan {
    let choices = Choices::default();
    let playbooks = std::slice::from_ref(playbook);
    plan(findings, &Context { playbooks, world, inspect: &Files, choices: &choices, used: &Used::default() })
}

pub(crate) fn playbook(rules: Vec<Rule>) -> Playbook {
    Playbook {
        heal: 1,
        name: "specs".to_owned(),
        summary: None,
        origin: Origin::Named("specs.yaml".to_owned()),
        defaults: Defaults::default(),
        vars: BTreeMap::new(),
        sources: BTreeMap::new(),
        files: Vec::new(),
        rules,
        learning: None,
        assets: BTreeMap::new(),
    }
}

pub(crate) fn rule(name: &str, actions: Vec<Action>) -> Rule {
    let trigger = Trigger::All(Vec::new());
    Rule {
        id: RuleId::new("specs", name),
        title: name.into(),
        category: None,
        severity: Severity::High,
        safety: Safety::Safe,
        explain: None,
        links: Vec::new(),
        also: Vec::new(),
        captures: BTreeMap::new(),
        trigger,
        steps: actions.into_iter().map(step).collect(),
        verify: None,
        retry: None,
        timeout: None,
        tests: Vec::new(),
        learned: None,
        place: Place::default(),
    }
}

pub(crate) fn step(action: Action) -> Step {
    Step::new(action)
}

pub(crate) fn bound(name: &str, action: Action) -> Step {
    Step { bind: Some(name.to_owned()), ..step(action) }
}

pub(crate) fn finding(rule: &str, captures: &[(&str, &str)]) -> Finding {
    let (playbook, name) = rule.split_once('/').expect("a rule's id");
    Finding {
        rule: RuleId::new(playbook, name),
        captures: captures.iter().map(|(name, text)| ((*name).to_owned(), Capture::from(*text))).collect(),
        values: BTreeMap::new(),
        span: None,
        location: None,
        excerpt: Vec::new(),
        diagnostic: None,
        count: 1,
        again: Vec::new(),
    }
}

pub(crate) fn located(finding: Finding, path: &str, line: u32) -> Finding {
    let location = Location { path: RelPath::new(path).expect("a path"), line: Some(line), column: None };
    Finding { location: Some(location), ..finding }
}

pub(crate) fn text(source: &str) -> PatternTemplate {
    PatternTemplate { source: source.into(), kind: PatternKind::Text }
}

pub(crate) fn regex(source: &str) -> PatternTemplate {
    PatternTemplate { source: source.into(), kind: PatternKind::Regex }
}

pub(crate) fn edit(files: &str, search: PatternTemplate, replace: &str) -> TextEdit {
    TextEdit {
        files: vec![files.into()],
        search,
        replace: replace.into(),
        occurrences: Occurrences::All,
        at: None,
    }
}

pub(crate) fn replace(files: &str, search: &str, replace: &str) -> Action {
    Action::Edit(edit(files, text(search), replace))
}

pub(crate) fn find(files: &str, pattern: PatternTemplate) -> Action {
    Action::Find(Find { files: vec![files.into()], above: None, pattern, one: true })
}

pub(crate) fn create(path: &str, content: &str) -> Action {
    Action::Create(Create { path: path.into(), content: Content::Inline(content.into()), executable: false })
}

pub(crate) fn run(argv: &[&str]) -> Action {
    Action::Run(Run { argv: argv.iter().map(|argument| (*argument).into()).collect(), ..empty_run() })
}

pub(crate) fn shell(script: &str) -> Action {
    Action::Run(Run { shell: Some(script.to_owned()), ..empty_run() })
}

pub(crate) fn empty_run() -> Run {
    Run {
        argv: Vec::new(),
        shell: None,
        cwd: None,
        env: BTreeMap::new(),
        exit: None::<ExitCodes>,
        idempotent: false,
        creates: None,
    }
}
