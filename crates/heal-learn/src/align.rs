use crate::token::Kind;
use crate::tree::{Node, text_of};

/// How many pairs of nodes are compared at most; texts that need more have too little in common to learn from.
const MOST: usize = 200_000;

/// What several texts have in common, in order: the first tree stands for `seen` of them, the second for one more.
///
/// Nodes are paired by their heaviest common subsequence (words weigh more than marks, marks more than blanks), inside
/// brackets as well, so that a hole holds only whole bracketed parts. `None` where the texts are too long.
pub(crate) fn unify(seen: usize, pattern: &[Node], tree: &[Node]) -> Option<Vec<Node>> {
    (size(pattern).saturating_mul(size(tree)) <= MOST).then(|| unified(seen, pattern, tree))
}

fn size(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| if let Node::Group { inside, .. } = node { 1 + size(inside) } else { 1 }).sum()
}

fn unified(seen: usize, pattern: &[Node], tree: &[Node]) -> Vec<Node> {
    let mut nodes = Vec::new();
    let (mut left, mut right) = (0, 0);
    for (next_left, next_right) in pairs(pattern, tree) {
        push_hole(&mut nodes, seen, &pattern[left..next_left], &tree[right..next_right]);
        nodes.push(joined(seen, &pattern[next_left], &tree[next_right]));
        (left, right) = (next_left + 1, next_right + 1);
    }
    push_hole(&mut nodes, seen, &pattern[left..], &tree[right..]);
    nodes
}

fn joined(seen: usize, one: &Node, other: &Node) -> Node {
    match (one, other) {
        (Node::Group { open, inside, close }, Node::Group { inside: others, .. }) => {
            Node::Group { open: *open, inside: unified(seen, inside, others), close: *close }
        }
        (Node::Known(name, texts), Node::Known(_, others)) => {
            Node::Known(name.clone(), texts.iter().chain(others).cloned().collect())
        }
        _ => one.clone(),
    }
}

fn push_hole(nodes: &mut Vec<Node>, seen: usize, pattern: &[Node], tree: &[Node]) {
    if !pattern.is_empty() || !tree.is_empty() {
        let mut texts: Vec<String> = (0..seen).map(|example| text_of(pattern, example)).collect();
        texts.push(text_of(tree, 0));
        nodes.push(Node::Hole(texts));
    }
}

/// The indices of nodes that belong together, in order.
fn pairs(pattern: &[Node], tree: &[Node]) -> Vec<(usize, usize)> {
    let weights = weights(pattern, tree);
    let best = table(pattern.len(), tree.len(), &weights);
    let width = tree.len() + 1;
    let mut pairs = Vec::new();
    let (mut left, mut right) = (0, 0);
    while left < pattern.len() && right < tree.len() {
        let weight = weights[left * tree.len() + right];
        let here = best[left * width + right];
        if weight > 0 && here == weight + best[(left + 1) * width + right + 1] {
            pairs.push((left, right));
            (left, right) = (left + 1, right + 1);
        } else if here == best[(left + 1) * width + right] {
            left += 1;
        } else {
            right += 1;
        }
    }
    pairs
}

fn weights(pattern: &[Node], tree: &[Node]) -> Vec<u32> {
    pattern.iter().flat_map(|one| tree.iter().map(|other| weight(one, other))).collect()
}

/// `table[left][right]` is the most that the nodes from there on can weigh in common.
fn table(rows: usize, columns: usize, weights: &[u32]) -> Vec<u32> {
    let width = columns + 1;
    let mut best = vec![0; (rows + 1) * width];
    for left in (0..rows).rev() {
        for right in (0..columns).rev() {
            let weight = weights[left * columns + right];
            let paired = if weight > 0 { weight + best[(left + 1) * width + right + 1] } else { 0 };
            let skipped = best[(left + 1) * width + right].max(best[left * width + right + 1]);
            best[left * width + right] = paired.max(skipped);
        }
    }
    best
}

fn weight(one: &Node, other: &Node) -> u32 {
    match (one, other) {
        (Node::Leaf(kind, text), Node::Leaf(other_kind, other_text))
            if kind == other_kind && text == other_text =>
        {
            match kind {
                Kind::Word | Kind::Quoted => 8,
                Kind::Mark | Kind::Break => 4,
                Kind::Space => 1,
            }
        }
        (Node::Known(name, _), Node::Known(other, _)) if name == other => 8,
        (Node::Group { open, inside, close }, Node::Group { open: first, inside: others, close: last })
            if open == first && close == last =>
        {
            5 + table(inside.len(), others.len(), &weights(inside, others))[0]
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::unify;
    use crate::tree::{Node, parse};

    #[track_caller]
    fn check(texts: &[&str], expected: &str) {
        fn show(nodes: &[Node]) -> String {
            let show = |node: &Node| match node {
                Node::Leaf(_, text) | Node::Known(text, _) => text.clone(),
                Node::Group { open, inside, close } => format!("{open}{}{close}", show(inside)),
                Node::Hole(texts) => format!("<{}>", texts.join("|")),
            };
            nodes.iter().map(show).collect()
        }
        let mut pattern = parse(texts[0]);
        for (seen, text) in texts.iter().enumerate().skip(1) {
            pattern = unify(seen, &pattern, &parse(text)).expect("short texts");
        }
        assert_eq!(show(&pattern), expected);
    }

    #[test]
    fn holes_are_balanced() {
        check(&["isinstance(a, None)", "isinstance(f(b), None)"], "isinstance(<a|f(b)>, None)");
        check(&["f(a)(b)", "f(c)"], "f(<a|c>)<(b)|>");
        check(&["x == False", "y.z() == False"], "<x|y.z()> == False");
        check(&["'a' + 'b'", "'a' + c", "d + 'e'"], "<'a'|'a'|d> + <'b'|c|'e'>");
    }
}
