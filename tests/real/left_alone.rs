use std::fs;

use super::Project;
use super::project::{has, rules};

/// Gives the rules that name a failure which nobody but a person may mend, and makes sure that nothing changes.
#[track_caller]
fn named(project: &Project, command: &str) -> Vec<String> {
    let (output, exit) = project.shell(command);
    assert_ne!(exit, 0, "{command} passes:\n{output}");
    let (before, exit) = (project.files(), exit.to_string());
    let about = ["match", "--command", command, "--exit", &exit];
    let report = project.report(&[&about[..], &["--fix", "--yes", "--unsafe"]].concat(), &output);
    assert_eq!(project.files(), before, "{report:#}");
    assert_eq!(report["receipts"].as_array().map(Vec::len), Some(0), "{report:#}");
    let mut rules = rules(&report);
    rules.sort();
    rules.dedup();
    rules
}

/// A merge that stopped leaves its marks in a file; which side is right is for a person to say.
#[test]
fn git_merge_conflict() {
    if !has("git", &["git", "--version"]) || !has("python3", &["python3", "--version"]) {
        return;
    }
    let project = Project::new(&[("app.py", "price = 1\n")]);
    let git = "git -c user.name=a -c user.email=a@example.com -c init.defaultBranch=main";
    let change =
        |price: &str| fs::write(project.path("app.py"), format!("price = {price}\n")).expect("written");
    let shell = |line: &str| {
        let (output, exit) = project.shell(&line.replace("git ", &format!("{git} ")));
        assert_eq!(exit, 0, "{line}: {output}");
    };
    shell("git init -q && git add . && git commit -qm one && git checkout -qb other");
    change("2");
    shell("git commit -qam two && git checkout -q main");
    change("3");
    shell("git commit -qam three");
    assert_eq!(named(&project, &format!("{git} merge other")), ["git/merge-conflict"]);
    assert_eq!(named(&project, "python3 app.py"), ["python/merge-conflict"]);
}

/// A script, a package or a module that is not there: only a person knows what was meant.
#[test]
fn npm_and_node() {
    if !has("npm", &["npm", "--version"]) {
        return;
    }
    let project = Project::new(&[
        ("package.json", "{\"scripts\": {\"build\": \"true\"}}\n"),
        ("app.js", "require(\"./cart\");\n"),
        ("load.js", "function load() {\n  await fetch(\"x\");\n}\n"),
    ]);
    assert_eq!(named(&project, "npm run bulid"), ["node/npm-missing-script"]);
    assert_eq!(named(&project, "npm instal-all"), ["node/npm-unknown-command"]);
    assert_eq!(named(&project, "node app.js"), ["node/own-module-not-found"]);
    assert_eq!(named(&project, "node load.js"), ["node/await-in-plain-function"]);
}

/// A branch or remote that is not there, a branch that others moved on: nothing is guessed, pushed or thrown away.
#[test]
fn git_names_and_remotes() {
    if !has("git", &["git", "--version"]) {
        return;
    }
    let project = Project::new(&[("app.py", "price = 1\n")]);
    assert_eq!(named(&project, "git init -q && git checkout mian"), ["git/name-not-found"]);
    assert_eq!(named(&project, "git push"), ["git/no-push-destination"]);
    assert_eq!(named(&project, "git push origin main"), ["git/push-unknown-ref"]);
    assert_eq!(named(&project, "git fetch ../nothing"), ["git/no-remote"]);
    assert_eq!(named(&project, "git comit"), ["git/unknown-command"]);
}

/// What a repository is in the midst of, whose it is, and what an option is called: git is told, and left as it is.
#[test]
fn git_states_and_options() {
    if !has("git", &["git", "--version"]) {
        return;
    }
    let project = Project::new(&[("app.py", "price = 1\n")]);
    let git = "git -c user.name=a -c user.email=a@example.com -c init.defaultBranch=main";
    assert_eq!(named(&project, "git -C / status"), ["git/not-a-repository"]);
    let (output, exit) = project.shell(&format!("{git} init -q && {git} add . && {git} commit -qm one"));
    assert_eq!(exit, 0, "{output}");
    assert_eq!(named(&project, "git rebase --continue"), ["git/nothing-in-progress"]);
    assert_eq!(named(&project, "git merge --abort"), ["git/nothing-in-progress"]);
    assert_eq!(named(&project, "git bisect good"), ["git/bisect-not-started"]);
    assert_eq!(named(&project, "git commit --ammend"), ["git/unknown-option"]);
    assert_eq!(named(&project, "GIT_TEST_ASSUME_DIFFERENT_OWNER=1 git status"), ["git/dubious-ownership"]);
}
