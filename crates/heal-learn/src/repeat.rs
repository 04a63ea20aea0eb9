use crate::token::is_word;
use crate::tree::{Node, holes, parse};

/// Finds in holes what stood in a hole before them: `a == 1 || a == 2` has `a` twice, and what lies between is literal.
pub(crate) fn split(nodes: &mut Vec<Node>) {
    let all: Vec<Vec<String>> = holes(nodes).into_iter().map(<[String]>::to_vec).collect();
    let mut next = 0;
    split_in(nodes, &all, &mut next);
}

fn split_in(nodes: &mut Vec<Node>, all: &[Vec<String>], next: &mut usize) {
    let mut index = 0;
    while index < nodes.len() {
        match &mut nodes[index] {
            Node::Hole(texts) => {
                let before = &all[..*next];
                *next += 1;
                let texts = texts.clone();
                if let Some(parts) = before.iter().find_map(|value| parted(&texts, value)) {
                    let len = parts.len();
                    nodes.splice(index..=index, parts);
                    index += len;
                    continue;
                }
            }
            Node::Group { inside, .. } => split_in(inside, all, next),
            Node::Leaf(..) | Node::Known(..) => {}
        }
        index += 1;
    }
}

/// What stands in a hole as literal text around a value, where it is the same literal text in all examples.
fn parted(texts: &[String], value: &[String]) -> Option<Vec<Node>> {
    if texts == value || value.iter().any(String::is_empty) || value.windows(2).all(|pair| pair[0] == pair[1])
    {
        return None;
    }
    let mut found: Option<(&str, &str)> = None;
    for (text, value) in texts.iter().zip(value) {
        let at = place(text, value)?;
        let around = (&text[..at], &text[at + value.len()..]);
        if *found.get_or_insert(around) != around {
            return None;
        }
    }
    let (head, tail) = found?;
    let mut parts = parse(head);
    parts.push(Node::Hole(value.to_vec()));
    parts.extend(parse(tail));
    Some(parts)
}

/// Where the only whole occurrence of a value in a text is.
fn place(text: &str, value: &str) -> Option<usize> {
    let whole = |at: &usize| {
        let (head, tail) = (&text[..*at], &text[*at + value.len()..]);
        let is_part = head.ends_with(is_word) && value.starts_with(is_word)
            || tail.starts_with(is_word) && value.ends_with(is_word);
        !is_part
    };
    let mut all = text.match_indices(value).map(|(at, _)| at).filter(whole);
    let only = all.next()?;
    all.next().is_none().then_some(only)
}
