/// How many bytes of a line docker compose, foreman, turbo or pnpm have put before it: which of several programs printed
/// it. Taken for sure is what the extractors in `passed-on.yaml` take for it.
pub(super) fn program(line: &[u8]) -> usize {
    piped(line).or_else(|| task(line)).unwrap_or(0)
}

/// What a task that is run in many packages is called.
const TASKS: [&[u8]; 14] = [
    b"build",
    b"test",
    b"lint",
    b"check",
    b"typecheck",
    b"type-check",
    b"types",
    b"format",
    b"compile",
    b"start",
    b"dev",
    b"ci",
    b"e2e",
    b"unit",
];

/// `web-1  | `, `web  | `, `12:34:56 web.1   | `.
fn piped(line: &[u8]) -> Option<usize> {
    let start = if has_shape(line, CLOCK) { CLOCK.len() } else { 0 };
    let name = word(&line[start..], b"_.-");
    let spaces = line[start + name.len()..].iter().take_while(|byte| **byte == b' ').count();
    let bar = start + name.len() + spaces;
    let begins = name.first().is_some_and(u8::is_ascii_alphabetic);
    if !begins || line.get(bar) != Some(&b'|') || (spaces < 2 && !is_numbered(name)) {
        return None;
    }
    match line.get(bar + 1) {
        Some(b' ') => Some(bar + 2),
        None | Some(b'\r' | b'\n') => Some(bar + 1),
        Some(_) => None,
    }
}

/// `@shop/web:build: `, `packages/web build: `.
fn task(line: &[u8]) -> Option<usize> {
    let name = word(line, b"_./@-");
    let is_named = match line.get(name.len())? {
        b':' => !name.is_empty(),
        b' ' => name == b"." || name.contains(&b'/'),
        _ => false,
    };
    if !is_named {
        return None;
    }
    let mut end = name.len() + 1;
    let task = word(&line[end..], b"_-");
    if !TASKS.contains(&task) {
        return None;
    }
    end += task.len();
    // `build:prod: ` as well.
    while line.get(end) == Some(&b':') {
        let more = word(&line[end + 1..], b"_-");
        if more.is_empty() || line.get(end + 1 + more.len()) != Some(&b':') {
            break;
        }
        end += 1 + more.len();
    }
    (line.get(end) == Some(&b':')).then(|| end + 1 + usize::from(line.get(end + 1) == Some(&b' ')))
}

/// The letters and digits that a text begins with, and these other bytes.
fn word<'a>(text: &'a [u8], others: &[u8]) -> &'a [u8] {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || others.contains(byte);
    &text[..text.iter().take_while(is_part).count()]
}

/// Whether a name ends with a number, set off from it.
fn is_numbered(name: &[u8]) -> bool {
    let digits = name.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let before = name.len() - digits;
    digits > 0 && before > 1 && matches!(name[before - 1], b'.' | b'_' | b'-')
}

/// A time of day, `0` for any digit.
const CLOCK: &[u8] = b"00:00:00 ";

/// Whether a text begins with what a shape is of: any digit where that has `0`, else the same bytes.
pub(super) fn has_shape(text: &[u8], shape: &[u8]) -> bool {
    let fits = |(byte, shape): (&u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
    text.len() >= shape.len() && text.iter().zip(shape).all(fits)
}

#[cfg(test)]
mod tests {
    use super::program;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        assert_eq!(&line[program(line.as_bytes())..], expected);
    }

    #[test]
    fn names_of_programs_are_left_out() {
        check("web-1  | E   x", "E   x");
        check("web_1|", "");
        check("web-1  |\n", "\n");
        check("web  |   indented", "  indented");
        check("12:34:56 web.1   | x", "x");
        check("@shop/web:build: src/app.ts(3,5): error", "src/app.ts(3,5): error");
        check("shop:test:unit: x", "x");
        check("packages/web build: x", "x");
        check(". test: x", "x");
    }

    #[test]
    fn what_a_program_writes_itself_stays() {
        for line in [
            "",
            "x",
            "a | b",
            "1-1 | b",
            "-1 | b",
            "web-1  |x",
            "error: build: x",
            "web build: x",
            "shop:deploy: x",
            "a.rs:3:5: error",
            "12:34:56 done",
        ] {
            check(line, line);
        }
    }
}
