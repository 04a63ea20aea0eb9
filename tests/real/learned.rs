//! What somebody mends twice by hand after real tools have failed is learned, and mends the third failure.

use insta::assert_snapshot;

use super::project::{Project, has};

/// One failure: the file, what is wrong in it, and how a person writes it instead.
struct Mended<'a> {
    command: &'a str,
    file: &'a str,
    wrong: &'a str,
    right: &'a str,
}

/// Fails twice, mends by hand, learns, and lets the rule mend a third failure; the project, what was learned of it, and
/// what the last call printed.
#[track_caller]
fn learn(files: &[(&str, &str)], mended: [&Mended<'_>; 2], third: &str) -> (Project, String, String) {
    let project = Project::new(files);
    let run = |command: &str, code: i32| {
        let (printed, found) = project.heal(&["run", "--", "sh", "-c", command], "");
        assert_eq!(found == 0, code == 0, "{printed}");
    };
    for Mended { command, file, wrong, right } in mended {
        run(command, 1);
        let text = project.files()[*file].replace(wrong, right);
        std::fs::write(project.path(file), text).expect("the file can be written");
        run(command, 0);
    }
    let (printed, code) = project.heal(&["learn", "--yes"], "");
    assert_eq!(code, 0, "{printed}");
    let rule = project.files().remove(".heal/learned.yaml");
    let rule = rule.unwrap_or_else(|| panic!("nothing was learned:\n{printed}"));
    let hash = project.report(&["trust"], "")["playbooks"][0]["hash"].clone();
    project.heal(&["trust", "--hash", hash.as_str().unwrap_or_default()], "");
    let id = rule.lines().find_map(|line| line.strip_prefix("  - id: ")).expect("a rule has an id");
    let (printed, code) = project.heal(&["learn", "--promote", id], "");
    assert_eq!(code, 0, "{printed}");
    let before = project.files();
    let (failed, _) = project.shell(third);
    let (previewed, _) = project.heal(&["match"], &failed);
    assert_eq!(project.files(), before, "{previewed}");
    let (printed, code) = project.heal(&["run", "--yes", "--unsafe", "--", "sh", "-c", third], "");
    assert_eq!(code, 0, "{printed}");
    (project, steps(&rule), previewed)
}

/// The steps of the first rule of a playbook.
fn steps(playbook: &str) -> String {
    let lines = playbook.lines().skip_while(|line| *line != "    steps:");
    lines.take_while(|line| *line != "    verify:").map(|line| format!("{line}\n")).collect()
}

const MONEY: &str = "def eur(amount):\n    return round(float(amount), 2)\n";

fn test_of(name: &str, amount: &str) -> String {
    format!(
        "from money import eur\n\n\ndef test_{name}():\n    {name} = eur(\"{amount}\")\n    assert {name} > 0\n"
    )
}

/// The complaint is about the function, and the mend lies where it is called.
#[test]
fn what_the_caller_does_wrong() {
    if !has("pytest", &["pytest", "--version"]) {
        return;
    }
    let files = [
        ("money.py", MONEY),
        ("test_order.py", &test_of("shipping", "4,90")),
        ("test_sale.py", &test_of("discount", "10,50")),
        ("test_gift.py", &test_of("wrapping", "3,20")),
    ];
    let mended = [
        &Mended { command: "pytest -q test_order.py", file: "test_order.py", wrong: "4,90", right: "4.90" },
        &Mended { command: "pytest -q test_sale.py", file: "test_sale.py", wrong: "10,50", right: "10.50" },
    ];
    let (project, steps, previewed) = learn(&files, mended, "pytest -q test_gift.py");
    assert_snapshot!(steps, @r#"
    steps:
      - edit:
          files: '{{caller_file}}'
          regex: '(?<a>\d+),(?<b>\d+)'
          replace: '{{a}}.{{b}}'
          occurrences: one
          at:
            line: '{{caller_line}}'
    "#);
    assert_snapshot!(previewed, @r#"
    medium could not convert string to float: '3,20'
      money.py:2 · learned/could-not-convert-string-to-d66f (unsafe fix)

    unsafe, so only with --unsafe:
    edit test_gift.py  +1 -1
    @@ -2,5 +2,5 @@ learned/could-not-convert-string-to-d66f (unsafe)
     
     
     def test_wrapping():
    -    wrapping = eur("3,20")
    +    wrapping = eur("3.20")
         assert wrapping > 0

    Nothing was changed: add --fix --unsafe to apply 1 file (+1 -1)
    "#);
    assert_eq!(project.files()["test_gift.py"], test_of("wrapping", "3.20"));
}

const PRICES: &str = "def eur(amount):\n    return amount\n\n\ndef usd(amount):\n    return 2 * amount\n\n\ndef gbp(amount):\n    return 3 * amount\n";

/// The complaint is about a line, and the mend lies among the imports.
#[test]
fn what_is_not_imported() {
    if !has("pytest", &["pytest", "--version"]) {
        return;
    }
    let files = [
        ("money.py", PRICES),
        ("order.py", "import sys\n\n\ndef total():\n    return eur(4)\n"),
        ("sale.py", "import os\nfrom math import pi\n\ndef discount(cart):\n    return usd(cart)\n"),
        (
            "gift.py",
            "import re\n\n\ndef wrap(price):\n    if price:\n        return gbp(price)\n    return 1\n",
        ),
        ("test_order.py", "from order import total\n\n\ndef test_total():\n    assert total()\n"),
        ("test_sale.py", "from sale import discount\n\n\ndef test_discount():\n    assert discount(3)\n"),
        ("test_gift.py", "from gift import wrap\n\n\ndef test_wrap():\n    assert wrap(2)\n"),
    ];
    let right = "import sys\nfrom money import eur\n";
    let order = Mended { command: "pytest -q test_order.py", file: "order.py", wrong: "import sys\n", right };
    let (wrong, right) = ("import pi\n", "import pi\nfrom money import usd\n");
    let sale = Mended { command: "pytest -q test_sale.py", file: "sale.py", wrong, right };
    let (project, steps, previewed) = learn(&files, [&order, &sale], "pytest -q test_gift.py");
    assert_snapshot!(steps, @r#"
    steps:
      - line:
          file: '{{file}}'
          present: 'from money import {{name}}'
          after: '^(?:from|import)\b'
        when:
          file:
            path: '{{file}}'
            contains: '^(?:from|import)\b'
    "#);
    assert_snapshot!(previewed, @r#"
    high Nothing is called gbp here
      line 18 of the output · python/name-undefined (manual)
    medium name 'gbp' is not defined
      gift.py:6 · learned/name-is-not-defined-30e4 (unsafe fix)

    unsafe, so only with --unsafe:
    edit gift.py  +1 -0
    @@ -1,4 +1,5 @@ learned/name-is-not-defined-30e4 (unsafe)
     import re
    +from money import gbp
     
     
     def wrap(price):

    Nothing was changed: add --fix --unsafe to apply 1 file (+1 -0)
    "#);
    assert_snapshot!(project.files()["gift.py"], @r#"
    import re
    from money import gbp


    def wrap(price):
        if price:
            return gbp(price)
        return 1
    "#);
}

const CARGO: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

fn module(name: &str, body: &str) -> String {
    format!(
        "pub struct {name}(pub u32);\n\nimpl {name} {{\n    pub fn total(&self) -> u32 {{\n        self.0\n    }}\n}}\n\n{body}"
    )
}

/// A method has another name by now.
#[test]
fn what_rustc_underlines() {
    if !has("cargo", &["cargo", "--version"]) {
        return;
    }
    let order =
        module("Order", "pub fn due(order: &Order) -> u32 {\n    let sum = order.price();\n    sum + 1\n}\n");
    let sale = module("Sale", "pub fn off(sale: &Sale) -> bool {\n    sale.price() > 10\n}\n");
    let gift = module(
        "Gift",
        "pub fn wrap(gifts: &[Gift]) -> u32 {\n    gifts.iter().map(|one| one.price()).sum()\n}\n",
    );
    let files = [
        ("Cargo.toml", CARGO),
        (".gitignore", "target\n"),
        ("src/bin/order.rs", &format!("{order}\nfn main() {{\n    due(&Order(1));\n}}\n")),
        ("src/bin/sale.rs", &format!("{sale}\nfn main() {{\n    off(&Sale(1));\n}}\n")),
        ("src/bin/gift.rs", &format!("{gift}\nfn main() {{\n    wrap(&[Gift(1)]);\n}}\n")),
    ];
    let mended = [
        &Mended {
            command: "cargo check -q --offline --bin order",
            file: "src/bin/order.rs",
            wrong: ".price()",
            right: ".total()",
        },
        &Mended {
            command: "cargo check -q --offline --bin sale",
            file: "src/bin/sale.rs",
            wrong: ".price()",
            right: ".total()",
        },
    ];
    let (project, steps, previewed) = learn(&files, mended, "cargo check -q --offline --bin gift");
    assert_snapshot!(steps, @r#"
    steps:
      - edit:
          files: '{{file}}'
          regex: price
          replace: total
          occurrences: one
          at:
            line: '{{line}}'
            column: '{{column}}'
            to:
              line: '{{end_line}}'
              column: '{{end_column}}'
        when:
          file:
            path: '{{file}}'
            contains: '\btotal\b'
    "#);
    assert_snapshot!(previewed, @r#"
    high E0599: no method named `price` found for reference `&Gift` in the current scope
      src/bin/gift.rs:10:32 · rust/e0599 (manual)
    medium no method named `price` found for reference `&Gift` in the current scope
      src/bin/gift.rs:10:32 · learned/no-method-named-price-found-495f (unsafe fix)

    unsafe, so only with --unsafe:
    edit src/bin/gift.rs  +1 -1
    @@ -7,7 +7,7 @@ learned/no-method-named-price-found-495f (unsafe)
     }
     
     pub fn wrap(gifts: &[Gift]) -> u32 {
    -    gifts.iter().map(|one| one.price()).sum()
    +    gifts.iter().map(|one| one.total()).sum()
     }
     
     fn main() {

    Nothing was changed: add --fix --unsafe to apply 1 file (+1 -1)
    "#);
    assert!(project.files()["src/bin/gift.rs"].contains("|one| one.total()"), "{:#?}", project.files());
}

/// The same from history: what a commit has mended where the failing function was called.
#[test]
fn what_history_mended_at_the_caller() {
    if !has("pytest", &["pytest", "--version"]) {
        return;
    }
    let project = Project::new(&[("money.py", MONEY), ("test_a.py", &test_of("a", "4,90"))]);
    let commit = "git add . && git -c user.name=a -c user.email=a@example.org commit -qm x";
    let other =
        test_of("b", "10,5").replace("    b = eur(\"10,5\")\n    assert b > 0", "    assert eur(\"10,5\")");
    for line in [
        format!("git init -q && {commit}"),
        format!("sed -i s/4,90/4.90/ test_a.py && {commit}"),
        format!("printf '%s' '{other}' > test_b.py && {commit}"),
        format!("sed -i s/10,5/10.5/ test_b.py && {commit}"),
    ] {
        let (printed, code) = project.shell(&line);
        assert_eq!(code, 0, "{printed}");
    }
    let (printed, code) =
        project.heal(&["learn", "--yes", "--from-git", "HEAD~3..HEAD", "--", "pytest", "-q"], "");
    assert_eq!(code, 0, "{printed}");
    let rule = project.files().remove(".heal/learned.yaml").unwrap_or(printed);
    assert_snapshot!(steps(&rule), @r#"
    steps:
      - edit:
          files: '{{caller_file}}'
          regex: '(?<a>\d+),(?<b>\d+)'
          replace: '{{a}}.{{b}}'
          occurrences: one
          at:
            line: '{{caller_line}}'
    "#);
}

/// The complaint is about a line, and the mend is one more name in an import over several lines.
#[test]
fn what_an_import_over_several_lines_lacks() {
    if !has("pytest", &["pytest", "--version"]) {
        return;
    }
    let module = |names: &str, body: &str| format!("from money import (\n{names})\n\n\n\n\n\n{body}");
    let total = "def total():\n    return eur(4) + usd(1)\n";
    let files = [
        ("money.py", PRICES),
        ("order.py", &module("    eur,\n", total)),
        ("sale.py", &module("    usd,\n", "def discount(cart):\n    return gbp(cart)\n")),
        ("gift.py", &module("    gbp,\n    usd,\n", "def wrap(price):\n    return eur(price)\n")),
        ("test_order.py", "from order import total\n\n\ndef test_total():\n    assert total()\n"),
        ("test_sale.py", "from sale import discount\n\n\ndef test_discount():\n    assert discount(3)\n"),
        ("test_gift.py", "from gift import wrap\n\n\ndef test_wrap():\n    assert wrap(2)\n"),
    ];
    let (wrong, right) = ("    eur,\n)", "    eur,\n    usd,\n)");
    let order = Mended { command: "pytest -q test_order.py", file: "order.py", wrong, right };
    let (wrong, right) = ("    usd,\n)", "    usd,\n    gbp,\n)");
    let sale = Mended { command: "pytest -q test_sale.py", file: "sale.py", wrong, right };
    let (project, steps, _) = learn(&files, [&order, &sale], "pytest -q test_gift.py");
    assert_snapshot!(steps, @r"
    steps:
      - edit:
          files: '{{file}}'
          regex: '^(?<head>from money import \([ \t]*\n(?![^()\[\]{}]*(?<!\w){{name}}(?!\w))(?:[^()\[\]{}]*\n)?)(?<indent>[ \t]+)(?<last>[^()\[\]{}\s][^()\[\]{}\n]*,)\n(?<edge>[ \t]*)(?<close>\))'
          replace: |-
            {{head}}{{indent}}{{last}}
            {{indent}}{{name}},
            {{edge}}{{close}}
          occurrences: one
    ");
    let expected = module("    gbp,\n    usd,\n    eur,\n", "def wrap(price):\n    return eur(price)\n");
    assert_eq!(project.files()["gift.py"], expected);
}

/// Of several changes that were made between failure and pass the command itself tells which were needed.
#[test]
fn which_of_several_changes_it_was() {
    if !has("pytest", &["pytest", "--version"]) {
        return;
    }
    let around = |rate: &str, test: &str| test.replacen("\n\n\n", &format!("\n\nRATE = {rate}\n\n\n"), 1);
    let project = Project::new(&[
        ("money.py", MONEY),
        ("test_order.py", &around("1", &test_of("shipping", "4,90"))),
        ("test_sale.py", &around("1", &test_of("discount", "10,50"))),
    ]);
    let write = |file: &str, text: &str| std::fs::write(project.path(file), text).expect("it can be written");
    let (printed, code) = project.heal(&["run", "--", "pytest", "-q"], "");
    assert_eq!(code, 1, "{printed}");
    write("money.py", &MONEY.replace("amount", "sum"));
    write("test_order.py", &around("2", &test_of("shipping", "4.90")));
    write("test_sale.py", &around("3", &test_of("discount", "10.50")));
    let (printed, code) = project.heal(&["run", "--", "pytest", "-q"], "");
    assert_eq!(code, 0, "{printed}");
    let before = project.files();
    let (printed, code) = project.heal(&["learn", "--narrow", "--dry-run", "--", "pytest", "-q"], "");
    assert_eq!(code, 0, "{printed}");
    let (again, _) = project.heal(&["learn", "--narrow", "--", "pytest", "-q"], "");
    assert_eq!(again, printed);
    assert_snapshot!(again, @r"
    1bc1c274cecc 2 of 5 changes ended it
    Nothing new to learn.
    Not learned
      could not convert string to float: '4,90'
        seen once, of 2 needed (1bc1c274cecc)
    ");
    let (narrowed, _) = project.heal(&["log", "--incidents"], "");
    assert_eq!(narrowed.lines().last(), Some("  changed test_order.py, test_sale.py"));
    let (needed, _) = project.heal(&["learn", "--narrow", "--", "pytest", "-q"], "");
    assert_snapshot!(needed, @r"
    1bc1c274cecc all of 2 changes ended it
    Nothing new to learn.
    Not learned
      could not convert string to float: '4,90'
        seen once, of 2 needed (1bc1c274cecc)
    ");
    assert_eq!(project.files(), before);
    let (other, _) = project.heal(&["learn", "--narrow", "--", "pytest"], "");
    assert_snapshot!(other.lines().next().unwrap_or_default(), @"narrow: no failure of pytest was ended by several changes");
}
