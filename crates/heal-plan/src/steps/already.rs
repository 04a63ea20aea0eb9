use std::collections::BTreeMap;

use heal_model::PatternKind;
use regex_syntax::ast::{Ast, GroupKind, parse::Parser};
use serde_json::Value;

use super::matches::Search;
use crate::template::Prepared;

/// With more captures than this, only all of them and none of them are tried.
const FEW: usize = 4;
/// Letters and digits that a text must have to be known again.
const TELLING: usize = 3;

/// Patterns for what an edit leaves: its replacement filled in, with what a capture of the search can hold in place
/// of the capture.
///
/// A capture may have been there or not, so there are several. None for what would be found by chance: the pattern
/// of a replacement that says next to nothing by itself.
pub(super) fn results(search: &Search, replace: &Prepared, data: &Value) -> Vec<Search> {
    let names = search.names();
    let groups = if names.is_empty() { BTreeMap::new() } else { groups(search) };
    let all = (1_usize << names.len().min(FEW)) - 1;
    let masks = if names.len() > FEW { vec![usize::MAX, 0] } else { (0..=all).rev().collect() };
    let mut found: Vec<Search> = Vec::new();
    for mask in masks {
        let is_there = |index: usize| mask >> index.min(FEW) & 1 == 1;
        let mut data = data.clone();
        for (index, name) in names.iter().enumerate() {
            data[name.as_str()] = if is_there(index) { mark(index).into() } else { "".into() };
        }
        let Some(result) = replace.fill(&data).ok().and_then(|text| pattern(&text, &names, &groups)) else {
            continue;
        };
        if found.iter().all(|other| other.source != result.source) {
            found.push(result);
        }
    }
    found
}

/// Stands for a capture in a text that is filled in; no text of a playbook holds it.
fn mark(index: usize) -> String {
    format!("\u{f8ff}{index}\u{f8ff}")
}

fn pattern(filled: &str, names: &[String], groups: &BTreeMap<String, String>) -> Option<Search> {
    let filled = filled.replace("\r\n", "\n");
    let mut literal = filled.clone();
    let mut source = regex_syntax::escape(&filled);
    for (index, name) in names.iter().enumerate().filter(|(index, _)| filled.contains(&mark(*index))) {
        literal = literal.replace(&mark(index), "");
        source = source.replace(&mark(index), groups.get(name)?);
    }
    if literal.chars().filter(|c| c.is_alphanumeric()).count() < TELLING {
        return None;
    }
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let (first, last) = (is_word(filled.chars().next()), is_word(filled.chars().next_back()));
    let edge = |is_word: bool| if is_word { r"\b" } else { "" };
    Search::of(format!("{}{source}{}", edge(first), edge(last)), PatternKind::Regex)
}

/// What each capture of a pattern can hold, as patterns that capture nothing.
fn groups(search: &Search) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Ok(ast) = Parser::new().parse(&search.source) {
        collect(&ast, &search.source, &mut found);
    }
    found
}

fn collect(ast: &Ast, source: &str, found: &mut BTreeMap<String, String>) {
    match ast {
        Ast::Group(group) => {
            if let GroupKind::CaptureName { name, .. } = &group.kind {
                let span = group.ast.span();
                let inner = &source[span.start.offset..span.end.offset];
                found.insert(name.name.clone(), format!("(?:{inner})"));
            }
            collect(&group.ast, source, found);
        }
        Ast::Repetition(repetition) => collect(&repetition.ast, source, found),
        Ast::Concat(concat) => concat.asts.iter().for_each(|ast| collect(ast, source, found)),
        Ast::Alternation(either) => either.asts.iter().for_each(|ast| collect(ast, source, found)),
        _ => {}
    }
}
