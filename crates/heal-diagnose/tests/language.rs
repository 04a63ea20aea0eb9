//! What the language of extractors can say, and what it says of mistakes.

use heal_diagnose::{Extractor, Reader, Standing, extractors, load, load_beside};
use heal_model::Diagnostic;

/// The diagnostics that an extractor makes of some output, one a line.
fn found(extractors: &str, output: &str) -> String {
    let yaml = format!("extract: 1\ntool: t\nextractors:\n{extractors}");
    told(&load(&yaml).unwrap_or_else(|error| panic!("{error}")), output)
}

fn told(extractors: &[Extractor], output: &str) -> String {
    let mut reader = Reader::new(extractors, None);
    let mut all = Vec::new();
    reader.feed(output.as_bytes(), &mut |one| all.push(one));
    reader.finish(&mut |one| all.push(one));
    all.retain(|one| !reader.runs().has_passed(one.span));
    let mut text = String::new();
    let mut show = |one: Diagnostic| {
        let notes: Vec<String> = one.notes.iter().map(|note| note.message.clone()).collect();
        let place = (one.file.unwrap_or_default(), one.line.unwrap_or(0), one.column.unwrap_or(0));
        text.push_str(&format!(
            "{}-{} {:?} {}:{}:{} {} {notes:?}\n",
            one.span.first_line, one.span.last_line, one.level, place.0, place.1, place.2, one.message
        ));
    };
    all.into_iter().for_each(&mut show);
    text
}

#[track_caller]
fn check(extractors: &str, output: &str, expected: &str) {
    assert_eq!(found(extractors, output), expected);
}

#[track_caller]
fn refused(yaml: &str, expected: &str) {
    assert_eq!(load(yaml).map(|_| ()).map_err(|error| error.to_string()), Err(expected.to_owned()));
}

#[test]
fn a_loop_below_a_line_that_names_the_file() {
    check(
        r"
  - name: stylish
    before: [{line: '^(?<file>\S+)$'}]
    carry: [file]
    start: '^ +(?<line>\d+): (?<level>\w+): (?<message>.*)$'
",
        "a.js\n  1: error: one\n  2: warning: two\n\n  3: error: nobody's\n",
        "1-2 Error a.js:1:0 one []\n3-3 Warning a.js:2:0 two []\n",
    );
}

#[test]
fn a_gap_and_what_lies_in_it() {
    check(
        r"
  - name: gap
    start: '^error: (?<message>.*)$'
    gap: 1
    body: [{line: '^note: (?<note>.*)$'}]
",
        "error: one\nother\nnote: a\nother\nother\nnote: b\n",
        "1-3 Error :0:0 one [\"a\"]\n",
    );
}

#[test]
fn what_a_run_that_passed_printed_is_no_failure() {
    let extractors = r"
  - name: error
    start: '^error: (?<message>.*)$'
  - name: tests
    run: {from: '^begin$', among: '^\.+$', to: '^end, ', passed: '^end, all passed$', counts: {from: '^summary', to: '^done'}}
  - name: lines
    envelope: '^(?<lane>[ab]) \| '
";
    check(extractors, "begin\nerror: a\nend, all passed\nerror: b\n", "4-4 Error :0:0 b []\n");
    check(extractors, "begin\nerror: a\nend, 1 failed\n", "2-2 Error :0:0 a []\n");
    check(extractors, "begin\nerror: a\n", "2-2 Error :0:0 a []\n");
    check(extractors, "begin\nerror: a\nbegin\nerror: b\nend, all passed", "2-2 Error :0:0 a []\n");
    check(extractors, "error: a\n...\nerror: b\n...\nerror: c\nend, all passed\n", "1-1 Error :0:0 a []\n");
    check(extractors, "error: a\nend, all passed\n", "1-1 Error :0:0 a []\n");
    check(extractors, "...\nbegin\nerror: a\n...\nend, all passed\n", "");
    check(
        extractors,
        "begin\nerror: a\nsummary\nerror: b\ndone\nerror: c\nend, all passed\n",
        "4-4 Error :0:0 b []\n",
    );
    check(
        extractors,
        "a | begin\nb | begin\na | error: a\nb | error: b\na | end, all passed\nb | end, 1 failed\n",
        "4-4 Error :0:0 b []\n",
    );
}

#[test]
fn what_needs_more_than_its_first_line() {
    check(
        r"
  - name: both
    start: '^error: (?<message>.*)$'
    needs: [file]
    body: [{line: '^ at (?<file>.*)$'}]
  - name: alone
    priority: -1
    start: '^error: (?<message>x.*)$'
",
        "error: one\n at a.c\nerror: two\nerror: x three\n at b.c\nerror: x four\n",
        "1-2 Error a.c:0:0 one []\n4-4 Error :0:0 x three []\n6-6 Error :0:0 x four []\n",
    );
}

#[test]
fn states_and_a_line_that_takes_it_back() {
    check(
        r"
  - name: states
    start: '^begin (?<test>\w+)$'
    body:
      - {line: '^says (?<message>.*)$', in: [start], go: said}
      - {line: '^(?<message>more .*)$', in: [said], join: ' '}
      - {line: '^ignored$', to: drop}
    end: {line: '^end$', take: true}
    set: {note: 'in {test}'}
",
        "begin a\nsays one\nmore two\nend\nbegin b\nsays no\nignored\nbegin c\nmore lost\nend\n",
        "1-4 Error :0:0 one more two [\"in a\"]\n",
    );
}

