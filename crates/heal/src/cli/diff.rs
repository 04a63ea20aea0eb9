use heal_model::{
    CommandPreview, DiffLine, FileKind, FilePreview, Fix, Hunk, LineTag, Plan, Preview, RefusalCode, Safety,
};
use heal_plan::preview;

use super::style::{Style, counted, visible};

/// A plan as a person looks at it: every file's diff, every command, all that is refused.
pub(super) fn plan(plan: &Plan, style: Style) -> String {
    let shown = preview(plan);
    let mut blocks: Vec<String> = shown.files.iter().map(|one| file(one, style)).collect();
    if !shown.commands.is_empty() {
        blocks.push(shown.commands.iter().map(|one| command(one, style)).collect());
    }
    let told = plan.fixes.iter().filter(|fix| !is_covered(fix, plan));
    blocks.extend(told.filter_map(|fix| guides(fix, style)));
    let warnings = plan.fixes.iter().flat_map(|fix| &fix.warnings);
    let warnings: String =
        warnings.map(|warning| format!("{} {}\n", style.warn("warning:"), visible(warning))).collect();
    if !warnings.is_empty() {
        blocks.push(warnings);
    }
    if !shown.refusals.is_empty() {
        blocks.push(refusals(&shown, style));
    }
    blocks.join("\n")
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
    let path = visible(file.path.as_str());
    let counts = match (file.added, file.removed) {
        (0, 0) => String::new(),
        (added, removed) => {
            format!("  {} {}", style.added(&format!("+{added}")), style.removed(&format!("-{removed}")))
        }
    };
    let mut text = format!("{} {}{counts}\n", style.faint(kind), style.bold(&path));
    if file.binary {
        text.push_str(&style.faint("  not text: no diff to show\n"));
    }
    file.hunks.iter().for_each(|one| text.push_str(&hunk(one, style)));
    text
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
    hunk.lines.iter().for_each(|one| text.push_str(&line(one, style)));
    text
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
    let mut text = format!(
        "{} {}{place}  {}\n",
        style.faint("run"),
        style.bold(&visible(&command.line)),
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
        for line in super::markdown::plain(guide, style).lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    Some(text)
}

/// Whether a fix only tells what to do about lines of output that another fix mends: then the mending is enough.
fn is_covered(fix: &Fix, plan: &Plan) -> bool {
    let acts = |fix: &Fix| !fix.parts.is_empty() || !fix.commands.is_empty();
    let span = |fix: &Fix| fix.finding.as_ref().and_then(|finding| finding.span);
    let Some(own) = span(fix).filter(|_| !acts(fix)) else { return false };
    let mut others = plan.fixes.iter().filter(|other| acts(other)).filter_map(span);
    others.any(|other| other.first_line <= own.last_line && own.first_line <= other.last_line)
}

fn refusals(shown: &Preview, style: Style) -> String {
    let told = shown.refusals.iter().map(|refusal| {
        let mut lines = refusal.reason.lines();
        let first = lines.next().unwrap_or_default();
        let word = match refusal.code {
            RefusalCode::Already => style.good("already healed:"),
            _ => style.warn("no fix:"),
        };
        let head = format!("{word} {}: {}\n", refusal.rule, visible(first));
        lines.fold(head, |text, line| format!("{text}        {}\n", visible(line)))
    });
    told.collect()
}

/// What is left for a wider consent: `1 more with --unsafe`.
pub(super) fn held_back(plan: &Plan, applied: Safety) -> Option<String> {
    let acts = |fix: &&Fix| !fix.parts.is_empty() || !fix.commands.is_empty();
    let count = |safety| plan.fixes.iter().filter(acts).filter(|fix| fix.safety == safety).count();
    let mut told = Vec::new();
    if applied > Safety::Unsafe && count(Safety::Unsafe) > 0 {
        told.push(format!("{} more with --yes --unsafe", count(Safety::Unsafe)));
    }
    if count(Safety::Manual) > 0 {
        told.push(format!("{} for a person to do", count(Safety::Manual)));
    }
    (!told.is_empty()).then(|| told.join(", "))
}
