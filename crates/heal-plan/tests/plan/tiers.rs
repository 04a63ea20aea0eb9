use std::fmt::Write;

use heal_model::{
    Asset, Earlier, FileTier, Keep, MemoryWorld, Pattern, PatternKind, Place, Plan, Playbook, RelPath,
    Safety, Source, SourceKind, Tier, Time, Used, World,
};
use heal_plan::{Choices, Context, join, preview, select, tiers};
use serde_json::json;

use crate::support::{Files, finding, planned, playbook, replace, rule, told};

fn tier(path: &str, tier: Tier) -> FileTier {
    FileTier {
        path: path.to_owned(),
        tier,
        template: None,
        content: None,
        fallback: None,
        schema: None,
        keep: None,
        recover: Vec::new(),
        when: None,
        place: Place::default(),
    }
}

const TEMPLATE: &str = "\
{
  \"next_project_number\": {{add (max todo \"number\") 1}},
  \"count\": {{count todo}},
  \"tasks\": [{{#each todo}}
    {\"number\": {{number}}, \"title\": {{json title}}, \"slug\": \"{{kebab title}}\"}{{#unless @last}},{{/unless}}{{/each}}
  ]
}
";

fn state() -> Playbook {
    let mut playbook = playbook(Vec::new());
    playbook.files = vec![
        FileTier {
            template: Some("templates/state.json.hbs".to_owned()),
            fallback: Some("{\"tasks\": []}\n".to_owned()),
            ..tier("specs/state.json", Tier::Create)
        },
        FileTier {
            recover: vec![
                "Restore it from git: git checkout HEAD -- {{path}}".into(),
                "Or write a new one; the format is in docs/todo-format.md".into(),
            ],
            ..tier("specs/TODO.md", Tier::Require)
        },
        tier("local.yaml", Tier::Optional),
    ];
    let pattern = Pattern {
        source: r"^### (?<number>\d+)\. (?<title>.+)$".to_owned(),
        kind: PatternKind::Regex,
        unicode: false,
        engine: heal_model::Engine::Linear,
    };
    let todo = Source { file: "specs/TODO.md".into(), kind: SourceKind::Lines(pattern) };
    playbook.sources.insert("todo".to_owned(), todo);
    asset(&mut playbook, "templates/state.json.hbs", Some(TEMPLATE));
    playbook
}

fn asset(playbook: &mut Playbook, path: &str, content: Option<&str>) {
    let asset = Asset { path: path.to_owned(), content: content.map(Into::into) };
    playbook.assets.insert(path.to_owned(), asset);
}

fn planned_tiers(playbook: &Playbook, world: &dyn World) -> Plan {
    let choices = Choices::default();
    tiers(&Context {
        playbooks: std::slice::from_ref(playbook),
        world,
        inspect: &Files,
        choices: &choices,
        used: &Used::default(),
    })
}

fn done(world: &mut MemoryWorld, plan: &Plan) {
    for edit in &plan.edits {
        match &edit.content.after {
            Some(content) => world.files.insert(edit.path.clone(), content.clone()),
            None => world.files.remove(&edit.path),
        };
    }
}

fn path(text: &str) -> RelPath {
    RelPath::new(text).expect("a path")
}

#[test]
fn a_state_is_made_from_a_todo_list() {
    let mut todo = "# Tasks\n\n".to_owned();
    for number in (1..=36).chain([199]) {
        writeln!(todo, "### {number}. Task \"{number}\"\n\nWords.\n").expect("a String takes all");
    }
    let mut world = MemoryWorld::with_files([("specs/TODO.md", todo.as_str())]);
    let plan = planned_tiers(&state(), &world);
    let made = plan.edits[0].content.after.clone().expect("a file");
    let made: serde_json::Value = serde_json::from_slice(&made).expect("JSON");
    assert_eq!((&made["next_project_number"], &made["count"]), (&json!(200), &json!(37)));
    assert_eq!(made["tasks"][36], json!({"number": 199, "title": "Task \"199\"", "slug": "task-199"}));
    let note = "Note: specs/state.json was missing and has been created from templates/state.json.hbs";
    assert_eq!(
        (plan.fixes[0].notes.as_slice(), plan.fixes[0].safety),
        ([note.to_owned()].as_slice(), Safety::Safe)
    );
    done(&mut world, &plan);
    assert_eq!(told(&planned_tiers(&state(), &world)), "", "a second time");
}

