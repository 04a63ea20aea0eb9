//! Counts what was sold.

fn main() {
    let mut sold: HashMap<&str, u32> = HashMap::new();
    for item in ["apple", "pear", "apple"] {
        *sold.entry(item).or_insert(0) += 1;
    }
    let mut names: Vec<_> = sold.keys().collect();
    names.sort_unstabel();
    println!("{names:?}");
}
