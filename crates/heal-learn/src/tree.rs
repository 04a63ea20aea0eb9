use crate::token::{Kind, Token, is_word, tokens};

/// How deep brackets are read as brackets; deeper ones are characters like any other.
const DEEPEST: usize = 32;

/// A part of a text, or of several texts at once: what they have in common and, in holes, what they have not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// The same in all of them.
    Leaf(Kind, String),
    /// What stands between two brackets or quotes that belong together, and is balanced therefore.
    Group { open: char, inside: Vec<Node>, close: char },
    /// What the message's capture of this name caught, in each of them.
    Known(String, Vec<String>),
    /// One text for each of them.
    Hole(Vec<String>),
}

/// Reads a text as a tree of brackets and quotes.
pub(crate) fn parse(text: &str) -> Vec<Node> {
    let mut open: Vec<(char, Vec<Node>)> = Vec::new();
    let mut nodes: Vec<Node> = Vec::new();
    let all = tokens(text);
    let mut index = 0;
    while let Some(token) = all.get(index) {
        index += 1;
        let mark = token.text.chars().next().filter(|_| token.kind == Kind::Mark);
        match mark {
            Some(quote @ ('"' | '\'' | '`')) => {
                if let Some(end) = closing_quote(&all, index - 1, quote) {
                    let content: String = all[index..end].iter().map(|token| token.text).collect();
                    let inside =
                        if content.is_empty() { Vec::new() } else { vec![Node::Leaf(Kind::Quoted, content)] };
                    nodes.push(Node::Group { open: quote, inside, close: quote });
                    index = end + 1;
                    continue;
                }
            }
            Some(bracket @ ('(' | '[' | '{')) if open.len() < DEEPEST => {
                open.push((bracket, std::mem::take(&mut nodes)));
                continue;
            }
            Some(bracket @ (')' | ']' | '}'))
                if open.last().is_some_and(|(first, _)| closes(*first, bracket)) =>
            {
                let (first, before) = open.pop().expect("just seen to be there");
                let inside = std::mem::replace(&mut nodes, before);
                nodes.push(Node::Group { open: first, inside, close: bracket });
                continue;
            }
            _ => {}
        }
        nodes.push(Node::Leaf(token.kind, token.text.to_owned()));
    }
    while let Some((bracket, before)) = open.pop() {
        let inside = std::mem::replace(&mut nodes, before);
        nodes.push(Node::Leaf(Kind::Mark, bracket.to_string()));
        nodes.extend(inside);
    }
    nodes
}

fn closes(open: char, close: char) -> bool {
    matches!((open, close), ('(', ')') | ('[', ']') | ('{', '}'))
}

/// The token that closes a quote, on the same line. After a word of more than two letters `'` is an apostrophe.
fn closing_quote(all: &[Token<'_>], at: usize, quote: char) -> Option<usize> {
    let before = at.checked_sub(1).map(|before| all[before]);
    if quote == '\'' && before.is_some_and(|before| before.kind == Kind::Word && before.text.len() > 2) {
        return None;
    }
    let mut index = at + 1;
    while let Some(token) = all.get(index) {
        match token.text.chars().next() {
            Some('\n') => return None,
            Some('\\') => index += 1,
            Some(character) if character == quote => return Some(index),
            _ => {}
        }
        index += 1;
    }
    None
}

/// Names the parts of one text that captures caught elsewhere: whole tokens, and the letters after a number.
pub(crate) fn name_known(nodes: Vec<Node>, known: &[(&str, &str)]) -> Vec<Node> {
    let mut named = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Leaf(kind @ (Kind::Word | Kind::Quoted), text) => {
                let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                let find = |part: &str| known.iter().find(|(_, value)| *value == part && !part.is_empty());
                if let Some((name, value)) = find(&text) {
                    named.push(Node::Known((*name).to_owned(), vec![(*value).to_owned()]));
                } else if let Some((name, value)) =
                    find(&text[digits..]).filter(|_| kind == Kind::Word && digits > 0)
                {
                    named.push(Node::Leaf(kind, text[..digits].to_owned()));
                    named.push(Node::Known((*name).to_owned(), vec![(*value).to_owned()]));
                } else {
                    named.push(Node::Leaf(kind, text));
                }
            }
            Node::Group { open, inside, close } => {
                named.push(Node::Group { open, inside: name_known(inside, known), close });
            }
            other => named.push(other),
        }
    }
    named
}

