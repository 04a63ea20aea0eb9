//! Plans with commands: run after the files are written, tried again as they say, and their failure takes all back.

#![allow(clippy::disallowed_methods, reason = "these tests look at real files")]

mod support;

use std::time::Duration;

use heal_exec::trust::{Closure, Status, Store};
use heal_exec::{ApplyError, Host, Rerun, Warrant};
use heal_model::{
    Bytes, Command, Doubt, Engine, ExitCodes, Fix, Found, Indicators, Inspect, Invocation, Origin, Pattern,
    PatternKind, Plan, Receipt, ReceiptState, Retry, RuleId, Template, Trigger, Verify, World,
};
use support::{PATIENCE, Project, plan};

const EDIT: [(&str, Option<&str>, Option<&str>); 1] = [("a.txt", Some("old"), Some("new"))];

fn shell(script: &str) -> Command {
    Command::new(Invocation::Shell(script.to_owned()))
}

fn fix(commands: Vec<Command>, verify: Option<Verify>) -> Fix {
    Fix {
        commands,
        verify,
        ..Fix::new(RuleId::new("demo", "rule"), Origin::Repository(".heal/demo.yaml".to_owned()), "demo")
    }
}

fn with(commands: Vec<Command>, verify: Option<Verify>) -> Plan {
    Plan { fixes: vec![fix(commands, verify)], ..plan(&EDIT) }
}

fn closure(text: &str) -> Closure {
    let playbook = ".heal/demo.yaml".to_owned();
    let files = [(playbook.clone(), Some(Bytes::from(text))), (".heal/t.hbs".to_owned(), None)];
    Closure { playbook, files: files.into() }
}

fn trusted(host: &Host) -> Warrant {
    let store = Store::open(host).expect("a store");
    store.allow(&closure("heal: 1")).expect("trusted");
    store.warrant([&closure("heal: 1")])
}

fn apply(project: &Project, commands: Vec<Command>) -> Result<Receipt, ApplyError> {
    let host = project.host();
    host.apply(&with(commands, None), &trusted(&host), PATIENCE)
}

fn project() -> Project {
    Project::with(&[("a.txt", "old")])
}

#[test]
fn commands_see_the_new_files_and_stand_in_the_receipt() {
    let project = project();
    let receipt = apply(&project, vec![shell("cat a.txt; exit 0")]).expect("applied");
    assert_eq!(receipt.state, ReceiptState::Applied);
    let ran = &receipt.commands[0];
    assert_eq!((ran.exit, ran.tail.as_str(), ran.attempts), (Some(0), "new", 1));
    assert_eq!(project.host().log(), [receipt]);
}

#[test]
fn a_command_that_fails_takes_the_files_back() {
    let project = project();
    let before = project.tree();
    let receipt = apply(&project, vec![shell("exit 3"), shell("touch never")]).expect("a receipt");
    assert_eq!(receipt.state, ReceiptState::RolledBack);
    assert_eq!(receipt.commands.len(), 1);
    assert_eq!(receipt.notes, ["what its commands did stays: that can't be taken back"]);
    assert_eq!(project.tree(), before);
    assert_eq!(project.host().log(), [receipt]);
}

#[test]
fn what_a_command_makes_of_a_file_is_taken_back_and_undone_with_it() {
    let project = project();
    let before = project.tree();
    let receipt = apply(&project, vec![shell("printf more >> a.txt; exit 3")]).expect("a receipt");
    assert_eq!(receipt.state, ReceiptState::RolledBack);
    assert_eq!(project.tree(), before);

    apply(&project, vec![shell("printf more >> a.txt")]).expect("applied");
    let after = project.tree();
    assert_eq!(project.text("a.txt").as_deref(), Some("newmore"));
    let undone = project.host().undo(None).expect("undone");
    assert_eq!(undone.notes, ["what its commands did stays: that can't be taken back"]);
    assert_eq!(project.tree(), before);
    project.host().undo(Some(&undone.id)).expect("done again");
    assert_eq!(project.tree(), after);
}

