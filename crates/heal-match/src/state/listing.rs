use std::cell::RefCell;
use std::collections::BTreeMap;

use heal_model::{RelPath, Scope, Unreadable, World};

/// Lists folders, each once.
#[derive(Default)]
pub(crate) struct Listing(RefCell<BTreeMap<Option<RelPath>, Vec<RelPath>>>);

impl Listing {
    /// The files below a folder, those that git ignores left out.
    pub(crate) fn under(
        &self,
        folder: Option<RelPath>,
        world: &dyn World,
    ) -> Result<Vec<RelPath>, Unreadable> {
        if let Some(files) = self.0.borrow().get(&folder) {
            return Ok(files.clone());
        }
        let mut files = world.files(folder.as_ref(), Scope::Unignored)?;
        // A folder that is named outright is looked into even where git ignores all of it: state, locks, logs.
        if files.is_empty() && folder.is_some() {
            files = world.files(folder.as_ref(), Scope::All)?;
        }
        self.0.borrow_mut().insert(folder, files.clone());
        Ok(files)
    }
}
