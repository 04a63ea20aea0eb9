use heal_exec::trust::{Closure, Status, Store, TrustError};
use heal_model::{Diff, Edit, Origin, Plan, Playbook, RelPath};

use super::arguments::{Trust, Untrust};
use super::consent;
use super::diff;
use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use super::steps;
use super::style::{Style, counted, visible};
use crate::Library;
use crate::library::Member;
use crate::report::{self, Report};

/// `heal trust`: shows what a repository's playbooks would be allowed, and allows it.
pub(super) fn trust(session: &mut Session<'_>, wanted: &Trust) -> Result<Exit, Failure> {
    if let Some(rule) = &wanted.rule {
        return super::health::set_free(session, rule);
    }
    let library = session.own_library()?;
    let store = Store::open(&session.host).map_err(|error| failed(&error))?;
    let asked = asked(session, &library, &store, wanted)?;
    let asks = !wanted.dry_run && (session.is_text() || wanted.hash.is_some());
    let pending = asked.iter().filter(|one| one.status != Status::Trusted);
    for one in pending.clone() {
        let style = session.console.style();
        session.say(&page(one, style));
        let hash = one.member.closure.hash();
        let agreed = match &wanted.hash {
            _ if !asks => false,
            Some(given) => matches(given, &hash)?,
            None => consent::yes(session, &format!("Let {} act in this project?", one.member.origin.path()))
                .ok_or_else(|| nobody(session, one.member.origin.path(), &hash))?,
        };
        if agreed {
            store.allow(&one.member.closure).map_err(|error| failed(&error))?;
            session.say(&format!("{} {}\n", style.good("trusted"), one.member.origin.path()));
        } else {
            session.say("Nothing was allowed.\n");
        }
    }
    if pending.count() == 0 {
        session.say("All of this project's playbooks are trusted as they are.\n");
    }
    if !session.is_text() {
        let mut report = Report::of("trust");
        let status = |one: &Asked<'_>| {
            let closure = &one.member.closure;
            report::playbook(closure, &store.status(closure))
        };
        report.playbooks = asked.iter().map(status).collect();
        session.console.json(&report);
    }
    Ok(Exit::Done)
}

/// `heal untrust`: a playbook may only name what it sees from now on.
pub(super) fn untrust(session: &mut Session<'_>, wanted: &Untrust) -> Result<Exit, Failure> {
    let path = session.path(&wanted.playbook)?;
    let style = session.console.style();
    if wanted.dry_run {
        let nothing = style.bold("Nothing was changed:");
        session.say(&format!("{nothing} leave out --dry-run, and {path} only names what it sees\n"));
    } else {
        let store = Store::open(&session.host).map_err(|error| failed(&error))?;
        store.revoke(path.as_str()).map_err(|error| failed(&error))?;
        session
            .say(&format!("{} {path}: it only names what it sees from now on\n", style.good("not trusted")));
    }
    if !session.is_text() {
        session.console.json(&Report::of("untrust"));
    }
    Ok(Exit::Done)
}

/// A playbook that is asked about.
struct Asked<'a> {
    playbook: &'a Playbook,
    member: &'a Member,
    status: Status,
}

fn asked<'a>(
    session: &Session<'_>,
    library: &'a Library,
    store: &Store,
    wanted: &Trust,
) -> Result<Vec<Asked<'a>>, Failure> {
    let all = library.playbooks.iter().zip(&library.members);
    let repository = all.filter(|(_, member)| matches!(member.origin, Origin::Repository(_)));
    let mut asked: Vec<Asked<'a>> = repository
        .map(|(playbook, member)| Asked { playbook, member, status: store.status(&member.closure) })
        .collect();
    if let Some(typed) = &wanted.playbook {
        let path = session.path(typed)?;
        if faulty(library).any(|faulty| faulty == path.as_str()) {
            return Err(not_valid(path.as_str()));
        }
        asked.retain(|one| one.member.origin.path() == path.as_str());
        if asked.is_empty() {
            return Err(Failure::new(
                Exit::Usage,
                format!("{path} is not one of this project's playbooks"),
            )
            .help(
                "only .heal/*.yaml needs trust; one that is named on the command line may act for that call",
            ));
        }
    } else {
        // What holds settings alone has nothing to act with.
        asked.retain(|one| !one.playbook.rules.is_empty() || !one.playbook.files.is_empty());
    }
    if let (true, Some(path)) = (asked.is_empty(), faulty(library).next()) {
        return Err(not_valid(path));
    }
    if asked.is_empty() {
        return Err(Failure::new(Exit::Usage, "this project has no playbook to trust")
            .help("`heal init` writes a start"));
    }
    let pending = asked.iter().filter(|one| one.status != Status::Trusted).count();
    if wanted.hash.is_some() && pending > 1 {
        return Err(
            Failure::new(Exit::Usage, "a hash is of one playbook").help("name the playbook before it")
        );
    }
    Ok(asked)
}

