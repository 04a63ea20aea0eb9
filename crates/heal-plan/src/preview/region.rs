use std::ops::Range;

use heal_model::{Bytes, Part, PartRef};

use crate::lines::split;
use crate::splice::splices;

/// Lines that change, and the parts that change them.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// Indices of lines before.
    pub(super) old: Range<usize>,
    /// Indices of lines after.
    pub(super) new: Range<usize>,
    /// In the file's order.
    pub(super) parts: Vec<PartRef>,
}

/// Splice of the file, in bytes before and after.
struct Cut {
    old: Range<usize>,
    new: Range<usize>,
    parts: Vec<PartRef>,
}

/// The lines that a file's parts change, in order; parts that share a line share a region.
///
/// The regions come from the parts themselves and not from comparing the two texts, so each hunk knows exactly which
/// parts it is made of.
///
/// An edit that names no part is one that was done before, as the journal gives it.
pub(super) fn regions(before: &[u8], after: &[u8], parts: &[(PartRef, &Part)]) -> Vec<Region> {
    if parts.is_empty() {
        return regions_of_all(before, after, &[]);
    }
    let mut asked: Vec<(Range<usize>, usize, Vec<PartRef>)> = Vec::new();
    let mut newest: Option<(&Range<usize>, &Bytes)> = None;
    for (by, part) in parts {
        let Part::Splice { range, text, .. } = part else {
            let all: Vec<PartRef> = parts.iter().map(|(by, _)| *by).collect();
            return regions_of_all(before, after, &all);
        };
        match asked.last_mut() {
            Some((_, _, all)) if newest == Some((range, text)) => all.push(*by),
            _ => asked.push((range.clone(), text.len(), vec![*by])),
        }
        newest = Some((range, text));
    }
    of_cuts(before, after, &cuts(asked))
}

/// The lines that differ, each region made of all these parts: of a file that is replaced whole, or follows another.
pub(super) fn regions_of_all(before: &[u8], after: &[u8], by: &[PartRef]) -> Vec<Region> {
    let splices = splices(before, after).into_iter().map(|(range, text)| (range, text.len(), by.to_vec()));
    of_cuts(before, after, &cuts(splices.collect()))
}

/// Finds where each splice's text lies in the text after.
fn cuts(splices: Vec<(Range<usize>, usize, Vec<PartRef>)>) -> Vec<Cut> {
    let mut grown = 0_isize;
    let mut cuts = Vec::new();
    for (old, len, parts) in splices {
        let start = old.start.saturating_add_signed(grown);
        grown += len.cast_signed() - old.len().cast_signed();
        cuts.push(Cut { old, new: start..start + len, parts });
    }
    cuts
}

fn of_cuts(before: &[u8], after: &[u8], cuts: &[Cut]) -> Vec<Region> {
    let (old, new) = (Lines::new(before), Lines::new(after));
    let mut regions: Vec<Region> = Vec::new();
    for cut in cuts {
        let (old_lines, new_lines) = whole_lines(cut, before, &old, &new);
        match regions.last_mut() {
            Some(last) if old_lines.start < last.old.end || new_lines.start < last.new.end => {
                last.old.end = last.old.end.max(old_lines.end);
                last.new.end = last.new.end.max(new_lines.end);
                last.parts.extend(cut.parts.clone());
            }
            _ => regions.push(Region { old: old_lines, new: new_lines, parts: cut.parts.clone() }),
        }
    }
    let (old, new) = (split(before), split(after));
    regions.iter_mut().for_each(|region| trim(region, &old, &new));
    regions
}

/// A cut's lines: whole ones, unless it starts and ends between lines.
fn whole_lines(cut: &Cut, before: &[u8], old: &Lines, new: &Lines) -> (Range<usize>, Range<usize>) {
    let between = old.starts_line(cut.old.start)
        && new.starts_line(cut.new.start)
        && old.starts_line(cut.old.end)
        && new.starts_line(cut.new.end);
    let (first_old, first_new) = (old.line_of(cut.old.start), new.line_of(cut.new.start));
    if between {
        return (first_old..old.line_of(cut.old.end), first_new..new.line_of(cut.new.end));
    }
    let at_end = cut.old.start == before.len() && old.starts_line(cut.old.start);
    let old_end = if at_end { first_old } else { old.line_of(cut.old.end) + 1 };
    (first_old..old_end.min(old.count), first_new..(new.line_of(cut.new.end) + 1).min(new.count))
}

/// Leaves out lines at either end that stay as they are.
fn trim(region: &mut Region, old: &[&[u8]], new: &[&[u8]]) {
    let same = |old_line: usize, new_line: usize| old[old_line] == new[new_line];
    while !region.old.is_empty() && !region.new.is_empty() && same(region.old.end - 1, region.new.end - 1) {
        region.old.end -= 1;
        region.new.end -= 1;
    }
    while !region.old.is_empty() && !region.new.is_empty() && same(region.old.start, region.new.start) {
        region.old.start += 1;
        region.new.start += 1;
    }
}

/// Where a text's lines start.
struct Lines {
    starts: Vec<usize>,
    count: usize,
}

impl Lines {
    fn new(text: &[u8]) -> Self {
        let lines = split(text);
        let mut starts: Vec<usize> = lines
            .iter()
            .scan(0, |at, line| {
                let start = *at;
                *at += line.len();
                Some(start)
            })
            .collect();
        if text.is_empty() || text.ends_with(b"\n") {
            starts.push(text.len());
        }
        Self { starts, count: lines.len() }
    }

    fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    fn starts_line(&self, offset: usize) -> bool {
        self.starts.binary_search(&offset).is_ok()
    }
}
