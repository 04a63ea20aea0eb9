//! What the host tells of files, programs, processes, git and playbooks.

#![allow(clippy::disallowed_methods, reason = "these tests look at real files and start processes")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::Command;

use heal_exec::{Host, Probes};
use heal_model::{Bytes, EntryKind, Origin, Probe, RelPath, Scope, World};
use support::{PATIENCE, Project, rel};

fn texts(paths: &[RelPath]) -> Vec<&str> {
    paths.iter().map(RelPath::as_str).collect()
}

fn at(project: &Project, folder: &str) -> Host {
    Host::find_with(Some(&project.root().join(folder)), project.homes()).expect("the folder is there")
}

#[test]
fn absent_is_not_unreadable() {
    let project = Project::with(&[("a.txt", "a"), ("folder/b.txt", "b")]);
    symlink("a.txt", project.root().join("link.txt")).expect("a link");
    symlink("nowhere", project.root().join("dangling.txt")).expect("a link");
    symlink("folder", project.root().join("other")).expect("a link");
    let pipe = Command::new("mkfifo").arg(project.root().join("pipe")).status().expect("mkfifo can be run");
    assert!(pipe.success());
    let big = fs::File::create(project.root().join("big")).expect("a file");
    big.set_len((64 << 20) + 1).expect("a hole");
    let read = |path: &str| {
        let read = project.host().read(&rel(path));
        read.map(|content| content.map(|bytes| bytes.text().expect("text").to_owned())).map_err(|e| e.reason)
    };
    let link = "it is, or lies behind, a symbolic link, and heal does not follow links";
    assert_eq!(read("a.txt"), Ok(Some("a".to_owned())));
    assert_eq!(read("missing.txt"), Ok(None));
    assert_eq!(read("missing/b.txt"), Ok(None));
    assert_eq!(read("a.txt/b.txt"), Ok(None), "a file holds no files");
    for path in ["link.txt", "dangling.txt", "other/b.txt"] {
        assert_eq!(read(path), Err(link.to_owned()), "{path}");
    }
    assert_eq!(read("folder"), Err("it is a folder".to_owned()));
    assert_eq!(read("pipe"), Err("it is not a regular file".to_owned()), "and nobody waits for a writer");
    assert_eq!(read("big"), Err("it is larger than 64 MiB".to_owned()));
    let kind = |path: &str| project.host().stat(&rel(path)).expect("it can be told").map(|stat| stat.kind);
    assert_eq!(kind("link.txt"), Some(EntryKind::Link));
    assert_eq!(kind("dangling.txt"), Some(EntryKind::DeadLink));
    assert_eq!(kind("pipe"), Some(EntryKind::Other));
    assert_eq!(kind("folder"), Some(EntryKind::Folder));
    assert_eq!(kind("missing/b.txt"), None);
}

#[test]
fn listings_are_in_order_and_without_what_git_ignores() {
    let project = Project::with(&[
        (".gitignore", "*.log\n/target\n"),
        (".hidden", ""),
        (".git/config", ""),
        ("a/b.txt", ""),
        ("a/c.log", ""),
        ("a/.gitignore", "!keep.log\n"),
        ("a/keep.log", ""),
        ("a-b.txt", ""),
        ("target/x", ""),
    ]);
    symlink("a/b.txt", project.root().join("link.txt")).expect("a link");
    let host = project.host();
    let files =
        |under: Option<&str>, scope| host.files(under.map(rel).as_ref(), scope).expect("it can be listed");
    assert_eq!(
        texts(&files(None, Scope::Unignored)),
        [".gitignore", ".hidden", "a-b.txt", "a/.gitignore", "a/b.txt", "a/keep.log"]
    );
    assert_eq!(texts(&files(Some("a"), Scope::Unignored)), ["a/.gitignore", "a/b.txt", "a/keep.log"]);
    assert_eq!(texts(&files(Some("a"), Scope::All)), ["a/.gitignore", "a/b.txt", "a/c.log", "a/keep.log"]);
    assert_eq!(texts(&files(Some("none"), Scope::All)), [""; 0]);
    fs::remove_dir_all(project.root().join(".git")).expect("removed");
    let copy = project.host().files(None, Scope::Unignored).expect("it can be listed");
    assert_eq!(copy, files(None, Scope::Unignored), "a copy without its repository lists the same");
}

