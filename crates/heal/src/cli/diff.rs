use heal_model::{
    CommandPreview, DiffLine, FileKind, FilePreview, Fix, Hunk, LineTag, Plan, Preview, Refusal, RefusalCode,
    RelPath, Safety,
};
use heal_plan::{Divided, preview, select};

use super::style::{Style, counted, visible};

/// What a call would do, and apart from it what it would not, as a person looks at them.
pub(super) fn divided(shown: &Divided, style: Style) -> String {
    let mut blocks = changes(&preview(&shown.offered), style);
    for (safety, why) in
        [(Safety::Unsafe, "unsafe, so only with --unsafe:"), (Safety::Manual, "for a person to do:")]
    {
        let some = select(&shown.left_out, &|_| true, &|fix| shown.left_out.fixes[fix].safety == safety);
        let left_out = changes(&preview(&some), style);
        if !left_out.is_empty() {
            // What makes a safe rule's fix unsafe is said before it is shown.
            let head = style.faint(why) + "\n" + &warnings(&some.fixes, style);
            blocks.push(format!("{head}{}", left_out.join("\n")));
        }
    }
    let fixes: Vec<&Fix> = shown.offered.fixes.iter().chain(&shown.left_out.fixes).collect();
    blocks.extend(guided(&fixes, style));
    blocks.extend(words(&shown.offered, style));
    blocks.join("\n")
}

/// A plan as a person looks at it: every file's diff, every command, all that is refused.
pub(super) fn plan(plan: &Plan, style: Style) -> String {
    let mut blocks = changes(&preview(plan), style);
    blocks.extend(guided(&plan.fixes.iter().collect::<Vec<_>>(), style));
    blocks.extend(words(plan, style));
    blocks.join("\n")
}

/// Every file's diff, and every command.
fn changes(shown: &Preview, style: Style) -> Vec<String> {
    let mut blocks: Vec<String> = shown.files.iter().map(|one| file(one, style)).collect();
    if !shown.snapshots.is_empty() || !shown.folders.is_empty() {
        let why = style.faint("(brought back if what follows does not end well)");
        blocks.push(format!("{} {}  {why}\n", style.faint("snapshot"), kept(shown).join(", ")));
    }
    if !shown.commands.is_empty() {
        blocks.push(shown.commands.iter().map(|one| command(one, style)).collect());
    }
    blocks
}

