use std::collections::BTreeMap;
use std::time::Duration;

use heal_exec::Warrant;
use heal_match::Inspector;
use heal_model::{
    Defaults, FileTier, Origin, Place, Plan, Playbook, RelPath, Safety, Tier, Used, World as _,
};
use heal_plan::{Choices, Context, divide, tiers};

use super::act::failure;
use super::arguments::Init;
use super::diff;
use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use crate::report::{self, Report};
use crate::starts;

const PATH: &str = ".heal/playbook.yaml";
const START: &str = include_str!("start.yaml");
const MODELINE: &str = "# yaml-language-server: $schema=../../schemas/playbook.schema.json\n";
const PATIENCE: Duration = Duration::from_secs(10);

/// `heal init`: a commented start, or the playbooks that are named, written as any other fix is, so that `heal undo`
/// takes it back.
pub(super) fn init(session: &mut Session<'_>, arguments: &Init) -> Result<Exit, Failure> {
    let files = files(&arguments.with)?;
    for (path, _) in &files {
        let path = RelPath::new(path).expect("heal's own names are paths");
        let there = session.host.stat(&path).map_err(|error| Failure::of(Exit::Refused, &error))?;
        if there.is_some() {
            return Err(Failure::new(Exit::Refused, format!("{path} is there already: nothing was changed"))
                .help(format!("check it with: heal lint {path}")));
        }
    }
    let playbooks = [start(&files)];
    let inspector = Inspector::new(&playbooks);
    let (world, choices, used) = (&session.host, &Choices::default(), &Used::default());
    let mut plan = tiers(&Context { playbooks: &playbooks, world, inspect: &inspector, choices, used });
    // To ask for it is consent for these files, although playbooks are protected otherwise.
    plan.fixes.iter_mut().for_each(|fix| fix.warnings.clear());
    if arguments.dry_run {
        return Ok(preview(session, &plan));
    }
    let receipt = session.host.apply(&plan, &Warrant::none(), PATIENCE).map_err(|error| failure(&error))?;
    session.console.did(&receipt.id);
    if session.is_text() {
        let style = session.console.style();
        let names: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        let names = names.join(" ");
        let edit =
            if arguments.with.is_empty() { "" } else { "  set it up:    write your own paths in it\n" };
        let text = format!(
            "{} {names}\n{edit}  try it:       {}\n  let it act:   {}\n  take it back: {}\n",
            style.good("created"),
            style.code(&format!("heal test {names}")),
            style.code("heal trust"),
            style.code("heal undo"),
        );
        session.console.out(&text);
    } else {
        let mut report = Report::of("init");
        report.plan = Some(report::plan(&divide(&plan, Safety::Unsafe)));
        report.receipts = vec![report::outcome(&receipt)];
        session.console.json(&report);
    }
    Ok(Exit::Done)
}

/// Shows what would be written.
fn preview(session: &mut Session<'_>, plan: &Plan) -> Exit {
    if session.is_text() {
        let shown = diff::plan(plan, session.console.style());
        session.console.out(&format!("{shown}\nNothing was changed.\n"));
    } else {
        let mut report = Report::of("init");
        report.plan = Some(report::plan(&divide(plan, Safety::Unsafe)));
        session.console.json(&report);
    }
    Exit::Done
}

/// What is written, by path: the commented start, or the playbooks of these names.
fn files(with: &[String]) -> Result<Vec<(String, String)>, Failure> {
    if with.is_empty() {
        return Ok(vec![(PATH.to_owned(), START.to_owned())]);
    }
    let starts = starts();
    let file = |name: &String| {
        let start = starts.iter().find(|start| start.name == name).ok_or_else(|| {
            let names: Vec<&str> = starts.iter().map(|start| start.name).collect();
            Failure::new(Exit::Usage, format!("heal brings no playbook {name} to set up"))
                .help(format!("there are: {}", names.join(", ")))
        })?;
        let stem = start.name.rsplit('/').next().unwrap_or_default();
        // An editor finds the schema from where a playbook lies, and the copy lies elsewhere.
        let text = start.text.strip_prefix(MODELINE).unwrap_or(start.text);
        Ok((format!(".heal/{stem}.yaml"), text.to_owned()))
    };
    with.iter().map(file).collect()
}

/// The playbook whose files are what is written.
fn start(files: &[(String, String)]) -> Playbook {
    let file = |(path, text): &(String, String)| FileTier {
        path: path.clone(),
        tier: Tier::Create,
        template: None,
        // It is text, not a template: what stands in braces stays as it is.
        content: Some(text.replace("{{", "\\{{").as_str().into()),
        fallback: None,
        schema: None,
        keep: None,
        recover: Vec::new(),
        when: None,
        place: Place::default(),
    };
    Playbook {
        heal: 1,
        name: "init".to_owned(),
        summary: None,
        origin: Origin::Builtin("init".to_owned()),
        defaults: Defaults::default(),
        vars: BTreeMap::new(),
        sources: BTreeMap::new(),
        files: files.iter().map(file).collect(),
        rules: Vec::new(),
        learning: None,
        assets: BTreeMap::new(),
    }
}
