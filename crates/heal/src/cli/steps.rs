use heal_model::{
    Action, Content, LineChange, LinePosition, RestoreFrom, Run, SignalTo, Step, Template, TextEdit, Verify,
};

use super::style::{Style, visible};
use super::titled::unfilled;

/// How many characters of a pattern or replacement are shown.
const LONGEST: usize = 60;

/// Steps in words, one a line; what is filled in stands as written.
pub(super) fn told(steps: &[Step], style: Style) -> String {
    let mut text = String::new();
    tell(steps, 1, style, &mut text);
    text
}

/// How it is known that a fix helped, in words.
pub(super) fn verification(verify: &Verify, style: Style) -> String {
    let mut checks = Vec::new();
    if verify.rerun {
        checks.push("the failure must be gone when the command runs again".to_owned());
    }
    if let Some(command) = &verify.command {
        checks.push(format!("{} must pass", style.code(&joined(command))));
    }
    let indicators = &verify.success_indicators;
    checks.extend(
        indicators.must.iter().map(|pattern| format!("its output must say {}", style.code(&pattern.source))),
    );
    let must_not = indicators.must_not.iter();
    checks.extend(must_not.map(|pattern| format!("its output must not say {}", style.code(&pattern.source))));
    if !verify.conditions.is_empty() {
        checks.push("its conditions on files must hold".to_owned());
    }
    let row = |check| format!("  {} {check}; else all is taken back", style.faint("verify"));
    checks.iter().map(|check| format!("{}\n", style.fold(&row(check), 4))).collect()
}

fn tell(steps: &[Step], depth: usize, style: Style, text: &mut String) {
    for step in steps {
        let (verb, rest) = words(&step.action, style);
        let when = if step.when.is_some() { style.faint(", if its condition holds") } else { String::new() };
        let row = format!("{}{} {rest}{when}", "  ".repeat(depth), style.faint(verb));
        text.push_str(&format!("{}\n", style.fold(&row, 2 * depth + 2)));
        if let Action::Choose(choose) = &step.action {
            for option in &choose.options {
                text.push_str(&format!("{}{}\n", "  ".repeat(depth + 1), shown(&option.label)));
                tell(&option.steps, depth + 2, style, text);
            }
        }
    }
}

fn words(action: &Action, style: Style) -> (&'static str, String) {
    let code = |template: &Template| style.code(&shown(template));
    match action {
        Action::Find(find) => {
            let above = find.above.as_ref().map(|path| format!(", next above {}", shown(path)));
            let files = joined(&find.files) + &above.unwrap_or_default();
            ("find", format!("{} in {files}", code(&find.pattern.source)))
        }
        Action::Edit(edit) => ("edit", edited(edit, style)),
        Action::Line(line) => ("line", format!("{} in {}", changed(&line.change, style), shown(&line.file))),
        Action::Create(create) => (
            "create",
            match &create.content {
                Content::Asset(asset) => format!("{} from {asset}", code(&create.path)),
                Content::Inline(_) => code(&create.path),
            },
        ),
        Action::Set(set) => (
            "set",
            format!("{} to {} in {}", code(&set.at.key), named(&set.value.to_string()), shown(&set.at.file)),
        ),
        Action::Remove(remove) => {
            ("remove", format!("{} from {}", code(&remove.at.key), shown(&remove.at.file)))
        }
        Action::Copy(copy) => ("copy", format!("{} to {}", code(&copy.from), code(&copy.to))),
        Action::Move(moved) => ("move", format!("{} to {}", code(&moved.from), code(&moved.to))),
        Action::Delete(delete) => ("delete", code(&delete.path)),
        Action::Restore(restore) => (
            "restore",
            match &restore.from {
                RestoreFrom::Backup => format!("{} from heal's backup", code(&restore.path)),
                RestoreFrom::Git(revision) => {
                    format!("{} from git, {}", code(&restore.path), shown(revision))
                }
            },
        ),
        Action::Patch(patch) => (
            "patch",
            match &patch.diff {
                Some(_) => "with the playbook's own diff".to_owned(),
                None => "with the diff in the output".to_owned(),
            },
        ),
        Action::Suggestions(_) => ("apply", "what the tool itself suggests".to_owned()),
        Action::Snapshot(snapshot) => ("keep", format!("{} as they are", joined(&snapshot.files))),
        Action::Run(run) => ("run", ran(run, style)),
        Action::Signal(signal) => {
            let to = match &signal.to {
                SignalTo::PidFile(file) => format!("the process of {}", shown(file)),
                SignalTo::Holder(holder) => format!("process {}", shown(&holder.pid)),
            };
            ("signal", format!("{:?} to {to}", signal.signal))
        }
        Action::Choose(choose) => ("ask", shown(&choose.question)),
        Action::Guide(guide) => ("say", first_line(guide)),
    }
}

fn edited(edit: &TextEdit, style: Style) -> String {
    let (files, from) = (joined(&edit.files), style.removed(&shown(&edit.search.source)));
    match shown(&edit.replace) {
        to if to.is_empty() => format!("{files}: {from} is taken out"),
        to => format!("{files}: {from} becomes {}", style.added(&to)),
    }
}

fn changed(change: &LineChange, style: Style) -> String {
    match change {
        LineChange::Absent(pattern) => format!("none that fits {}", style.code(&shown(&pattern.source))),
        LineChange::Present { line, position } => {
            let line = style.code(&shown(line));
            match position {
                LinePosition::Start => format!("{line} at the start"),
                LinePosition::End => format!("{line} at the end"),
                LinePosition::After(pattern) => format!("{line} after {}", shown(&pattern.source)),
                LinePosition::Before(pattern) => format!("{line} before {}", shown(&pattern.source)),
            }
        }
    }
}

fn ran(run: &Run, style: Style) -> String {
    let line = run.shell.clone().unwrap_or_else(|| joined(&run.argv));
    let place = run.cwd.as_ref().map(|cwd| format!(" in {}", shown(cwd))).unwrap_or_default();
    format!("{}{place}; a command can't be undone", style.bold(&visible(&line)))
}

fn joined(templates: &[Template]) -> String {
    templates.iter().map(shown).collect::<Vec<_>>().join(" ")
}

/// A template on one line; the rest of a long one is in the playbook.
fn shown(template: &Template) -> String {
    named(template.as_str())
}

/// Text with `<name>` for what is filled in, `<table of name>` for what is looked up, and `<if name>` … `<end>` for
/// what may be left out.
fn named(text: &str) -> String {
    let mut text = visible(&text.trim_end().replace('\n', "⏎"));
    text = text.replace("{{#if (default ", "<if ").replace(" \"\")}}", ">").replace("{{/if}}", "<end>");
    while let Some((before, after)) = text.split_once("{{lookup vars.") {
        text = format!("{before}<{}", after.replacen(' ', " of ", 1).replacen("}}", ">", 1));
    }
    let text = text.replace("{{#", "<").replace("{{", "<").replace("}}", ">");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn first_line(template: &Template) -> String {
    let text = unfilled(template.as_str().trim());
    let mut lines = text.lines();
    let first = visible(lines.next().unwrap_or_default());
    if lines.next().is_some() { format!("{first} …") } else { first }
}
