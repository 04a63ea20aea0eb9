use std::time::Duration;

use heal_model::{
    Action, CaptureType, FileIs, FileTrigger, Invocation, MemoryWorld, Playbook, Process, RelPath, Run,
    Signal, SignalName, SignalTo, Template, Time, Trigger, Used, Verify,
};
use heal_plan::{Choices, Context, rest};

use crate::support::{
    Files, bound, check, create, empty_run, find, finding, planned, playbook, regex, replace, rule, run,
    shell, step, told,
};

fn install() -> Playbook {
    playbook(vec![rule("install", vec![run(&["pip", "install", "{{module}}"])])])
}

#[test]
fn a_command_ends_the_plan_where_steps_follow() {
    let actions = vec![
        create("new.txt", "{{module}}\n"),
        run(&["pip", "install", "{{module}}"]),
        run(&["pip", "check"]),
        Action::Guide("Restart the shell.".into()),
        replace("a.py", "x", "{{home.line}}"),
        replace("a.py", "y", "z"),
    ];
    let mut rule = rule("module-missing", actions);
    rule.steps.insert(0, bound("home", find("*.py", regex("x"))));
    let playbook = playbook(vec![rule]);
    let mut plan = check(
        &playbook,
        &[("module", "yaml")],
        &[("a.py", "# x\ny\n")],
        "\
diff --git a/new.txt b/new.txt
new file mode 100644
--- /dev/null
+++ b/new.txt
@@ -0,0 +1 @@
+yaml
run pip install yaml
run pip check (then 2 more)
guide Restart the shell.
",
    );
    let world = MemoryWorld::with_files([("a.py", "\n# x\ny\n")]);
    let choices = Choices::default();
    let playbooks = std::slice::from_ref(&playbook);
    let used = Used::default();
    let context = Context { playbooks, world: &world, inspect: &Files, choices: &choices, used: &used };
    let after = rest(&plan.fixes.remove(0), &context);
    assert_eq!(
        told(&after),
        "\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,3 +1,3 @@
 
-# x
-y
+# 1
+z
"
    );
}

#[test]
fn a_capture_is_one_argument_of_its_type() {
    let told = |module: &str| {
        let plan =
            planned(&install(), &[finding("specs/install", &[("module", module)])], &MemoryWorld::default());
        told(&plan)
    };
    let wanted = "which is not an identifier; declare it under `captures:` if more is meant\n";
    assert_eq!(told("foo.bar"), "run pip install foo.bar\n");
    assert_eq!(told("$(id)"), format!("specs/install: Capture: `module` is `$(id)`, {wanted}"));
    assert_eq!(told("; rm -rf ~"), format!("specs/install: Capture: `module` is `; rm -rf ~`, {wanted}"));
    assert_eq!(
        told("--index-url=evil"),
        format!("specs/install: Capture: `module` is `--index-url=evil`, {wanted}")
    );
    assert_eq!(told("a\nb"), format!("specs/install: Capture: `module` is `a\\nb`, {wanted}"));
}

