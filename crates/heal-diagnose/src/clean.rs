use memchr::memchr3;

/// What a terminal would show of an output, line for line; bytes that are no text are replaced.
#[must_use]
pub fn plain(output: &[u8]) -> String {
    let mut room = Vec::new();
    let mut shown = Vec::with_capacity(output.len());
    for line in output.split_inclusive(|byte| *byte == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        shown.extend_from_slice(clean(text, &mut room));
        shown.extend_from_slice(&line[text.len()..]);
    }
    String::from_utf8_lossy(&shown).into_owned()
}

/// Turns one line into what a terminal would show: no colours, no links, and of what a carriage return overwrites only
/// the last. A line without any of these comes out as it is.
pub(crate) fn clean<'a>(line: &'a [u8], room: &'a mut Vec<u8>) -> &'a [u8] {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if memchr3(ESC, b'\r', BACKSPACE, line).is_none() {
        return line;
    }
    room.clear();
    let mut rest = line;
    while let Some((&byte, after)) = rest.split_first() {
        rest = match byte {
            ESC => escape(after),
            b'\r' => {
                if !escapes_only(after) {
                    room.clear();
                }
                after
            }
            BACKSPACE => {
                room.pop();
                after
            }
            _ => {
                room.push(byte);
                after
            }
        };
    }
    room
}

const ESC: u8 = 0x1B;
const BEL: u8 = 0x07;
const BACKSPACE: u8 = 0x08;

/// What follows an escape sequence, of which the ESC has been taken.
fn escape(rest: &[u8]) -> &[u8] {
    match rest.first() {
        Some(b'[') => control(&rest[1..]),
        Some(b']' | b'P' | b'X' | b'^' | b'_') => command(&rest[1..]),
        Some(0x20..=0x2F) => escape(&rest[1..]),
        Some(0x30..=0x7E) => &rest[1..],
        _ => rest,
    }
}

/// What follows `ESC [ … letter`.
fn control(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|byte| !(0x20..=0x3F).contains(byte)).unwrap_or(rest.len());
    match rest.get(end) {
        Some(0x40..=0x7E) => &rest[end + 1..],
        _ => &rest[end..],
    }
}

/// What follows a title, a link and the like: up to BEL or `ESC \`.
fn command(rest: &[u8]) -> &[u8] {
    for (at, byte) in rest.iter().enumerate() {
        match *byte {
            BEL => return &rest[at + 1..],
            ESC if rest.get(at + 1) == Some(&b'\\') => return &rest[at + 2..],
            _ => {}
        }
    }
    &[]
}

/// Whether nothing more of the line shows, so that a carriage return overwrites nothing.
fn escapes_only(mut rest: &[u8]) -> bool {
    while let Some((&byte, after)) = rest.split_first() {
        rest = match byte {
            ESC => escape(after),
            b'\r' => after,
            _ => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(raw: &str, expected: &str) {
        let mut room = Vec::new();
        let shown = super::clean(raw.as_bytes(), &mut room);
        assert_eq!(String::from_utf8_lossy(shown), expected);
    }

    #[test]
    fn colours_and_links_go() {
        check("\u{1b}[1;31merror\u{1b}[0m\u{1b}[K: no", "error: no");
        check("see \u{1b}]8;;https://e.org\u{1b}\\here\u{1b}]8;;\u{7}!", "see here!");
        check("\u{1b}(Bok\u{1b}c.", "ok.");
        check("a\u{1b}", "a");
    }

    #[test]
    fn an_output_keeps_its_lines() {
        assert_eq!(super::plain(b""), "");
        assert_eq!(super::plain(b"\x1b[1ma\x1b[0m\r\n\n10%\r20%\nend\xff"), "a\n\n20%\nend\u{fffd}");
    }

    #[test]
    fn the_last_overwriting_shows() {
        check("10%\r50%\rdone\r", "done");
        check("50%\r\u{1b}[Kerror", "error");
        check("50%\r\u{1b}[K\r", "50%");
        check("a_\u{8}b", "ab");
    }
}
