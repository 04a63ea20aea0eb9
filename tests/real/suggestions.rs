use super::project::{Project, has, may_have};
use super::{Case, Consent, check};

const MANIFEST: (&str, &str) =
    ("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n");

/// A program whose command prints edits that it is sure of, and how it reads with them.
#[track_caller]
fn rust(tool: &str, probe: &[&str], command: &str, before: &str, after: &str) {
    if has(tool, probe) {
        check(&Case {
            command,
            files: &[MANIFEST, ("src/main.rs", before)],
            consent: Consent::Safe,
            mended: &[("src/main.rs", after)],
        });
    }
}

#[test]
fn rustc_as_json() {
    rust(
        "cargo",
        &["cargo", "--version"],
        "cargo check --offline --message-format=json 2>/dev/null",
        "#![deny(unused)]\n\nfn main() {\n    let mut price = (3);\n    println!(\"{price}\");\n}\n",
        "#![deny(unused)]\n\nfn main() {\n    let price = 3;\n    println!(\"{price}\");\n}\n",
    );
}

/// An import is not called unused while the name is misspelt that needs it, as JSON or as text.
#[test]
fn an_import_waits_for_names_that_are_not_found() {
    if !has("cargo", &["cargo", "--version"]) {
        return;
    }
    let program = |name: &str| {
        format!(
            "#![deny(unused)]\nuse std::collections::HashMap;\n\nfn main() {{\n    \
             let all = {name}::<u8, u8>::new();\n    println!(\"{{}}\", all.len());\n}}\n"
        )
    };
    let (before, after) = (program("HashMp"), program("HashMap"));
    for command in ["cargo check --offline", "cargo check --offline --message-format=json 2>/dev/null"] {
        let project = Project::new(&[MANIFEST, ("src/main.rs", &before)]);
        let (told, exit) = project.heal(&["run", "--yes", "--", "sh", "-c", command], "");
        assert_eq!((exit, project.files()["src/main.rs"].as_str()), (101, &*before), "{command}: {told}");
        let (told, exit) = project.heal(&["run", "--yes", "--unsafe", "--", "sh", "-c", command], "");
        assert_eq!((exit, project.files()["src/main.rs"].as_str()), (0, &*after), "{command}: {told}");
    }
}

#[test]
fn clippy_as_json() {
    rust(
        "clippy",
        &["cargo", "clippy", "--version"],
        "cargo clippy --offline --message-format=json -- -D warnings 2>/dev/null",
        "fn main() {\n    let all: Vec<u8> = std::env::args().map(|one| one.len() as u8).collect();\n    \
         if all.len() == 0 {\n        return;\n    }\n    println!(\"{}\", all[0]);\n}\n",
        "fn main() {\n    let all: Vec<u8> = std::env::args().map(|one| one.len() as u8).collect();\n    \
         if all.is_empty() {\n        return;\n    }\n    println!(\"{}\", all[0]);\n}\n",
    );
}

/// What can be mended only after something else has been is mended in a later round.
#[test]
fn clippy_in_several_rounds() {
    if !has("clippy", &["cargo", "clippy", "--version"]) {
        return;
    }
    let before = "fn half(of: u32) -> u32 {\n    let it = of / 2;\n    return (it);\n}\n\n\
                  fn main() {\n    println!(\"{}\", half(4));\n}\n";
    let after =
        "fn half(of: u32) -> u32 {\n    \n    of / 2\n}\n\nfn main() {\n    println!(\"{}\", half(4));\n}\n";
    let project = Project::new(&[MANIFEST, ("src/main.rs", before)]);
    let command = "cargo clippy --offline --message-format=json -- -D warnings 2>/dev/null";
    let (told, exit) = project.heal(&["run", "--yes", "--", "sh", "-c", command], "");
    assert_eq!(exit, 0, "{told}");
    assert_eq!(project.files()["src/main.rs"], after);
}

#[test]
fn rustfmt_in_its_own_form() {
    rust(
        "rustfmt",
        &["rustfmt", "--version"],
        "rustfmt --check src/main.rs",
        "fn main(){println!(\"a\");}\n\nfn ok() {}\n\n\n\nfn b(){ let _x=1; }\n",
        "fn main() {\n    println!(\"a\");\n}\n\nfn ok() {}\n\nfn b() {\n    let _x = 1;\n}\n",
    );
}

/// Compilers of C don't say how sure they are, so `--yes` alone would leave it.
#[test]
fn gcc_fix_it() {
    if has("gcc", &["gcc", "--version"]) {
        check(&Case {
            command: "gcc -fdiagnostics-parseable-fixits -c a.c -o /dev/null",
            files: &[("a.c", "int twice(int price)\n{\n    return 2 * prise;\n}\n")],
            consent: Consent::Unsafe,
            mended: &[("a.c", "int twice(int price)\n{\n    return 2 * price;\n}\n")],
        });
    }
}

