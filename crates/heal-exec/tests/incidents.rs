//! What failed is recorded, ends when its command passes, and is forgotten when somebody says so.

#![allow(clippy::disallowed_methods, reason = "these tests look at real files")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use heal_exec::incidents::{Failed, Keep, LONGEST_OUTPUT};
use heal_model::{
    Diagnostic, DiagnosticTrigger, Ending, Evidence, Incident, Lesson, Level, Mender, Place, Rule, RuleId,
    Safety, Severity, Time, Trigger,
};
use support::{Project, rel};

fn failed<'a>(command: &'a str, output: &'a str, files: &[&str]) -> Failed<'a> {
    let mut diagnostic = Diagnostic::new("gcc", Level::Error, "'x' undeclared");
    diagnostic.file = files.first().map(|file| (*file).to_owned());
    Failed {
        command,
        exit: Some(1),
        diagnostics: vec![diagnostic],
        output,
        files: files.iter().map(|file| rel(file)).collect(),
    }
}

/// Everything on record, a line for each incident: command, what it printed, what ended it.
#[track_caller]
fn check(project: &Project, expected: &[&str]) {
    let recorded = project.host().recorded();
    let told: Vec<String> = recorded
        .incidents
        .iter()
        .map(|incident| {
            let ending = incident.ending.as_ref().map(|ending| {
                let changes = ending.changes.iter();
                changes
                    .map(|change| format!("{} {:?} -> {:?}", change.path, change.before, change.after))
                    .collect::<Vec<_>>()
                    .join(", ")
            });
            format!("{}: {:?} {ending:?}", incident.command.as_deref().unwrap_or(""), incident.output)
        })
        .collect();
    assert_eq!(told, expected);
    assert_eq!(recorded.damaged, Vec::<String>::new());
}

#[test]
fn a_pass_ends_its_commands_incidents_and_no_others() {
    let project = Project::with(&[("a.c", "x\n"), ("b.c", "b\n")]);
    let host = project.host();
    let id = host.record_failure(&failed("make", "a.c: no", &["a.c", "b.c"])).expect("recorded");
    host.record_failure(&failed("make test", "b.c: no", &["b.c"])).expect("recorded");
    check(&project, &[r#"make: "a.c: no" None"#, r#"make test: "b.c: no" None"#]);
    project.write("a.c", "int x;\n");
    assert_eq!(host.record_pass("make", "fine", Mender::Person).expect("recorded"), [id]);
    check(
        &project,
        &[
            r#"make: "a.c: no" Some("a.c Some(\"x\\n\") -> Some(\"int x;\\n\")")"#,
            r#"make test: "b.c: no" None"#,
        ],
    );
    assert_eq!(host.recorded().passing, ["fine"]);
    assert_eq!(host.record_pass("make", "fine", Mender::Person).expect("recorded"), Vec::<String>::new());
}

#[test]
fn the_same_failure_over_the_same_files_is_recorded_once() {
    let project = Project::with(&[("a.c", "x\n")]);
    let host = project.host();
    let first = host.record_failure(&failed("make", "took 3 s", &["a.c"])).expect("recorded");
    assert_eq!(host.record_failure(&failed("make", "took 4 s", &["a.c"])).expect("recorded"), first);
    project.write("a.c", "y\n");
    assert_ne!(host.record_failure(&failed("make", "took 4 s", &["a.c"])).expect("recorded"), first);
}

#[test]
fn files_that_changed_since_the_pass_are_kept_too() {
    let project = Project::with(&[("a.c", "x\n"), ("b.c", "old\n")]);
    let host = project.host();
    host.record_pass("make", "", Mender::Person).expect("recorded");
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
    let file = fs::File::options().write(true).open(project.root().join("b.c")).expect("it is there");
    file.set_modified(later).expect("a time");
    host.record_failure(&failed("make", "no", &["a.c"])).expect("recorded");
    project.write("b.c", "new\n");
    host.record_pass("make", "", Mender::Person).expect("recorded");
    check(&project, &[r#"make: "no" Some("b.c Some(\"old\\n\") -> Some(\"new\\n\")")"#]);
}

#[test]
fn nothing_secret_or_large_is_written() {
    let large = "x".repeat(300 * 1024);
    let token = "ghp_0123456789abcdefghij";
    let code = format!("t = '{token}'\n");
    let project = Project::with(&[("a.py", &code), (".env", "A=1"), ("large.py", &large), ("k.pem", "k")]);
    let host = project.host();
    let command = format!("deploy --token {token}");
    let output = format!("{token} is wrong\n{}", "more\n".repeat(LONGEST_OUTPUT));
    let failed = failed(&command, &output, &["a.py", ".env", "large.py", "k.pem", "absent.py"]);
    host.record_failure(&failed).expect("recorded");
    fs::remove_file(project.root().join("a.py")).expect("removed");
    host.record_pass(&command, &output, Mender::Person).expect("recorded");
    let recorded = host.recorded();
    let incident = &recorded.incidents[0];
    assert_eq!(incident.command.as_deref(), Some("deploy --token [secret]"));
    assert!(
        incident.output.len() <= LONGEST_OUTPUT && incident.output.starts_with("[secret] is wrong\nmore\n")
    );
    let changes = &incident.ending.as_ref().expect("ended").changes;
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].before.as_deref(), Some(&b"t = '[secret]'\n"[..]));
    for (path, text) in written(&project) {
        assert!(!text.contains(token), "{path}");
    }
}

/// Every file below the folder of incidents, all of them for their owner alone.
fn written(project: &Project) -> Vec<(String, String)> {
    let repos = project.state().join("repos");
    let repo = fs::read_dir(repos).expect("a state").next().expect("a project").expect("a folder");
    let folder = repo.path().join("incidents");
    assert_eq!(fs::metadata(&folder).expect("it is there").permissions().mode() & 0o777, 0o700);
    let entries = fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("an entry"));
    let files = entries.map(|entry| {
        let path = entry.path();
        assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o600);
        (path.display().to_string(), fs::read_to_string(&path).expect("it is text"))
    });
    files.collect()
}