#[test]
fn what_is_applied_is_listed() {
    let project = Project::with(&[]);
    let host = project.host();
    assert_eq!(host.files(None, Scope::Unignored).expect("it can be listed"), []);
    let plan = support::plan(&[("new.txt", None, Some("made"))]);
    host.apply(&plan, &heal_exec::Warrant::none(), PATIENCE).expect("applied");
    assert_eq!(texts(&host.files(None, Scope::Unignored).expect("it can be listed")), ["new.txt"]);
}

#[test]
fn the_project_is_found_from_within() {
    let project = Project::with(&[("a/b/c.txt", ""), ("a/.heal/x.yaml", "")]);
    assert_eq!(at(&project, "a/b").root(), project.host().root(), "git's folder counts first");
    fs::remove_dir_all(project.root().join(".git")).expect("removed");
    assert_eq!(at(&project, "a/b").root(), project.host().root().join("a"), "then heal's");
    fs::remove_dir_all(project.root().join("a/.heal")).expect("removed");
    assert_eq!(at(&project, "a/b").root(), project.host().root().join("a/b"), "else where one stands");
}

#[test]
fn typed_paths_lie_in_the_project() {
    let project = Project::with(&[("a/b.txt", "")]);
    symlink(project.root(), project.state().with_file_name("way")).expect("a link");
    let host = at(&project, "a");
    let typed = |text: &str| host.relative(text).map(|path| path.to_string()).map_err(|e| e.to_string());
    assert_eq!(typed("b.txt"), Ok("a/b.txt".to_owned()));
    assert_eq!(typed("../c.txt"), Ok("c.txt".to_owned()));
    assert_eq!(typed("./x/../b.txt"), Ok("a/b.txt".to_owned()));
    let whole = host.root().join("a/b.txt").display().to_string();
    assert_eq!(typed(&whole), Ok("a/b.txt".to_owned()));
    let way = project.state().with_file_name("way").join("a/b.txt").display().to_string();
    assert_eq!(typed(&way), Ok("a/b.txt".to_owned()), "over a link to the project");
    let root = host.root().display();
    let said = |path: &str| {
        format!(
            "{path} is outside the project {root}; name a file inside it, or go to the project it belongs to"
        )
    };
    assert_eq!(typed("../../x"), Err(said("../../x")));
    assert_eq!(typed("/etc/passwd"), Err(said("/etc/passwd")));
    assert_eq!(typed(".."), Err("\"..\" does not name a file of the project".to_owned()));
}

#[test]
fn playbooks_come_from_the_user_then_the_root_then_further_in() {
    let project = Project::with(&[
        (".heal/b.yaml", "b"),
        (".heal/a.yml", "a"),
        (".heal/notes.md", ""),
        ("sub/.heal/c.yaml", "c"),
        ("other/.heal/d.yaml", "d"),
        (".heal/templates/t.hbs", "t"),
        ("secret.txt", "secret"),
    ]);
    let user: PathBuf = project.homes().config.expect("a home").join("playbooks");
    fs::create_dir_all(&user).expect("a folder");
    fs::write(user.join("u.yaml"), "u").expect("a file");
    symlink(project.root().join("secret.txt"), project.root().join(".heal/link.yaml")).expect("a link");
    symlink(project.root().join("secret.txt"), project.root().join(".heal/templates/l.hbs")).expect("a link");
    let host = at(&project, "sub");
    let found = host.playbooks();
    let seen: Vec<(Origin, Option<&str>)> = found
        .iter()
        .map(|found| {
            let text = found.text.as_deref().ok().and_then(|text| std::str::from_utf8(text).ok());
            (found.origin.clone(), text)
        })
        .collect();
    let repository = |path: &str| Origin::Repository(path.to_owned());
    assert_eq!(
        seen,
        [
            (Origin::User(user.join("u.yaml").display().to_string()), Some("u")),
            (repository(".heal/a.yml"), Some("a")),
            (repository(".heal/b.yaml"), Some("b")),
            (repository(".heal/link.yaml"), None),
            (repository("sub/.heal/c.yaml"), Some("c")),
        ]
    );
    let asset = |name: &str| {
        let asset = host.asset(&found[1].base, name);
        (asset.path, asset.content.and_then(|content| content.text().map(str::to_owned)))
    };
    assert_eq!(asset("templates/t.hbs"), (".heal/templates/t.hbs".to_owned(), Some("t".to_owned())));
    assert_eq!(asset("templates/l.hbs").1, None, "a link is not followed");
    assert_eq!(asset("../secret.txt").1, None, "nothing outside the playbook's folder");
    assert_eq!(asset("none.hbs").1, None);

    let named = at(&project, "sub").named("../.heal/b.yaml").expect("it is there");
    assert_eq!((named.origin, named.text), (Origin::Named("../.heal/b.yaml".to_owned()), Ok(b"b".to_vec())));
    let missing = host.named("none.yaml").expect_err("it is not there");
    assert_eq!((missing.to_string().as_str(), missing.exit_code()), ("none.yaml does not exist", 2));
    assert_eq!(host.named(".").expect_err("a folder").to_string(), "cannot read .: it is a folder");
}

