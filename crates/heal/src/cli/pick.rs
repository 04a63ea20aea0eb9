use heal_model::{FilePreview, Hunk, PartRef, Plan};
use heal_plan::{preview, select};

use super::diff;
use super::style::Style;
use super::terminal::Terminal;

/// How a question about a command is answered.
const KEYS: &str = "[y]es  [n]o  [q]uit without any";

/// Goes through a plan hunk by hunk, and through its commands; `None` where nothing of it is wanted.
pub(super) fn pick(terminal: &mut Terminal, plan: &Plan) -> Option<Plan> {
    let shown = preview(plan);
    let items: Vec<Item<'_>> = shown.files.iter().flat_map(|file| items(plan, file)).collect();
    let taken = taken(terminal, &items)?;
    let parts = items.iter().zip(taken).filter(|(_, taken)| *taken).flat_map(|(item, _)| item.parts.clone());
    let parts: Vec<PartRef> = parts.collect();
    let declined = decline(terminal, plan, &parts)?;
    let mut plan = plan.clone();
    for &fix in &declined {
        plan.fixes[fix].commands.clear();
        plan.fixes[fix].rest = None;
    }
    let is_whole = |fix: usize| !declined.contains(&fix) || !plan.fixes[fix].parts.is_empty();
    Some(select(&plan, &|part| parts.contains(&part), &is_whole))
}

/// What is taken or left as one: a hunk, or several that show one change, or a file that has none to show.
struct Item<'a> {
    file: &'a FilePreview,
    hunks: Vec<&'a Hunk>,
    parts: Vec<PartRef>,
}

fn items<'a>(plan: &Plan, file: &'a FilePreview) -> Vec<Item<'a>> {
    let has_parts = file.hunks.iter().any(|hunk| !hunk.parts.is_empty());
    if has_parts {
        let parts: Vec<&[PartRef]> = file.hunks.iter().map(|hunk| hunk.parts.as_slice()).collect();
        let item = |group: Vec<usize>| Item {
            file,
            parts: group.iter().flat_map(|&hunk| parts[hunk].iter().copied()).collect(),
            hunks: group.iter().map(|&hunk| &file.hunks[hunk]).collect(),
        };
        return joined(&parts).into_iter().map(item).collect();
    }
    let edit = plan.edits.iter().find(|edit| edit.path == file.path);
    let parts = edit.map(|edit| edit.parts.clone()).unwrap_or_default();
    vec![Item { file, hunks: Vec::new(), parts }]
}

/// Puts hunks together that share a part: a file that is restored is one, however many hunks show it, and can't be taken
/// by halves.
fn joined(hunks: &[&[PartRef]]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, parts) in hunks.iter().enumerate() {
        let shares = |group: &Vec<usize>| {
            group.iter().any(|&other| hunks[other].iter().any(|part| parts.contains(part)))
        };
        let (sharing, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(shares);
        groups = apart;
        groups.push(sharing.into_iter().flatten().chain([place]).collect());
    }
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort();
    groups
}

/// Which items a person takes, in order; `None` where somebody leaves.
fn taken(terminal: &mut Terminal, items: &[Item<'_>]) -> Option<Vec<bool>> {
    let mut taken: Vec<bool> = Vec::new();
    while let Some(item) = items.get(taken.len()) {
        let rest = items[taken.len()..].iter().take_while(|other| other.file.path == item.file.path).count();
        let mut keys = "[y]es  [n]o".to_owned();
        keys.push_str(if rest > 1 { "  [r]est of this file" } else { "" });
        keys.push_str(if taken.is_empty() { "" } else { "  [b]ack" });
        keys.push_str("  [q]uit without any");
        terminal.say(&item.shown(terminal.style));
        match terminal.line(&item.question(taken.len(), items.len()), &keys).as_deref() {
            Some("y" | "yes") => taken.push(true),
            Some("n" | "no") => taken.push(false),
            Some("r" | "rest") => taken.extend(vec![true; rest]),
            Some("b" | "back") => drop(taken.pop()),
            Some("q" | "quit") | None => return None,
            Some(_) => terminal.say(&format!("Type one of: {keys}\n")),
        }
    }
    Some(taken)
}

impl Item<'_> {
    fn question(&self, place: usize, all: usize) -> String {
        let what = match self.hunks.len() {
            0 => "this file".to_owned(),
            1 => "this hunk".to_owned(),
            several => format!("these {several} hunks together"),
        };
        match all {
            1 => format!("Apply {what}?"),
            all => format!("Apply {what}, {} of {all}?", place + 1),
        }
    }

    fn shown(&self, style: Style) -> String {
        if self.hunks.is_empty() {
            return diff::file(self.file, style);
        }
        let hunks: String = self.hunks.iter().map(|hunk| diff::hunk(hunk, style)).collect();
        format!("{}\n{hunks}", style.bold(self.file.path.as_str()))
    }
}

/// Asks about the commands of those fixes that are not left out already; gives the fixes whose commands are.
fn decline(terminal: &mut Terminal, plan: &Plan, parts: &[PartRef]) -> Option<Vec<usize>> {
    let mut declined = Vec::new();
    for (index, fix) in plan.fixes.iter().enumerate() {
        let is_left_out = !fix.parts.is_empty() && !parts.iter().any(|part| part.fix == index);
        if fix.commands.is_empty() || is_left_out {
            continue;
        }
        let alone = preview(&select(plan, &|_| true, &|one| one == index));
        for command in alone.commands {
            terminal.say(&format!("run {}\n", terminal.style.bold(&command.line)));
        }
        if !terminal.yes("Run this?", KEYS)? {
            declined.push(index);
        }
    }
    Some(declined)
}

#[cfg(test)]
mod tests {
    use heal_model::PartRef;

    use super::joined;

    #[track_caller]
    fn check(hunks: &[&[usize]], expected: &[&[usize]]) {
        let part = |&part: &usize| PartRef { fix: 0, part };
        let hunks: Vec<Vec<PartRef>> = hunks.iter().map(|parts| parts.iter().map(part).collect()).collect();
        let hunks: Vec<&[PartRef]> = hunks.iter().map(Vec::as_slice).collect();
        assert_eq!(joined(&hunks), expected);
    }

    #[test]
    fn hunks_of_one_part_are_one() {
        check(&[], &[]);
        check(&[&[0], &[1]], &[&[0], &[1]]);
        check(&[&[0], &[1], &[0]], &[&[0, 2], &[1]]);
        check(&[&[0], &[1], &[2], &[1, 0]], &[&[0, 1, 3], &[2]]);
    }
}
