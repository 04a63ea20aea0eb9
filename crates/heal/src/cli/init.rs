use std::collections::BTreeMap;
use std::time::Duration;

use heal_exec::Warrant;
use heal_match::Inspector;
use heal_model::{Defaults, FileTier, Origin, Place, Playbook, RelPath, Safety, Tier, World as _};
use heal_plan::{Choices, Context, divide, tiers};

use super::exit::{Exit, Failure};
use super::session::Session;
use crate::report::{self, Report};

const PATH: &str = ".heal/playbook.yaml";
const START: &str = include_str!("start.yaml");
const PATIENCE: Duration = Duration::from_secs(10);

/// `heal init`: a commented start, written as any other fix is, so that `heal undo` takes it back.
pub(super) fn init(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let path = RelPath::new(PATH).expect("the path is written above");
    let there = session.host.stat(&path).map_err(|error| Failure::of(Exit::Refused, &error))?;
    if there.is_some() {
        return Err(Failure::new(Exit::Refused, format!("{PATH} is there already: nothing was changed"))
            .help(format!("check it with: heal lint {PATH}")));
    }
    let playbooks = [start()];
    let inspector = Inspector::new(&playbooks);
    let (world, choices) = (&session.host, &Choices::default());
    let plan = tiers(&Context { playbooks: &playbooks, world, inspect: &inspector, choices });
    let receipt = session
        .host
        .apply(&plan, &Warrant::none(), PATIENCE)
        .map_err(|error| Failure::of(Exit::from_code(error.exit_code()), &error))?;
    if session.is_text() {
        let style = session.console.style();
        let text = format!(
            "{} {PATH}\n  try it:       {}\n  let it act:   {}\n  take it back: {}\n",
            style.good("created"),
            style.code(&format!("heal test {PATH}")),
            style.code("heal trust"),
            style.code("heal undo"),
        );
        session.console.out(&text);
    } else {
        let mut report = Report::of("init");
        report.plan = Some(report::plan(&divide(&plan, Safety::Safe)));
        report.receipts = vec![report::outcome(&receipt)];
        session.console.json(&report);
    }
    Ok(Exit::Done)
}

/// The playbook whose one file is the start.
fn start() -> Playbook {
    let file = FileTier {
        path: PATH.to_owned(),
        tier: Tier::Create,
        template: None,
        // The start is text, not a template: what stands in braces stays as it is.
        content: Some(START.replace("{{", "\\{{").as_str().into()),
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
        files: vec![file],
        rules: Vec::new(),
        learning: None,
        assets: BTreeMap::new(),
    }
}