#[test]
fn a_folder_of_playbooks_that_is_a_link_is_told_of_and_not_read() {
    let (elsewhere, project) = (Project::with(&[("a.yaml", "a")]), Project::with(&[("sub/x", "")]));
    symlink(elsewhere.root(), project.root().join(".heal")).expect("a link");
    symlink(elsewhere.root(), project.root().join("sub/.heal")).expect("a link");
    let found = at(&project, "sub").playbooks();
    let told: Vec<String> = found
        .iter()
        .map(|found| {
            let error = found.text.as_ref().expect_err("it is a link");
            format!("{}: {}", found.origin.path(), error.reason)
        })
        .collect();
    let said = "it is, or lies behind, a symbolic link, and heal does not follow links";
    assert_eq!(told, [format!(".heal: {said}"), format!("sub/.heal: {said}")]);
}

#[test]
fn processes_and_programs_are_told() {
    let project = Project::with(&[]);
    let host = project.host();
    let mut child = Command::new("sleep").arg("60").spawn().expect("sleep can be run");
    let process = host.process(child.id()).expect("it runs");
    assert_eq!(process.name, "sleep");
    assert!((host.now().0 - process.started.0).abs() < 5000, "started {:?}", process.started);
    child.kill().expect("it can be killed");
    while host.process(child.id()).is_some() {
        std::thread::yield_now();
    }
    child.wait().expect("it has ended");
    assert!(host.program("sh").expect("it is installed").starts_with('/'));
    assert_eq!((host.program("no-such-program"), host.program("")), (None, None));
    assert_eq!(host.env("NO_SUCH_VARIABLE"), None);
}

#[test]
fn probes_run_only_where_they_may() {
    let project = Project::with(&[]);
    let mut host = project.host();
    let probe = Probe {
        argv: ["sh", "-c", "echo out; echo err >&2; exit 3"].map(str::to_owned).to_vec(),
        timeout: PATIENCE,
        retry: None,
    };
    let refused = host.probe(&probe).expect_err("not allowed");
    assert_eq!(refused.reason, "not run: without --fix heal runs no command");
    host.allow_probes(Probes::Untrusted);
    let refused = host.probe(&probe).expect_err("not allowed");
    let why = "not run: some playbook here may not act, and then none is asked; see `heal trust`";
    assert_eq!(refused.reason, why);
    host.allow_probes(Probes::Run);
    let probed = host.probe(&probe).expect("it ran");
    assert_eq!((probed.exit, probed.timed_out), (Some(3), false));
    let lines: BTreeMap<&str, ()> = probed.output.lines().map(|line| (line, ())).collect();
    assert_eq!(lines.into_keys().collect::<Vec<_>>(), ["err", "out"]);
}

