//! Task leases as a model: workers that take tasks, go on, stop for a while or die, and heal that looks now and then, on a
//! clock of its own. Whatever the order, a task has never two owners in one epoch, and none is lost.

use std::collections::{BTreeMap, BTreeSet};

use heal::matching::{Inspector, Matcher};
use heal::model::{Asset, MemoryWorld, Origin, Plan, Playbook, Refusal, RefusalCode, RelPath, Time, Used};
use heal::planning::{Choices, Context, plan};
use heal::playbooks::{Input, load};
use serde_json::{Value, json};

/// How long a worker may be idle, in milliseconds.
const TTL: i64 = 5 * 60 * 1000;
/// How often a task is tried before it is set aside.
const ATTEMPTS: i64 = 3;

/// A worker that holds a task, or believes that it does.
#[derive(Clone, Debug)]
struct Holder {
    task: usize,
    epoch: i64,
}

struct Model {
    world: MemoryWorld,
    tasks: RelPath,
    /// What each worker holds.
    holders: BTreeMap<String, Holder>,
    /// Every worker that ever held a task in an epoch.
    owners: BTreeMap<(usize, i64), BTreeSet<String>>,
    /// A plan that heal has made and not yet applied.
    planned: Option<Plan>,
    seed: u64,
}

fn playbook() -> Playbook {
    let path = super::book::root().join("playbooks/resilience/task-leases.yaml");
    let text = std::fs::read(path).expect("it is shipped");
    let assets = |path: &str| Asset { path: path.to_owned(), content: None };
    let origin = Origin::Named("task-leases.yaml".to_owned());
    load(&Input { origin, text: &text, assets: &assets }).expect("it is valid").playbook
}

impl Model {
    fn new(seed: u64) -> Self {
        let tasks: Vec<Value> = (0..3)
            .map(|task| json!({"id": format!("t{task}"), "status": "queued", "owner": null, "epoch": 0, "attempts": 0, "active": null}))
            .collect();
        let text = json!({ "tasks": tasks }).to_string();
        let mut world = MemoryWorld::with_files([("var/tasks.json", text.as_str())]);
        world.now = Time(1_767_225_600_000);
        let tasks = RelPath::new("var/tasks.json").expect("inside");
        let (holders, owners) = (BTreeMap::new(), BTreeMap::new());
        Self { world, tasks, holders, owners, planned: None, seed }
    }

