//! Runs the tests that rules bring with them.

mod world;

use std::collections::BTreeMap;
use std::fmt;

use heal_match::Matcher;
use heal_model::{
    Bytes, Expectation, Finding, Invocation, MemoryWorld, Observation, Place, Plan, Playbook, RelPath, Rule,
    RuleId, RuleTest, TestInput, Used,
};
use heal_plan::{Choices, Context, plan};

use crate::environments::Environments;
use crate::{Diagnostics, Reading, find, look_at_diagnostics};
use world::world;

/// What became of one test of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// The rule.
    pub rule: RuleId,
    /// The test's name, or its number from 1.
    pub test: String,
    /// Where it is written.
    pub place: Place,
    /// Which of its rule's tests it is, from 0.
    pub index: usize,
    /// How it ended.
    pub verdict: Verdict,
    /// The commands that the fix runs.
    pub commands: Vec<Vec<String>>,
}

/// How a test of a rule ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The rule had to stay silent, and did.
    Validated,
    /// The rule had to match, and did; its fix is the expected one.
    Reported,
    /// The rule matched where it must not, or another did that neither of them names under `also`.
    Noisy(String),
    /// The rule did not match where it must.
    Missing(String),
    /// The rule matched, and did something else than expected: each difference.
    Wrong(Vec<Difference>),
}

/// One way in which a fix is not the expected one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What differs.
    pub what: What,
    /// What the test expects; absent where nothing may be there.
    pub expected: Option<String>,
    /// What came of it.
    pub found: Option<String>,
}

/// What a test expects something of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A capture, by its name.
    Capture(String),
    /// A file, by its path.
    File(String),
    /// The commands that the fix runs.
    Commands,
    /// What a person is told to do.
    Guide,
    /// Why nothing is done.
    Refused,
}

impl fmt::Display for What {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Capture(name) => write!(out, "captures.{name}"),
            Self::File(path) => out.write_str(path),
            Self::Commands => out.write_str("commands"),
            Self::Guide => out.write_str("guide"),
            Self::Refused => out.write_str("refused"),
        }
    }
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

/// Runs every test of all rules, in worlds that are in memory: nothing outside is read, run or changed.
///
/// Gives each with its playbook's index. All rules look at each test's output: one that fires on another's sample is
/// noise, unless one of the two says `also`. Diagnostics are read as `reading` says.
#[must_use]
pub fn rule_tests(playbooks: &[Playbook], reading: &Reading) -> Vec<(usize, Tested)> {
    let bench = Bench::new(playbooks, reading);
    let mut all = Vec::new();
    for (place, playbook) in playbooks.iter().enumerate() {
        for rule in &playbook.rules {
            let tests = rule.tests.iter().enumerate();
            all.extend(tests.map(|(index, test)| (place, bench.tested(rule, index, test))));
        }
    }
    all
}

/// Which rules fire on the output of a run that passed.
#[must_use]
pub fn noise(
    playbooks: &[Playbook],
    outputs: &[(String, Vec<u8>)],
    reading: &Reading,
) -> Vec<(String, Finding)> {
    let bench = Bench::new(playbooks, reading);
    let world = MemoryWorld::default();
    let observation = Observation::default();
    let mut all = Vec::new();
    for (name, output) in outputs {
        let found = find(&bench.matcher, output, &observation, bench.diagnostics.anew(), &world);
        all.extend(found.into_iter().map(|finding| (name.clone(), finding)));
    }
    all
}

/// A rule at work: what one of its own tests shows it, and what it would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The output in which it finds something.
    pub output: String,
    /// What it says of that.
    pub title: String,
    /// What it would do, in the files of the test.
    pub plan: Plan,
}

/// Tries a rule, alone and in memory, on the first of its tests whose output it has an answer to.
#[must_use]
pub fn example(playbook: &Playbook, rule: &Rule, reading: &Reading) -> Option<Example> {
    let shown = rule.tests.iter().filter(|test| test.expect.matches != Some(0));
    shown.map(|test| &test.input).find_map(|input| tried(playbook, rule, input, reading))
}

/// Tries a rule in the same way on an output of one's own.
#[must_use]
pub fn example_on(playbook: &Playbook, rule: &Rule, output: &str, reading: &Reading) -> Option<Example> {
    tried(playbook, rule, &TestInput { output: Some(output.to_owned()), ..TestInput::default() }, reading)
}

fn tried(playbook: &Playbook, rule: &Rule, input: &TestInput, reading: &Reading) -> Option<Example> {
    let alone = [Playbook { rules: vec![rule.clone()], files: Vec::new(), ..playbook.clone() }];
    let bench = Bench::new(&alone, reading);
    let world = world(input);
    let found = bench.findings(rule, input, &world).into_iter().next()?;
    let title = heal_plan::title(rule, &found, playbook);
    let plan = bench.plan(&[found], input, &world);
    let output = input.output.clone()?;
    plan.refusals.is_empty().then_some(Example { output, title, plan })
}

/// Playbooks, ready to be tried.
struct Bench<'a> {
    playbooks: &'a [Playbook],
    matcher: Matcher,
    /// Reads what the rules want of each test's output.
    diagnostics: Diagnostics,
}

impl<'a> Bench<'a> {
    fn new(playbooks: &'a [Playbook], reading: &Reading) -> Self {
        Self {
            playbooks,
            matcher: Matcher::new(playbooks),
            diagnostics: match look_at_diagnostics(playbooks) {
                true => Diagnostics::wanted(reading),
                false => Diagnostics::unwanted(reading),
            },
        }
    }

