//! What a template may call is the same to who checks it and to who fills it in.

use std::collections::BTreeMap;

use heal::matching::Inspector;
use heal::model::{Asset, Capture, Finding, MemoryWorld, Origin, Playbook, RuleId, Used};
use heal::planning::{Choices, Context, plan};
use heal::playbooks::{Input, LoadError, helpers, load};

fn loaded(guide: &str) -> Result<Playbook, LoadError> {
    let text = format!(
        "heal: 1\nname: p\nrules:\n- {{id: r, title: t, trigger: {{output: '(?<a>x)'}}, steps: [{{guide: '{guide}'}}]}}\n"
    );
    let assets = |path: &str| Asset { path: path.to_owned(), content: None };
    let origin = Origin::Named("p.yaml".to_owned());
    load(&Input { origin, text: text.as_bytes(), assets: &assets }).map(|loaded| loaded.playbook)
}

/// Why a guide can't be filled in.
fn refused(playbook: Playbook) -> Option<String> {
    let finding = Finding {
        rule: RuleId::new("p", "r"),
        captures: BTreeMap::from([("a".to_owned(), Capture::from("x"))]),
        values: BTreeMap::new(),
        span: None,
        location: None,
        excerpt: Vec::new(),
        diagnostic: None,
        count: 1,
        again: Vec::new(),
    };
    let playbooks = [playbook];
    let (inspector, choices) = (Inspector::new(&playbooks), Choices::default());
    let (world, used) = (MemoryWorld::default(), Used::default());
    let context =
        Context { playbooks: &playbooks, world: &world, inspect: &inspector, choices: &choices, used: &used };
    plan(&[finding], &context).refusals.into_iter().next().map(|refusal| refusal.reason)
}

fn call(helper: &str) -> String {
    match helper {
        "if" | "unless" | "each" | "with" => format!("{{{{#{helper} a}}}}{{{{/{helper}}}}}"),
        helper => format!("{{{{{helper} a a}}}}"),
    }
}

#[test]
fn every_helper_that_is_known_can_be_called() {
    for helper in helpers() {
        let playbook = loaded(&call(helper)).expect("it is known");
        let reason = refused(playbook).unwrap_or_default();
        assert!(!reason.contains("there is no helper"), "{helper}: {reason}");
    }
}

#[test]
fn what_handlebars_has_besides_is_not_known() {
    for helper in ["raw", "log", "block", "partial"] {
        let error = loaded(&call(helper)).expect_err("it is not known");
        assert_eq!(error.problems[0].message, format!("unknown helper `{helper}`"));
    }
}