#[test]
fn what_is_forgotten_is_gone() {
    let project = Project::with(&[("a.c", "x\n"), ("b.c", "b\n")]);
    let host = project.host();
    assert_eq!(host.forget_all_incidents().expect("nothing to do"), Vec::<String>::new());
    let first = host.record_failure(&failed("make", "", &["a.c"])).expect("recorded");
    host.record_failure(&failed("test", "no", &["b.c"])).expect("recorded");
    host.record_pass("make", "it passes", Mender::Person).expect("recorded");
    assert_eq!(host.forget_incidents(&[first[..6].to_owned()]).expect("gone"), [first]);
    check(&project, &[r#"test: "no" None"#]);
    let unknown = host.forget_incidents(&["zzz".to_owned()]).expect_err("there is none");
    assert_eq!(unknown.to_string(), "there is no incident zzz");
    host.forget_all_incidents().expect("gone");
    check(&project, &[]);
    assert_eq!(written(&project), []);
}

#[test]
fn a_record_that_is_not_what_was_written_counts_for_nothing() {
    let project = Project::with(&[("a.c", "x\n")]);
    let host = project.host();
    host.record_failure(&failed("make", "no", &["a.c"])).expect("recorded");
    let (path, text) = written(&project).remove(0);
    fs::write(&path, text.replace("no", "on")).expect("written");
    let recorded = host.recorded();
    assert_eq!((recorded.incidents.len(), recorded.damaged.len()), (0, 1));
    assert_eq!(host.record_pass("make", "", Mender::Person).expect("recorded"), Vec::<String>::new());
}

#[test]
fn incidents_come_in_order_of_time() {
    let project = Project::with(&[("a.c", "x\n")]);
    let host = project.host();
    for output in ["one", "two", "three"] {
        host.record_failure(&Failed { diagnostics: Vec::new(), ..failed("make", output, &[]) })
            .expect("recorded");
    }
    let times: Vec<Time> = host.recorded().incidents.iter().map(|incident| incident.at).collect();
    assert!(times.len() == 3 && times.is_sorted(), "{times:?}");
}

#[test]
fn what_fails_all_day_drives_out_nothing_else() {
    let project = Project::with(&[("a.c", "x\n")]);
    let host = project.host();
    let first = host.record_failure(&failed("first", "", &["a.c"])).expect("recorded");
    project.write("a.c", "y\n");
    host.record_pass("first", "", Mender::Person).expect("recorded");
    for number in 0..60 {
        let output = number.to_string();
        let failed = Failed { diagnostics: Vec::new(), ..failed("make", &output, &[]) };
        host.record_failure(&failed).expect("recorded");
    }
    let incidents = host.recorded().incidents;
    let open: Vec<&str> =
        incidents.iter().filter(|one| one.ending.is_none()).map(|one| one.output.as_str()).collect();
    let newest: Vec<String> = (10..60).map(|number: u32| number.to_string()).collect();
    assert_eq!(open, newest);
    assert_eq!(incidents[0].id, first);
}

#[test]
fn the_record_stays_within_its_bytes() {
    let project = Project::with(&[("a.c", &"x".repeat(250 * 1024)), ("b.c", &"y".repeat(250 * 1024))]);
    let host = project.host();
    for number in 0..90 {
        let command = format!("make {number}");
        host.record_failure(&failed(&command, "", &["a.c", "b.c"])).expect("recorded");
        project.write("b.c", &format!("{number}{}", "y".repeat(250 * 1024)));
        host.record_pass(&command, "", Mender::Person).expect("recorded");
    }
    let bytes: usize = written(&project).iter().map(|(_, text)| text.len()).sum();
    let incidents = host.recorded().incidents;
    assert!(bytes < 66 << 20, "{bytes}");
    assert!(incidents.len() < 90 && incidents.len() > 50, "{}", incidents.len());
    assert_eq!(incidents.last().and_then(|one| one.command.clone()).as_deref(), Some("make 89"));
}

/// A lesson about what was said, resting on these incidents.
fn lesson(said: &str, incidents: &[&str]) -> Lesson {
    let rule = Rule {
        id: RuleId::new("learned", "a"),
        title: "a".into(),
        category: None,
        severity: Severity::default(),
        safety: Safety::Manual,
        explain: None,
        links: Vec::new(),
        also: Vec::new(),
        captures: BTreeMap::new(),
        trigger: Trigger::Diagnostic(DiagnosticTrigger {
            tool: Some(said.to_owned()),
            ..DiagnosticTrigger::default()
        }),
        steps: Vec::new(),
        verify: None,
        retry: None,
        timeout: None,
        tests: Vec::new(),
        learned: None,
        place: Place::default(),
    };
    let incidents = incidents.iter().map(|id| (*id).to_owned()).collect();
    Lesson { rule, evidence: Evidence { incidents, ..Evidence::default() }, gates: Vec::new() }
}

#[test]
fn what_is_rejected_stays_so_until_more_is_known() {
    let project = Project::with(&[]);
    let host = project.host();
    host.reject(&lesson("one", &["i", "j"])).expect("kept");
    let holds = || {
        let rejected = project.host().rejected();
        [lesson("one", &["i", "j", "k"]), lesson("two", &["j"]), lesson("two", &["j", "k"])]
            .map(|lesson| rejected.holds(&lesson))
    };
    assert_eq!(holds(), [true, true, false]);
    host.accept(&lesson("one", &["i", "j"])).expect("kept");
    assert_eq!(holds(), [false, false, false]);
    host.reject(&lesson("one", &["i"])).expect("kept");
    host.forget_all_incidents().expect("gone");
    assert_eq!((holds(), written(&project)), ([false, false, false], Vec::new()));
}

/// Of more failures than are kept the oldest go, and what never ends leaves room for what does.
#[test]
fn the_record_does_not_grow_without_end() {
    let project = Project::with(&[("a.c", "x\n")]);
    let host = project.host();
    let commands = || -> Vec<String> {
        host.recorded().incidents.into_iter().filter_map(|incident| incident.command).collect()
    };
    for number in 0..52 {
        host.record_failure(&failed(&format!("open {number}"), "a.c: no", &["a.c"])).expect("recorded");
    }
    assert_eq!((commands().len(), commands()[0].as_str()), (50, "open 2"));
    let ended = |number: i32| Incident {
        id: String::new(),
        at: Time(0),
        command: Some(format!("make {number}")),
        exit: Some(1),
        diagnostics: Vec::new(),
        output: "no".to_owned(),
        ending: Some(Ending { changes: Vec::new(), output: "fine".to_owned(), by: Mender::Person }),
    };
    let incidents: Vec<Incident> = (0..1_003).map(ended).collect();
    host.take_over(&incidents, Keep::OnRecord).expect("recorded");
    assert_eq!((commands().len(), commands()[0].as_str()), (1_000, "make 3"));
}

#[test]
fn what_a_killed_process_left_half_written_goes_and_what_another_writes_stays() {
    let project = Project::with(&[("a.c", "x\n")]);
    let host = project.host();
    host.record_failure(&failed("make", "a.c: no", &["a.c"])).expect("recorded");
    let folder = std::path::PathBuf::from(written(&project).remove(0).0);
    let folder = folder.parent().expect("a file is in a folder");
    // No process has a number as high as the first.
    let [dead, alive] =
        [u32::MAX >> 1, std::process::id()].map(|pid| folder.join(format!(".x.open.{pid}.tmp")));
    for path in [&dead, &alive] {
        fs::write(path, "{").expect("it can be written");
    }
    host.record_failure(&failed("make test", "a.c: no", &["a.c"])).expect("recorded");
    assert_eq!((dead.exists(), alive.exists()), (false, true));
}

#[test]
fn an_incident_is_narrowed_to_the_changes_that_ended_it() {
    let project = Project::with(&[("a.c", "x\n"), ("b.c", "b\n")]);
    let host = project.host();
    host.record_failure(&failed("make", "a.c: no", &["a.c", "b.c"])).expect("recorded");
    project.write("a.c", "int x;\n");
    project.write("b.c", "c\n");
    host.record_pass("make", "", Mender::Person).expect("recorded");
    let mut narrowed = host.recorded().incidents.remove(0);
    let ending = narrowed.ending.as_mut().expect("it ended");
    ending.changes[1].after = ending.changes[1].before.clone();
    host.narrow(&narrowed).expect("narrowed");
    let recorded = host.recorded().incidents.remove(0);
    let changed = recorded.ending.iter().flat_map(|ending| &ending.changes);
    let changed: Vec<&str> = changed.map(|change| change.path.as_str()).collect();
    assert_eq!((&*recorded.id, &*changed), (&*narrowed.id, &["a.c"][..]));
    let unknown = host.narrow(&Incident { id: "zzz".to_owned(), ..narrowed }).expect_err("there is none");
    assert_eq!(unknown.to_string(), "there is no incident zzz");
}