/// Writes out one of the texts that nodes stand for.
pub(crate) fn text_of(nodes: &[Node], example: usize) -> String {
    let mut out = String::new();
    write(nodes, example, &mut out);
    out
}

fn write(nodes: &[Node], example: usize, out: &mut String) {
    for node in nodes {
        match node {
            Node::Leaf(_, text) => out.push_str(text),
            Node::Group { open, inside, close } => {
                out.push(*open);
                write(inside, example, out);
                out.push(*close);
            }
            Node::Known(_, texts) | Node::Hole(texts) => {
                out.push_str(texts.get(example).map_or("", String::as_str));
            }
        }
    }
}

/// The holes of nodes, from left to right.
pub(crate) fn holes(nodes: &[Node]) -> Vec<&[String]> {
    let mut all = Vec::new();
    for node in nodes {
        match node {
            Node::Leaf(..) | Node::Known(..) => {}
            Node::Group { inside, .. } => all.extend(holes(inside)),
            Node::Hole(texts) => all.push(texts.as_slice()),
        }
    }
    all
}

/// How much nodes say: the length of their words, and one for each other token.
pub(crate) fn literal_weight(nodes: &[Node]) -> usize {
    let weight = |node: &Node| match node {
        Node::Leaf(Kind::Word | Kind::Quoted, text) => text.chars().count(),
        Node::Leaf(Kind::Mark, _) => 1,
        Node::Known(_, texts) => texts.iter().map(|text| text.chars().count()).min().unwrap_or(0),
        Node::Leaf(..) | Node::Hole(_) => 0,
        Node::Group { inside, .. } => 2 + literal_weight(inside),
    };
    nodes.iter().map(weight).sum()
}

/// Whether a text closes each bracket and quote that it opens, and no other.
pub(crate) fn is_balanced(text: &str) -> bool {
    let loose = |node: &Node| match node {
        Node::Leaf(Kind::Mark, text) => {
            matches!(text.as_str(), "(" | ")" | "[" | "]" | "{" | "}" | "\"" | "`")
        }
        _ => false,
    };
    fn any(nodes: &[Node], loose: &dyn Fn(&Node) -> bool) -> bool {
        nodes
            .iter()
            .any(|node| loose(node) || matches!(node, Node::Group { inside, .. } if any(inside, loose)))
    }
    !any(&parse(text), &loose)
}

/// The words of a text.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character| !is_word(character)).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Node, is_balanced, parse, text_of};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        fn show(nodes: &[Node]) -> String {
            let all: Vec<String> = nodes
                .iter()
                .map(|node| match node {
                    Node::Leaf(_, text) => text.clone(),
                    Node::Group { open, inside, close } => format!("{open}<{}>{close}", show(inside)),
                    Node::Known(..) | Node::Hole(_) => "_".to_owned(),
                })
                .collect();
            all.join("|")
        }
        let nodes = parse(text);
        assert_eq!(show(&nodes), expected);
        assert_eq!(text_of(&nodes, 0), text);
    }

    #[test]
    fn brackets_and_quotes() {
        check("f(a[0], 'x)')", "f|(<a|[<0>]|,| |'<x)>'>)");
        check("a) + (b", "a|)| |+| |(|b");
        check("don't 'do'", "don|'|t| |'<do>'");
        check(r#"f"a\"b""#, r#"f|"<a\"b>""#);
        check("(\"\")", "(<\"<>\">)");
    }

    #[test]
    fn balance() {
        let found = ["f(x)", "f(x", "x)", "a, b", "\"a\"", "\"a"].map(is_balanced);
        assert_eq!(found, [true, false, false, true, true, false]);
    }
}