#[test]
fn commands_alone_can_not_be_undone() {
    let project = project();
    let host = project.host();
    let plan = Plan { edits: Vec::new(), ..with(vec![shell("true")], None) };
    let receipt = host.apply(&plan, &trusted(&host), PATIENCE).expect("applied");
    let error = host.undo(Some(&receipt.id)).expect_err("nothing to take back");
    let said = format!("operation {} ran commands alone, and what they did can't be taken back", receipt.id);
    assert_eq!((error.to_string(), error.exit_code()), (said.clone(), 4));
    let error = host.undo(None).expect_err("nothing to take back");
    assert_eq!((error.to_string(), error.exit_code(), error.next()), (said, 4, None));
}

#[test]
fn secrets_are_not_kept() {
    let project = project();
    let token = "ghp_0123456789abcdefghij";
    let receipt = apply(&project, vec![shell(&format!("echo {token}"))]).expect("applied");
    assert_eq!(receipt.commands[0].tail, "[secret]\n");
    assert_eq!(receipt.commands[0].argv, ["sh", "-c", "echo [secret]"]);
    for record in project.kept("ops") {
        assert!(!std::fs::read_to_string(record).expect("a record").contains(token));
    }
}

#[test]
fn no_two_projects_have_an_operation_of_one_mark() {
    let mark = |project: &Project| {
        let receipt = apply(project, vec![shell("printf %s \"$HEAL_OPERATION\"")]).expect("applied");
        let (of, id) = receipt.commands[0].tail.split_once('/').expect("whose, and which");
        assert_eq!(id, receipt.id);
        project.host().undo(None).expect("it can be undone");
        of.to_owned()
    };
    let (one, other) = (project(), project());
    let marks = [&one, &one, &other].map(mark);
    assert_eq!(marks[0], marks[1]);
    assert_ne!(marks[0], marks[2], "ids are times, and may be the same");
}

#[test]
fn exit_codes_mean_what_the_command_says() {
    let project = project();
    let grep = Command { exit: Some(ExitCodes::Codes(vec![0, 1])), ..shell("exit 1") };
    let must_fail = Command { exit: Some(ExitCodes::Failure), ..shell("exit 9") };
    let receipt = apply(&project, vec![grep, must_fail]).expect("applied");
    assert_eq!(receipt.state, ReceiptState::Applied);
}

#[test]
fn a_transient_failure_is_tried_again_where_that_is_harmless() {
    let count = "n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) > n; [ $n = 2 ] || exit 75";
    let retry = Retry { attempts: 3, on_exit: vec![75], ..Retry::default() };
    let again = Command { retry: retry.clone(), idempotent: true, ..shell(count) };
    let first = project();
    let receipt = apply(&first, vec![again.clone()]).expect("applied");
    let ran = &receipt.commands[0];
    assert_eq!((receipt.state, ran.attempts, ran.exit), (ReceiptState::Applied, 3, Some(0)));
    assert!(ran.milliseconds >= 300, "100 and 200 ms of waiting, not {}", ran.milliseconds);

    let once = Command { idempotent: false, ..again.clone() };
    assert_eq!(apply(&project(), vec![once]).expect("a receipt").commands[0].attempts, 1);
    let other = Command { retry: Retry { on_exit: vec![1], ..retry.clone() }, ..again.clone() };
    assert_eq!(apply(&project(), vec![other]).expect("a receipt").commands[0].attempts, 1);
    let says = Pattern {
        source: "try again".to_owned(),
        kind: PatternKind::Text,
        unicode: false,
        engine: Engine::Linear,
    };
    let by_output = Command {
        retry: Retry { attempts: 2, on_output: vec![says], ..Retry::default() },
        idempotent: true,
        ..shell("echo please try again; exit 1")
    };
    assert_eq!(apply(&project(), vec![by_output]).expect("a receipt").commands[0].attempts, 2);
}

#[test]
fn the_deadline_ends_what_its_own_limit_would_not() {
    let project = project();
    let host = project.host();
    let plan = with(vec![shell("sleep 60")], None);
    let receipt = host.apply(&plan, &trusted(&host), Duration::from_millis(300)).expect("a receipt");
    assert_eq!((receipt.state, receipt.commands[0].timed_out), (ReceiptState::RolledBack, true));
    assert!(receipt.commands[0].milliseconds < 45_000, "it was not waited for");
}

