use std::io::{self, BufRead, BufReader, Read};

use heal_diagnose::{Lines, Unfolded};
use heal_exec::StandardInput;
use heal_match::Seen;
use heal_model::{Observation, Stream};

use super::arguments::StreamName;
use super::coding::Coding;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use crate::{Diagnostics, Reading, find};

/// How much is read at once.
const BLOCK: usize = 256 * 1024;

/// How many bytes of output are looked at before the rules are read.
pub(super) const LITTLE: usize = 1024 * 1024;

/// What colours and the like begin with.
const ESC: u8 = 0x1B;

/// What is known of output that is piped in, besides its text.
pub(super) fn observation(
    command: Option<&str>,
    exit: Option<i32>,
    stream: Option<StreamName>,
) -> Observation {
    let stream = stream.map(|stream| match stream {
        StreamName::Stdout => Stream::Stdout,
        StreamName::Stderr => Stream::Stderr,
    });
    Observation { command: command.map(str::to_owned), exit, stream }
}

/// A file with output, or standard input; `name` is for messages.
pub(super) struct Source {
    pub(super) name: String,
    pub(super) is_file: bool,
    /// Whether all of it is there already: it is a regular file, or ended at once.
    is_whole: bool,
    pub(super) reader: Box<dyn Read>,
    /// What rules on lines see of it, where it was looked at already.
    unfolded: Option<(Vec<u8>, Lines)>,
}

impl Source {
    /// Output that is there, and is no file.
    pub(super) fn whole(name: &str, output: Vec<u8>) -> Self {
        Self { is_whole: true, ..Self::of(name, Box::new(io::Cursor::new(output))) }
    }

    /// Output that is there or comes, and is no file.
    pub(super) fn of(name: &str, reader: Box<dyn Read>) -> Self {
        Self { name: name.to_owned(), is_file: false, is_whole: false, reader, unfolded: None }
    }
}

/// Opens what was named, or standard input.
pub(super) fn sources(session: &Session<'_>, files: &[String]) -> Result<Vec<Source>, Failure> {
    if files.is_empty() {
        return Ok(vec![standard_input()?]);
    }
    let open = |name: &String| {
        if name == "-" {
            return standard_input();
        }
        let file = session.host.open(name).map_err(|error| Failure::of(Exit::Usage, &error))?;
        let is_whole = file.metadata().is_ok_and(|metadata| metadata.is_file());
        Ok(Source { name: name.clone(), is_file: true, is_whole, reader: Box::new(file), unfolded: None })
    };
    files.iter().map(open).collect()
}

fn standard_input() -> Result<Source, Failure> {
    if io::IsTerminal::is_terminal(&io::stdin()) {
        return Err(Failure::new(Exit::Usage, "there is no output to read")
            .help("pipe it in, `pytest 2>&1 | heal match`, or name a file that holds it"));
    }
    let mut input = StandardInput::open();
    let (begun, is_whole) = input.at_once(LITTLE);
    let reader = Box::new(io::Cursor::new(begun).chain(input));
    Ok(Source { name: "standard input".to_owned(), is_file: false, is_whole, reader, unfolded: None })
}

/// All that rules may fire on in the sources, as it came and as they see it, without a byte that a terminal would not
/// show, where that is little and there already; they can be read all the same.
pub(super) fn whole(sources: &mut [Source], reading: &Reading) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    for source in sources {
        let mut text = Vec::new();
        let most = LITTLE.saturating_sub(all.len()) + 1;
        let is_little = source.is_whole
            && source.reader.by_ref().take(most as u64).read_to_end(&mut text).is_ok()
            && text.len() < most;
        if is_little {
            let output = Coding::decoded(&text);
            let mut unfolded = Unfolded::new(output.as_slice(), reading.marks.clone());
            let mut seen = Vec::new();
            unfolded.read_to_end(&mut seen).expect("memory can be read");
            all.extend_from_slice(&seen);
            if seen != output {
                all.push(b'\n');
                all.extend_from_slice(&output);
            }
            source.unfolded = Some((seen, unfolded.lines()));
        }
        let rest = std::mem::replace(&mut source.reader, Box::new(io::empty()));
        source.reader = Box::new(io::Cursor::new(text).chain(rest));
        if !is_little {
            return None;
        }
    }
    Some(shown(all))
}

