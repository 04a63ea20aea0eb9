//! Patterns as rules for logs have them, and a log in which a few lines fit some of them: always the same ones.

const THINGS: [&str; 40] = [
    "connection",
    "session",
    "module",
    "attribute",
    "fixture",
    "package",
    "certificate",
    "volume",
    "socket",
    "token",
    "schema",
    "migration",
    "container",
    "dependency",
    "variable",
    "function",
    "argument",
    "registry",
    "database",
    "process",
    "thread",
    "buffer",
    "index",
    "channel",
    "request",
    "response",
    "header",
    "cookie",
    "endpoint",
    "replica",
    "partition",
    "snapshot",
    "checkpoint",
    "manifest",
    "lockfile",
    "template",
    "parameter",
    "credential",
    "permission",
    "directory",
];
const STATES: [&str; 30] = [
    "not found",
    "is not defined",
    "already exists",
    "timed out",
    "was refused",
    "has expired",
    "is unreachable",
    "could not be resolved",
    "is out of range",
    "has no attribute",
    "cannot be imported",
    "is not awaitable",
    "was closed unexpectedly",
    "is not writable",
    "exceeds the limit",
    "was not declared",
    "is ambiguous",
    "does not match",
    "is missing a field",
    "has been moved",
    "failed to start",
    "failed to compile",
    "is locked by another process",
    "is corrupted",
    "was rejected by the server",
    "is deprecated",
    "must be unique",
    "is not supported",
    "has conflicting versions",
    "returned an error",
];
const KINDS: [&str; 20] = [
    "ImportError",
    "TypeError",
    "ValueError",
    "KeyError",
    "OSError",
    "RuntimeError",
    "SyntaxError",
    "NameError",
    "LookupError",
    "TimeoutError",
    "AssertionError",
    "PermissionError",
    "ConnectionError",
    "UnicodeError",
    "RecursionError",
    "DeprecationWarning",
    "ResourceWarning",
    "ConfigurationError",
    "ValidationError",
    "BuildError",
];
const LEVELS: [&str; 4] = ["INFO ", "DEBUG", "INFO ", "WARN "];
const LINES: [&str; 8] = [
    "request handled path=/api/v1/{thing}s status=200 duration={n}ms",
    "{thing} {n} opened by worker-{n}",
    "cache hit for {thing}:{n} in partition {n}",
    "scheduled {thing} cleanup, next run in {n}s",
    "the {thing} was loaded from /var/lib/app/{thing}/{n}.json",
    "test_{thing}_{n} PASSED in 0.{n}s",
    "GET /static/{thing}-{n}.js 304 from 10.0.{n}.17",
    "compiling {thing} v0.{n}.1 (/home/user/project/{thing})",
];

/// A small generator of numbers that look random (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// So many different patterns; of those, one in ten without a text that every match holds, where `loose` says so.
pub(crate) fn patterns(count: usize, loose: bool) -> Vec<String> {
    let mut random = Random(0x5EED_0001);
    let mut all: Vec<String> = Vec::new();
    let without = if loose { count / 10 } else { 0 };
    while all.len() < count {
        let has_text = all.len() < count - without;
        let pattern = if has_text { with_text(&mut random).0 } else { without_text(&mut random) };
        if !all.contains(&pattern) {
            all.push(pattern);
        }
    }
    all
}

/// A pattern, and a line that it fits.
fn with_text(random: &mut Random) -> (String, String) {
    let (thing, state, kind) = (random.pick(&THINGS), random.pick(&STATES), random.pick(&KINDS));
    let other = random.pick(&THINGS);
    match random.below(6) {
        0 => (
            format!("{kind}: {thing} '(?P<name>\\w+)' {state}"),
            format!("E   {kind}: {thing} 'abc' {state}"),
        ),
        1 => (format!("^{kind}: (?P<name>[\\w.]+) {state}$"), format!("{kind}: a.b {state}")),
        2 => (format!("(?i)error: {thing} (?P<name>\\S+) {state}"), format!("ERROR: {thing} a-1 {state}")),
        3 => (
            format!("{thing} [`'\"](?P<name>[^`'\"]+)[`'\"] {state} \\(os error \\d+\\)"),
            format!("{thing} `a` {state} (os error 2)"),
        ),
        4 => (
            format!("error\\[E(?P<code>\\d{{4}})\\]: {thing} .* {state}"),
            format!("error[E0001]: {thing} `x` {state}"),
        ),
        _ => (
            format!("\\b(?:{thing}|{other}) {state} at (?P<file>[^:]+):(?P<line>\\d+)"),
            format!("the {other} {state} at a.py:3"),
        ),
    }
}

fn without_text(random: &mut Random) -> String {
    let (few, more) = (2 + random.below(8), 10 + random.below(22));
    match random.below(5) {
        0 => format!("\\b[A-Z]{{{few}}}-[0-9]{{{more}}}\\b"),
        1 => format!("^[0-9]{{{more},}} +[A-Z]{{{few}}} +\\w+$"),
        2 => format!("\\b[a-f0-9]{{{}}}\\b", more + few * 4),
        3 => format!("[A-Z]\\w+::[A-Z]\\w+\\([0-9]{{{few},{more}}}\\)"),
        _ => format!("\\b[0-9]x[0-9A-F]{{{more}}}\\b"),
    }
}

/// About so many bytes of a log, with one line in ten thousand that fits one of the first patterns.
pub(crate) fn log(bytes: usize) -> Vec<u8> {
    let mut random = Random(0x5EED_0002);
    let mut examples = Random(0x5EED_0001);
    let examples: Vec<String> = (0..40).map(|_| with_text(&mut examples).1).collect();
    let mut text = String::with_capacity(bytes + 256);
    let mut lines = 0_usize;
    while text.len() < bytes {
        lines += 1;
        if lines.is_multiple_of(10_000) {
            text.push_str(&examples[lines / 10_000 % examples.len()]);
        } else {
            ordinary(&mut random, &mut text);
        }
        text.push('\n');
    }
    text.into_bytes()
}

fn ordinary(random: &mut Random, text: &mut String) {
    let (second, milli) = (random.below(86_400), random.below(1_000));
    let (hour, minute) = (second / 3600, second / 60 % 60);
    let (level, worker) = (random.pick(&LEVELS), random.below(64));
    let stamp = format!("2026-03-14T{hour:02}:{minute:02}:{:02}.{milli:03}Z", second % 60);
    text.push_str(&format!("{stamp} {level} [worker-{worker}] "));
    let mut rest = random.pick(&LINES);
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').expect("each brace is closed");
        text.push_str(before);
        match name {
            "thing" => text.push_str(random.pick(&THINGS)),
            _ => text.push_str(&random.below(1_000).to_string()),
        }
        rest = after;
    }
    text.push_str(rest);
}
