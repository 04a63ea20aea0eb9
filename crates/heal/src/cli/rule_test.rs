use std::collections::BTreeMap;

use heal_match::{Inspector, Matcher};
use heal_model::{
    Bytes, Expectation, Finding, MemoryWorld, Observation, Plan, Playbook, RelPath, Rule, RuleTest, TestInput,
};
use heal_plan::{Choices, Context, plan};

use crate::report;

/// What became of one test of a rule.
pub(super) struct Tested<'a> {
    pub(super) playbook: &'a Playbook,
    pub(super) rule: &'a Rule,
    pub(super) test: &'a RuleTest,
    /// Which of the rule's tests it is, from 1.
    pub(super) number: usize,
    pub(super) verdict: Verdict,
    /// What the fix would leave in the files that it changes.
    pub(super) files: BTreeMap<String, Option<String>>,
}

/// How a test ended: the words are ast-grep's.
pub(super) enum Verdict {
    /// It must not match, and does not.
    Validated,
    /// It must match, and does, and its fix is the one expected.
    Reported,
    /// It must not match, and does; or a rule that was not asked fires as well.
    Noisy(String),
    /// It must match, and does not.
    Missing,
    /// It matches, and something else than expected comes of it.
    Wrong(String),
}

impl Tested<'_> {
    pub(super) fn passed(&self) -> bool {
        matches!(self.verdict, Verdict::Validated | Verdict::Reported)
    }

    pub(super) fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Validated => "validated",
            Verdict::Reported => "reported",
            Verdict::Noisy(_) => "noisy",
            Verdict::Missing => "missing",
            Verdict::Wrong(_) => "wrong",
        }
    }

    pub(super) fn told(&self) -> report::TestOutcome {
        let detail = match &self.verdict {
            Verdict::Noisy(detail) | Verdict::Wrong(detail) => Some(detail.clone()),
            Verdict::Missing => Some("it must match, and does not; see `heal why`".to_owned()),
            Verdict::Validated | Verdict::Reported => None,
        };
        report::TestOutcome {
            rule: self.rule.id.to_string(),
            test: self.test.name.clone().unwrap_or_else(|| self.number.to_string()),
            outcome: self.word().to_owned(),
            passed: self.passed(),
            detail,
            path: self.playbook.origin.path().to_owned(),
            line: self.test.place.line,
        }
    }
}

/// Runs every test of every rule, each in a world of its own in memory.
pub(super) fn all(playbooks: &[Playbook]) -> Vec<Tested<'_>> {
    let matcher = Matcher::new(playbooks);
    let inspector = Inspector::new(playbooks);
    let mut all = Vec::new();
    for playbook in playbooks {
        for rule in &playbook.rules {
            for (index, test) in rule.tests.iter().enumerate() {
                let bench = Bench { playbooks, matcher: &matcher, inspector: &inspector };
                let (verdict, files) = bench.run(rule, test);
                all.push(Tested { playbook, rule, test, number: index + 1, verdict, files });
            }
        }
    }
    all
}

struct Bench<'a> {
    playbooks: &'a [Playbook],
    matcher: &'a Matcher,
    inspector: &'a Inspector,
}

impl Bench<'_> {
    fn run(&self, rule: &Rule, test: &RuleTest) -> (Verdict, BTreeMap<String, Option<String>>) {
        let world = world(&test.input);
        let found = self.find(&test.input, &world);
        let own: Vec<Finding> = found.iter().filter(|finding| finding.rule == rule.id).cloned().collect();
        let expect = &test.expect;
        match (expect.matches, own.len()) {
            (Some(0), 0) => return (Verdict::Validated, BTreeMap::new()),
            (Some(0), _) => {
                let lines = own[0].excerpt.join("\n");
                return (Verdict::Noisy(format!("it must not match, and does on:\n{lines}")), BTreeMap::new());
            }
            (_, 0) => return (Verdict::Missing, BTreeMap::new()),
            (Some(wanted), count) if wanted as usize != count => {
                let detail = format!("expected {wanted} findings, found {count}");
                return (Verdict::Wrong(detail), BTreeMap::new());
            }
            _ => {}
        }
        if let Some(other) = found.iter().find(|finding| self.is_stranger(rule, finding)) {
            let detail = format!("{} fires on it as well; say so with `also`, or narrow one of them", other.rule);
            return (Verdict::Noisy(detail), BTreeMap::new());
        }
        let choices = Choices::default();
        let context =
            Context { playbooks: self.playbooks, world: &world, inspect: self.inspector, choices: &choices };
        let planned = plan(&own, &context);
        let files = changed(&planned);
        match difference(expect, &own[0], &planned, &files) {
            None => (Verdict::Reported, files),
            Some(detail) => (Verdict::Wrong(detail), files),
        }
    }

    fn find(&self, input: &TestInput, world: &MemoryWorld) -> Vec<Finding> {
        let mut found = self.matcher.inspect(world).findings;
        if let Some(output) = &input.output {
            let observation = Observation { command: input.command.clone(), exit: input.exit, stream: None };
            let seen = self.matcher.scan(&mut output.as_bytes(), &observation, &mut |_| {});
            let seen = seen.expect("text in memory can be read").findings;
            found.extend(seen.into_iter().filter_map(|finding| self.matcher.confirm(finding, world)));
        }
        found
    }

    /// Whether a finding is of another rule, and neither of the two says that they go together.
    fn is_stranger(&self, rule: &Rule, finding: &Finding) -> bool {
        if finding.rule == rule.id || finding.span.is_none() || rule.also.contains(&finding.rule) {
            return false;
        }
        let rules = self.playbooks.iter().flat_map(|playbook| &playbook.rules);
        let mut others = rules.filter(|other| other.id == finding.rule);
        others.all(|other| !other.also.contains(&rule.id))
    }
}