#[test]
fn sections_folders_and_lanes() {
    check(
        r"
  - name: there
    section: {from: '^== (?<file>\S+) ==$', to: '^==$'}
    start: '^(?<line>\d+) (?<message>.*)$'
  - {name: folder, enter: '^enter (?<file>.*)$', leave: '^leave$'}
  - {name: mark, envelope: '^\[(?<lane>\d)\] '}
  - name: two
    start: '^(?<file>\w+\.c): (?<message>.*)$'
    body: [{line: '^\+ (?<message>.*)$'}]
",
        "1 no\n== a.c ==\n2 yes\n==\n3 no\nenter sub\nb.c: below\nleave\nc.c: above\n[1] d.c: one\n[2] e.c: two\n[1] + 1\n[2] + 2\n",
        "3-3 Error a.c:2:0 yes []\n7-7 Error sub/b.c:0:0 below []\n9-9 Error c.c:0:0 above []\n10-12 Error d.c:0:0 one\n1 []\n11-13 Error e.c:0:0 two\n2 []\n",
    );
}

#[test]
fn carets_and_levels() {
    check(
        r"
  - name: caret
    levels: {oops: warning}
    start: '^(?<level>\w+)! (?<message>.*)$'
    body:
      - {line: '^(?<caret> *)(?<underline>\^~*)$', times: 1}
      - {line: '^.*$', to: nothing, times: 1, weak: true}
",
        "oops! here\n  x = y\n    ^~~\n",
        "1-3 Warning :0:5 here []\n",
    );
}

#[test]
fn mistakes_are_placed() {
    refused(
        "extract: 1\nextractors:\n  - name: a\n    start: '^(?<message>[a-z$'\n",
        "4:25: extractor `a`: unclosed character class",
    );
    refused(
        "extract: 1\nextractors:\n  - name: a\n    strat: x\n",
        "4:5: extractors[0]: unknown field `strat`, expected one of `name`, `tool`, `priority`, `levels`, `set`, `section`, `unless`, `strip`, `before`, `alone`, `start`, `not`, `carry`, `body`, `gap`, `end`, `needs`, `enter`, `leave`, `envelope`, `sure`, `run`",
    );
    refused("extract: 2\nextractors: []\n", "1:1: extract: 2 is not known here; write `extract: 1`");
    refused(
        "extract: 1\nextractors:\n  - {name: a, start: x}\n  - {name: a, start: y}\n",
        "3:6: two extractors are called `a`; give each its own name",
    );
    refused(
        "extract: 1\nextractors:\n  - name: a\n    start: x\n    body:\n      - {line: y, in: [later]}\n",
        "3:5: extractor `a`: no rule leads to the state `later`; a block begins in `start`, and `go` leads on",
    );
    refused(
        "extract: 1\nextractors:\n  - name: a\n    gap: 1\n",
        "3:5: extractor `a`: it needs exactly one of `start`, `enter`, `envelope` and `run`",
    );
    refused(
        "extract: 1\nextractors:\n  - name: a\n    start: x\n    sure: true\n",
        "3:5: extractor `a`: `sure` goes with `envelope`",
    );
    refused(
        "extract: 1\nextractors:\n  - name: a\n    start: x\n    set: {note: 'in {test}'}\n",
        "3:5: extractor `a`: no pattern has a group `test` to fill `{test}` in with",
    );
}

/// Takes every line that it can get, and goes on for ever.
const GREEDY: &str = "extract: 1\nextractors:\n  - name: greedy\n    priority: 100\n    start: '^(?<message>.+)$'\n    body: [{line: '^'}]\n    end: {line: 'never', take: true}\n";

#[test]
fn a_guest_takes_nothing_from_others() {
    let built_in = extractors();
    let guest = load_beside(GREEDY, &built_in, Standing::Guest).expect("it is right");
    let all = [built_in.clone(), guest].concat();
    for output in [
        "/p/a.js\n  3:5  error  'x' is not defined  no-undef\n\n",
        "error[E0382]: use of moved value\n --> src/a.rs:3:5\n  |\n3 | x\n  | ^\n\n",
        "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    g()\nValueError: no\n",
    ] {
        let both = told(&all, output);
        let others: Vec<&str> = both.lines().filter(|line| !line.contains("Error :0:0")).collect();
        let alone = told(&built_in, output);
        assert_eq!(others, alone.lines().collect::<Vec<_>>());
    }
    assert_eq!(told(&all, "what nobody knows\n"), "1-1 Error :0:0 what nobody knows []\n");
}

#[test]
fn no_name_is_taken_twice() {
    let refused = |yaml: &str, standing| {
        let error = load_beside(yaml, &extractors(), standing).map(|_| ()).expect_err("it is refused");
        error.to_string()
    };
    assert_eq!(
        refused("extract: 1\nextractors:\n  - name: black\n    start: x\n", Standing::Own),
        "3:5: there is an extractor `black` already; give this one another name"
    );
    assert_eq!(
        refused("extract: 1\nextractors:\n  - name: down\n    enter: '^cd (?<file>.*)$'\n", Standing::Guest),
        "3:5: extractor `down`: `enter`, `envelope` and `run` change what all others see; they count in your own folder"
    );
}

#[test]
fn where_no_run_begins_none_is_looked_for() {
    let may = |text: &str| extractors().iter().any(|one| one.may_begin_run(text.as_bytes()));
    assert!(may("===== test session starts =====\n"));
    assert!(may("\nrunning 2 tests\n"));
    assert!(may("\u{1b}[1mrun\u{1b}[0mning 2 tests\n"));
    assert!(may("...                [100%]\n"));
    assert!(may("x\n.Traceback (most recent call last):\n"));
    assert!(!may("Traceback (most recent call last):\n1 passed in 0.1s\n"));
    assert!(!may("[ 42%] Building C object b.c.o\n... and more\n"));
}