#[test]
fn git_gives_what_was_committed() {
    let project = Project::with(&[("a.txt", "one\r\n"), ("sub/b.txt", "b")]);
    fs::remove_dir_all(project.root().join(".git")).expect("removed");
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]).args(arguments);
        assert!(command.current_dir(project.root()).output().expect("git can be run").status.success());
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "first"]);
    project.write("a.txt", "two");
    let host = project.host();
    let committed = |path: &str, revision: &str| host.committed(&rel(path), revision).map_err(|e| e.reason);
    assert_eq!(committed("a.txt", "HEAD"), Ok(Some(Bytes::from("one\r\n"))));
    assert_eq!(committed("sub/b.txt", "HEAD"), Ok(Some(Bytes::from("b"))));
    assert_eq!(committed("sub", "HEAD"), Ok(None), "a folder is no file");
    assert_eq!(committed("c.txt", "HEAD"), Ok(None));
    assert_eq!(committed("a.txt", "HEAD~1"), Err("there is no commit HEAD~1 here".to_owned()));
    assert_eq!(committed("a.txt", "--output=x"), Err("that is not a revision".to_owned()));
}

/// A repository whose settings name programs for all that git may run while something is read.
#[test]
fn what_a_repository_s_settings_name_is_not_run() {
    let project = Project::with(&[("a.txt", "one"), (":(glob)a*", "magic")]);
    let root = project.root();
    fs::remove_dir_all(root.join(".git")).expect("removed");
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]).args(arguments);
        assert!(command.current_dir(&root).output().expect("git can be run").status.success());
    };
    git(&["init", "-q"]);
    git(&["--literal-pathspecs", "add", "."]);
    git(&["commit", "-qm", "first"]);
    let trap = project.state().with_file_name("trap");
    fs::write(&trap, "#!/bin/sh\necho \"$@\" >> \"$0.sprung\"\nexit 1\n").expect("a script");
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).expect("a mode");
    let trap = trap.display().to_string();
    fs::write(root.join(".gitattributes"), "* filter=x diff=x merge=x\n").expect("attributes");
    fs::create_dir_all(root.join("hooks")).expect("a folder");
    for hook in
        ["post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc", "fsmonitor-watchman"]
    {
        fs::copy(&trap, root.join("hooks").join(hook)).expect("a hook");
    }
    let remote = format!("ext::{trap} fetch");
    let hooks = root.join("hooks").display().to_string();
    for (key, value) in [
        ("core.fsmonitor", trap.as_str()),
        ("core.hooksPath", &hooks),
        ("core.sshCommand", &trap),
        ("core.gitProxy", &trap),
        ("core.askPass", &trap),
        ("core.editor", &trap),
        ("core.pager", &trap),
        ("pager.cat-file", &trap),
        ("pager.ls-tree", &trap),
        ("alias.cat-file", &format!("!{trap}")),
        ("credential.helper", &format!("!{trap}")),
        ("diff.external", &trap),
        ("diff.x.textconv", &trap),
        ("filter.x.smudge", &trap),
        ("filter.x.process", &trap),
        ("gpg.program", &trap),
        ("protocol.ext.allow", "always"),
        ("remote.origin.url", &remote),
        ("remote.origin.promisor", "true"),
        ("remote.origin.partialCloneFilter", "blob:none"),
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
    ] {
        git(&["config", key, value]);
    }
    let host = project.host();
    assert_eq!(host.committed(&rel("a.txt"), "HEAD"), Ok(Some(Bytes::from("one"))));
    assert_eq!(
        host.committed(&rel(":(glob)a*"), "HEAD"),
        Ok(Some(Bytes::from("magic"))),
        "a name, and no pattern"
    );
    // A content that is not there would have to be fetched.
    let listed =
        Command::new("git").args(["rev-parse", "HEAD:a.txt"]).current_dir(&root).output().expect("git");
    let id = String::from_utf8(listed.stdout).expect("an id");
    fs::remove_file(root.join(".git/objects").join(&id[..2]).join(id[2..].trim())).expect("removed");
    assert_eq!(
        host.committed(&rel("a.txt"), "HEAD").map_err(|e| e.reason),
        Err("git can't read it".to_owned())
    );
    let sprung: Vec<_> = [trap.as_str(), &hooks]
        .iter()
        .flat_map(|place| fs::read_to_string(format!("{place}.sprung")))
        .collect();
    assert_eq!(sprung, [""; 0]);
    let in_hooks = fs::read_dir(root.join("hooks")).expect("a folder").flatten();
    assert_eq!(in_hooks.filter(|entry| entry.path().extension().is_some()).count(), 0);
}