    fn tested(&self, rule: &Rule, index: usize, test: &RuleTest) -> Tested {
        let world = world(&test.input);
        let (own, others): (Vec<Finding>, Vec<Finding>) =
            self.findings(rule, &test.input, &world).into_iter().partition(|finding| finding.rule == rule.id);
        let mut run = Vec::new();
        let verdict = match counted(&test.expect, &own, &test.input) {
            Some(verdict) => verdict,
            None => match others.iter().find(|other| !self.go_together(rule, &other.rule)) {
                Some(other) => {
                    Verdict::Noisy(format!("{} fires on it as well; say `also`, or narrow it", other.rule))
                }
                None => {
                    let planned = self.plan(&own, &test.input, &world);
                    run = commands(&planned);
                    let differences = differences(&test.expect, &own[0], &planned, &world);
                    if differences.is_empty() { Verdict::Reported } else { Verdict::Wrong(differences) }
                }
            },
        };
        let name = test.name.clone().unwrap_or_else(|| format!("test {}", index + 1));
        Tested { rule: rule.id.clone(), test: name, place: test.place, index, verdict, commands: run }
    }

    fn plan(&self, findings: &[Finding], input: &TestInput, world: &MemoryWorld) -> Plan {
        let choices = Choices::default();
        let mut environments = Environments::default();
        environments.feed(input.output.as_deref().unwrap_or_default().as_bytes());
        let used = Used { command: input.command.clone(), environments: environments.found() };
        plan(
            findings,
            &Context {
                playbooks: self.playbooks,
                world,
                inspect: self.matcher.inspector(),
                choices: &choices,
                used: &used,
            },
        )
    }

    /// What is found: of all rules in output, of the tested one alone in the state of things.
    fn findings(&self, rule: &Rule, input: &TestInput, world: &MemoryWorld) -> Vec<Finding> {
        let observation = Observation { command: input.command.clone(), exit: input.exit, stream: None };
        let mut found = match &input.output {
            Some(output) => {
                find(&self.matcher, output.as_bytes(), &observation, self.diagnostics.anew(), world)
            }
            None => Vec::new(),
        };
        if input.output.is_none() || !rule.trigger.looks_at_output() {
            let states = self.matcher.inspect(world).findings;
            found.extend(states.into_iter().filter(|finding| finding.rule == rule.id));
        }
        found
    }

    /// Whether one of two rules says that they fire on the same output.
    fn go_together(&self, rule: &Rule, other: &RuleId) -> bool {
        let mut rules = self.playbooks.iter().flat_map(|playbook| &playbook.rules);
        rule.also.contains(other) || rules.any(|one| one.id == *other && one.also.contains(&rule.id))
    }
}

/// What the number of findings says already.
fn counted(expect: &Expectation, own: &[Finding], input: &TestInput) -> Option<Verdict> {
    let count = own.len();
    match expect.matches {
        Some(0) if count == 0 => Some(Verdict::Validated),
        Some(0) => Some(Verdict::Noisy(seen(&own[0]))),
        _ if count == 0 => Some(Verdict::Missing(first_line(input))),
        Some(wanted) if count > wanted as usize => {
            let one = seen(&own[wanted as usize]);
            Some(Verdict::Noisy(format!("matched {count} times, not {wanted}: {one}")))
        }
        Some(wanted) if count < wanted as usize => {
            Some(Verdict::Missing(format!("matched {count} times, not {wanted}")))
        }
        _ => None,
    }
}

fn differences(
    expect: &Expectation,
    finding: &Finding,
    planned: &Plan,
    world: &MemoryWorld,
) -> Vec<Difference> {
    let mut all = Vec::new();
    let mut compare = |what: What, expected: Option<String>, found: Option<String>| {
        if expected != found {
            all.push(Difference { what, expected, found });
        }
    };
    for (name, expected) in &expect.captures {
        let found = finding.capture(name).map(str::to_owned);
        compare(What::Capture(name.clone()), Some(expected.clone()), found);
    }
    if !expect.files.is_empty() {
        for (path, (expected, found)) in files(expect, planned, world) {
            compare(What::File(path), expected, found);
        }
    }
    if !expect.commands.is_empty() {
        compare(What::Commands, Some(lines(&expect.commands)), Some(lines(&commands(planned))));
    }
    if let Some(words) = &expect.guide {
        let guides: Vec<&String> = planned.fixes.iter().flat_map(|fix| &fix.guides).collect();
        if !guides.iter().any(|guide| guide.contains(words.as_str())) {
            let found = guides.iter().map(|guide| guide.as_str()).collect::<Vec<_>>().join("\n");
            compare(What::Guide, Some(words.clone()), Some(found));
        }
    }
    if let Some(words) = &expect.refused {
        let reasons: Vec<&str> = planned.refusals.iter().map(|refusal| refusal.reason.as_str()).collect();
        if !reasons.iter().any(|reason| reason.contains(words.as_str())) {
            compare(What::Refused, Some(words.clone()), Some(reasons.join("\n")));
        }
    } else if all.is_empty() && !expect_nothing_done(expect) {
        let reasons = planned.refusals.iter().map(|refusal| refusal.reason.clone());
        all.extend(reasons.map(|reason| Difference {
            what: What::Refused,
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