#[test]
fn captures_of_declared_types() {
    let told = |kind: CaptureType, value: &str| {
        let mut playbook = install();
        playbook.rules[0].captures.insert("module".to_owned(), kind);
        let world = MemoryWorld::with_files([("a b.txt", "")]);
        told(&planned(&playbook, &[finding("specs/install", &[("module", value)])], &world))
    };
    assert_eq!(told(CaptureType::Line, "two words"), "run pip install 'two words'\n");
    assert_eq!(told(CaptureType::Path, "a b.txt"), "run pip install 'a b.txt'\n");
    let missing =
        "specs/install: Capture: `module` is `gone.txt`, which is not a path of the project that exists\n";
    assert_eq!(told(CaptureType::Path, "gone.txt"), missing);
    let version = "specs/install: Capture: `module` is `1;2`, which is not a version\n";
    assert_eq!(told(CaptureType::Version, "1;2"), version);
    let option = "which starts with `-`: a command could take it for an option\n";
    assert_eq!(told(CaptureType::Int, "-7"), format!("specs/install: Capture: `module` is `-7`, {option}"));
    assert_eq!(
        told(CaptureType::Line, "-x y"),
        format!("specs/install: Capture: `module` is `-x y`, {option}")
    );
    let words = CaptureType::Enum(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(told(words, "c"), "specs/install: Capture: `module` is `c`, which is not one of a, b\n");
}

#[test]
fn shell_text_is_never_filled_in() {
    let rule = rule("sh", vec![shell("echo \"$HEAL_CAP_word\" | cat")]);
    let plan = check(
        &playbook(vec![rule]),
        &[("word", "x"), ("other", "$(id)")],
        &[],
        "run sh -c 'echo \"$HEAL_CAP_word\" | cat'\n",
    );
    let command = &plan.fixes[0].commands[0];
    assert_eq!(command.invocation, Invocation::Shell("echo \"$HEAL_CAP_word\" | cat".to_owned()));
    let env: Vec<_> = command.env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(env, [("HEAL_CAP_word", "x")]);
}

#[test]
fn a_command_is_needless_where_what_it_creates_is_there() {
    let creates = Some(Template("lib/{{module}}".to_owned()));
    let rule = rule("make", vec![Action::Run(Run { argv: vec!["make".into()], creates, ..empty_run() })]);
    let playbook = playbook(vec![rule]);
    check(&playbook, &[("module", "a")], &[], "run make\n");
    check(&playbook, &[("module", "a")], &[("lib/a", "")], "");
}

#[test]
fn a_condition_is_filled_in_and_asked_of_the_world_so_far() {
    let missing = |path: &str| {
        Trigger::File(FileTrigger {
            path: path.into(),
            is: Some(FileIs::Missing),
            contains: None,
            lacks: None,
            invalid_against: None,
            older_than: None,
            larger_than: None,
        })
    };
    let mut guide = step(Action::Guide("{{name}} is still missing".into()));
    guide.when = Some(missing("{{name}}.txt"));
    let mut rule = rule("when", vec![create("a.txt", "a\n")]);
    rule.steps.push(guide);
    let playbook = playbook(vec![rule]);
    let made =
        "diff --git a/a.txt b/a.txt\nnew file mode 100644\n--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1 @@\n+a\n";
    check(&playbook, &[("name", "a")], &[], made);
    check(&playbook, &[("name", "b")], &[], &format!("{made}guide b is still missing\n"));
}

fn process(started: Time, name: &str) -> Process {
    Process { started, name: name.to_owned(), parent: 7, folder: None }
}

#[test]
fn a_signal_goes_to_the_process_that_wrote_the_file() {
    let signal = Signal {
        to: SignalTo::PidFile("x.pid".into()),
        signal: SignalName::Term,
        kill_after: Some(Duration::from_secs(1)),
        family: true,
    };
    let playbook = playbook(vec![rule("stop", vec![Action::Signal(signal)])]);
    let mut world = MemoryWorld::with_files([("x.pid", "pid 42\n")]);
    world.modified.insert(RelPath::new("x.pid").expect("a path"), Time(5));
    let found = [finding("specs/stop", &[])];
    assert_eq!(told(&planned(&playbook, &found, &world)), "", "it is gone");
    world.processes.insert(42, process(Time(1), "x"));
    assert_eq!(
        told(&planned(&playbook, &found, &world)),
        "run kill -TERM 42 and what it has started, after 1 s kill -KILL\n"
    );
    world.processes.insert(42, process(Time(9_000), "y"));
    let other = "specs/stop: NotFound: process 42 started after x.pid was written, so it is another: y\n";
    assert_eq!(told(&planned(&playbook, &found, &world)), other);
}

#[test]
fn verification_has_nothing_left_to_fill_in() {
    let mut rule = rule("fix", vec![run(&["make"])]);
    rule.verify = Some(Verify { command: Some(vec!["test".into(), "{{name}}".into()]), ..Verify::default() });
    let playbook = playbook(vec![rule]);
    let plan = planned(&playbook, &[finding("specs/fix", &[("name", "x")])], &MemoryWorld::default());
    let verify = plan.fixes[0].verify.as_ref().expect("a verification");
    assert_eq!(verify.command, Some(vec![Template("test".to_owned()), Template("x".to_owned())]));
}
