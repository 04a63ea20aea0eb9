use std::collections::BTreeMap;
use std::ops::Range;

use heal_model::{Bytes, Diff, Edit, Fix, Part, PartRef, Plan, Refusal, RefusalCode, RelPath, Safety};

use crate::checksum;
use crate::document::Format;
use crate::id::id;
use crate::splice;

/// Joins plans of one world into one: those that come first win where two want the same place, and those that
/// may be applied win over those that are for a person.
///
/// A fix that another of the same rule stands for, part for part and command for command, is left out. As long as a
/// required file is missing nothing else is planned.
#[must_use]
pub fn join(plans: Vec<Plan>) -> Plan {
    let (mut fixes, mut before, mut refusals) = (Vec::new(), BTreeMap::new(), Vec::new());
    for plan in plans {
        fixes.extend(plan.fixes);
        refusals.extend(plan.refusals);
        for edit in plan.edits {
            before.entry(edit.path).or_insert(edit.content.before);
        }
    }
    assemble(fixes, &before, refusals)
}

/// Makes a plan of fixes in rank and of what their files hold now.
pub(crate) fn assemble(
    fixes: Vec<Fix>,
    before: &BTreeMap<RelPath, Option<Bytes>>,
    refusals: Vec<Refusal>,
) -> Plan {
    let is_blocked = refusals.iter().any(|refusal| refusal.code == RefusalCode::Required);
    let mut merge = Merge { fixes: Vec::new(), files: BTreeMap::new(), before };
    let mut refusals = refusals;
    let mut fixes = fixes;
    // What heal never applies must not keep what it may apply from its place.
    fixes.sort_by_key(|fix| fix.safety == Safety::Manual);
    for fix in fixes.into_iter().filter(|_| !is_blocked) {
        if merge.fixes.iter().any(|other| stands_for(other, &fix)) {
            continue;
        }
        match merge.conflict(&fix) {
            Some(reason) => refusals.push(Refusal {
                rule: fix.rule,
                title: fix.title,
                file: None,
                code: RefusalCode::Overlap,
                reason,
            }),
            None => merge.add(fix),
        }
    }
    let edits = merge.edits();
    Plan { id: id(&edits, &merge.fixes), fixes: merge.fixes, edits, refusals }
}

fn stands_for(one: &Fix, other: &Fix) -> bool {
    one.acts()
        && one.rule == other.rule
        && one.parts == other.parts
        && one.commands == other.commands
        && one.guides == other.guides
        && one.rest == other.rest
}

/// Fixes that have found their place.
struct Merge<'a> {
    fixes: Vec<Fix>,
    files: BTreeMap<RelPath, Vec<Placed>>,
    before: &'a BTreeMap<RelPath, Option<Bytes>>,
}

/// A part and all who ask for it.
#[derive(Clone)]
struct Placed {
    part: Part,
    by: Vec<PartRef>,
}

