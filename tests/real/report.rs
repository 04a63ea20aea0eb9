use std::fs;

use super::Project;
use super::project::has;

/// Holds a document that heal prints against the schema that heal prints.
const VALIDATE: &str = "import json, sys, jsonschema\n\
    schema = json.load(open('report.schema.json'))\n\
    jsonschema.Draft202012Validator(schema).validate(json.load(open('report.json')))\n";

const RULES: &str = r#"heal: 1
name: shop
files:
  - {path: .env, tier: create, content: "DEBUG=0\n"}
rules:
  - id: renamed-setting
    title: "{{old}} is called timeout_seconds now"
    safety: safe
    trigger: {output: "unknown setting (?<old>timeout) in (?<file>\\S+)"}
    steps:
      - edit: {file: "{{file}}", regex: '^{{old}}\b', replace: timeout_seconds}
      - run: [echo, done]
    verify: {command: [grep, seconds, "{{file}}"]}
    tests:
      - output: "unknown setting timeout in app.ini"
  - id: full
    title: "the disk is full"
    trigger: {output: "no space left"}
    steps: [{guide: "Free some space."}]
"#;

/// Every command's JSON fits the schema, whether it worked or not.
#[test]
fn every_report_fits_its_schema() {
    if !has("jsonschema", &["python3", "-c", "from jsonschema import Draft202012Validator"]) {
        return;
    }
    let project = Project::new(&[
        (".heal/rules.yaml", RULES),
        ("app.ini", "timeout = 30\n"),
        ("bad.yaml", "heal: 1\n"),
    ]);
    let (schema, exit) = project.heal(&["schema", "report"], "");
    assert_eq!(exit, 0, "{schema}");
    fs::write(project.path("report.schema.json"), schema).expect("the schema can be written");
    let seen = "unknown setting timeout in app.ini\nno space left\n";
    for arguments in [
        &["match"][..],
        &["match", "--fix", "--yes"],
        &["match", "--playbook", ".heal/rules.yaml"],
        &["match", "--playbook", ".heal/rules.yaml", "--fix", "--yes"],
        &["match", "--playbook", "absent.yaml"],
        &["log"],
        &["show"],
        &["undo"],
        &["check"],
        &["apply", "--yes", ".heal/rules.yaml"],
        &["lint"],
        &["lint", "bad.yaml"],
        &["test"],
        &["list"],
        &["explain", "shop/full"],
        &["why", "shop/full"],
        &["trust"],
        &["untrust", ".heal/rules.yaml"],
        &["init"],
    ] {
        let report = project.report(arguments, seen);
        fs::write(project.path("report.json"), report.to_string()).expect("the report can be written");
        let (printed, exit) = project.shell(&format!("python3 -c \"{VALIDATE}\""));
        assert_eq!(exit, 0, "{arguments:?}: {printed}\n{report:#}");
    }
}
