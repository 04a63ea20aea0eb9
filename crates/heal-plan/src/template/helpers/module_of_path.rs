use serde_json::Value;

/// `{{module-of-path x}}`.
pub(super) fn helper(arguments: &[&Value]) -> Result<Value, String> {
    match arguments {
        [Value::String(path)] => Ok(module_of_path(path).into()),
        _ => Err("needs one path".to_owned()),
    }
}

/// The name by which a file's module is imported: `src/core/a.py` is `core.a`, a package's `__init__.py` the
/// package, and `crates/x/src/a/mod.rs` is `crate::a`.
pub(crate) fn module_of_path(path: &str) -> String {
    match path.strip_suffix(".rs") {
        Some(path) => rust(path),
        None => dotted(path),
    }
}

fn rust(path: &str) -> String {
    let inside = path.rsplit_once("src/").map_or(path, |(_, inside)| inside);
    let mut parts: Vec<&str> = inside.split('/').collect();
    let is_root = parts.len() == 1 && matches!(parts[0], "lib" | "main");
    if is_root || parts.last() == Some(&"mod") {
        parts.pop();
    }
    ["crate"].into_iter().chain(parts).collect::<Vec<_>>().join("::")
}

fn dotted(path: &str) -> String {
    let folder_end = path.rfind('/').map_or(0, |slash| slash + 1);
    let stem_end = path[folder_end..].rfind('.').map_or(path.len(), |dot| folder_end + dot);
    let stem = &path[..stem_end];
    let package = stem.strip_suffix("/__init__").unwrap_or(stem);
    let parts: Vec<&str> = package.split('/').collect();
    let (folders, _) = parts.split_at(parts.len() - 1);
    // Imports start below `src`, and below any folder whose name could not be imported: `examples/moved-symbol`.
    let above = folders.iter().rposition(|folder| *folder == "src" || !is_identifier(folder));
    parts[above.map_or(0, |above| above + 1)..].join(".")
}

fn is_identifier(name: &str) -> bool {
    let starts_well = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    starts_well && name.chars().all(|character| character.is_alphanumeric() || character == '_')
}
