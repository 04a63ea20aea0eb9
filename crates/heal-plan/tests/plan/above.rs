//! What is found in the next folder above a path that has it.

use heal_model::{Action, Find, Rule};

use crate::support::{bound, check, create, playbook, regex, rule};

fn package() -> Rule {
    let find = Find {
        files: vec!["Cargo.toml".into()],
        above: Some("{{file}}".into()),
        pattern: regex(r"^\[package\]"),
        one: true,
    };
    let told = create("told", "{{package.path}}, {{package.base}}src/lib.rs, {{package.inside}}\n");
    let mut rule = rule("package", vec![told]);
    rule.steps.insert(0, bound("package", Action::Find(find)));
    rule
}

#[track_caller]
fn found(file: &str, files: &[&str], expected: &str) {
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|&path| (path, if path.starts_with("virtual/") { "[workspace]\n" } else { "[package]\n" }))
        .collect();
    let expected = format!(
        "diff --git a/told b/told\nnew file mode 100644\n--- /dev/null\n+++ b/told\n@@ -0,0 +1 @@\n+{expected}\n"
    );
    check(&playbook(vec![package()]), &[("file", file)], &files, &expected);
}

#[test]
fn the_nearest_that_fits_counts() {
    let two = ["Cargo.toml", "crates/cart/Cargo.toml"];
    found("crates/cart/src/lib.rs", &two, "crates/cart/Cargo.toml, crates/cart/src/lib.rs, src/lib.rs");
    found(
        "crates/cart/tests/it/main.rs",
        &two,
        "crates/cart/Cargo.toml, crates/cart/src/lib.rs, tests/it/main.rs",
    );
    found("crates/other/src/lib.rs", &two, "Cargo.toml, src/lib.rs, crates/other/src/lib.rs");
    found("build.rs", &two, "Cargo.toml, src/lib.rs, build.rs");
    found("virtual/a/b.rs", &["Cargo.toml", "virtual/Cargo.toml"], "Cargo.toml, src/lib.rs, virtual/a/b.rs");
}

#[test]
fn none_above_is_told() {
    let reason = "specs/package: NotFound: `^\\[package\\]` is in no Cargo.toml above src/lib.rs\n";
    let elsewhere = [("other/Cargo.toml", "[package]\n"), ("src/lib.rs", "")];
    check(&playbook(vec![package()]), &[("file", "src/lib.rs")], &elsewhere, reason);
}
