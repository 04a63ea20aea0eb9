use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use heal_model::{Bytes, RelPath, Stream, Unreadable};

use crate::Host;
use crate::environment::Environment;
use crate::launch::{Input, Launch};
use crate::root::LARGEST;
use crate::run::Outcome;

/// How long git may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// What git is told, so that a repository's settings make it run nothing and ask nobody.
const SETTINGS: [&str; 7] = [
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "protocol.allow=never",
    "--no-pager",
];

/// Reads a file as it is in a commit; `None` where the commit does not hold it.
pub(crate) fn committed(host: &Host, path: &RelPath, revision: &str) -> Result<Option<Bytes>, Unreadable> {
    let name = format!("{revision}:{path}");
    let unreadable = |reason: String| Unreadable { path: name.clone(), reason };
    if revision.is_empty() || revision.starts_with('-') || revision.contains([':', '\0', '\n']) {
        return Err(unreadable("that is not a revision".to_owned()));
    }
    let commit = format!("{revision}^{{commit}}");
    let (found, _) = git(host, &["rev-parse", "--verify", "--quiet", &commit]).map_err(unreadable)?;
    if !found.passed() {
        return Err(unreadable(format!("there is no commit {revision} here")));
    }
    let (listed, entry) = git(host, &["ls-tree", "-z", revision, "--", path.as_str()]).map_err(unreadable)?;
    if !listed.passed() {
        return Err(unreadable("git can't list the commit".to_owned()));
    }
    // `100644 blob <id>\t<path>`: only a file's blob is one's content.
    let entry = String::from_utf8_lossy(&entry);
    let Some(id) = entry.strip_prefix("100").and_then(|rest| rest.split([' ', '\t']).nth(2)) else {
        return Ok(None);
    };
    let (read, content) = git(host, &["cat-file", "blob", id]).map_err(unreadable)?;
    if read.passed() { Ok(Some(content.into())) } else { Err(unreadable("git can't read it".to_owned())) }
}

/// Runs git in the project; gives how it ended and what it wrote to standard output.
pub(crate) fn git(host: &Host, arguments: &[&str]) -> Result<(Outcome, Vec<u8>), String> {
    let argv: Vec<String> =
        ["git"].iter().chain(&SETTINGS).chain(arguments).map(|text| (*text).to_owned()).collect();
    let env: BTreeMap<String, String> =
        [("GIT_NO_LAZY_FETCH", "1"), ("GIT_OPTIONAL_LOCKS", "0"), ("GIT_LITERAL_PATHSPECS", "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
    let launch = Launch { argv: &argv, cwd: None, env: &env, timeout: Some(PATIENCE), input: Input::Nothing };
    let mut content = Vec::new();
    let mut is_large = false;
    let outcome = host.run_in(Environment::Listed, &launch, &mut |stream, bytes| {
        is_large |= (content.len() + bytes.len()) as u64 > LARGEST;
        if stream == Stream::Stdout && !is_large {
            content.extend_from_slice(bytes);
        }
        ControlFlow::Continue(())
    });
    let outcome = outcome.map_err(|error| error.to_string())?;
    if is_large { Err(format!("it is larger than {} MiB", LARGEST >> 20)) } else { Ok((outcome, content)) }
}
