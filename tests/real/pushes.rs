//! Refused pushes in repositories of every state: either the push passes and nothing uncommitted is lost, or all is as it
//! was: HEAD, branches, index, files, stashes, worktrees.

use super::has;
use super::project::Project;

/// A remote, somebody else's checkout that is a commit ahead, and one of ours that is a commit ahead of what both began with.
const START: &str = r#"
set -e
git init -q --bare -b main remote.git
git clone -q remote.git mine 2>/dev/null
cd mine
git config user.name me; git config user.email me@example.com; git config commit.gpgsign false
git checkout -qb main 2>/dev/null || :
printf 'bread 1\nmilk 2\neggs 3\n' > prices.txt; echo start > notes.txt
git add .; git commit -qm Start; git push -q -u origin main 2>/dev/null
cd ..
git clone -q remote.git theirs 2>/dev/null
cd theirs
git config user.name they; git config user.email they@example.com; git config commit.gpgsign false
echo theirs > theirs.txt; git add .; git commit -qm Theirs; git push -q
cd ../mine
echo mine > mine.txt; git add .; git commit -qm Mine
"#;

/// All of a repository that must not be lost, but for what heal itself keeps.
const LOOK: &str = r#"
cd mine
git for-each-ref | grep -v refs/heal/ | grep -v refs/remotes/
git symbolic-ref -q HEAD || git rev-parse HEAD
git ls-files --stage
git status --porcelain --ignored
git stash list
find . -path ./.git -prune -o -type f -exec sha256sum {} + | sort
git worktree list | wc -l
"#;

/// How a push ends.
enum Ends<'a> {
    /// It passes, and what is not committed is still there: `git status` says this.
    Pushed(&'a str),
    /// It is refused, and everything is as it was; heal says this.
    AsBefore(&'a str),
}

/// A project with the playbook and the checkouts, ours in some state; none where there is no git.
#[track_caller]
fn project(state: &str) -> Option<Project> {
    has("git", &["git", "--version"]).then(|| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/resilience");
        let playbook = std::fs::read_to_string(root.join("git-recovery.yaml")).expect("it is shipped");
        let project = Project::new(&[("git-recovery.yaml", &playbook)]);
        let (said, exit) = project.shell(&format!("{START}\n{state}"));
        assert_eq!(exit, 0, "{said}");
        project
    })
}

/// Lets heal run a push in our checkout.
fn heal(project: &Project, push: &str) -> (String, i32) {
    let heal = env!("CARGO_BIN_EXE_heal");
    project.shell(&format!("cd mine && exec {heal} run --yes --playbook ../git-recovery.yaml -- {push}"))
}

/// The commits of the remote's branch, the newest first.
fn pushed(project: &Project) -> String {
    project.shell("git -C remote.git log --format=%s main").0
}

/// Pushes from a repository in some state.
#[track_caller]
fn check(state: &str, push: &str, ends: &Ends<'_>) {
    let Some(project) = project(state) else { return };
    let (before, _) = project.shell(LOOK);
    let (said, exit) = heal(&project, push);
    match ends {
        Ends::Pushed(status) => {
            assert_eq!(exit, 0, "{said}");
            let (now, _) = project.shell("cd mine && git status --porcelain && git diff @{upstream} HEAD");
            assert_eq!(now, *status, "{said}");
            assert_eq!(pushed(&project), "Mine\nTheirs\nStart\n", "{said}");
        }
        Ends::AsBefore(why) => {
            assert_ne!(exit, 0, "{said}");
            assert!(said.contains(why), "{said}");
            assert_eq!(project.shell(LOOK).0, before, "{said}");
            assert!(!pushed(&project).starts_with("Mine\n"), "it was pushed all the same:\n{said}");
        }
    }
}

#[test]
fn a_clean_tree() {
    check("", "git push", &Ends::Pushed(""));
}

#[test]
fn uncommitted_changes_that_are_not_in_the_way() {
    let state = "echo more >> notes.txt; echo new > new.txt; git add new.txt; echo draft > draft.txt; \
        echo stashed >> prices.txt; git stash push -q prices.txt";
    check(state, "git push", &Ends::Pushed("A  new.txt\n M notes.txt\n?? draft.txt\n"));
}

#[test]
fn a_submodule() {
    let state = "git -c protocol.file.allow=always submodule --quiet add ../remote.git shop; git commit -q --amend -m Mine";
    check(state, "git push", &Ends::Pushed(""));
}

