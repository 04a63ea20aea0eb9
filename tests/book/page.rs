/// A document, as far as it is run.
#[derive(Clone)]
pub(super) struct Page {
    pub(super) items: Vec<Item>,
}

/// Something of a document that is run.
#[derive(Clone)]
pub(super) enum Item {
    /// A fresh project.
    Heading,
    /// A file to write.
    Write { path: String, text: String },
    /// A file to compare; `lines` are the block's, in the document.
    Compare { path: String, text: String, lines: (usize, usize) },
    /// Commands to run; `lines` are the block's, in the document.
    Console { shows: Vec<Show>, lines: (usize, usize) },
}

/// One command, and what it shows.
#[derive(Clone)]
pub(super) struct Show {
    pub(super) command: String,
    pub(super) output: String,
    pub(super) exit: i32,
}

impl Page {
    pub(super) fn read(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let mut items = Vec::new();
        let mut file: Option<(String, bool)> = None;
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at];
            if let Some(language) = line.strip_prefix("```") {
                let fence = &line[..line.len() - language.len()];
                let length = lines[at + 1..].iter().position(|line| line.trim_end() == fence);
                let end =
                    at + 1 + length.unwrap_or_else(|| panic!("the block in line {} has no end", at + 1));
                items.extend(block(language, file.take(), &lines[at + 1..end], (at + 1, end)));
                at = end + 1;
                continue;
            }
            if line.starts_with('#') {
                items.push(Item::Heading);
            }
            if !line.trim().is_empty() {
                file = named(line);
            }
            at += 1;
        }
        Self { items }
    }

    pub(super) fn set_text(&mut self, index: usize, now: String) {
        if let Item::Compare { text, .. } = &mut self.items[index] {
            *text = now;
        }
    }

    pub(super) fn set_shows(&mut self, index: usize, seen: Vec<Show>) {
        if let Item::Console { shows, .. } = &mut self.items[index] {
            *shows = seen;
        }
    }

    /// The document with the items' texts in place of those it has.
    pub(super) fn write(&self, text: &str) -> String {
        let lines: Vec<&str> = text.lines().collect();
        let mut written = String::new();
        let mut at = 0;
        for item in &self.items {
            let (body, (start, end)) = match item {
                Item::Compare { text, lines, .. } => (text.clone(), *lines),
                Item::Console { shows, lines } => (shows.iter().map(Show::text).collect(), *lines),
                Item::Heading | Item::Write { .. } => continue,
            };
            lines[at..start].iter().for_each(|line| written.push_str(&format!("{line}\n")));
            written.push_str(&body);
            at = end;
        }
        lines[at..].iter().for_each(|line| written.push_str(&format!("{line}\n")));
        written
    }
}

impl Show {
    fn text(&self) -> String {
        let exit = if self.exit == 0 { String::new() } else { format!("? {}\n", self.exit) };
        format!("$ {}\n{}{exit}", self.command, self.output)
    }
}

/// `` `path`: `` names a file to write, `` `path` becomes: `` one to compare.
fn named(line: &str) -> Option<(String, bool)> {
    let (path, rest) = line.strip_prefix('`')?.split_once('`')?;
    match rest.trim() {
        ":" => Some((path.to_owned(), false)),
        "becomes:" => Some((path.to_owned(), true)),
        _ => None,
    }
}

fn block(language: &str, file: Option<(String, bool)>, body: &[&str], lines: (usize, usize)) -> Option<Item> {
    let text = || body.iter().map(|line| format!("{line}\n")).collect::<String>();
    match file {
        Some((path, false)) => Some(Item::Write { path, text: text() }),
        Some((path, true)) => Some(Item::Compare { path, text: text(), lines }),
        None if language == "console" => Some(Item::Console { shows: shows(body), lines }),
        None => None,
    }
}

fn shows(body: &[&str]) -> Vec<Show> {
    let mut shows: Vec<Show> = Vec::new();
    for line in body {
        if let Some(command) = line.strip_prefix("$ ") {
            shows.push(Show { command: command.to_owned(), output: String::new(), exit: 0 });
            continue;
        }
        let show = shows.last_mut().expect("a console block starts with a command");
        match line.strip_prefix("? ").map(str::parse) {
            Some(Ok(exit)) => show.exit = exit,
            _ => show.output.push_str(&format!("{line}\n")),
        }
    }
    shows
}