impl Merge<'_> {
    /// Why a fix can't stand beside those before it.
    fn conflict(&self, fix: &Fix) -> Option<String> {
        for part in &fix.parts {
            let placed = self.files.get(part.path()).map_or(&[][..], Vec::as_slice);
            let before = self.before.get(part.path()).and_then(Option::as_deref).unwrap_or_default();
            if let Some(other) = placed.iter().find(|placed| clash(&placed.part, part, before)) {
                return Some(self.reason(part, other));
            }
        }
        let documents = fix.parts.iter().map(Part::path).filter(|path| self.files.contains_key(*path));
        documents.into_iter().find_map(|path| self.spoils(path, fix))
    }

    fn reason(&self, part: &Part, other: &Placed) -> String {
        let path = part.path();
        let place = match (part, self.before.get(path)) {
            (Part::Splice { range, .. }, Some(Some(before))) => {
                format!("{path}:{}", 1 + before[..range.start].iter().filter(|&&byte| byte == b'\n').count())
            }
            _ => path.to_string(),
        };
        let rule = &self.fixes[other.by[0].fix].rule;
        format!("changes the same place of {place} as {rule}; run heal again afterwards")
    }

    /// Whether a document that each fix leaves whole would not be one with both.
    fn spoils(&self, path: &RelPath, fix: &Fix) -> Option<String> {
        let before = self.before.get(path)?.as_ref()?;
        let format = Format::of(path)?.as_written(before.text()?);
        format.check(before).ok()?;
        let mut placed = self.files.get(path)?.clone();
        let others = placed.first()?.by.first()?.fix;
        for part in fix.parts.iter().filter(|part| part.path() == path) {
            place(&mut placed, part, PartRef { fix: self.fixes.len(), part: 0 });
        }
        let after = content(Some(before), &placed)?;
        let reason = format.check(&after).err()?;
        let rule = &self.fixes[others].rule;
        Some(format!(
            "{path} would not be {format} with this beside {rule}: {reason}; run heal again afterwards"
        ))
    }

    fn add(&mut self, fix: Fix) {
        for (index, part) in fix.parts.iter().enumerate() {
            let by = PartRef { fix: self.fixes.len(), part: index };
            place(self.files.entry(part.path().clone()).or_default(), part, by);
        }
        self.fixes.push(fix);
    }

    fn edits(&self) -> Vec<Edit> {
        let edit = |(path, placed): (&RelPath, &Vec<Placed>)| {
            let before = self.before.get(path).cloned().flatten();
            let executable =
                placed.iter().any(|placed| matches!(placed.part, Part::Create { executable: true, .. }));
            let after = content(before.as_ref(), placed);
            let parts = placed.iter().flat_map(|placed| placed.by.clone()).collect();
            Edit { path: path.clone(), content: Diff { before, after }, executable, parts }
        };
        let mut edits: Vec<Edit> = self.files.iter().map(edit).collect();
        let sidecars: Vec<Edit> = edits.iter().filter_map(|edit| self.sidecar(edit)).collect();
        edits.extend(sidecars);
        edits.sort_by(|one, other| one.path.cmp(&other.path));
        edits
    }

    /// The change to a file's sidecar, where it has one that no fix changes itself; it is made of the file's parts.
    fn sidecar(&self, edit: &Edit) -> Option<Edit> {
        let path = checksum::sidecar(&edit.path).ok()?;
        let before = self.before.get(&path)?.clone().filter(|_| !self.files.contains_key(&path))?;
        let after = checksum::written(&edit.path, edit.content.after.as_ref()?);
        let content = Diff { before: Some(before), after: Some(after) };
        Some(Edit { path, content, executable: false, parts: edit.parts.clone() })
    }
}

/// Puts a part among a file's others, in the file's order; the same part asked for twice is one.
fn place(placed: &mut Vec<Placed>, part: &Part, by: PartRef) {
    if let Some(same) = placed.iter_mut().find(|placed| placed.part == *part) {
        same.by.push(by);
        return;
    }
    let at = placed.partition_point(|other| start(&other.part) <= start(part));
    placed.insert(at, Placed { part: part.clone(), by: vec![by] });
}

/// Where a part starts; what is inserted stands before what is replaced there.
fn start(part: &Part) -> (usize, bool) {
    if let Part::Splice { range, .. } = part { (range.start, !range.is_empty()) } else { (0, false) }
}

/// Whether two parts of one file can't both be done.
///
/// Parts that touch clash, but for whole lines that are put in beside whole lines: two imports that want the same
/// place stand one after the other, the first in rank first.
fn clash(one: &Part, other: &Part, before: &[u8]) -> bool {
    match (one, other) {
        (one, other) if one == other => false,
        (Part::Splice { range: first, text: put, .. }, Part::Splice { range: second, text: also, .. }) => {
            let inside = first.start < second.end && second.start < first.end;
            let touches = first.start <= second.end && second.start <= first.end;
            // Neighbouring lines are two places, and lines that are put in stand in the order of their rules.
            let lines = takes_lines(first, put, before) && takes_lines(second, also, before);
            inside || (touches && !lines)
        }
        _ => true,
    }
}

/// Whether whole lines give way to whole lines, or to none.
fn takes_lines(range: &Range<usize>, text: &[u8], before: &[u8]) -> bool {
    let starts_line = |at: usize| at == 0 || before.get(at - 1) == Some(&b'\n');
    starts_line(range.start) && starts_line(range.end) && (text.is_empty() || text.ends_with(b"\n"))
}

/// What a file holds after all of its parts are done.
fn content(before: Option<&Bytes>, placed: &[Placed]) -> Option<Bytes> {
    match placed {
        [Placed { part: Part::Create { content, .. } | Part::Replace { content, .. }, .. }] => {
            Some(content.clone())
        }
        [Placed { part: Part::Delete { .. }, .. }] => None,
        _ => {
            let splices = placed.iter().filter_map(|placed| match &placed.part {
                Part::Splice { range, text, .. } => Some((range, text)),
                _ => None,
            });
            before.map(|before| splice::apply(before, splices))
        }
    }
}
