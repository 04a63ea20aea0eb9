use std::collections::BTreeMap;
use std::process::Command;

/// What says which repository git works on; a hook of git has it set. The list is `git rev-parse --local-env-vars` of git
/// 2.47, without what only configures it.
pub(crate) const OF_REPOSITORY: [&str; 9] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// What a command is given of heal's own environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Environment {
    /// All of it: for a command that the user typed.
    Whole,
    /// What says who the user is, where tools and their files are, and how to reach the network: for what a playbook
    /// runs. Secrets are not among it, nor what decides which code other programs load.
    Listed,
}

/// Variables that a playbook's commands are given.
const LISTED: &[&str] = &[
    // Who and where.
    "HOME",
    "LOGNAME",
    "PATH",
    "SHELL",
    "TEMP",
    "TMP",
    "TMPDIR",
    "USER",
    // Language, time and how to print.
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORTERM",
    "FORCE_COLOR",
    "LANG",
    "LANGUAGE",
    "NO_COLOR",
    "TERM",
    "TZ",
    // Where tools are, and where they keep things.
    "BUN_INSTALL",
    "CARGO_HOME",
    "CARGO_TARGET_DIR",
    "CONDA_DEFAULT_ENV",
    "CONDA_PREFIX",
    "COREPACK_HOME",
    "DENO_DIR",
    "DOCKER_HOST",
    "GEM_HOME",
    "GEM_PATH",
    "GOCACHE",
    "GOMODCACHE",
    "GOPATH",
    "GOROOT",
    "GRADLE_USER_HOME",
    "JAVA_HOME",
    "NVM_DIR",
    "PNPM_HOME",
    "PYENV_ROOT",
    "PYENV_VERSION",
    "RBENV_ROOT",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "VIRTUAL_ENV",
    "VOLTA_HOME",
    // How to reach the network, and where packages come from.
    "CURL_CA_BUNDLE",
    "GOPROXY",
    "NIX_SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "PIP_INDEX_URL",
    "REQUESTS_CA_BUNDLE",
    "SSH_AUTH_SOCK",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
    // Whether a person is there.
    "CI",
];

/// How the names of more of them start.
const LISTED_STARTS: &[&str] = &["LC_", "XDG_"];

/// More of them, in capitals or not.
const LISTED_IN_ANY_CASE: &[&str] =
    &["ALL_PROXY", "FTP_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "NPM_CONFIG_REGISTRY"];

/// What heal says to a command of its own accord, and to no command that it did not say it to.
const OF_HEAL: &[&str] = &["HEAL_CAP_", "HEAL_OPERATION"];

/// What keeps a command from asking: nobody is there to answer.
const UNASKED: [(&str, &str); 6] = [
    ("DEBIAN_FRONTEND", "noninteractive"),
    ("GIT_EDITOR", ":"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("PIP_NO_INPUT", "1"),
    ("SSH_ASKPASS", "false"),
    ("SSH_ASKPASS_REQUIRE", "force"),
];

impl Environment {
    /// Gives a command what it is to have of heal's own environment.
    pub(crate) fn fill(self, command: &mut Command) {
        for (name, _) in std::env::vars_os() {
            if !name.to_str().map_or(self == Self::Whole, |name| self.gives(name)) {
                command.env_remove(name);
            }
        }
    }

    fn gives(self, name: &str) -> bool {
        let starts = |with: &[&str]| with.iter().any(|start| name.starts_with(start));
        match self {
            Self::Whole => !starts(OF_HEAL),
            Self::Listed => {
                let in_any_case = LISTED_IN_ANY_CASE.iter().any(|listed| listed.eq_ignore_ascii_case(name));
                LISTED.contains(&name) || starts(LISTED_STARTS) || in_any_case
            }
        }
    }
}

/// Tells a command not to ask, in the ways that tools listen to.
pub(crate) fn forbid_questions(command: &mut Command) {
    command.envs(UNASKED);
}

/// An environment with nothing added.
pub(crate) fn nothing_added() -> &'static BTreeMap<String, String> {
    static NONE: BTreeMap<String, String> = BTreeMap::new();
    &NONE
}

#[cfg(test)]
mod tests {
    use super::Environment;

    #[track_caller]
    fn check(name: &str, whole: bool, listed: bool) {
        let given = [Environment::Whole, Environment::Listed].map(|environment| environment.gives(name));
        assert_eq!(given, [whole, listed], "{name}");
    }

    #[test]
    fn a_playbook_s_commands_get_what_is_listed() {
        for name in ["PATH", "HOME", "LC_ALL", "XDG_CACHE_HOME", "https_proxy", "NO_PROXY", "VIRTUAL_ENV"] {
            check(name, true, true);
        }
        for name in [
            "LD_PRELOAD",
            "DYLD_INSERT_LIBRARIES",
            "GIT_DIR",
            "NODE_OPTIONS",
            "PYTHONPATH",
            "PYTHONSTARTUP",
            "RUSTC_WRAPPER",
            "BASH_ENV",
            "MY_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "HTTP_PROXY_PASSWORD",
        ] {
            check(name, true, false);
        }
        check("HEAL_CAP_who", false, false);
        check("HEAL_OPERATION", false, false);
    }
}