#[test]
fn what_can_not_run_is_refused_before_anything_changes() {
    #[track_caller]
    fn check(command: Command, expected: &str) {
        let project = project();
        let before = project.tree();
        let error = apply(&project, vec![command]).expect_err("refused");
        assert_eq!((error.to_string().as_str(), error.exit_code()), (expected, 4));
        assert_eq!(project.tree(), before);
    }
    let missing =
        Command { invocation: Invocation::Program(vec!["no-such-program".to_owned()]), ..shell("") };
    check(missing, "cannot find the program \"no-such-program\"; install it or put it on PATH");
    for name in ["LD_PRELOAD", "GIT_DIR", "PATH", "PYTHONSTARTUP", "BASH_ENV"] {
        let env = [(name.to_owned(), "x".to_owned())].into();
        let said = format!(
            "a command of the plan sets the variable {name}, which decides what other programs run; \
             write it into the command, `env {name}=… PROGRAM`, where its preview shows it"
        );
        check(Command { env, ..shell("true") }, &said);
    }
}

#[test]
fn only_what_is_trusted_may_act() {
    let project = project();
    let before = project.tree();
    let host = project.host();
    let plan = with(vec![shell("true")], None);
    let error = host.apply(&plan, &Warrant::none(), PATIENCE).expect_err("not trusted");
    let said =
        "demo/rule may not act: .heal/demo.yaml is not trusted; look at it with `heal trust .heal/demo.yaml`";
    assert_eq!((error.to_string().as_str(), error.exit_code()), (said, 4));
    assert_eq!(project.tree(), before);

    let store = Store::open(&host).expect("a store");
    assert_eq!(store.status(&closure("heal: 1")), Status::New);
    store.allow(&closure("heal: 1")).expect("trusted");
    assert_eq!(store.status(&closure("heal: 1")), Status::Trusted);
    let changed = closure("heal: 1 ");
    let kept = vec![(".heal/demo.yaml".to_owned(), Bytes::from("heal: 1"))];
    assert_eq!(store.status(&changed), Status::Changed { before: kept });
    assert!(host.apply(&plan, &store.warrant([&changed]), PATIENCE).is_err(), "any changed byte asks again");
    let mut appeared = closure("heal: 1");
    appeared.files.insert(".heal/t.hbs".to_owned(), Some(Bytes::from("")));
    assert!(host.apply(&plan, &store.warrant([&appeared]), PATIENCE).is_err(), "so does a file that appears");

    assert_eq!(store.list().iter().map(|t| t.playbook.as_str()).collect::<Vec<_>>(), [".heal/demo.yaml"]);
    store.revoke(".heal/demo.yaml").expect("revoked");
    assert_eq!(store.status(&closure("heal: 1")), Status::New);
    let again = store.revoke(".heal/demo.yaml").expect_err("nothing to revoke");
    assert_eq!(again.to_string(), ".heal/demo.yaml is not trusted here");
    assert_eq!(project.tree(), before);
}

/// Answers conditions with what the test says.
struct Answer(bool);

impl Inspect for Answer {
    fn inspect(&self, rule: &RuleId, _trigger: &Trigger, _world: &dyn World) -> Found {
        let finding = heal_model::Finding {
            rule: rule.clone(),
            captures: std::collections::BTreeMap::new(),
            values: std::collections::BTreeMap::new(),
            span: None,
            location: None,
            excerpt: Vec::new(),
            diagnostic: None,
            count: 1,
            again: Vec::new(),
        };
        let doubt = Doubt { rule: None, message: "not there".to_owned() };
        if self.0 {
            Found { findings: vec![finding], doubts: Vec::new() }
        } else {
            Found { findings: Vec::new(), doubts: vec![doubt] }
        }
    }
}

#[track_caller]
fn check_verified(
    verify: Verify,
    rerun: Option<&str>,
    answer: bool,
    expected: ReceiptState,
    checks: &[&str],
) {
    let project = project();
    let before = project.tree();
    let host = project.host();
    let (plan, warrant) = (with(Vec::new(), Some(verify)), trusted(&host));
    let receipt = host.apply(&plan, &warrant, PATIENCE).expect("applied");
    let after = project.tree();
    let rerun = rerun.map(|script| ["sh", "-c", script].map(str::to_owned));
    let rerun = rerun.as_ref().map(|argv| Rerun { argv, shows: &|_| true });
    let receipt =
        host.verify(&receipt, &plan, &warrant, rerun, &Answer(answer), PATIENCE).expect("a receipt");
    assert_eq!(receipt.state, expected);
    assert_eq!(support::checks(&receipt), checks);
    assert_eq!(project.tree(), if expected == ReceiptState::RolledBack { before } else { after });
    assert_eq!(project.host().log(), [receipt]);
}

