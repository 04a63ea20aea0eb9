//! Runs the tests that rules bring with them.

use std::collections::BTreeMap;

use heal_match::{Inspector, Matcher};
use heal_model::{
    Bytes, Expectation, Finding, Invocation, MemoryWorld, Observation, Place, Plan, Playbook, RelPath, Rule,
    RuleId, RuleTest, TestInput, Trigger,
};
use heal_plan::{Choices, Context, plan};

use crate::find;

/// What became of one test of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// The rule.
    pub rule: RuleId,
    /// The test's name, or its number from 1.
    pub test: String,
    /// Where it is written.
    pub place: Place,
    /// How it ended.
    pub verdict: Verdict,
}

/// How a test of a rule ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The rule had to stay silent, and did.
    Validated,
    /// The rule had to match, and did; its fix is the expected one.
    Reported,
    /// The rule matched where it must not.
    Noisy(String),
    /// The rule did not match where it must.
    Missing(String),
    /// The rule matched, and did something else than expected: each difference.
    Wrong(Vec<Difference>),
}

/// One way in which a fix is not the expected one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What differs, `captures.name`, `app.py` …
    pub what: String,
    /// What the test expects; absent where nothing may be there.
    pub expected: Option<String>,
    /// What came of it.
    pub found: Option<String>,
}

impl Verdict {
    /// Whether it is as it should be.
    #[must_use]
    pub fn passed(&self) -> bool {
        matches!(self, Self::Validated | Self::Reported)
    }

    /// The verdict in a word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Validated => "validated",
            Self::Reported => "reported",
            Self::Noisy(_) => "noisy",
            Self::Missing(_) => "missing",
            Self::Wrong(_) => "wrong",
        }
    }
}

/// Runs every test of a playbook's rules, in worlds that are in memory: nothing outside is read, run or changed.
#[must_use]
pub fn rule_tests(playbook: &Playbook) -> Vec<Tested> {
    let alone = std::slice::from_ref(playbook);
    let bench = Bench { playbook: alone, matcher: Matcher::new(alone), inspector: Inspector::new(alone) };
    let tests =
        playbook.rules.iter().flat_map(|rule| rule.tests.iter().enumerate().map(move |test| (rule, test)));
    let tested = tests.map(|(rule, (index, test))| Tested {
        rule: rule.id.clone(),
        test: test.name.clone().unwrap_or_else(|| format!("test {}", index + 1)),
        place: test.place,
        verdict: bench.verdict(rule, test),
    });
    tested.collect()
}

/// Why each rule that fires on output of a run that passed does so: the rule and its finding.
#[must_use]
pub fn noise(matcher: &Matcher, output: &[u8]) -> Vec<Finding> {
    let world = MemoryWorld::default();
    find(matcher, output, &Observation { exit: Some(0), ..Observation::default() }, &world)
}

/// A playbook, ready to be tried.
struct Bench<'a> {
    playbook: &'a [Playbook],
    matcher: Matcher,
    inspector: Inspector,
}

impl Bench<'_> {
    fn verdict(&self, rule: &Rule, test: &RuleTest) -> Verdict {
        let world = world(&test.input);
        let findings = self.findings(rule, &test.input, &world);
        let count = findings.len();
        match test.expect.matches {
            Some(0) if count == 0 => return Verdict::Validated,
            Some(0) => return Verdict::Noisy(seen(&findings[0])),
            _ if count == 0 => return Verdict::Missing(first_line(&test.input)),
            Some(wanted) if count > wanted as usize => {
                return Verdict::Noisy(format!(
                    "matched {count} times, not {wanted}: {}",
                    seen(&findings[wanted as usize])
                ));
            }
            Some(wanted) if count < wanted as usize => {
                return Verdict::Missing(format!("matched {count} times, not {wanted}"));
            }
            _ => {}
        }
        let none = Choices::default();
        let context =
            Context { playbooks: self.playbook, world: &world, inspect: &self.inspector, choices: &none };
        let planned = plan(&findings, &context);
        let differences = differences(&test.expect, &findings[0], &planned, &world);
        if differences.is_empty() { Verdict::Reported } else { Verdict::Wrong(differences) }
    }

    fn findings(&self, rule: &Rule, input: &TestInput, world: &MemoryWorld) -> Vec<Finding> {
        let observation = Observation { command: input.command.clone(), exit: input.exit, stream: None };
        let mut found = match &input.output {
            Some(output) => find(&self.matcher, output.as_bytes(), &observation, world),
            None => Vec::new(),
        };
        if input.output.is_none() || !looks_at_output(&rule.trigger) {
            found.extend(self.matcher.inspect(world).findings);
        }
        found.retain(|finding| finding.rule == rule.id);
        found
    }
}

