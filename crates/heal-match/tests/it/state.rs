//! What is found in the state of things: files, documents, processes, values.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::{lines, playbook, regex, show};
use crate::values::value_of;
use heal_match::{Inspector, Matcher};
use heal_model::{
    Asset, DocumentTrigger, EnvTrigger, ExitCodes, FileIs, FileTrigger, Found, Inspect, Machine, MemoryWorld,
    Observation, ProbeTrigger, Probed, Process, RateTrigger, Records, RelPath, RuleId, Template, Time,
    Trigger, ValueTrigger,
};

pub(crate) const DAY: Duration = Duration::from_secs(86_400);

fn world() -> MemoryWorld {
    let mut world = MemoryWorld::with_files([
        ("a.txt", "one\r\ntwo 2\n"),
        ("empty.txt", ""),
        ("src/x.py", "import yaml\n"),
        ("src/deep/y.py", "import json\n"),
        ("state.json", r#"{"tasks": [{"id": 1, "at": "1970-01-01"}, {"id": "two", "at": "1970-01-05"}]}"#),
        ("var/locks.json", r#"{"locks": [{"at": "1970-01-01", "id": 1}]}"#),
        ("bad.json", "{"),
        ("whole.jsonl", "{}\n{}"),
        ("torn.jsonl", "{}\n{"),
        ("conf.toml", "[tool]\nname = \"x\"\nsince = 1970-01-01\n"),
        ("conf.yaml", "tool:\n  1: true\n"),
        ("run.pid", "pid 7\n"),
        ("old.pid", "8"),
        ("gone.pid", "9"),
    ]);
    world.now = Time(86_400_000 * 7);
    world.modified.insert(path("a.txt"), Time(86_400_000 * 6));
    world.processes.insert(7, process(Time(1_000)));
    world.processes.insert(8, process(Time(5_000)));
    let worker = Process {
        name: "worker".to_owned(),
        parent: 1,
        folder: Some("src/deep".to_owned()),
        ..process(Time(0))
    };
    world.processes.insert(21, worker);
    world.listeners.insert(8080, vec![21]);
    world.machine = Machine { boot: Some("boot-1".to_owned()), name: Some("here".to_owned()) };
    world.env.insert("MODE".to_owned(), "fast-3".to_owned());
    world.env.insert("SCRIPT".to_owned(), "/tmp/x.sh".to_owned());
    world
}

fn process(started: Time) -> Process {
    Process { started, name: "x".to_owned(), parent: 7, folder: None }
}

fn path(text: &str) -> RelPath {
    RelPath::new(text).expect("a path")
}

fn file(path: &str) -> FileTrigger {
    FileTrigger {
        path: Template::from(path),
        is: None,
        contains: None,
        lacks: None,
        invalid_against: None,
        older_than: None,
        larger_than: None,
    }
}

pub(crate) fn document(file: &str, select: &str) -> DocumentTrigger {
    DocumentTrigger {
        file: Template::from(file),
        select: select.to_owned(),
        missing: false,
        equals: None,
        matches: None,
        older_than: None,
        more_than: None,
        less_than: None,
        bind: BTreeMap::new(),
    }
}

fn render(found: &Found) -> String {
    let findings = found.findings.iter().map(|finding| show(finding).replacen("r ", "", 1));
    let doubts = found.doubts.iter().map(|doubt| format!("? {}", doubt.message));
    findings.chain(doubts).collect::<Vec<_>>().join("\n")
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "a test reads better without a `&` before each trigger")]
pub(crate) fn check(trigger: Trigger, expected: &str) {
    let mut book = playbook(vec![("r", trigger.clone())]);
    let schema = r#"{"properties": {"tasks": {"items": {"properties": {"id": {"type": "integer"}}}}}}"#;
    let asset = Asset { path: "s.json".to_owned(), content: Some(schema.into()) };
    book.assets = BTreeMap::from([("s.json".to_owned(), asset)]);
    book.vars = BTreeMap::from([("name".to_owned(), "a".into())]);
    let books = [book];
    let found = Matcher::new(&books).inspect(&world());
    assert_eq!(render(&found), expected);
    let asked = Inspector::new(&books).inspect(&RuleId::new("t", "r"), &trigger, &world());
    assert_eq!(render(&asked), expected, "asked alone");
}

#[test]
fn files() {
    let is = |path, is| Trigger::File(FileTrigger { is: Some(is), ..file(path) });
    check(is("nope.txt", FileIs::Missing), "file=\"nope.txt\" at nope.txt");
    check(is("a.txt", FileIs::Missing), "");
    check(is("a.txt", FileIs::Present), "file=\"a.txt\" at a.txt");
    check(is("{{name}}.txt", FileIs::Present), "file=\"a.txt\" at a.txt");
    check(is("{{vars.name}}.txt", FileIs::Empty), "");
    check(is("empty.txt", FileIs::Empty), "file=\"empty.txt\" at empty.txt");
    check(is("src/*.py", FileIs::Present), "file=\"src/x.py\" at src/x.py");
    check(
        is("**/*.{py,rs}", FileIs::Present),
        "file=\"src/deep/y.py\" at src/deep/y.py\nfile=\"src/x.py\" at src/x.py",
    );
    check(is("*.rs", FileIs::Missing), "file=\"*.rs\" at *.rs");
    check(
        is("{{other}}", FileIs::Missing),
        "? `{{other}}` is not known where conditions are looked at: name a capture or a variable",
    );
    check(is("bad.json", FileIs::Broken), "file=\"bad.json\" at bad.json");
    check(is("*.jsonl", FileIs::Broken), "");
    check(is("*.jsonl", FileIs::Torn), "file=\"torn.jsonl\" at torn.jsonl");
    check(is("run.pid", FileIs::Torn), "");
    check(is("old.pid", FileIs::Torn), "file=\"old.pid\" at old.pid");
    check(
        is("a.txt", FileIs::Broken),
        "? a.txt is no JSON, JSON Lines, YAML or TOML by its name, so it can't be broken",
    );
    check(is("../x", FileIs::Missing), "? `../x`: a path must not climb with `..`");
}

#[test]
fn a_path_that_was_seen_may_lie_outside() {
    let seen = || {
        Trigger::Env(EnvTrigger {
            name: "SCRIPT".to_owned(),
            set: true,
            matches: Some(regex("(?<script>.+)")),
        })
    };
    let is = |is| Trigger::File(FileTrigger { is: Some(is), ..file("{{script}}") });
    check(Trigger::All(vec![seen(), is(FileIs::Present)]), "");
    check(Trigger::All(vec![seen(), is(FileIs::Missing)]), "");
    check(Trigger::All(vec![seen(), Trigger::Not(Box::new(is(FileIs::Present)))]), "");
}

#[test]
fn what_files_hold() {
    let contains = |source| Trigger::File(FileTrigger { contains: Some(regex(source)), ..file("a.txt") });
    check(contains("^two (?<n>\\d)$"), "file=\"a.txt\" line=\"2\" n=\"2\" at a.txt:2 | two 2");
    check(contains("^one$"), "file=\"a.txt\" line=\"1\" at a.txt:1 | one");
    check(contains("three"), "");
    let lacks = |path, source| Trigger::File(FileTrigger { lacks: Some(regex(source)), ..file(path) });
    check(lacks("a.txt", "three"), "file=\"a.txt\" at a.txt");
    check(lacks("a.txt", "two"), "");
    check(lacks("nope.txt", "two"), "");
    let larger = |size| Trigger::File(FileTrigger { larger_than: Some(size), ..file("a.txt") });
    check(larger(10), "file=\"a.txt\" at a.txt");
    check(larger(11), "");
    let older = |age| Trigger::File(FileTrigger { older_than: Some(age), ..file("a.txt") });
    check(older(DAY / 2), "file=\"a.txt\" at a.txt");
    check(older(DAY), "");
}

#[test]
fn documents_and_their_schema() {
    let invalid =
        |path| Trigger::File(FileTrigger { invalid_against: Some("s.json".to_owned()), ..file(path) });
    check(
        invalid("state.json"),
        "file=\"state.json\" at state.json | /tasks/1/id: \"two\" is not of type \"integer\"",
    );
    check(
        invalid("bad.json"),
        "file=\"bad.json\" at bad.json | bad.json: EOF while parsing an object at line 1 column 1",
    );
    check(invalid("conf.toml"), "");
    let unknown = FileTrigger { invalid_against: Some("t.json".to_owned()), ..file("state.json") };
    check(Trigger::File(unknown), "? the schema t.json is missing");
}

#[test]
fn checksums() {
    let corrupt = |sidecar: Option<String>| {
        let mut world = MemoryWorld::with_files([("a.txt", "abc")]);
        if let Some(text) = sidecar {
            world.files.insert(path("a.txt.sha256"), text.into());
        }
        let trigger = Trigger::File(FileTrigger { is: Some(FileIs::Corrupt), ..file("a.txt") });
        render(&Inspector::new(&[]).inspect(&RuleId::new("t", "r"), &trigger, &world))
    };
    let good = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let bad = "0".repeat(64);
    assert_eq!(corrupt(None), "");
    assert_eq!(corrupt(Some(good.to_uppercase())), "");
    assert_eq!(corrupt(Some(format!("{bad}\n{good}\n"))), "");
    assert_eq!(corrupt(Some(format!("{bad}  other.txt\n{good} *x/a.txt\n"))), "");
    assert_eq!(corrupt(Some(format!("{good}  other.txt\n{bad}  a.txt\n"))), "file=\"a.txt\" at a.txt");
    assert_eq!(corrupt(Some("hello".to_owned())), "? a.txt.sha256 holds no SHA-256 hash of a.txt");
}

#[test]
fn nodes() {
    let node = |trigger| check_document(trigger);
    assert_eq!(
        node(document("state.json", "$.tasks[*].id")),
        "file=\"state.json\" node=\"1\" pointer=\"/tasks/0/id\" at state.json\nfile=\"state.json\" node=\"two\" pointer=\"/tasks/1/id\" at state.json"
    );
    let second = "file=\"state.json\" node=\"two\" pointer=\"/tasks/1/id\" at state.json";
    assert_eq!(
        node(DocumentTrigger { equals: Some("two".into()), ..document("*.json", "$..id") }),
        format!("{second}\n? bad.json: EOF while parsing an object at line 1 column 1")
    );
    assert_eq!(
        node(DocumentTrigger { matches: Some(regex("^(?<t>t.)")), ..document("state.json", "$..id") }),
        "file=\"state.json\" node=\"two\" pointer=\"/tasks/1/id\" t=\"tw\" at state.json"
    );
    assert_eq!(node(DocumentTrigger { more_than: Some(1.0), ..document("state.json", "$..id") }), "");
    assert_eq!(
        node(DocumentTrigger { older_than: Some(DAY * 3), ..document("state.json", "$..at") }),
        "file=\"state.json\" node=\"1970-01-01\" pointer=\"/tasks/0/at\" at state.json"
    );
    assert_eq!(
        node(DocumentTrigger { older_than: Some(DAY), ..document("conf.toml", "$.tool.*") }),
        "file=\"conf.toml\" node=\"1970-01-01\" pointer=\"/tool/since\" at conf.toml\n? conf.toml: /tool/name is not a time: `x`"
    );
    assert_eq!(
        node(DocumentTrigger { equals: Some(true.into()), ..document("conf.yaml", "$.tool['1']") }),
        "file=\"conf.yaml\" node=\"true\" pointer=\"/tool/1\" at conf.yaml"
    );
    assert_eq!(
        node(DocumentTrigger { missing: true, ..document("state.json", "$.done") }),
        "file=\"state.json\" at state.json"
    );
    assert_eq!(node(DocumentTrigger { missing: true, ..document("nope.json", "$.done") }), "");
}

fn check_document(trigger: DocumentTrigger) -> String {
    render(&Matcher::new(&[playbook(vec![("r", Trigger::Document(trigger))])]).inspect(&world()))
}

#[test]
fn a_document_can_not_grow_when_it_is_read() {
    let mut bomb = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n".to_owned();
    for n in 1..9 {
        let items = vec![format!("*a{}", n - 1); 10].join(",");
        bomb.push_str(&format!("a{n}: &a{n} [{items}]\n"));
    }
    let world = MemoryWorld::with_files([("x.yaml", bomb.as_str())]);
    let trigger = Trigger::Document(document("x.yaml", "$.a8"));
    let found = Inspector::new(&[]).inspect(&RuleId::new("t", "r"), &trigger, &world);
    assert_eq!(found.findings, []);
    assert_eq!(found.doubts.len(), 1, "{:?}", found.doubts);
}

#[test]
fn joined_conditions() {
    let present = |path| Trigger::File(FileTrigger { is: Some(FileIs::Present), ..file(path) });
    let env = Trigger::Env(EnvTrigger { name: "MODE".to_owned(), set: true, matches: None });
    check(
        Trigger::All(vec![env.clone(), present("src/**")]),
        "file=\"src/deep/y.py\" name=\"MODE\" value=\"fast-3\" at src/deep/y.py\nfile=\"src/x.py\" name=\"MODE\" value=\"fast-3\" at src/x.py",
    );
    check(Trigger::All(vec![env.clone(), Trigger::Not(Box::new(present("a.txt")))]), "");
    check(Trigger::Any(vec![present("nope"), present("a.txt"), env]), "file=\"a.txt\" at a.txt");
    check(Trigger::Not(Box::new(present("nope"))), "r");
    // What is not known does not hold, and neither does its opposite.
    let unknown = Trigger::Document(document("bad.json", "$.x"));
    let why = "? bad.json: EOF while parsing an object at line 1 column 1";
    check(Trigger::Not(Box::new(unknown)), why);
    // A later condition may name what an earlier one captured.
    let ids =
        Trigger::Document(DocumentTrigger { equals: Some("two".into()), ..document("state.json", "$..id") });
    let named = Trigger::Value(ValueTrigger { matches: Some(regex("(?<o>o)")), ..value_of("{{node}}") });
    check(
        Trigger::All(vec![ids, named]),
        "file=\"state.json\" node=\"two\" o=\"o\" pointer=\"/tasks/1/id\" at state.json",
    );
}

#[test]
fn shares_of_records() {
    let log: String = (0..40)
        .map(|n| {
            format!(
                "1970-01-0{}T00:00:00Z {} {}\n",
                1 + n / 20 * 6,
                ["a", "b"][n % 2],
                if n % 8 == 0 { "fail" } else { "ok" }
            )
        })
        .collect();
    let mut world = MemoryWorld::with_files([("x.log", log.as_str())]);
    world.now = Time(86_400_000 * 7);
    let rate = |by: Option<&str>, window| {
        let trigger = Trigger::Rate(RateTrigger {
            of: Records::File(Template::from("x.log")),
            record: regex("^(?<time>\\S+) (?<who>\\w)"),
            failing: regex("fail$"),
            by: by.map(str::to_owned),
            over: 0.1,
            at_least: 20,
            window,
        });
        render(&Inspector::new(&[]).inspect(&RuleId::new("t", "r"), &trigger, &world))
    };
    assert_eq!(
        rate(None, None),
        "failures=\"5\" file=\"x.log\" group=\"\" percent=\"12.5\" total=\"40\" at x.log"
    );
    assert_eq!(
        rate(Some("who"), None),
        "failures=\"5\" file=\"x.log\" group=\"a\" percent=\"25\" total=\"20\" at x.log"
    );
    assert_eq!(rate(None, Some(DAY)), "");
}

#[test]
fn probes() {
    let mut world = MemoryWorld::default();
    let probed = Probed { exit: Some(3), output: "v 1\nv 2\n".to_owned(), timed_out: false };
    world.probes.insert(vec!["x".to_owned(), "--version".to_owned()], probed);
    let probe = |argv: &[&str], exit, output| {
        let argv = argv.iter().map(|argument| Template::from(*argument)).collect();
        let (timeout, retry) = (None, None);
        let trigger = Trigger::Probe(ProbeTrigger { argv, exit, output, timeout, retry, hangs: false });
        render(&Inspector::new(&[]).inspect(&RuleId::new("t", "r"), &trigger, &world))
    };
    let version = &["x", "--version"];
    assert_eq!(probe(version, None, Some(regex("v (?<n>2)"))), "exit=\"3\" n=\"2\"");
    assert_eq!(probe(version, Some(ExitCodes::Codes(vec![0])), None), "");
    assert_eq!(probe(version, None, None), "exit=\"3\"");
    assert_eq!(probe(&["y"], None, None), "? y: not known in this world");
}

#[test]
fn output_is_confirmed_by_the_state_of_things() {
    let output = Trigger::Output(lines(&["No module named '(?<module>\\w+)'"]));
    let there = Trigger::File(FileTrigger { is: Some(FileIs::Present), ..file("src/{{module}}.py") });
    let matcher = Matcher::new(&[playbook(vec![("r", Trigger::All(vec![output, there]))])]);
    let input = "No module named 'x'\nNo module named 'z'\n";
    let seen = matcher
        .scan(&mut input.as_bytes(), &Observation::default(), &mut |_| {})
        .expect("memory can be read");
    let confirmed: Vec<_> =
        seen.findings.into_iter().map(|finding| matcher.confirm(finding, &world())).collect();
    let shown: Vec<_> = confirmed.iter().map(|finding| finding.as_ref().map(show)).collect();
    let first = "r 1-1@0..19 file=\"src/x.py\" module=\"x\" at src/x.py | No module named 'x'";
    assert_eq!(shown, [Some(first.to_owned()), None]);
}
