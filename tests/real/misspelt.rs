//! "Did you mean …": what a tool suggests is written where the wrong name stands, and only after a question.

use super::project::{has, may_have};
use super::{Case, Consent, check};

/// A file that names something wrongly, which the tool knows by another name.
#[track_caller]
fn mends(command: &str, others: &[(&str, &str)], before: (&str, &str), after: &str) {
    let files: Vec<(&str, &str)> = others.iter().copied().chain([before]).collect();
    check(&Case { command, files: &files, consent: Consent::Safe, mended: &[] });
    check(&Case { command, files: &files, consent: Consent::Unsafe, mended: &[(before.0, after)] });
}

fn has_all(tools: &[&str]) -> bool {
    tools.iter().all(|tool| has(tool, &[tool, "--version"]))
}

#[test]
fn git_in_a_makefile() {
    if has_all(&["git", "make"]) {
        let makefile = "told:\n\tgit versio\n";
        mends("make", &[], ("Makefile", makefile), "told:\n\tgit version\n");
    }
}

#[test]
fn git_in_a_script_of_npm() {
    if has_all(&["git", "npm"]) {
        mends(
            "npm run told",
            &[],
            ("package.json", "{\n  \"scripts\": {\n    \"told\": \"git versio\"\n  }\n}\n"),
            "{\n  \"scripts\": {\n    \"told\": \"git version\"\n  }\n}\n",
        );
    }
}

const SCRIPTS: &str =
    "{\n  \"scripts\": {\n    \"build\": \"true\",\n    \"ci\": \"npm run build && true\"\n  }\n}\n";

#[test]
fn npm_in_a_script_of_npm() {
    if has_all(&["npm"]) {
        let before = SCRIPTS.replace("run build", "run buil");
        mends("npm run ci", &[], ("package.json", &before), SCRIPTS);
    }
}

#[test]
fn npm_in_a_makefile() {
    if has_all(&["npm", "make"]) {
        let package = ("package.json", SCRIPTS);
        mends("make", &[package], ("Makefile", "ship:\n\tnpm run buil\n"), "ship:\n\tnpm run build\n");
    }
}

/// CMake itself suggests nothing: heal takes what is spelt almost the same among its commands.
#[test]
fn command_of_cmake() {
    if may_have("cmake", &["cmake", "--version"]) {
        let before = ("greet.cmake", "cmake_minimum_required(VERSION 3.20)\nmesage(STATUS \"hello\")\n");
        let after = "cmake_minimum_required(VERSION 3.20)\nmessage(STATUS \"hello\")\n";
        mends("cmake -P greet.cmake", &[], before, after);
    }
}

#[test]
fn names_of_typescript() {
    if has("tsc", &["tsc", "--version"]) {
        let config = ("tsconfig.json", "{ \"compilerOptions\": { \"noEmit\": true, \"types\": [] } }\n");
        let before = "class Cart {\n  total = 1;\n  sum(): Numbr {\n    return total + this.totl;\n  }\n}\n\
                      export const cart = new Crt();\n";
        let after = "class Cart {\n  total = 1;\n  sum(): Number {\n    return this.total + this.total;\n  }\n}\n\
                     export const cart = new Cart();\n";
        mends("tsc", &[config], ("cart.ts", before), after);
    }
}