#[test]
fn without_its_template_a_file_is_made_from_the_fallback() {
    let mut playbook = state();
    asset(&mut playbook, "templates/state.json.hbs", None);
    let world = MemoryWorld::with_files([("specs/TODO.md", "")]);
    assert_eq!(
        told(&planned_tiers(&playbook, &world)),
        "\
diff --git a/specs/state.json b/specs/state.json
new file mode 100644
--- /dev/null
+++ b/specs/state.json
@@ -0,0 +1 @@
+{\"tasks\": []}
Note: specs/state.json was missing and has been created from its fallback
warning: templates/state.json.hbs is missing, so specs/state.json is made from its fallback; restore the template \
with: git checkout HEAD -- templates/state.json.hbs
"
    );
    playbook.files[0].fallback = None;
    assert_eq!(
        told(&planned_tiers(&playbook, &world)),
        "specs/files: NotFound: the template templates/state.json.hbs is missing and specs/state.json has no fallback; \
restore the template with: git checkout HEAD -- templates/state.json.hbs\n"
    );
}

#[test]
fn nothing_is_done_before_a_required_file_is_back() {
    let mut playbook = state();
    playbook.rules = vec![rule("fix", vec![replace("a.py", "x", "y")])];
    playbook.files.push(tier("context/**", Tier::Require));
    playbook.files[0] = FileTier { content: Some("{}".into()), template: None, ..playbook.files[0].clone() };
    let world = MemoryWorld::with_files([("a.py", "x\n")]);
    let fixes = planned(&playbook, &[finding("specs/fix", &[])], &world);
    assert_eq!(fixes.fixes.len(), 1);
    let plan = join(vec![planned_tiers(&playbook, &world), fixes]);
    assert_eq!((plan.fixes.len(), plan.edits.len()), (0, 0));
    assert_eq!(
        told(&plan),
        "\
specs/files: Required: specs/TODO.md is missing
Restore it from git: git checkout HEAD -- specs/TODO.md
Or write a new one; the format is in docs/todo-format.md
specs/files: Required: no file fits context/**
"
    );
}

const SCHEMA: &str =
    r#"{"type": "object", "required": ["tasks"], "properties": {"tasks": {"type": "array"}}}"#;

fn kept() -> Playbook {
    let mut playbook = playbook(Vec::new());
    playbook.files = vec![FileTier {
        content: Some("{\"tasks\": []}\n".into()),
        schema: Some("state.schema.json".to_owned()),
        keep: Some(Keep { checksum: true, backups: 3 }),
        ..tier("state.json", Tier::Create)
    }];
    asset(&mut playbook, "state.schema.json", Some(SCHEMA));
    playbook
}

/// What a person is shown, with `SUM` for the checksum of what `state.json` becomes.
fn told_without_sums(plan: &Plan) -> String {
    let files = preview(plan).files;
    let state = files.iter().find(|file| file.path.as_str() == "state.json");
    let sum = state.and_then(|file| file.after.clone()).unwrap_or_else(|| "no sum".to_owned());
    told(plan).replace(&sum, "SUM")
}

#[test]
fn a_file_that_fails_its_schema_is_restored_and_kept_aside() {
    let mut world = MemoryWorld::with_files([("state.json", "{\"tasks\": 1}\n")]);
    world.now = Time(1_700_000_000_000);
    let from_template = planned_tiers(&kept(), &world);
    assert_eq!(from_template.fixes[0].safety, Safety::Unsafe);
    assert_eq!(
        told_without_sums(&from_template),
        "\
diff --git a/state.json b/state.json
--- a/state.json
+++ b/state.json
@@ -1 +1 @@
-{\"tasks\": 1}
+{\"tasks\": []}
diff --git a/state.json.corrupt-026d5228 b/state.json.corrupt-026d5228
new file mode 100644
--- /dev/null
+++ b/state.json.corrupt-026d5228
@@ -0,0 +1 @@
+{\"tasks\": 1}
diff --git a/state.json.sha256 b/state.json.sha256
new file mode 100644
--- /dev/null
+++ b/state.json.sha256
@@ -0,0 +1 @@
+SUM  state.json
Note: state.json did not satisfy its schema at /tasks: 1 is not of type \"array\" and has been restored; what it held \
is in state.json.corrupt-026d5228
warning: state.json does not satisfy its schema at /tasks: 1 is not of type \"array\": it is restored
"
    );
    world.now = Time(1_700_000_001_000);
    assert_eq!(planned_tiers(&kept(), &world).id, from_template.id, "a second later it is the same plan");
    done(&mut world, &from_template);
    assert_eq!(told(&planned_tiers(&kept(), &world)), "", "a second time");

    let aside = path("state.json.corrupt-026d5228");
    assert!(world.files.contains_key(&aside));
    world.files.insert(path("state.json"), "{\"tasks\": 1}\n".into());
    world.files.remove(&path("state.json.sha256"));
    let again = planned_tiers(&kept(), &world);
    assert!(
        again.edits.iter().all(|edit| edit.path != aside),
        "what is kept aside already is not kept twice"
    );
}

/// A world with a good state file and its sidecar.
fn good() -> MemoryWorld {
    let mut world = MemoryWorld::default();
    let plan = planned_tiers(&kept(), &world);
    done(&mut world, &plan);
    assert_eq!(world.files.len(), 2);
    world
}

#[test]
fn a_file_that_is_not_what_its_checksum_says_is_restored() {
    let mut world = good();
    world.now = Time(1_700_000_000_000);
    let content = world.files[&path("state.json")].clone();
    world.files.insert(path("state.json"), "{\"tasks\": [1".into());
    let hopeless = "\
specs/files: Invalid: state.json is not what its checksum says, and heal keeps no good version of it
If the change was yours, delete state.json.sha256
";
    assert_eq!(told(&planned_tiers(&kept(), &world)), hopeless);
    let newer = Earlier { at: Time(1_600_000_100_000), content: "{\"tasks\": [2]}\n".into() };
    let named = Earlier { at: Time(1_600_000_000_000), content };
    world.earlier.insert(path("state.json"), vec![newer, named]);
    let plan = planned_tiers(&kept(), &world);
    assert_eq!(
        told(&plan),
        "\
diff --git a/state.json b/state.json
--- a/state.json
+++ b/state.json
@@ -1 +1 @@
-{\"tasks\": [1
\\ No newline at end of file
+{\"tasks\": []}
diff --git a/state.json.corrupt-e371ccc2 b/state.json.corrupt-e371ccc2
new file mode 100644
--- /dev/null
+++ b/state.json.corrupt-e371ccc2
@@ -0,0 +1 @@
+{\"tasks\": [1
\\ No newline at end of file
Note: state.json was not what its checksum says and has been restored from the version kept at \
2020-09-13 12:26:40 UTC; what it held is in state.json.corrupt-e371ccc2
warning: state.json is not what its checksum says: it is restored from the version kept at 2020-09-13 12:26:40 UTC
warning: if the change to state.json was yours, keep it: delete state.json.sha256 instead
"
    );
    done(&mut world, &plan);
    assert_eq!(told(&planned_tiers(&kept(), &world)), "", "a second time");
}

#[test]
fn a_file_that_was_emptied_or_removed_is_what_it_was_and_nobody_is_asked() {
    let mut world = good();
    let kept_version =
        Earlier { at: Time(1_600_000_000_000), content: world.files[&path("state.json")].clone() };
    world.earlier.insert(path("state.json"), vec![kept_version]);
    let now = |content: Option<&str>| {
        let mut world = world.clone();
        match content {
            Some(content) => drop(world.files.insert(path("state.json"), content.into())),
            None => drop(world.files.remove(&path("state.json"))),
        }
        let plan = planned_tiers(&kept(), &world);
        assert_eq!(plan.fixes[0].safety, Safety::Safe);
        let edits = plan.edits.iter().map(|edit| (edit.path.to_string(), edit.content.after.clone()));
        (edits.collect::<Vec<_>>(), plan.fixes[0].notes.clone())
    };
    let edit = ("state.json".to_owned(), Some("{\"tasks\": []}\n".into()));
    let from = "restored from the version kept at 2020-09-13 12:26:40 UTC";
    let emptied = format!("Note: state.json was not what its checksum says and has been {from}");
    assert_eq!(now(Some("")), (vec![edit.clone()], vec![emptied]));
    assert_eq!(now(None), (vec![edit], vec![format!("Note: state.json was missing and has been {from}")]));
}

#[test]
fn as_many_versions_count_as_the_tier_says() {
    let mut world = MemoryWorld::with_files([("state.json", "{\"tasks\": 1}\n")]);
    let version =
        |number: i64, content: String| Earlier { at: Time(2_000_000_000 - number), content: content.into() };
    let broken = version(0, "{\"tasks\": 2}\n".to_owned());
    let good = (1..=5).map(|number| version(number, format!("{{\"tasks\": [{number}]}}\n")));
    world.earlier.insert(path("state.json"), [broken].into_iter().chain(good).collect());
    let restored = |backups: u32| {
        let mut playbook = kept();
        playbook.files[0].keep = Some(Keep { checksum: false, backups });
        let plan = planned_tiers(&playbook, &world);
        let edit = plan.edits.into_iter().find(|edit| edit.path == path("state.json"));
        edit.and_then(|edit| Some(edit.content.after?.text()?.to_owned()))
    };
    assert_eq!(restored(3).as_deref(), Some("{\"tasks\": [1]}\n"), "the newest that is good");
    assert_eq!(
        restored(0).as_deref(),
        Some("{\"tasks\": []}\n"),
        "none is kept, so it comes of its template"
    );
}

#[test]
fn a_sidecar_follows_what_heal_changes() {
    let mut world = good();
    let mut playbook = kept();
    playbook.rules = vec![rule("fix", vec![replace("state.json", "[]", "[1]")])];
    let plan = planned(&playbook, &[finding("specs/fix", &[])], &world);
    assert_eq!(plan.edits.len(), 2);
    assert_eq!(plan.edits[0].parts, plan.edits[1].parts);
    assert_eq!(select(&plan, &|_| true, &|_| true), plan);
    assert_eq!(select(&plan, &|_| false, &|_| true).edits, []);
    done(&mut world, &plan);
    assert_eq!(told(&planned_tiers(&playbook, &world)), "");
    world.files.remove(&path("state.json.sha256"));
    let again = planned_tiers(&playbook, &world);
    assert_eq!(again.fixes[0].notes, ["Note: state.json.sha256 was missing and has been created"]);
}

#[test]
fn what_is_no_file_is_not_the_file_that_is_asked_for() {
    let mut playbook = playbook(Vec::new());
    playbook.files = vec![
        FileTier { content: Some("{}".into()), ..tier("made.json", Tier::Create) },
        FileTier { recover: vec!["Ask for it".into()], ..tier("asked.md", Tier::Require) },
        tier("local.yaml", Tier::Optional),
    ];
    let folders = ["made.json/a", "asked.md/a", "local.yaml/a"].map(|file| (file, ""));
    let expected = "\
specs/files: Exists: made.json is a folder and no file; move it away first
specs/files: Required: asked.md is a folder and no file
Ask for it
";
    assert_eq!(told(&planned_tiers(&playbook, &MemoryWorld::with_files(folders))), expected);
}