/// An output, and below it what a terminal shows of it where that is something else, without what it does not show.
fn shown(mut output: Vec<u8>) -> Vec<u8> {
    if memchr::memchr2(ESC, b'\r', &output).is_some() {
        let shown = heal_diagnose::plain(&output);
        output.iter_mut().filter(|byte| matches!(**byte, ESC | b'\r')).for_each(|byte| *byte = b'\n');
        output.extend_from_slice(shown.as_bytes());
    }
    output
}

/// Gives a source to `read` as rules on lines see it, and which lines of the output those stand for. What is read goes to
/// the console as it comes, where one is given, and to `diagnostics`, which end with it.
pub(super) fn read<T>(
    source: Source,
    console: Option<&mut Console>,
    diagnostics: &mut Diagnostics,
    read: impl FnOnce(&mut dyn BufRead, &Lines) -> io::Result<T>,
) -> Result<T, Failure> {
    let Source { name, reader, unfolded, .. } = source;
    let marks = diagnostics.marks();
    let coding = Coding::default();
    let mut tee =
        Tee { reader, console, diagnostics: &mut *diagnostics, coding, waiting: io::Cursor::default() };
    let seen = match unfolded {
        Some((text, lines)) => {
            io::copy(&mut tee, &mut io::sink()).and_then(|_| read(&mut text.as_slice(), &lines))
        }
        None => {
            let unfolded = Unfolded::new(tee, marks);
            let lines = unfolded.lines();
            read(&mut BufReader::with_capacity(BLOCK, unfolded), &lines)
        }
    };
    diagnostics.end();
    seen.map_err(|error| Failure::new(Exit::Usage, format!("cannot read {name}: {error}")))
}

/// What a scan has seen, with the lines of the output that the lines it saw stand for.
pub(super) fn in_place(mut seen: Seen, lines: &Lines) -> Seen {
    seen.findings = seen.findings.into_iter().map(|finding| find::in_place(finding, lines)).collect();
    seen
}

/// Splits a command as a shell splits words; one that needs a shell is given to it.
pub(super) fn words(command: &str) -> Option<Vec<String>> {
    let plain = !command.contains(['|', '&', ';', '<', '>', '$', '`', '*', '?', '(', '\n']);
    if plain {
        shlex::split(command)
    } else {
        Some(vec!["sh".to_owned(), "-c".to_owned(), command.to_owned()])
    }
}

struct Tee<'a> {
    reader: Box<dyn Read>,
    console: Option<&'a mut Console>,
    diagnostics: &'a mut Diagnostics,
    coding: Coding,
    /// What has been read and is given out next, of output that is decoded.
    waiting: io::Cursor<Vec<u8>>,
}

impl Tee<'_> {
    /// Reads the next bytes, and passes them on as they are.
    fn pass(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        if let Some(console) = &mut self.console {
            console.bytes(&buffer[..count]);
        }
        Ok(count)
    }
}

impl Read for Tee<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut count = self.waiting.read(buffer)?;
        let is_plain = matches!(self.coding, Coding::Plain);
        if count == 0 && is_plain {
            count = self.pass(buffer)?;
        }
        let mut has_ended = is_plain;
        while count == 0 && !has_ended {
            let read = self.pass(buffer)?;
            let mut text = Vec::new();
            self.coding.push(&buffer[..read], &mut text);
            has_ended = read == 0;
            if has_ended {
                self.coding.end(&mut text);
            }
            self.waiting = io::Cursor::new(text);
            count = self.waiting.read(buffer)?;
        }
        self.diagnostics.feed(&buffer[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{shown, words};

    #[test]
    fn what_a_terminal_shows_is_there_as_it_is_shown() {
        #[track_caller]
        fn check(output: &str, expected: &str) {
            assert_eq!(String::from_utf8_lossy(&shown(output.as_bytes().to_vec())), expected);
        }
        check("plain\n", "plain\n");
        check("\u{1b}[31mImport\u{1b}[0mError\r\n", "\n[31mImport\n[0mError\n\nImportError\n");
        check("10%\rdone\n", "10%\ndone\ndone\n");
    }

    #[test]
    fn commands_are_split_as_a_shell_does() {
        assert_eq!(
            words("pytest -k 'a b'").as_deref(),
            Some(&["pytest", "-k", "a b"].map(str::to_owned)[..])
        );
        assert_eq!(words("make | tee x"), Some(["sh", "-c", "make | tee x"].map(str::to_owned).to_vec()));
        assert_eq!(words("echo 'open"), None);
    }
}
