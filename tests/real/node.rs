use super::project::has;
use super::{Case, Consent, check};

const MODULE: (&str, &str) = ("package.json", "{\n  \"name\": \"shop\",\n  \"type\": \"module\"\n}\n");
const CART: (&str, &str) = ("cart.js", "export const total = 1;\n");

/// A program that fails, and the file that heal mends in it; `None` where it may not.
#[track_caller]
fn runs(command: &str, consent: Consent, files: &[(&str, &str)], mended: Option<(&str, &str)>) {
    if has("node", &["node", "--version"]) {
        check(&Case { command, files, consent, mended: mended.as_slice() });
    }
}

#[test]
fn import_without_extension() {
    runs(
        "node app.js",
        Consent::Safe,
        &[MODULE, CART, ("app.js", "import { total } from './cart';\nconsole.log(total);\n")],
        Some(("app.js", "import { total } from './cart.js';\nconsole.log(total);\n")),
    );
}

#[test]
fn import_of_a_folder() {
    runs(
        "node app.js",
        Consent::Safe,
        &[
            MODULE,
            ("cart/index.js", "export const total = 1;\n"),
            ("app.js", "import { total } from \"./cart\";\nconsole.log(total);\n"),
        ],
        Some(("app.js", "import { total } from \"./cart/index.js\";\nconsole.log(total);\n")),
    );
}

#[test]
fn import_of_json() {
    let app = "import prices from \"./prices.json\";\nconsole.log(prices);\n";
    runs(
        "node app.mjs",
        Consent::Unsafe,
        &[("prices.json", "{}\n"), ("app.mjs", app)],
        Some((
            "app.mjs",
            "import prices from \"./prices.json\" with { type: \"json\" };\nconsole.log(prices);\n",
        )),
    );
}

/// The model beside it is copied, and only when a person may be asked.
#[test]
fn file_with_an_example() {
    let files = [(".env.example", "PRICE=1\n"), ("app.js", "require(\"fs\").readFileSync(\".env\");\n")];
    runs("node app.js", Consent::Safe, &files, None);
    runs("node app.js", Consent::Unsafe, &files, Some((".env", "PRICE=1\n")));
}

#[test]
fn package_json_with_a_comma_too_many() {
    runs(
        "npm run build",
        Consent::Unsafe,
        &[("package.json", "{\n  \"scripts\": {\n    \"build\": \"true\",\n  }\n}\n")],
        Some(("package.json", "{\n  \"scripts\": {\n    \"build\": \"true\"\n  }\n}\n")),
    );
}

/// Where a value went missing can't be told from where it was missed.
#[test]
fn member_of_undefined_is_a_persons() {
    runs("node app.js", Consent::Unsafe, &[("app.js", "undefined.price;\n")], None);
}

#[test]
fn named_export_of_a_commonjs_module() {
    let cart = ("cart.cjs", "const all = { total: 1 };\nmodule.exports = all;\n");
    let before = "import { total } from './cart.cjs';\nconsole.log(total);\n";
    let after = "import pkg from './cart.cjs';\nconst { total } = pkg;\nconsole.log(total);\n";
    runs("node app.mjs", Consent::Safe, &[cart, ("app.mjs", before)], None);
    runs("node app.mjs", Consent::Unsafe, &[cart, ("app.mjs", before)], Some(("app.mjs", after)));
}

/// A constant, a value that is no list, a word that comes too early: what was meant is for a person to say.
#[test]
fn values_are_a_persons() {
    for before in ["const price = 1;\nprice = 2;\n", "for (const a of 5) a;\n", "price;\nlet price = 1;\n"] {
        runs("node app.js", Consent::Unsafe, &[("app.js", before)], None);
    }
}

/// Two imports of one program, each told of only when the other is mended; what is imported is left alone.
#[test]
fn one_import_after_another() {
    if !has("node", &["node", "--version"]) {
        return;
    }
    let before =
        "import { total } from './cart';\nimport { names } from './lib';\nconsole.log(total, names);\n";
    let after = before.replace("./cart", "./cart.js").replace("./lib", "./lib/index.js");
    let files = [MODULE, CART, ("lib/index.js", "export const names = [];\n"), ("app.js", before)];
    let project = super::Project::new(&files);
    let mut expected = project.files();
    let (told, exit) = project.heal(&["run", "--yes", "--", "node", "app.js"], "");
    assert_eq!(exit, 0, "{told}");
    expected.insert("app.js".to_owned(), after);
    assert_eq!(project.files(), expected, "{told}");
}
