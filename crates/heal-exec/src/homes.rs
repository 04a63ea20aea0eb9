use std::path::{Path, PathBuf};

/// Where heal keeps what is the user's own, outside every project.
#[derive(Clone, Debug, Default)]
pub struct Homes {
    /// The user's settings and playbooks: `$XDG_CONFIG_HOME/heal`.
    pub config: Option<PathBuf>,
    /// The journal and what is trusted: `$XDG_STATE_HOME/heal`.
    pub state: Option<PathBuf>,
    /// The user's home.
    pub home: Option<PathBuf>,
}

impl Homes {
    /// The folders that the environment names, by the XDG rules: a relative path counts as none.
    #[must_use]
    pub fn of_user() -> Self {
        let home = absolute("HOME");
        let of = |variable: &str, usual: &str| {
            absolute(variable).or_else(|| Some(home.as_ref()?.join(usual))).map(|base| base.join("heal"))
        };
        Self {
            config: of("XDG_CONFIG_HOME", ".config"),
            state: of("XDG_STATE_HOME", ".local/state"),
            home: home.clone(),
        }
    }

    /// Both of heal's folders below one folder: what tests use.
    #[must_use]
    pub fn below(folder: &Path) -> Self {
        Self { config: Some(folder.join("config")), state: Some(folder.join("state")), home: None }
    }
}

fn absolute(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}