/// What is kept while commands run: folders with all that is in them, then files that lie in none of them.
fn kept(shown: &Preview) -> Vec<String> {
    let inside = |folder: &RelPath, path: &RelPath| {
        path.as_str().strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    let folders = shown.folders.iter().map(|folder| {
        let count = shown.snapshots.iter().filter(|path| inside(folder, path)).count();
        format!("{}/ ({})", visible(folder.as_str()), counted(count, "file", "files"))
    });
    let is_apart = |path: &&RelPath| !shown.folders.iter().any(|folder| inside(folder, path));
    let files = shown.snapshots.iter().filter(is_apart).map(|path| visible(path.as_str()));
    folders.chain(files).collect()
}

/// What a person is told to do.
fn guided(fixes: &[&Fix], style: Style) -> Vec<String> {
    let told = fixes.iter().filter(|fix| !is_covered(fix, fixes));
    told.filter_map(|fix| guides(fix, style)).collect()
}

/// What to beware of, and what is refused.
fn words(plan: &Plan, style: Style) -> Vec<String> {
    let blocks = [warnings(&plan.fixes, style), refusals(&plan.refusals, style)];
    blocks.into_iter().filter(|block| !block.is_empty()).collect()
}

fn warnings(fixes: &[Fix], style: Style) -> String {
    let warnings = fixes.iter().flat_map(|fix| &fix.warnings);
    warnings.map(|warning| format!("{} {}\n", style.warn("warning:"), visible(warning))).collect()
}

/// One line that counts what a plan comes to: `2 files, +3 -1, 1 command`.
pub(super) fn sum(plan: &Plan) -> String {
    let shown = preview(plan);
    let mut parts = Vec::new();
    if !shown.files.is_empty() {
        let added: u32 = shown.files.iter().map(|file| file.added).sum();
        let removed: u32 = shown.files.iter().map(|file| file.removed).sum();
        parts.push(format!("{} (+{added} -{removed})", counted(shown.files.len(), "file", "files")));
    }
    if !shown.commands.is_empty() {
        parts.push(counted(shown.commands.len(), "command", "commands"));
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// One file's diff.
pub(super) fn file(file: &FilePreview, style: Style) -> String {
    let kind = match file.kind {
        FileKind::Created => "create",
        FileKind::Deleted => "delete",
        FileKind::Edited => "edit",
    };
    let mut text = format!("{} {}\n", style.faint(kind), stat(file, style));
    if file.binary {
        text.push_str(&style.faint("  not text: no diff to show\n"));
    }
    file.hunks.iter().for_each(|one| text.push_str(&hunk(one, style)));
    text
}

/// A file, with how many lines come and go.
pub(super) fn stat(file: &FilePreview, style: Style) -> String {
    let path = style.bold(&visible(file.path.as_str()));
    match (file.added, file.removed) {
        (0, 0) => path,
        (added, removed) => {
            let (added, removed) = (format!("+{added}"), format!("-{removed}"));
            format!("{path}  {} {}", style.added(&added), style.removed(&removed))
        }
    }
}

/// One hunk, headed by the rules that ask for it.
pub(super) fn hunk(hunk: &Hunk, style: Style) -> String {
    let rules: Vec<&str> = hunk.rules.iter().map(heal_model::RuleId::as_str).collect();
    let Hunk { old_start, old_lines, new_start, new_lines, safety, .. } = hunk;
    let mut text = style.code(&format!("@@ -{old_start},{old_lines} +{new_start},{new_lines} @@"));
    if !rules.is_empty() {
        text.push_str(&format!(" {} ({})", rules.join(", "), style.safety(*safety)));
    }
    text.push('\n');
    // Where every line ends with a carriage return nothing is said of it; where some do, it is shown.
    let all_return = hunk.lines.iter().filter(|line| !line.no_newline).all(has_return);
    for one in &hunk.lines {
        let mut one = one.clone();
        if let Some(last) = one.pieces.last_mut().filter(|piece| piece.text.ends_with('\r')) {
            last.text.pop();
            last.text.push_str(if all_return { "" } else { "␍" });
        }
        text.push_str(&line(&one, style));
    }
    text
}

fn has_return(line: &DiffLine) -> bool {
    line.pieces.last().is_some_and(|piece| piece.text.ends_with('\r'))
}

/// One line of a hunk.
pub(super) fn line(line: &DiffLine, style: Style) -> String {
    let sign = match line.tag {
        LineTag::Context => " ".to_owned(),
        LineTag::Removed => style.removed("-"),
        LineTag::Added => style.added("+"),
    };
    let pieces = line.pieces.iter().map(|piece| {
        let text = visible(&piece.text);
        match (line.tag, piece.changed) {
            (LineTag::Context, _) => text,
            (LineTag::Removed, false) => style.removed(&text),
            (LineTag::Removed, true) => style.removed_words(&text),
            (LineTag::Added, false) => style.added(&text),
            (LineTag::Added, true) => style.added_words(&text),
        }
    });
    let mut text = format!("{sign}{}\n", pieces.collect::<String>());
    if line.no_newline {
        text.push_str(&style.faint("\\ no newline at the end of the file\n"));
    }
    text
}

fn command(command: &CommandPreview, style: Style) -> String {
    let place = command.cwd.as_ref().map(|cwd| format!(" in {cwd}")).unwrap_or_default();
    // A script is read line by line before it is agreed to.
    let lines: Vec<String> = command.line.lines().map(|line| style.bold(&visible(line))).collect();
    let mut text = format!(
        "{} {}{place}  {}\n",
        style.faint("run"),
        lines.join("\n    "),
        style.faint(&format!("{} ({}; can't be undone)", command.rule, command.safety)),
    );
    if command.then > 0 {
        let steps = counted(command.then as usize, "step follows", "steps follow");
        text.push_str(&style.faint(&format!("    {steps}, planned when it is done\n")));
    }
    text
}

fn guides(fix: &Fix, style: Style) -> Option<String> {
    if fix.guides.is_empty() {
        return None;
    }
    let mut text = format!("{} {}\n", style.hint("what to do:"), style.faint(fix.rule.as_str()));
    for guide in &fix.guides {
        for line in super::markdown::plain(guide, style.within(2)).lines() {
            text.push_str(format!("  {line}").trim_end());
            text.push('\n');
        }
    }
    Some(text)
}

/// Whether a fix only tells what to do about lines of output that another fix mends: then the mending is enough.
fn is_covered(fix: &Fix, fixes: &[&Fix]) -> bool {
    let Some(own) = fix.finding.as_ref().filter(|_| !fix.acts()) else { return false };
    let mut others = fixes.iter().filter(|other| other.acts()).filter_map(|other| other.finding.as_ref());
    others.any(|other| other.overlaps(own))
}

fn refusals(refusals: &[Refusal], style: Style) -> String {
    /// How far in a reason goes on: to where it began, below `no fix: `.
    const HANG: usize = 8;
    let told = refusals.iter().map(|refusal| {
        let mut lines = refusal.reason.lines();
        let first = lines.next().unwrap_or_default();
        let word = match refusal.code {
            RefusalCode::Already => style.good("already healed:"),
            _ => style.warn("no fix:"),
        };
        let head = style.fold(&format!("{word} {}: {}\n", refusal.rule, visible(first)), HANG);
        lines.fold(head, |text, line| format!("{text}{}{}\n", " ".repeat(HANG), visible(line)))
    });
    told.collect()
}

/// What is left for a wider consent: `add --unsafe to apply 1 file (+1 -0)`.
pub(super) fn more(left_out: &Plan, next: &str) -> Option<String> {
    let of = |safety| select(left_out, &|_| true, &|fix| left_out.fixes[fix].safety == safety);
    let (risky, manual) = (of(Safety::Unsafe), of(Safety::Manual));
    let mut told = Vec::new();
    if risky.acts() {
        told.push(format!("{next} to apply {}", sum(&risky)));
    }
    if manual.acts() {
        told.push(format!("{} for a person to do", counted(manual.fixes.len(), "fix", "fixes")));
    }
    (!told.is_empty()).then(|| told.join("; "))
}

/// What of a plan was not chosen: `1 hunk, 1 command`.
pub(super) fn declined(offered: &Plan, chosen: &Plan) -> Option<String> {
    let hunks =
        |plan: &Plan| -> usize { preview(plan).files.iter().map(|file| file.hunks.len().max(1)).sum() };
    let commands = |plan: &Plan| preview(plan).commands.len();
    let left = [
        (hunks(offered).saturating_sub(hunks(chosen)), "hunk", "hunks"),
        (commands(offered).saturating_sub(commands(chosen)), "command", "commands"),
    ];
    let told =
        left.iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| counted(*count, one, many));
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(", "))
}
