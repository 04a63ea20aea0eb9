use super::Project;
use super::project::{has, may_have, rules};
use super::{Case, Consent, check};

const GIT: &str = "git -c user.name=a -c user.email=a@example.com -c init.defaultBranch=main";

/// A failure whose fix is a command: it is told and not run without consent, changes no file, and helps.
#[track_caller]
fn mended_by_command(project: &Project, command: &str, rule: &str) {
    let (output, exit) = project.shell(command);
    assert_ne!(exit, 0, "{command} passes:\n{output}");
    let (before, exit) = (project.files(), exit.to_string());
    let about = ["match", "--command", command, "--exit", &exit];
    let report = project.report(&about, &output);
    assert_eq!(rules(&report), [rule], "{report:#}");
    let (told, code) = project.heal(&[&about[..], &["--fix", "--yes"]].concat(), &output);
    assert_eq!(code, 1, "an unsafe command was run:\n{told}");
    assert_ne!(project.shell(command).1, 0, "an unsafe command was run:\n{told}");
    let (told, code) = project.heal(&[&about[..], &["--fix", "--yes", "--unsafe"]].concat(), &output);
    assert_eq!((code, project.files()), (0, before), "{told}");
    let (output, exit) = project.shell(command);
    assert_eq!(exit, 0, "{command} fails still:\n{output}\n{told}");
}

#[test]
fn git_branch_without_upstream() {
    if !has("git", &["git", "--version"]) {
        return;
    }
    let project = Project::new(&[("app.py", "price = 1\n")]);
    let start = "GIT init -q --bare ../shop.git && GIT init -q && GIT remote add origin ../shop.git && \
                 GIT add . && GIT commit -qm one";
    let (output, exit) = project.shell(&start.replace("GIT", GIT));
    assert_eq!(exit, 0, "{output}");
    mended_by_command(&project, "git push", "git/push-no-upstream");
}

#[test]
fn git_branch_that_follows_none() {
    if !has("git", &["git", "--version"]) {
        return;
    }
    let project = Project::new(&[("app.py", "price = 1\n")]);
    let start = "GIT init -q --bare ../shop.git && GIT init -q && GIT remote add origin ../shop.git && \
                 GIT add . && GIT commit -qm one && GIT push -q origin main";
    let (output, exit) = project.shell(&start.replace("GIT", GIT));
    assert_eq!(exit, 0, "{output}");
    mended_by_command(&project, "git pull", "git/no-tracking");
}

#[test]
fn script_that_may_not_be_executed() {
    let project = Project::new(&[("run.sh", "#!/bin/sh\ntrue\n")]);
    mended_by_command(&project, "./run.sh", "shell/not-executable");
}

#[test]
fn assignment_with_spaces() {
    check(&Case {
        command: "bash ./run.sh",
        files: &[("run.sh", "set -e\nPRICE = 1\necho \"$PRICE\"\n")],
        consent: Consent::Unsafe,
        mended: &[("run.sh", "set -e\nPRICE=1\necho \"$PRICE\"\n")],
    });
}

#[test]
fn makefile_with_spaces() {
    if !may_have("make", &["make", "--version"]) {
        return;
    }
    check(&Case {
        command: "make",
        files: &[("Makefile", "all: one\n\none:\n        @true\n        @true\n")],
        consent: Consent::Unsafe,
        mended: &[("Makefile", "all: one\n\none:\n\t@true\n\t@true\n")],
    });
}

const MODULE: (&str, &str) = ("go.mod", "module example.com/shop\n\ngo 1.18\n");

#[test]
fn go_imports() {
    if !may_have("go", &["go", "version"]) {
        return;
    }
    check(&Case {
        command: "go build -o /dev/null .",
        files: &[
            MODULE,
            (
                "main.go",
                "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() {\n\tfmt.Println(1)\n}\n",
            ),
        ],
        consent: Consent::Safe,
        mended: &[(
            "main.go",
            "package main\n\nimport (\n\t\"fmt\"\n)\n\nfunc main() {\n\tfmt.Println(1)\n}\n",
        )],
    });
    check(&Case {
        command: "go build -o /dev/null .",
        files: &[MODULE, ("main.go", "package main\n\nfunc main() {\n\tjson.Marshal(1)\n}\n")],
        consent: Consent::Safe,
        mended: &[(
            "main.go",
            "package main\n\nimport \"encoding/json\"\n\nfunc main() {\n\tjson.Marshal(1)\n}\n",
        )],
    });
}

#[test]
fn c_header_of_the_standard_library() {
    if !may_have("gcc", &["gcc", "--version"]) {
        return;
    }
    let program = "int main(void) {\n    uint32_t price = 1;\n    return price - 1;\n}\n";
    check(&Case {
        command: "gcc -o /dev/null main.c",
        files: &[("main.c", program)],
        consent: Consent::Unsafe,
        mended: &[("main.c", &format!("#include <stdint.h>\n{program}"))],
    });
}
