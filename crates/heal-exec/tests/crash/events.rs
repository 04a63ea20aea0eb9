//! What a trace says, as events that can be held against the rules.

/// One thing that was done to the disk; paths are absolute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Open { path: String, flags: String },
    Write(String),
    Sync { path: String, done: bool },
    Rename { from: String, to: String },
    Unlink(String),
    MakeFolder(String),
}

/// The system calls that events are made of.
pub(crate) const CALLS: &str = "openat,openat2,write,pwrite64,fsync,fdatasync,syncfs,rename,renameat,renameat2,linkat,\
unlinkat,unlink,mkdirat,mkdir,ftruncate";

/// Reads a trace in which file descriptors carry their paths.
pub(crate) fn events(log: &str) -> Vec<Event> {
    log.lines().filter_map(event).collect()
}

fn event(line: &str) -> Option<Event> {
    let (call, rest) = line.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let done = !result.starts_with('-');
    let arguments: Vec<&str> = arguments.trim_end_matches(')').trim_end().split(", ").collect();
    let arguments: Vec<&str> = arguments.iter().map(|argument| argument.trim_end_matches(')')).collect();
    if !done && call != "fsync" {
        return None;
    }
    Some(match (call, arguments.as_slice()) {
        ("openat", [folder, name, flags, ..]) => {
            Event::Open { path: at(folder, name)?, flags: (*flags).to_owned() }
        }
        ("write" | "pwrite64" | "ftruncate", [file, ..]) => Event::Write(path(file)?),
        ("fsync" | "fdatasync" | "syncfs", [file]) => Event::Sync { path: path(file)?, done },
        ("renameat" | "renameat2" | "linkat", [from, old, to, new, ..]) => {
            Event::Rename { from: at(from, old)?, to: at(to, new)? }
        }
        ("unlinkat", [folder, name, ..]) => Event::Unlink(at(folder, name)?),
        ("mkdirat", [folder, name, ..]) => Event::MakeFolder(at(folder, name)?),
        _ => return None,
    })
}

/// `5</a/folder>` and `"name"`.
fn at(folder: &str, name: &str) -> Option<String> {
    let name = name.trim_matches('"');
    if name.starts_with('/') { Some(name.to_owned()) } else { Some(format!("{}/{name}", path(folder)?)) }
}

/// `5</a/path>`
fn path(descriptor: &str) -> Option<String> {
    Some(descriptor.split_once('<')?.1.strip_suffix('>')?.trim_end_matches(" (deleted)").to_owned())
}

/// The folder that a path lies in.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}