fn world(input: &TestInput) -> MemoryWorld {
    let mut world = MemoryWorld { env: input.env.clone(), ..MemoryWorld::default() };
    for (path, text) in &input.files {
        if let Ok(path) = RelPath::new(path) {
            world.files.insert(path, text.as_str().into());
        }
    }
    world
}

/// What a plan leaves in each file that it changes.
fn changed(planned: &Plan) -> BTreeMap<String, Option<String>> {
    let text = |content: &Option<Bytes>| content.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    planned.edits.iter().map(|edit| (edit.path.to_string(), text(&edit.content.after))).collect()
}

/// What is not as expected, in words; `None` where all is.
fn difference(
    expect: &Expectation,
    first: &Finding,
    planned: &Plan,
    files: &BTreeMap<String, Option<String>>,
) -> Option<String> {
    for (name, wanted) in &expect.captures {
        let caught = first.capture(name);
        if caught != Some(wanted) {
            return Some(format!("expected the capture {name} to be {wanted:?}, it is {caught:?}"));
        }
    }
    if !expect.files.is_empty() && *files != expect.files {
        return Some(file_difference(&expect.files, files, planned));
    }
    let commands: Vec<Vec<String>> =
        heal_plan::preview(planned).commands.into_iter().map(|command| command.argv).collect();
    if !expect.commands.is_empty() && commands != expect.commands {
        return Some(format!("expected the commands {:?}, planned {commands:?}{}", expect.commands, reasons(planned)));
    }
    let guides = || planned.fixes.iter().flat_map(|fix| &fix.guides);
    if let Some(words) = &expect.guide
        && !guides().any(|guide| guide.contains(words.as_str()))
    {
        let told: Vec<&str> = guides().map(String::as_str).collect();
        return Some(format!("expected a guide with {words:?}, it says:\n{}{}", told.join("\n"), reasons(planned)));
    }
    if let Some(words) = &expect.refused
        && !planned.refusals.iter().any(|refusal| refusal.reason.contains(words.as_str()))
    {
        return Some(format!("expected a refusal with {words:?}{}", reasons(planned)));
    }
    None
}

fn file_difference(
    expected: &BTreeMap<String, Option<String>>,
    files: &BTreeMap<String, Option<String>>,
    planned: &Plan,
) -> String {
    let mut paths: Vec<&String> = expected.keys().chain(files.keys()).collect();
    paths.sort();
    paths.dedup();
    let mut text = String::new();
    for path in paths.into_iter().filter(|path| expected.get(*path) != files.get(*path)) {
        let show = |side: Option<&Option<String>>| match side {
            None => "(unchanged)".to_owned(),
            Some(None) => "(deleted)".to_owned(),
            Some(Some(text)) => text.clone(),
        };
        let (wanted, planned) = (show(expected.get(path)), show(files.get(path)));
        text.push_str(&format!("{path}, expected:\n{}\nplanned:\n{}\n", wanted.trim_end(), planned.trim_end()));
    }
    text + &reasons(planned)
}

fn reasons(planned: &Plan) -> String {
    planned.refusals.iter().map(|refusal| format!("\nrefused: {}", refusal.reason)).collect()
}
