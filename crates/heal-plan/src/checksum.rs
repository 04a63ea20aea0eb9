use heal_model::{Bytes, RefusalCode, RelPath, World};

use crate::id::hash;
use crate::refused::Refused;

/// Where a file's sidecar lies.
pub(crate) fn sidecar(path: &RelPath) -> Result<RelPath, Refused> {
    RelPath::new(&format!("{path}.sha256"))
        .map_err(|bad| Refused::new(RefusalCode::Outside, format!("the sidecar of {path}: {bad}")))
}

/// The hashes that a file's sidecar names, if there is one; while a write is under way they are two.
pub(crate) fn read(world: &dyn World, path: &RelPath) -> Result<Option<Vec<String>>, Refused> {
    let content = world.read(&sidecar(path)?)?;
    Ok(content.map(|content| hashes(&content)))
}

/// Whether a sidecar names a content.
pub(crate) fn names(sidecar: &Bytes, content: &Bytes) -> bool {
    hashes(sidecar).contains(&hash(content))
}

/// A sidecar's content, as `sha256sum -c` takes it.
pub(crate) fn written(path: &RelPath, content: &Bytes) -> Bytes {
    format!("{}  {}\n", hash(content), path.name()).into()
}

fn hashes(sidecar: &Bytes) -> Vec<String> {
    let text = String::from_utf8_lossy(sidecar);
    let is_hash = |word: &&str| word.len() == 64 && word.chars().all(|digit| digit.is_ascii_hexdigit());
    text.split_whitespace().filter(is_hash).map(str::to_lowercase).collect()
}
