use std::fs;
use std::io::{self, Write as _};
use std::process::Command;

use thiserror::Error;

use crate::state::{StateError, open_folder, private};
use crate::{Host, sys};

/// What is started where the environment names no editor.
const USUAL: &str = "vi";

/// Why a text was not edited.
#[derive(Debug, Error)]
pub enum EditError {
    /// There is no place for it while it is edited.
    #[error(transparent)]
    State(#[from] StateError),
    /// It can't be written or read.
    #[error("cannot keep the text while it is edited")]
    File {
        /// Why.
        #[from]
        source: io::Error,
    },
    /// The editor did not end well.
    #[error("the editor {editor:?} failed; set EDITOR to one that works")]
    Failed {
        /// As the environment names it.
        editor: String,
    },
}

impl Host {
    /// Lets the person at the terminal edit a text, with the editor that `VISUAL` or `EDITOR` names.
    ///
    /// # Errors
    /// When it can't be kept meanwhile, or the editor fails.
    pub fn edit_text(&self, text: &str) -> Result<String, EditError> {
        let path = self.state_folder()?.join("incidents");
        private(&path)?;
        let folder = open_folder(&path)?;
        let name = format!(".edit-{}.yaml", std::process::id());
        sys::create_anew(&folder, &name)?.write_all(text.as_bytes())?;
        let file = path.join(&name);
        let named = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok());
        let editor = named.filter(|editor| !editor.trim().is_empty()).unwrap_or_else(|| USUAL.to_owned());
        // As git does it: what the variable holds is a command of the shell, and the file its argument.
        let script = format!("{editor} \"$1\"");
        let ended = Command::new("sh").args(["-c", &script, "sh"]).arg(&file).status();
        let written = fs::read_to_string(&file);
        sys::unlink(&folder, &name)?;
        if ended?.success() { Ok(written?) } else { Err(EditError::Failed { editor }) }
    }
}