#[test]
fn ruff_as_json_and_as_a_diff() {
    if !has("ruff", &["ruff", "--version"]) {
        return;
    }
    check(&Case {
        command: "ruff check --no-cache --output-format json .",
        files: &[("app.py", "import os\nimport sys\n\nprint(sys.argv)\n")],
        consent: Consent::Safe,
        mended: &[("app.py", "import sys\n\nprint(sys.argv)\n")],
    });
    check(&Case {
        command: "ruff format --no-cache --diff .",
        files: &[("app.py", "a = {  'b':1 }\n"), ("lib/b.py", "x=1\n")],
        consent: Consent::Safe,
        mended: &[("app.py", "a = {\"b\": 1}\n"), ("lib/b.py", "x = 1\n")],
    });
}

const RULES: (&str, &str) = (
    "eslint.config.mjs",
    "export default [{ rules: { \"no-var\": \"error\", \"prefer-const\": \"error\", eqeqeq: \"error\" } }];\n",
);

#[test]
fn eslint_as_json() {
    if has("eslint", &["eslint", "--version"]) {
        check(&Case {
            command: "eslint -f json .",
            files: &[RULES, ("app.js", "let price = 1;\nexport default price;\n")],
            consent: Consent::Safe,
            mended: &[("app.js", "const price = 1;\nexport default price;\n")],
        });
    }
}

/// That it need not change is seen only once it is no `var`; and what eslint has no edit for stays.
#[test]
fn eslint_in_several_rounds() {
    if !has("eslint", &["eslint", "--version"]) {
        return;
    }
    let project = Project::new(&[RULES, ("app.js", "var price = 1;\nexport default price;\n")]);
    let command = ["run", "--yes", "--", "eslint", "-f", "json", "."];
    let (told, exit) = project.heal(&command, "");
    assert_eq!(exit, 0, "{told}");
    assert_eq!(project.files()["app.js"], "const price = 1;\nexport default price;\n");

    let compared = "const price = 1;\nexport default price == 2;\n";
    let project = Project::new(&[RULES, ("app.js", compared)]);
    let (told, exit) = project.heal(&command, "");
    assert_eq!((exit, project.files()["app.js"].as_str()), (1, compared), "{told}");
}

#[test]
fn gofmt_as_a_diff() {
    if may_have("gofmt", &["sh", "-c", "command -v gofmt"]) {
        check(&Case {
            command: "found=$(gofmt -d .); echo \"$found\"; test -z \"$found\"",
            files: &[("a.go", "package main\n\nfunc main( ){\nx:=1\n_ = x }\n")],
            consent: Consent::Safe,
            mended: &[("a.go", "package main\n\nfunc main() {\n\tx := 1\n\t_ = x\n}\n")],
        });
    }
}

/// From rustc's text, as it is printed for people: two ways out of one error, one after the other.
#[test]
fn rustc_as_text_in_several_rounds() {
    if !has("cargo", &["cargo", "--version"]) {
        return;
    }
    let before = "fn greet(name: &str, times: Option<i32>) {\n    println!(\"{name} {times:?}\");\n}\n\n\
                  fn main() {\n    let name = String::new();\n    greet(\n        name,\n        1,\n    );\n    \
                  std::thread::spawn(|| println!(\"{name}\"));\n}\n";
    let after = before.replace("        name,", "        &name,").replace("1,", "Some(1),");
    let project = Project::new(&[MANIFEST, ("src/main.rs", before)]);
    let command = ["run", "--yes", "--unsafe", "--", "cargo", "check", "--offline"];
    let (told, exit) = project.heal(&command, "");
    assert_eq!(exit, 0, "{told}");
    assert_eq!(project.files()["src/main.rs"], after.replace("(|| ", "(move || "));
}

/// eslint proposes and is not sure; clippy is not where it only may be right. Both wait for a word.
#[test]
fn what_a_linter_is_not_sure_of() {
    if has("eslint", &["eslint", "--version"]) {
        let before = "const price = 1;\nexport default price == 2;\n";
        let files = [RULES, ("app.js", before)];
        let command = "eslint -f json .";
        check(&Case { command, files: &files, consent: Consent::Safe, mended: &[] });
        let mended = [("app.js", "const price = 1;\nexport default price === 2;\n")];
        check(&Case { command, files: &files, consent: Consent::Unsafe, mended: &mended });
    }
    if has("clippy", &["cargo", "clippy", "--version"]) {
        let before = "fn count(of: &Vec<u32>) -> usize {\n    of.len()\n}\n\n\
                      fn main() {\n    println!(\"{}\", count(&Vec::new()));\n}\n";
        let files = [MANIFEST, ("src/main.rs", before)];
        let command = "cargo clippy --offline --message-format=json -- -D warnings 2>/dev/null";
        check(&Case { command, files: &files, consent: Consent::Safe, mended: &[] });
        let after = before.replace("&Vec<u32>", "&[u32]");
        check(&Case { command, files: &files, consent: Consent::Unsafe, mended: &[("src/main.rs", &after)] });
    }
}
