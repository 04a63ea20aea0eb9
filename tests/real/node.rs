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