fn pattern(source: &str) -> Pattern {
    Pattern { source: source.to_owned(), kind: PatternKind::Regex, unicode: false, engine: Engine::Linear }
}

#[test]
fn what_helped_is_verified_and_what_did_not_is_taken_back() {
    let rerun = || Verify { rerun: true, ..Verify::default() };
    check_verified(
        rerun(),
        Some("grep -q new a.txt"),
        true,
        ReceiptState::Verified,
        &["sh -c 'grep -q new a.txt': ended with code 0"],
    );
    check_verified(
        rerun(),
        Some("exit 1"),
        true,
        ReceiptState::RolledBack,
        &["failed: sh -c 'exit 1': ended with code 1"],
    );
    check_verified(rerun(), None, true, ReceiptState::Applied, &[]);
    check_verified(Verify::default(), None, true, ReceiptState::Applied, &[]);
    let command = ["sh", "-c", "echo 3 passed"].map(Template::from).to_vec();
    let indicators = Indicators { must: vec![pattern("\\d passed")], must_not: vec![pattern("failed")] };
    let verify = Verify { command: Some(command), success_indicators: indicators, ..Verify::default() };
    check_verified(
        verify.clone(),
        None,
        true,
        ReceiptState::Verified,
        &[
            "sh -c 'echo 3 passed': ended with code 0",
            "the output must say `\\d passed`",
            "the output must not say `failed`",
        ],
    );
    let indicators = Indicators { must: vec![pattern("9 passed")], must_not: Vec::new() };
    let unsaid = Verify { success_indicators: indicators, ..verify };
    check_verified(
        unsaid,
        None,
        true,
        ReceiptState::RolledBack,
        &["sh -c 'echo 3 passed': ended with code 0", "failed: the output must say `9 passed`"],
    );
    let condition = || Verify { conditions: vec![Trigger::All(Vec::new())], ..Verify::default() };
    check_verified(condition(), None, true, ReceiptState::Verified, &["a condition of demo/rule holds"]);
    check_verified(
        condition(),
        None,
        false,
        ReceiptState::RolledBack,
        &["failed: a condition of demo/rule does not hold: not there"],
    );
}

#[test]
fn a_command_that_fails_for_another_reason_takes_nothing_back() {
    let project = project();
    let host = project.host();
    let verify = Verify { rerun: true, ..Verify::default() };
    let (plan, warrant) = (with(Vec::new(), Some(verify)), trusted(&host));
    let receipt = host.apply(&plan, &warrant, PATIENCE).expect("applied");
    let after = project.tree();
    let argv = ["sh", "-c", "echo another; exit 1"].map(str::to_owned);
    let rerun = Rerun { argv: &argv, shows: &|outcome| outcome.output.bytes() != b"another\n" };
    let judged =
        host.verify(&receipt, &plan, &warrant, Some(rerun), &Answer(true), PATIENCE).expect("a receipt");
    assert_eq!(judged, receipt);
    assert_eq!(project.tree(), after);
}

#[test]
fn what_others_changed_meanwhile_is_not_taken_back() {
    let project = project();
    let host = project.host();
    let verify = Verify { rerun: true, ..Verify::default() };
    let (plan, warrant) = (with(Vec::new(), Some(verify)), trusted(&host));
    let receipt = host.apply(&plan, &warrant, PATIENCE).expect("applied");
    let argv = ["sh", "-c", "printf mine > a.txt; exit 1"].map(str::to_owned);
    let rerun = Rerun { argv: &argv, shows: &|_| true };
    let judged =
        host.verify(&receipt, &plan, &warrant, Some(rerun), &Answer(true), PATIENCE).expect("a receipt");
    assert_eq!(judged.state, ReceiptState::Conflict);
    assert_eq!(
        judged.notes,
        ["a.txt was changed by somebody else meanwhile and left as it is; its content before is kept"]
    );
    assert_eq!(project.text("a.txt").as_deref(), Some("mine"));
}