/// The repository's playbooks that are not valid.
fn faulty(library: &Library) -> impl Iterator<Item = &str> {
    let repository = |origin: &&Origin| matches!(origin, Origin::Repository(_));
    library.faulty.iter().map(|faulty| &faulty.origin).filter(repository).map(Origin::path)
}

fn not_valid(path: &str) -> Failure {
    Failure::new(Exit::Usage, format!("{path} is not valid, so there is nothing to trust yet"))
        .help(format!("see what is wrong with: heal lint {path}"))
}

/// What a playbook would be allowed: each rule's steps, each file it answers for, and what has changed.
fn page(asked: &Asked<'_>, style: Style) -> String {
    let Asked { playbook, member, status } = asked;
    let path = member.origin.path();
    let mut text = format!("{} asks to act in this project\n", style.bold(path));
    if let Status::Changed { before } = status {
        let changed = diff::plan(&difference(before, &member.closure), style);
        text.push_str(&format!("It was trusted, and has changed since:\n\n{changed}\n"));
    }
    for file in &playbook.files {
        text.push_str(&format!("  {} {}\n", style.faint(tier(file.tier)), visible(&file.path)));
    }
    for rule in playbook.rules.iter().filter(|rule| !rule.steps.is_empty()) {
        text.push_str(&format!("{} ({})\n", rule.id, style.safety(rule.safety)));
        text.push_str(&steps::told(&rule.steps, style));
        text.push_str(
            &rule.verify.as_ref().map(|verify| steps::verification(verify, style)).unwrap_or_default(),
        );
    }
    let others = member.closure.files.len() - 1;
    let beside =
        if others > 0 { format!(" and {}", counted(others, "file", "files")) } else { String::new() };
    text.push_str(&format!("{} {path}{beside} sha256:{}\n", style.faint("bound to"), member.closure.hash()));
    text
}

fn tier(tier: heal_model::Tier) -> &'static str {
    match tier {
        heal_model::Tier::Create => "create, when missing,",
        heal_model::Tier::Require => "require",
        heal_model::Tier::Optional => "look at",
    }
}

/// What was trusted against what is there, as edits to look at.
fn difference(before: &[(String, heal_model::Bytes)], closure: &Closure) -> Plan {
    let old = |path: &str| before.iter().find(|(name, _)| name == path).map(|(_, content)| content.clone());
    let mut paths: Vec<&str> = before.iter().map(|(path, _)| path.as_str()).collect();
    paths.extend(closure.files.keys().map(String::as_str));
    paths.sort_unstable();
    paths.dedup();
    let edits = paths.into_iter().filter_map(|path| {
        let content = Diff { before: old(path), after: closure.files.get(path).cloned().flatten() };
        let path = RelPath::new(path).ok()?;
        (content.before != content.after).then_some(Edit {
            path,
            content,
            executable: false,
            parts: Vec::new(),
        })
    });
    Plan { edits: edits.collect(), ..Plan::default() }
}

fn matches(given: &str, hash: &str) -> Result<bool, Failure> {
    let given = given.strip_prefix("sha256:").unwrap_or(given);
    if given == hash {
        return Ok(true);
    }
    Err(Failure::new(
        Exit::Refused,
        format!("the playbook's hash is sha256:{hash}, not the one that was given"),
    )
    .help("look at it again with `heal trust`"))
}

fn nobody(session: &Session<'_>, path: &str, hash: &str) -> Failure {
    Failure::new(Exit::Refused, format!("{}: nothing was allowed", consent::nobody(session)))
        .help(format!("once you have read it: heal trust {path} --hash sha256:{hash}"))
}

fn failed(error: &TrustError) -> Failure {
    Failure::of(Exit::from_code(error.exit_code()), error)
}
