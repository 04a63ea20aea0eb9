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

/// What was moved is used again: only the author knows which of the two should have it.
#[test]
fn use_after_move_is_a_persons() {
    builds(
        Consent::Unsafe,
        "fn main() {\n    let name = String::new();\n    let other = name;\n    println!(\"{name}{other}\");\n}\n",
        None,
    );
}