    /// A number below `most` that depends on the seed alone.
    fn draw(&mut self, most: u64) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) % most
    }

    fn tasks(&self) -> Vec<Value> {
        let text = self.world.files[&self.tasks].text().expect("it is text").to_owned();
        let all: Value = serde_json::from_str(&text).expect("it is JSON");
        all["tasks"].as_array().expect("a list").clone()
    }

    fn write(&mut self, tasks: &[Value]) {
        let text = json!({ "tasks": tasks }).to_string();
        self.world.files.insert(self.tasks.clone(), text.as_str().into());
    }

    fn stamp(&self) -> Value {
        let time = jiff::Timestamp::from_millisecond(self.world.now.0).expect("a time");
        json!(time.to_string())
    }

    /// A worker takes a task that is queued.
    fn take(&mut self, worker: &str) {
        let mut tasks = self.tasks();
        let Some(task) = tasks.iter().position(|task| task["status"] == "queued") else { return };
        let epoch = tasks[task]["epoch"].as_i64().expect("a number");
        tasks[task]["status"] = json!("in_progress");
        tasks[task]["owner"] = json!(worker);
        tasks[task]["active"] = self.stamp();
        self.write(&tasks);
        self.holders.insert(worker.to_owned(), Holder { task, epoch });
        self.owners.entry((task, epoch)).or_default().insert(worker.to_owned());
    }

    /// A worker writes that it is active, or that it is done, if the epoch is still its own.
    fn go_on(&mut self, worker: &str, is_done: bool) {
        let Some(Holder { task, epoch }) = self.holders.get(worker).cloned() else { return };
        let mut tasks = self.tasks();
        if tasks[task]["epoch"] != epoch {
            self.holders.remove(worker);
            return;
        }
        assert_eq!(tasks[task]["owner"], worker, "a task changes hands only with its epoch");
        tasks[task]["active"] = self.stamp();
        if is_done {
            tasks[task]["status"] = json!("done");
            self.holders.remove(worker);
        }
        self.write(&tasks);
    }

    /// heal looks, and makes a plan.
    fn look(&mut self, playbooks: &[Playbook]) {
        let found = Matcher::new(playbooks).inspect(&self.world).findings;
        let inspector = Inspector::new(playbooks);
        let (choices, used) = (Choices::default(), Used::default());
        let context =
            Context { playbooks, world: &self.world, inspect: &inspector, choices: &choices, used: &used };
        let plan = plan(&found, &context);
        // Two that are given up at once are entered one after the other.
        let is_for_later = |refusal: &Refusal| refusal.code == RefusalCode::Overlap;
        assert!(plan.refusals.iter().all(is_for_later), "{:?}", plan.refusals);
        self.planned = Some(plan);
    }

    /// heal writes, if each file is still the one that it has read.
    fn apply(&mut self) {
        let Some(plan) = self.planned.take() else { return };
        let is_stale =
            |edit: &heal::model::Edit| self.world.files.get(&edit.path) != edit.content.before.as_ref();
        if plan.edits.iter().any(is_stale) {
            return;
        }
        let before = self.tasks();
        for edit in plan.edits {
            let after = edit.content.after.expect("nothing is deleted");
            self.world.files.insert(edit.path, after);
        }
        for (old, new) in before.iter().zip(&self.tasks()) {
            self.judge(old, new);
        }
    }

    /// Holds what heal made of a task against what it was.
    fn judge(&self, old: &Value, new: &Value) {
        if old == new {
            return;
        }
        let number = |task: &Value, key: &str| task[key].as_i64().expect("a number");
        let active: jiff::Timestamp = old["active"].as_str().expect("it was taken").parse().expect("a time");
        assert!(self.world.now.0 - active.as_millisecond() > TTL, "it was active a moment ago: {old}");
        assert_eq!(old["status"], "in_progress");
        assert_eq!(number(new, "epoch"), number(old, "epoch") + 1);
        assert_eq!(number(new, "attempts"), number(old, "attempts") + 1);
        let is_last = number(new, "attempts") == ATTEMPTS;
        assert_eq!(
            (&new["status"], &new["owner"]),
            (&json!(if is_last { "dead" } else { "queued" }), &Value::Null)
        );
    }

    /// What must hold at every moment.
    fn check(&self) {
        for ((task, epoch), owners) in &self.owners {
            assert_eq!(owners.len(), 1, "task {task} had {owners:?} in epoch {epoch}");
        }
        let tasks = self.tasks();
        assert_eq!(tasks.len(), 3, "no task is lost");
        let path = RelPath::new("var/dead.json").expect("inside");
        let dead = self.world.files.get(&path).and_then(|bytes| bytes.text()).unwrap_or(r#"{"dead": []}"#);
        let dead: Value = serde_json::from_str(dead).expect("it is JSON");
        let mut listed: Vec<&str> =
            dead["dead"].as_array().expect("a list").iter().filter_map(|task| task["id"].as_str()).collect();
        listed.sort_unstable();
        let given_up =
            tasks.iter().filter(|task| task["status"] == "dead").filter_map(|task| task["id"].as_str());
        assert_eq!(listed, given_up.collect::<Vec<_>>(), "each task that is given up is listed once");
    }
}

#[test]
fn no_order_of_events_gives_a_task_two_owners_in_one_epoch() {
    let playbooks = [playbook()];
    let (mut queued_again, mut given_up) = (0, 0);
    for seed in 0..20 {
        let mut model = Model::new(seed);
        for _ in 0..120 {
            let worker = format!("w{}", model.draw(4));
            match model.draw(8) {
                0 | 1 if !model.holders.contains_key(&worker) => model.take(&worker),
                2 => model.go_on(&worker, false),
                3 => model.go_on(&worker, model.seed.is_multiple_of(3)),
                // It dies, and nobody hears of it.
                4 => drop(model.holders.remove(&worker)),
                5 => model.look(&playbooks),
                6 => model.apply(),
                _ => model.world.now.0 += i64::try_from(model.draw(4)).expect("small") * TTL / 2,
            }
            model.check();
        }
        model.world.now.0 += 2 * TTL;
        for _ in 0..3 {
            model.look(&playbooks);
            model.apply();
            model.check();
        }
        let tasks = model.tasks();
        assert!(
            tasks.iter().all(|task| task["status"] != "in_progress"),
            "one is left with who is gone: {tasks:?}"
        );
        queued_again += tasks.iter().filter(|task| task["attempts"].as_i64() > Some(0)).count();
        given_up += tasks.iter().filter(|task| task["status"] == "dead").count();
    }
    assert!(queued_again > 20 && given_up > 5, "{queued_again} were queued again, {given_up} given up");
}
