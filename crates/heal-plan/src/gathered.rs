use std::collections::BTreeMap;
use std::ops::Range;

use heal_model::{Bytes, Diff, Edit, Fix, Part, PartRef, Plan, Refusal, RefusalCode, RelPath, Safety};

use crate::checksum;
use crate::document::Format;
use crate::id::id;
use crate::splice;

/// Fixes that have found their place, and those that have not.
#[derive(Default)]
pub(crate) struct Gathered {
    fixes: Vec<Fix>,
    files: BTreeMap<RelPath, Vec<Layer>>,
    /// What files hold now.
    before: BTreeMap<RelPath, Option<Bytes>>,
    /// What is not done.
    pub(crate) refusals: Vec<Refusal>,
}

/// Parts that are all of one content of their file: the lowest of the file as it is now, each other of what those below
/// it come to.
type Layer = Vec<Placed>;

/// A part and all who ask for it.
#[derive(Clone)]
struct Placed {
    part: Part,
    by: Vec<PartRef>,
}

impl Gathered {
    /// No fix yet, of files that hold this.
    pub(crate) fn new(before: BTreeMap<RelPath, Option<Bytes>>, refusals: Vec<Refusal>) -> Self {
        Self { before, refusals, ..Self::default() }
    }

    /// Notes what a file holds now, the first time that it is told.
    pub(crate) fn is_now(&mut self, path: &RelPath, content: &Option<Bytes>) {
        self.before.entry(path.clone()).or_insert_with(|| content.clone());
    }

    /// Gives a fix its place, or notes why it has none; one that another stands for is left out.
    pub(crate) fn take(&mut self, fix: Fix) {
        if self.fixes.iter().any(|other| stands_for(other, &fix)) {
            return;
        }
        match self.conflict(&fix) {
            Some(reason) => self.refuse(&fix, reason),
            None => self.add(fix),
        }
    }

    /// Whether a fix changes a file.
    pub(crate) fn changes(&self, path: &RelPath) -> bool {
        self.files.contains_key(path)
    }

    /// Notes that a fix has no place beside those before it.
    pub(crate) fn refuse(&mut self, fix: &Fix, reason: String) {
        self.refusals.push(Refusal {
            rule: fix.rule.clone(),
            title: fix.title.clone(),
            file: None,
            code: RefusalCode::Overlap,
            reason,
        });
    }

    /// All that was taken, as a plan.
    pub(crate) fn plan(self) -> Plan {
        let edits = self.edits();
        Plan { id: id(&edits, &self.fixes), fixes: self.fixes, edits, refusals: self.refusals }
    }

    /// Why a fix can't stand beside those before it.
    pub(crate) fn conflict(&self, fix: &Fix) -> Option<String> {
        if let Some(path) = fix.upon.iter().find_map(|(path, was)| (self.now(path) != *was).then_some(path)) {
            return Some(format!("was planned upon other changes of {path}; run heal again afterwards"));
        }
        for part in fix.parts.iter().filter(|part| !fix.upon.contains_key(part.path())) {
            let layers = self.files.get(part.path()).map_or(&[][..], Vec::as_slice);
            let before = self.before.get(part.path()).and_then(Option::as_deref).unwrap_or_default();
            let other = match layers {
                [placed] => placed.iter().find(|placed| clash(&placed.part, part, before)),
                // It does not know of what stands upon the lowest.
                layers => layers.last().and_then(|placed| placed.first()),
            };
            if let Some(other) = other {
                return Some(self.reason(part, other));
            }
        }
        let documents = fix.parts.iter().map(Part::path).filter(|path| self.files.contains_key(*path));
        documents.into_iter().find_map(|path| self.spoils(path, fix))
    }

    /// Whether a fix that clashes may be planned anew upon those before it, whose files these are: each that changes one
    /// of them goes along wherever the fix goes.
    pub(crate) fn carries<'p>(&self, safety: Safety, paths: impl Iterator<Item = &'p RelPath>) -> bool {
        let layers = paths.filter_map(|path| self.files.get(path)).flatten();
        let mut by = layers.flatten().flat_map(|placed| &placed.by);
        by.all(|by| self.fixes[by.fix].safety >= safety)
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
        let mut layers = self.files.get(path)?.clone();
        let others = layers.first()?.first()?.by.first()?.fix;
        lay(&mut layers, fix, self.fixes.len(), path);
        let after = content(Some(before), &layers)?;
        let reason = format.check(&after).err()?;
        let rule = &self.fixes[others].rule;
        Some(format!(
            "{path} would not be {format} with this beside {rule}: {reason}; run heal again afterwards"
        ))
    }

    fn add(&mut self, fix: Fix) {
        let mut paths: Vec<&RelPath> = fix.parts.iter().map(Part::path).collect();
        paths.dedup();
        for path in paths {
            lay(self.files.entry(path.clone()).or_default(), &fix, self.fixes.len(), path);
        }
        self.fixes.push(fix);
    }

    /// What a file holds after all that was taken.
    fn now(&self, path: &RelPath) -> Option<Bytes> {
        let before = self.before.get(path).cloned().flatten();
        match self.files.get(path) {
            Some(layers) => content(before.as_ref(), layers),
            // A sidecar follows its file.
            None => {
                let follows = self.edits().into_iter().find(|edit| edit.path == *path);
                follows.map_or(before, |edit| edit.content.after)
            }
        }
    }

    /// Every file's change.
    pub(crate) fn edits(&self) -> Vec<Edit> {
        let edit = |(path, layers): (&RelPath, &Vec<Layer>)| {
            let before = self.before.get(path).cloned().flatten();
            let mut placed = layers.iter().flatten();
            let executable =
                placed.any(|placed| matches!(placed.part, Part::Create { executable: true, .. }));
            let after = content(before.as_ref(), layers);
            let parts = layers.iter().flatten().flat_map(|placed| placed.by.clone()).collect();
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

fn stands_for(one: &Fix, other: &Fix) -> bool {
    one.acts()
        && one.rule == other.rule
        && one.parts == other.parts
        && one.commands == other.commands
        && one.guides == other.guides
        && one.rest == other.rest
}

/// Puts a fix's parts of a file among those of others: beside them, or upon them where they were planned so.
fn lay(layers: &mut Vec<Layer>, fix: &Fix, index: usize, path: &RelPath) {
    if layers.is_empty() || fix.upon.contains_key(path) {
        layers.push(Layer::new());
    }
    let layer = layers.last_mut().expect("there is one now");
    for (part, own) in fix.parts.iter().enumerate().filter(|(_, part)| part.path() == path) {
        place(layer, own, PartRef { fix: index, part });
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

/// What a file holds after all of its parts are done, layer by layer.
fn content(before: Option<&Bytes>, layers: &[Layer]) -> Option<Bytes> {
    layers.iter().fold(before.cloned(), |before, layer| laid(before.as_ref(), layer))
}

fn laid(before: Option<&Bytes>, layer: &[Placed]) -> Option<Bytes> {
    match layer {
        [Placed { part: Part::Create { content, .. } | Part::Replace { content, .. }, .. }] => {
            Some(content.clone())
        }
        [Placed { part: Part::Delete { .. }, .. }] => None,
        _ => {
            let splices = layer.iter().filter_map(|placed| match &placed.part {
                Part::Splice { range, text, .. } => Some((range, text)),
                _ => None,
            });
            before.map(|before| splice::apply(before, splices))
        }
    }
}
