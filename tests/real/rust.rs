use super::project::has;
use super::{Case, Consent, check};

const MANIFEST: (&str, &str) =
    ("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n");

const BUILD: &str = "cargo build --offline";

/// A program that does not build, and how it reads when heal has mended it; `None` where it may not.
#[track_caller]
fn builds(consent: Consent, before: &str, after: Option<&str>) {
    if !has("cargo", &["cargo", "--version"]) {
        return;
    }
    let mended = after.map(|text| [("src/main.rs", text)]);
    check(&Case {
        command: BUILD,
        files: &[MANIFEST, ("src/main.rs", before)],
        consent,
        mended: mended.as_ref().map_or(&[], |mended| mended.as_slice()),
    });
}

#[test]
fn unused_import_and_mut() {
    builds(
        Consent::Safe,
        "#![deny(unused)]\n\nuse std::collections::HashMap;\nuse std::fs;\n\n\
         fn main() {\n    let mut prices: HashMap<&str, u32> = HashMap::new();\n    println!(\"{}\", prices.len());\n}\n",
        Some(
            "#![deny(unused)]\n\nuse std::collections::HashMap;\n\n\
             fn main() {\n    let prices: HashMap<&str, u32> = HashMap::new();\n    println!(\"{}\", prices.len());\n}\n",
        ),
    );
}

const MISSPELT: &str = "fn main() {\n    let total = 3;\n    println!(\"{}\", totel);\n}\n";

#[test]
fn misspelt_name_with_a_hint() {
    builds(
        Consent::Unsafe,
        MISSPELT,
        Some("fn main() {\n    let total = 3;\n    println!(\"{}\", total);\n}\n"),
    );
}

/// The compiler's hint is a guess, so `--yes` alone leaves it.
#[test]
fn misspelt_name_is_not_safe() {
    builds(Consent::Safe, MISSPELT, None);
}

#[test]
fn trait_not_in_scope() {
    builds(
        Consent::Unsafe,
        "fn main() {\n    let mut text = String::new();\n    std::io::stdin().lock().read_to_string(&mut text).ok();\n}\n",
        Some(
            "use std::io::Read;\nfn main() {\n    let mut text = String::new();\n    \
             std::io::stdin().lock().read_to_string(&mut text).ok();\n}\n",
        ),
    );
}

#[test]
fn type_without_import() {
    builds(
        Consent::Unsafe,
        "fn main() {\n    let prices: HashMap<u8, u8> = HashMap::new();\n    println!(\"{}\", prices.len());\n}\n",
        Some(
            "use std::collections::HashMap;\nfn main() {\n    let prices: HashMap<u8, u8> = HashMap::new();\n    \
             println!(\"{}\", prices.len());\n}\n",
        ),
    );
}

/// What was moved is used again: whether the clone that rustc suggests is worth it, a person has to say.
#[test]
fn use_after_move() {
    let before = "fn main() {\n    let name = String::new();\n    let other = name;\n    println!(\"{name}{other}\");\n}\n";
    builds(Consent::Safe, before, None);
    builds(Consent::Unsafe, before, Some(&before.replace("= name;", "= name.clone();")));
}

/// A reference to what the function itself owns: rustc suggests nothing, and heal explains.
#[test]
fn reference_to_a_local_is_a_persons() {
    let before = "fn name() -> &'static str {\n    let name = String::new();\n    &name\n}\n\nfn main() {\n    name();\n}\n";
    builds(Consent::Unsafe, before, None);
}

#[test]
fn missing_mut() {
    builds(
        Consent::Safe,
        "fn main() {\n    let prices = Vec::new();\n    prices.push(1);\n}\n",
        Some("fn main() {\n    let mut prices = Vec::new();\n    prices.push(1);\n}\n"),
    );
}

#[test]
fn missing_semicolon() {
    builds(
        Consent::Safe,
        "fn main() {\n    let price = 1\n    println!(\"{price}\");\n}\n",
        Some("fn main() {\n    let price = 1;\n    println!(\"{price}\");\n}\n"),
    );
}

#[test]
fn missing_derive() {
    builds(
        Consent::Unsafe,
        "struct Cart;\n\nfn main() {\n    println!(\"{:?}\", Cart);\n}\n",
        Some("#[derive(Debug)]\nstruct Cart;\n\nfn main() {\n    println!(\"{:?}\", Cart);\n}\n"),
    );
}

/// An edition that is too old for what the source says is raised in the manifest, and nowhere else.
#[test]
fn edition_too_old() {
    if !has("cargo", &["cargo", "--version"]) {
        return;
    }
    let manifest = |edition: &str| {
        format!(
            "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"{edition}\" # the oldest\n\n[workspace]\n"
        )
    };
    check(&Case {
        command: BUILD,
        files: &[
            ("Cargo.toml", &manifest("2015")),
            ("src/main.rs", "async fn price() {}\n\nfn main() {\n    drop(price());\n}\n"),
        ],
        consent: Consent::Unsafe,
        mended: &[("Cargo.toml", &manifest("2024"))],
    });
}

#[test]
fn module_without_its_file() {
    if !has("cargo", &["cargo", "--version"]) {
        return;
    }
    check(&Case {
        command: BUILD,
        files: &[MANIFEST, ("src/main.rs", "mod cart;\n\nfn main() {}\n")],
        consent: Consent::Unsafe,
        mended: &[("src/cart.rs", "")],
    });
}

/// Borrows and lifetimes that clash have several ways out.
#[test]
fn borrows_are_a_persons() {
    builds(
        Consent::Unsafe,
        "fn main() {\n    let mut prices = vec![1];\n    let first = &prices[0];\n    prices.push(2);\n    println!(\"{first}\");\n}\n",
        None,
    );
}

/// A crate of several faults in several files, round after round; what is not named is left alone.
#[test]
fn one_fault_after_another() {
    if !has("cargo", &["cargo", "--version"]) {
        return;
    }
    let main = "mod cart;\n\nfn main() {\n    let prices: HashMap<String, u32> = HashMap::new();\n    \
                let cart = cart::Cart { prices };\n    println!(\"{:?} {}\", cart, cart.totl());\n}\n";
    let cart = "use std::collections::HashMap;\nuse std::fs;\n\npub struct Cart {\n    pub prices: HashMap<String, u32>\n}\n\n\
                impl Cart {\n    pub fn total(&self) -> u32 {\n        self.prices.values().sum()\n    }\n}\n";
    let project = super::Project::new(&[
        MANIFEST,
        ("src/main.rs", main),
        ("src/cart.rs", cart),
        ("src/old.rs", "fn {\n"),
    ]);
    let mut expected = project.files();
    let (told, exit) = project.heal(&["run", "--yes", "--unsafe", "--", "cargo", "build", "--offline"], "");
    assert_eq!(exit, 0, "{told}");
    let main = main.replace("cart.totl", "cart.total");
    expected.insert("src/main.rs".to_owned(), format!("use std::collections::HashMap;\n{main}"));
    expected.insert(
        "src/cart.rs".to_owned(),
        cart.replace("use std::fs;\n", "").replace("pub struct", "#[derive(Debug)]\npub struct"),
    );
    assert_eq!(project.files(), expected, "{told}");
}
