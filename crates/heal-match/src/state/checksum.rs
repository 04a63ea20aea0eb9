use heal_model::{RelPath, World};
use sha2::{Digest, Sha256};

/// What a file's `.sha256` sidecar says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sidecar {
    /// There is none, or no file.
    Absent,
    /// The file is one of those it names.
    Holds,
    /// The file is another.
    Differs,
}

/// Compares a file with its sidecar: lines as `sha256sum` writes them, or bare hashes. It may name two, the content
/// before and after a write that is under way.
///
/// # Errors
/// Says what can't be read.
pub(crate) fn sidecar(path: &RelPath, world: &dyn World) -> Result<Sidecar, String> {
    let beside = RelPath::new(&format!("{path}.sha256")).map_err(|bad| format!("{path}.sha256: {bad}"))?;
    let read = |path| world.read(path).map_err(|unreadable| unreadable.to_string());
    let (Some(content), Some(list)) = (read(path)?, read(&beside)?) else { return Ok(Sidecar::Absent) };
    let list = list.text().ok_or_else(|| format!("{beside} is not text"))?;
    let named: Vec<String> = list.lines().filter_map(|line| hash(line, path)).collect();
    if named.is_empty() {
        return Err(format!("{beside} holds no SHA-256 hash of {}", path.name()));
    }
    let holds = named.contains(&hex(&content));
    Ok(if holds { Sidecar::Holds } else { Sidecar::Differs })
}

/// The hash on a line, where it is of this file.
fn hash(line: &str, path: &RelPath) -> Option<String> {
    let (hash, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let name = name.trim_start_matches([' ', '*']);
    let of_file = name.is_empty() || name.rsplit('/').next() == Some(path.name());
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    (of_file && is_hash).then(|| hash.to_ascii_lowercase())
}

fn hex(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}