#[test]
fn a_linked_worktree() {
    let state = "cd ..; mv mine whole; cd whole; git checkout -q --detach; git worktree add -q ../mine main";
    check(state, "git push", &Ends::Pushed(""));
}

#[test]
fn a_conflict() {
    let state = "cd ../theirs; sed -i 's/bread 1/bread 9/' prices.txt; git commit -qam Dearer; git push -q; cd ../mine; \
        sed -i 's/bread 1/bread 2/' prices.txt; git commit -qam Cheaper; echo more >> notes.txt; git stash -q; \
        echo staged > staged.txt; git add staged.txt; echo draft > draft.txt";
    check(state, "git push", &Ends::AsBefore("these files conflict with origin/main:\n      prices.txt\n"));
}

#[test]
fn an_uncommitted_change_in_the_way() {
    let state = "cd ../theirs; echo theirs >> notes.txt; git commit -qam Notes; git push -q; cd ../mine; echo mine >> notes.txt";
    check(state, "git push", &Ends::AsBefore("uncommitted changes are in the way"));
}

#[test]
fn an_untracked_file_in_the_way() {
    check("echo untracked > theirs.txt", "git push", &Ends::AsBefore("uncommitted changes are in the way"));
}

#[test]
fn no_branch() {
    check(
        "git checkout -q --detach",
        "git push origin HEAD:main",
        &Ends::AsBefore("no branch is checked out"),
    );
}

#[test]
fn no_upstream() {
    let state = "git branch --unset-upstream; git config push.default current";
    check(state, "git push origin", &Ends::AsBefore("main has no upstream"));
}

#[test]
fn another_branch() {
    let state = "git checkout -qb side; git push -q -u origin side";
    check(state, "git push origin HEAD:main", &Ends::AsBefore("side follows side, not main"));
}

#[test]
fn a_merge_under_way() {
    let state = "git checkout -qb side HEAD~; sed -i 's/bread 1/bread 7/' prices.txt; git commit -qam Side; git checkout -q main; \
        sed -i 's/bread 1/bread 8/' prices.txt; git commit -qam More; git merge side >/dev/null || :";
    check(state, "git push", &Ends::AsBefore("is under way (MERGE_HEAD)"));
}

#[test]
fn a_hook_that_refuses_the_second_push() {
    let hook = "printf '#!/bin/sh\\ntest ! -e ../once || { echo no; exit 1; }; touch ../once\\n' > .git/hooks/pre-push; \
        chmod +x .git/hooks/pre-push";
    check(hook, "git push", &Ends::AsBefore("the push was refused again"));
}

#[test]
fn a_remote_that_refuses() {
    let hook = "printf '#!/bin/sh\\necho closed; exit 1\\n' > ../remote.git/hooks/pre-receive; chmod +x ../remote.git/hooks/pre-receive";
    check(hook, "git push", &Ends::AsBefore("the push was refused again"));
}

#[test]
fn a_locked_index() {
    check("touch .git/index.lock", "git push", &Ends::AsBefore("another git is at work here, or one died"));
}

#[test]
fn a_remote_that_is_gone_meanwhile() {
    let hook = "printf '#!/bin/sh\\ncat > /dev/null; mv ../remote.git ../gone.git\\n' > .git/hooks/pre-push; \
        chmod +x .git/hooks/pre-push";
    check(hook, "git push", &Ends::AsBefore(""));
}

/// heal is killed in the middle of it, by the hook of its own push; the next call does it all.
#[test]
fn heal_is_killed() {
    let hook = "#!/bin/sh\ncat > /dev/null; echo called >> ../calls; test $(wc -l < ../calls) = 2 || exit 0\n\
        kill -KILL $(cat ../pid); exec sleep 61.0731\n";
    let state = format!("cat > .git/hooks/pre-push <<'END'\n{hook}END\nchmod +x .git/hooks/pre-push");
    let Some(project) = project(&state) else { return };
    let (before, _) = project.shell(LOOK);
    let push = "sh -c 'echo $PPID > ../pid; exec git push'";
    let (said, exit) = heal(&project, push);
    assert_eq!(exit, -1, "{said}");
    let without_worktrees = LOOK.replace("git worktree list | wc -l\n", "");
    assert_eq!(format!("{}1\n", project.shell(&without_worktrees).0), before);
    let (said, exit) = heal(&project, push);
    assert_eq!((exit, pushed(&project).as_str()), (0, "Mine\nTheirs\nStart\n"), "{said}");
    assert_eq!(
        project.shell("git -C mine worktree list | wc -l; find mine/.git -name heal-scratch").0,
        "1\n"
    );
}
