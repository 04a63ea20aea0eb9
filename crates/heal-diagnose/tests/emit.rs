//! The forms that diagnostics are written in.

use heal_diagnose::{extractors, github, jsonl, read, sarif};
use heal_model::Diagnostic;

const OUTPUT: &str = r#"a b.c: In function 'f':
a b.c:3:5: error: 50% of 'x', undeclared [-Wx]
    3 |     x = 1;
      |     ^
a b.c:9:1: note: here
fix-it:"a b.c":{3:5-3:6}:"y\n"
{"reason":"build-finished","success":false}
make: *** [Makefile:2: all] Error 1
"#;

fn found(output: &str) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    read(&mut output.as_bytes(), &extractors(), None, &mut |one| all.push(one)).expect("a slice can be read");
    all
}

#[test]
fn for_github() {
    let all = found(OUTPUT);
    assert_eq!(
        github(&all),
        "::error file=a b.c,line=3,col=5,title=gcc -Wx::50%25 of 'x', undeclared\n\
         ::error file=Makefile,line=2,title=make::Error 1\n"
    );
}

#[test]
fn as_sarif_and_back() {
    let all = found(OUTPUT);
    let log = serde_json::to_string_pretty(&sarif(&all)).expect("it is JSON");
    let again = found(&log);
    let brief = |all: &[Diagnostic]| -> Vec<String> {
        let edit = |one: &Diagnostic| one.suggestions.first().map(|edit| edit.replacements.clone());
        all.iter()
            .map(|one| format!("{} {:?} {:?}:{:?} {:?}", one.tool, one.code, one.file, one.line, edit(one)))
            .collect()
    };
    assert_eq!(brief(&again), brief(&all));
    assert_eq!(log.lines().next().zip(log.lines().nth(2)), Some(("{", "  \"version\": \"2.1.0\",")));
}

/// The order of keys means nothing: a run may name its tool below its results, or not at all.
#[test]
fn sarif_may_name_the_tool_last() {
    let run = |text: &str, tool: &str| {
        format!(r#"{{"results":[{{"message":{{"text":"{text}"}}}},{{"message":{{"text":"too"}}}}]{tool}}}"#)
    };
    let named = r#","tool":{"driver":{"name":"Semgrep"}}"#;
    let runs = [run("a", named), run("b", ""), run("c", named)].join(",");
    for log in [format!(r#"{{"version":"2.1.0","runs":[{runs}]}}"#), format!(r#"{{"runs":[{runs}"#)] {
        let told: Vec<String> =
            found(&log).into_iter().map(|one| format!("{} {}", one.tool, one.message)).collect();
        assert_eq!(told, ["semgrep a", "semgrep too", "sarif b", "sarif too", "semgrep c", "semgrep too"]);
    }
}

#[test]
fn as_lines_of_json() {
    let all = found("make: *** [Makefile:2: all] Error 1\n");
    assert_eq!(
        jsonl(&all),
        r#"{"tool":"make","code":null,"level":"error","message":"Error 1","file":"Makefile","line":2,"column":null,"end_line":null,"end_column":null,"notes":[{"level":"note","message":"target all","file":null,"line":null,"column":null}],"suggestions":[],"span":{"first_line":1,"last_line":1,"start":0,"end":35}}
"#
    );
}

/// SARIF counts from 1, and some tools write 0 where they know no place.
#[test]
fn no_place_is_before_the_first() {
    let eslint = r#"[{"filePath":"/p/a.js","messages":[{"ruleId":null,"severity":1,"message":"ignored","line":0,"column":0}]}]"#;
    let rustc = "error[E0277]: wrong\n --> src/main.rs:1:1\n  |\nhelp: these implement it\n --> library/a.rs:214:0\n\n";
    for output in [eslint, rustc] {
        let log = serde_json::to_string(&sarif(&found(output))).expect("it is JSON");
        assert!(log.contains("artifactLocation") && !log.contains("Line\":0"), "{log}");
        assert!(!log.contains("Column\":0"), "{log}");
    }
}
