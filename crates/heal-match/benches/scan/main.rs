//! How fast a stream is scanned, beside the ways that come to mind first: one regular expression set for each line,
//! and an automaton of the texts that are needed, its hits confirmed.
//!
//! `cargo bench -p heal-match`; HEAL_BENCH_MB, when it is built, says how large the log is (64 MB). `compare.py` sets
//! it beside other programs.

mod data;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Write;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use divan::Bencher;
use divan::counter::BytesCount;
use heal_match::Matcher;
use heal_model::{
    Defaults, Engine, LinePattern, Observation, Origin, OutputTrigger, Pattern, PatternKind, Place, Playbook,
    Rule, RuleId, Safety, Severity, Template, Trigger,
};
use heal_pattern::{Compiled, literals};

static LOG: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let megabytes = option_env!("HEAL_BENCH_MB").and_then(|text| text.parse().ok()).unwrap_or(64);
    data::log(megabytes << 20)
});

/// How many patterns, and whether a tenth has no text to look for.
const SETS: [(usize, bool); 6] =
    [(50, false), (500, false), (2_000, false), (50, true), (500, true), (2_000, true)];

fn main() {
    let wanted: Vec<String> = std::env::args().skip_while(|argument| argument != "--print").skip(1).collect();
    if wanted.is_empty() {
        return divan::main();
    }
    let mut out = std::io::stdout().lock();
    out.write_all(&printed(&wanted)).expect("compare.py reads it");
}

/// What `compare.py` asks for: `log`, `patterns COUNT LOOSE`, or `speed COUNT LOOSE` in bytes for each second.
fn printed(wanted: &[String]) -> Vec<u8> {
    let count = || wanted[1].parse().expect("a number of patterns");
    let loose = || wanted[2] == "true";
    match wanted[0].as_str() {
        "log" => LOG.clone(),
        "patterns" => data::patterns(count(), loose()).join("\n").into_bytes(),
        _ => speed(count(), loose()).to_string().into_bytes(),
    }
}

/// The best of nine scans.
fn speed(count: usize, loose: bool) -> f64 {
    let matcher = Matcher::new(&[playbook(count, loose)]);
    let scan = |_| {
        #[expect(clippy::disallowed_methods, reason = "a benchmark tells the time")]
        let start = std::time::Instant::now();
        let found = &mut |event| drop(black_box(event));
        matcher.scan(&mut LOG.as_slice(), &Observation::default(), found).expect("memory can be read");
        start.elapsed().as_secs_f64()
    };
    LOG.len() as f64 / (0..9).map(scan).fold(f64::INFINITY, f64::min)
}

#[divan::bench(args = SETS, sample_count = 5)]
fn heal(bencher: Bencher<'_, '_>, (count, loose): (usize, bool)) {
    let matcher = Matcher::new(&[playbook(count, loose)]);
    bencher.counter(BytesCount::of_slice(&**LOG)).bench_local(|| {
        let found = &mut |event| drop(black_box(event));
        matcher.scan(&mut LOG.as_slice(), &Observation::default(), found).expect("memory can be read")
    });
}

#[divan::bench(args = SETS, sample_count = 20)]
fn heal_set_up_and_10_kb(bencher: Bencher<'_, '_>, (count, loose): (usize, bool)) {
    let playbook = [playbook(count, loose)];
    let input = &LOG[..10_240];
    bencher.bench_local(|| {
        let found = &mut |event| drop(black_box(event));
        Matcher::new(&playbook)
            .scan(&mut &*input, &Observation::default(), found)
            .expect("memory can be read")
    });
}

/// A tenth of the log: it is slow.
#[divan::bench(args = SETS, sample_count = 1)]
fn regex_set_per_line(bencher: Bencher<'_, '_>, (count, loose): (usize, bool)) {
    let set = regex::bytes::RegexSetBuilder::new(data::patterns(count, loose))
        .unicode(false)
        .size_limit(1 << 30)
        .dfa_size_limit(64 << 20)
        .build()
        .expect("they compile");
    let part = &LOG[..LOG.len() / 10];
    bencher.counter(BytesCount::of_slice(part)).bench_local(|| {
        part.split(|byte| *byte == b'\n').map(|line| set.matches(line).iter().count()).sum::<usize>()
    });
}

/// Each text that is needed, in one automaton; a line that holds one is searched with its patterns. Patterns without
/// a text are left out.
#[divan::bench(args = &SETS[..3], sample_count = 3)]
fn aho_corasick_and_confirm(bencher: Bencher<'_, '_>, (count, loose): (usize, bool)) {
    let mut texts: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
    let patterns: Vec<Pattern> = data::patterns(count, loose).iter().map(|source| pattern(source)).collect();
    for (at, pattern) in patterns.iter().enumerate() {
        for literal in literals(pattern).unwrap_or_default() {
            texts.entry(literal.text).or_default().push(at);
        }
    }
    let compiled: Vec<Compiled> =
        patterns.iter().map(|pattern| Compiled::new(pattern).expect("it compiles")).collect();
    let users: Vec<&Vec<usize>> = texts.values().collect();
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(texts.keys())
        .expect("it fits");
    bencher.counter(BytesCount::of_slice(&**LOG)).bench_local(|| {
        let mut matched = 0;
        for found in automaton.find_overlapping_iter(LOG.as_slice()) {
            let start = memchr::memrchr(b'\n', &LOG[..found.start()]).map_or(0, |end| end + 1);
            let end = memchr::memchr(b'\n', &LOG[found.end()..]).map_or(LOG.len(), |end| found.end() + end);
            let users = users[found.pattern().as_usize()];
            matched += users.iter().filter(|user| compiled[**user].is_match(&LOG[start..end])).count();
        }
        matched
    });
}

fn playbook(count: usize, loose: bool) -> Playbook {
    let rules =
        data::patterns(count, loose).iter().enumerate().map(|(at, source)| rule(at, source)).collect();
    Playbook {
        heal: 1,
        name: "bench".to_owned(),
        summary: None,
        origin: Origin::Builtin("bench.yaml".to_owned()),
        defaults: Defaults::default(),
        vars: BTreeMap::new(),
        sources: BTreeMap::new(),
        files: Vec::new(),
        rules,
        learning: None,
        assets: BTreeMap::new(),
    }
}

fn rule(at: usize, source: &str) -> Rule {
    let line = LinePattern { pattern: pattern(source), optional: false };
    Rule {
        id: RuleId::new("bench", &format!("r{at}")),
        title: Template::from("found"),
        category: None,
        severity: Severity::default(),
        safety: Safety::default(),
        explain: None,
        links: Vec::new(),
        also: Vec::new(),
        captures: BTreeMap::new(),
        trigger: Trigger::Output(OutputTrigger {
            lines: vec![line],
            within: None,
            not: None,
            count: None,
            command: None,
            exit: None,
            stream: None,
        }),
        steps: Vec::new(),
        verify: None,
        retry: None,
        timeout: None,
        tests: Vec::new(),
        learned: None,
        place: Place::default(),
    }
}

fn pattern(source: &str) -> Pattern {
    Pattern { source: source.to_owned(), kind: PatternKind::Regex, unicode: false, engine: Engine::Linear }
}
