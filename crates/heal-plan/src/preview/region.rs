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
///
/// The parts come in layers, each of what those before it come to.
pub(super) fn regions(before: &[u8], after: &[u8], layers: &[Vec<(PartRef, &Part)>]) -> Vec<Region> {
    let all: Vec<PartRef> = layers.iter().flatten().map(|(by, _)| *by).collect();
    let asked: Option<Vec<Vec<Asked>>> = layers.iter().map(|layer| asked(layer)).collect();
    match asked {
        Some(asked) if !all.is_empty() => of_cuts(before, after, &cuts(composed(asked))),
        _ => regions_of_all(before, after, &all),
    }
}

/// Bytes before, how many take their place, and the parts that ask for it.
type Asked = (Range<usize>, usize, Vec<PartRef>);

/// What the parts of one layer ask for, in order; nothing where one is of the whole file.
fn asked(parts: &[(PartRef, &Part)]) -> Option<Vec<Asked>> {
    let mut asked: Vec<Asked> = Vec::new();
    let mut newest: Option<(&Range<usize>, &Bytes)> = None;
    for (by, part) in parts {
        let Part::Splice { range, text, .. } = part else { return None };
        match asked.last_mut() {
            Some((_, _, all)) if newest == Some((range, text)) => all.push(*by),
            _ => asked.push((range.clone(), text.len(), vec![*by])),
        }
        newest = Some((range, text));
    }
    Some(asked)
}

/// The lines that differ, each region made of all these parts: of a file that is replaced whole, or follows another.
pub(super) fn regions_of_all(before: &[u8], after: &[u8], by: &[PartRef]) -> Vec<Region> {
    let splices = splices(before, after).into_iter().map(|(range, text)| (range, text.len(), by.to_vec()));
    of_cuts(before, after, &cuts(splices.collect()))
}

/// What layers come to, as if asked for at once: what touches is one.
fn composed(layers: Vec<Vec<Asked>>) -> Vec<Asked> {
    let mut layers = layers.into_iter();
    let lowest = layers.next().unwrap_or_default();
    // Within a layer the last comes first, so that it moves none of those before it.
    layers.flat_map(|layer| layer.into_iter().rev()).fold(lowest, laid)
}

/// Lays one change upon others: it is of the text that those come to.
fn laid(below: Vec<Asked>, (range, len, by): Asked) -> Vec<Asked> {
    let (mut grown, mut joined) = (0_isize, None::<(usize, Asked)>);
    let (mut laid, mut shift) = (Vec::new(), 0_isize);
    for (old, old_len, parts) in below {
        let start = old.start.saturating_add_signed(grown);
        let grows = old_len.cast_signed() - old.len().cast_signed();
        grown += grows;
        if start + old_len < range.start {
            shift += grows;
            laid.push((old, old_len, parts));
        } else if start > range.end {
            laid.push((old, old_len, parts));
        } else {
            match &mut joined {
                Some((_, (all, all_len, by))) => {
                    *all_len += old.start - all.end + old_len;
                    all.end = old.end;
                    by.extend(parts);
                }
                None => joined = Some((laid.len(), (old, old_len, parts))),
            }
        }
    }
    let plain = |at: usize| at.saturating_add_signed(-shift);
    let Some((at, (old, old_len, mut parts))) = joined else {
        let at = laid.partition_point(|(old, ..)| old.end <= plain(range.start));
        laid.insert(at, (plain(range.start)..plain(range.end), len, by));
        return laid;
    };
    let start = old.start.saturating_add_signed(shift);
    let (before, after) = (start.saturating_sub(range.start), range.end.saturating_sub(start + old_len));
    parts.extend(by);
    let whole = old.start - before..old.end + after;
    laid.insert(at, (whole, before + old_len + after + len - range.len(), parts));
    laid
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