fn looks_at_output(trigger: &Trigger) -> bool {
    match trigger {
        Trigger::Output(_) | Trigger::Diagnostic(_) => true,
        Trigger::All(triggers) | Trigger::Any(triggers) => triggers.iter().any(looks_at_output),
        Trigger::Not(trigger) => looks_at_output(trigger),
        _ => false,
    }
}

fn world(input: &TestInput) -> MemoryWorld {
    let file = |(path, text): (&String, &String)| Some((RelPath::new(path).ok()?, text.as_str().into()));
    MemoryWorld {
        files: input.files.iter().filter_map(file).collect(),
        env: input.env.clone(),
        ..MemoryWorld::default()
    }
}

fn differences(
    expect: &Expectation,
    finding: &Finding,
    planned: &Plan,
    world: &MemoryWorld,
) -> Vec<Difference> {
    let mut all = Vec::new();
    let mut compare = |what: String, expected: Option<String>, found: Option<String>| {
        if expected != found {
            all.push(Difference { what, expected, found });
        }
    };
    for (name, expected) in &expect.captures {
        let found = finding.capture(name).map(str::to_owned);
        compare(format!("captures.{name}"), Some(expected.clone()), found);
    }
    if !expect.files.is_empty() {
        for (path, (expected, found)) in files(expect, planned, world) {
            compare(path, expected, found);
        }
    }
    if !expect.commands.is_empty() {
        compare("commands".to_owned(), Some(lines(&expect.commands)), Some(lines(&commands(planned))));
    }
    if let Some(words) = &expect.guide {
        let guides: Vec<&String> = planned.fixes.iter().flat_map(|fix| &fix.guides).collect();
        if !guides.iter().any(|guide| guide.contains(words.as_str())) {
            let found = guides.iter().map(|guide| guide.as_str()).collect::<Vec<_>>().join("\n");
            compare("guide".to_owned(), Some(words.clone()), Some(found));
        }
    }
    if let Some(words) = &expect.refused {
        let reasons: Vec<&str> = planned.refusals.iter().map(|refusal| refusal.reason.as_str()).collect();
        if !reasons.iter().any(|reason| reason.contains(words.as_str())) {
            compare("refused".to_owned(), Some(words.clone()), Some(reasons.join("\n")));
        }
    } else if all.is_empty() && !expect_nothing_done(expect) {
        let reasons = planned.refusals.iter().map(|refusal| refusal.reason.clone());
        all.extend(reasons.map(|reason| Difference {
            what: "refused".to_owned(),
            expected: None,
            found: Some(reason),
        }));
    }
    all
}

/// Whether a test says nothing of what is done: then it is about matching alone.
fn expect_nothing_done(expect: &Expectation) -> bool {
    expect.files.is_empty() && expect.commands.is_empty() && expect.guide.is_none()
}

type Sides = (Option<String>, Option<String>);

/// Each file that a fix changes or that a test names: as the test wants it, and as it comes to be.
fn files(expect: &Expectation, planned: &Plan, world: &MemoryWorld) -> BTreeMap<String, Sides> {
    let text = |content: &Bytes| String::from_utf8_lossy(content).into_owned();
    let now = |path: &str| RelPath::new(path).ok().and_then(|path| world.files.get(&path)).map(text);
    let mut sides: BTreeMap<String, Sides> = BTreeMap::new();
    for edit in &planned.edits {
        let path = edit.path.to_string();
        sides.insert(path.clone(), (now(&path), edit.content.after.as_ref().map(text)));
    }
    for (path, expected) in &expect.files {
        sides.entry(path.clone()).or_insert_with(|| (None, now(path))).0.clone_from(expected);
    }
    sides
}

fn commands(planned: &Plan) -> Vec<Vec<String>> {
    let commands = planned.fixes.iter().flat_map(|fix| &fix.commands);
    let argv = commands.map(|command| match &command.invocation {
        Invocation::Program(argv) => argv.clone(),
        Invocation::Shell(text) => vec![text.clone()],
        Invocation::Signal { pid, signal, .. } => vec![format!("{signal:?}"), pid.to_string()],
    });
    argv.collect()
}

fn lines(commands: &[Vec<String>]) -> String {
    commands.iter().map(|argv| format!("{argv:?}\n")).collect()
}

fn seen(finding: &Finding) -> String {
    match finding.excerpt.first() {
        Some(line) => format!("on {line:?}"),
        None => format!("with {:?}", finding.captures),
    }
}

fn first_line(input: &TestInput) -> String {
    let line = input.output.as_deref().and_then(|output| output.lines().find(|line| !line.trim().is_empty()));
    line.map_or("in its files".to_owned(), |line| format!("on {line:?}"))
}
