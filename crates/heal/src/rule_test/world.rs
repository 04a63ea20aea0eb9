use std::collections::BTreeMap;

use heal_model::{Earlier, Machine, MemoryWorld, Process, RelPath, TestInput, TestProcess, Time};

/// The world that a rule's own test describes.
pub(super) fn world(input: &TestInput) -> MemoryWorld {
    let file = |(path, text): (&String, &String)| Some((RelPath::new(path).ok()?, text.as_str().into()));
    MemoryWorld {
        files: input.files.iter().filter_map(file).collect(),
        env: input.env.clone(),
        now: input.now.unwrap_or_default(),
        modified: input.modified.iter().filter_map(modified).collect(),
        earlier: input.kept.iter().filter_map(kept).collect(),
        processes: input.processes.iter().map(|process| (process.pid, running(process))).collect(),
        listeners: listeners(&input.processes),
        probes: input.probes.iter().map(|probe| (probe.argv.clone(), probe.said.clone())).collect(),
        machine: Machine { boot: input.boot.clone(), name: None },
        ..MemoryWorld::default()
    }
}

fn modified((path, time): (&String, &Time)) -> Option<(RelPath, Time)> {
    Some((RelPath::new(path).ok()?, *time))
}

fn kept((path, text): (&String, &String)) -> Option<(RelPath, Vec<Earlier>)> {
    let earlier = Earlier { at: Time::default(), content: text.as_str().into() };
    Some((RelPath::new(path).ok()?, vec![earlier]))
}

fn running(process: &TestProcess) -> Process {
    Process {
        started: process.started.unwrap_or_default(),
        name: process.name.clone(),
        parent: process.parent,
        folder: process.folder.clone(),
    }
}

fn listeners(processes: &[TestProcess]) -> BTreeMap<u16, Vec<u32>> {
    let mut ports: BTreeMap<u16, Vec<u32>> = BTreeMap::new();
    for process in processes {
        if let Some(port) = process.listens {
            ports.entry(port).or_default().push(process.pid);
        }
    }
    ports
}
