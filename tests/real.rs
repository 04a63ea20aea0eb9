//! Real failures of real tools: a project fails, heal mends it, and the command that failed passes.
//!
//! Where a tool is missing its tests say so and pass, unless `HEAL_REQUIRE_TOOLS` is set.

mod commands;
mod installed;
mod learned;
mod left_alone;
mod looking;
mod many;
mod meanwhile;
mod misspelt;
mod node;
mod project;
mod pushes;
mod python;
mod report;
mod rust;
mod signals;
mod stages;
mod suggestions;
mod wrapped;

use project::Project;
pub(super) use project::has;

/// How far heal may go.
#[derive(Clone, Copy)]
enum Consent {
    Safe,
    Unsafe,
}

/// A project whose command fails, and the files that heal's fix changes, whole; none where nothing may be mended.
struct Case<'a> {
    command: &'a str,
    files: &'a [(&'a str, &'a str)],
    consent: Consent,
    mended: &'a [(&'a str, &'a str)],
}

/// Mends a project, and looks at all that came of it: the preview, the files, the command, and the way back.
#[track_caller]
fn check(case: &Case<'_>) {
    let project = Project::new(case.files);
    let before = project.files();
    let (output, exit) = project.shell(case.command);
    assert_ne!(exit, 0, "{} passes:\n{output}", case.command);

    let consent: &[&str] = match case.consent {
        Consent::Safe => &["--fix", "--yes"],
        Consent::Unsafe => &["--fix", "--yes", "--unsafe"],
    };
    let exit = exit.to_string();
    let about = ["match", "--command", case.command, "--exit", &exit];
    let preview = match case.consent {
        Consent::Safe => project.report(&about, &output),
        Consent::Unsafe => project.report(&[&about[..], &["--unsafe"]].concat(), &output),
    };
    assert_eq!(project.files(), before, "a preview changed files");
    let healed = project.heal(&[&about, consent].concat(), &output);

    let mut expected = before.clone();
    for (path, text) in case.mended {
        expected.insert((*path).to_owned(), (*text).to_owned());
    }
    assert_eq!(project.files(), expected, "\n{output}\n{}", healed.0);
    let previewed = project::paths(&preview);
    for (path, _) in case.mended {
        assert!(previewed.iter().any(|one| one == path), "{path} was not previewed, {previewed:?} was");
    }
    if case.mended.is_empty() {
        return assert_eq!(healed.1, 1, "nothing was mended:\n{}", healed.0);
    }
    assert_eq!(healed.1, 0, "{output}\n{}", healed.0);
    let (output, exit) = project.shell(case.command);
    assert_eq!(exit, 0, "{} fails still:\n{output}\n{}", case.command, healed.0);
    let undone = project.heal(&["undo"], "");
    assert_eq!((undone.1, project.files()), (0, before), "{}", undone.0);
}
