use crate::compose::Atom;
use crate::sketch::{Sketch, composed};
use crate::token::Kind;
use crate::tree::{Node, holes, literal_weight, text_of};

/// How often stretches are merged at most.
const MOST_MERGES: usize = 12;
/// More nodes side by side are not tried in every combination.
const MOST_SIDE_BY_SIDE: usize = 40;

impl Sketch {
    /// Replaces stretches that differ by holes, the largest first, as long as every new text can still be written and
    /// less of it is written out, or as much and the stretch said next to nothing; brackets do say something.
    pub(crate) fn merged(self, news: &[&str], known: &[Atom]) -> Self {
        let mut sketch = self;
        for _ in 0..MOST_MERGES {
            let Some(next) = sketch.merged_once(news, known) else { break };
            sketch = next;
        }
        sketch
    }

    fn merged_once(&self, news: &[&str], known: &[Atom]) -> Option<Self> {
        windows(&self.nodes).into_iter().find_map(|(path, start, end)| {
            let mut nodes = self.nodes.clone();
            let list = list_at(&mut nodes, &path);
            if !may_merge(list, start, end, !path.is_empty()) {
                return None;
            }
            let window = &list[start..end];
            if repeats(window, &self.nodes) {
                return None;
            }
            let texts: Vec<String> = (0..news.len()).map(|example| text_of(window, example)).collect();
            // What is equal in all examples stays as it is.
            let is_constant = texts.windows(2).all(|pair| pair[0] == pair[1]);
            if is_constant || texts.iter().any(|text| text.trim().is_empty()) {
                return None;
            }
            let is_flat = !window.iter().any(|node| matches!(node, Node::Group { .. }));
            let says_little = is_flat && !holes(window).is_empty() && literal_weight(window) <= 2;
            list.splice(start..end, [Node::Hole(texts)]);
            let sketch = composed(nodes, news, known)?;
            (sketch.cost < self.cost || says_little && sketch.cost == self.cost).then_some(sketch)
        })
    }
}

/// Whether some of siblings may become one hole: not next to another hole, for where the one ends and the other starts
/// would be anyone's guess; not with blanks at its ends; not where it holds what the message names, or words of its own
/// that are not all there is between two brackets.
fn may_merge(list: &[Node], start: usize, end: usize, inside: bool) -> bool {
    let window = &list[start..end];
    let beside = [start.checked_sub(1).and_then(|before| list.get(before)), list.get(end)];
    let blank = |node: Option<&Node>| matches!(node, Some(Node::Leaf(Kind::Space, _)));
    let whole = inside && start == 0 && end == list.len();
    let has_word = window.iter().any(|node| matches!(node, Node::Leaf(Kind::Word, _)));
    !matches!(window, [Node::Hole(_) | Node::Group { open: '(' | '[' | '{', .. }])
        && !beside.iter().flatten().any(|node| matches!(node, Node::Hole(_)))
        && !blank(window.first())
        && !blank(window.last())
        && !has_known(window)
        && (whole || !has_word)
}

/// Whether a hole of a stretch holds what one outside it does, which must be the same again.
fn repeats(window: &[Node], all: &[Node]) -> bool {
    let count = |nodes: &[Node], texts: &[String]| holes(nodes).iter().filter(|own| **own == texts).count();
    holes(window).iter().any(|texts| count(window, texts) < count(all, texts))
}

fn has_known(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Known(..) => true,
        Node::Group { inside, .. } => has_known(inside),
        Node::Leaf(..) | Node::Hole(_) => false,
    })
}

/// Stretches of siblings, the longest first, each with the path of groups to where it is.
fn windows(nodes: &[Node]) -> Vec<(Vec<usize>, usize, usize)> {
    let mut all = Vec::new();
    gather(nodes, &[], &mut all);
    all.sort_by_key(|(path, start, end)| (path.len(), std::cmp::Reverse(end - start), path.clone(), *start));
    all
}

fn gather(nodes: &[Node], path: &[usize], all: &mut Vec<(Vec<usize>, usize, usize)>) {
    if nodes.len() <= MOST_SIDE_BY_SIDE {
        for start in 0..nodes.len() {
            all.extend((start + 1..=nodes.len()).map(|end| (path.to_vec(), start, end)));
        }
    }
    for (index, node) in nodes.iter().enumerate() {
        if let Node::Group { inside, .. } = node {
            gather(inside, &[path, &[index]].concat(), all);
        }
    }
}

fn list_at<'a>(nodes: &'a mut Vec<Node>, path: &[usize]) -> &'a mut Vec<Node> {
    let mut list = nodes;
    for &index in path {
        let Node::Group { inside, .. } = &mut list[index] else { unreachable!("paths lead through groups") };
        list = inside;
    }
    list
}
