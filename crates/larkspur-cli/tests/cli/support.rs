//! Running the command.

use std::{fs, path::PathBuf};

use assert_cmd::cargo::cargo_bin_cmd;
use serde_json::Value;
use tempfile::TempDir;

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is not JSON: {error}\n{}", self.stdout))
    }

    /// Each line of stdout as JSON.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The exit status and what a person sees on stderr.
    pub(crate) fn told(&self) -> String {
        format!("exit {}\n{}", self.code, self.stderr.trim_end())
    }
}

/// Runs the command with a stdin and no environment that could name a server.
pub(crate) fn larkspur(args: &[&str], stdin: impl Into<Vec<u8>>) -> Ran {
    larkspur_with(args, stdin, &[])
}

/// The same with environment variables.
pub(crate) fn larkspur_with(
    args: &[&str],
    stdin: impl Into<Vec<u8>>,
    vars: &[(&str, &str)],
) -> Ran {
    let mut command = cargo_bin_cmd!("larkspur");
    command.args(args).write_stdin(stdin);
    for name in [
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "COMETAPI_KEY",
        "ANTHROPIC_API_KEY",
        "GEMINI_API_KEY",
        "LARKSPUR_CATALOGUE",
    ] {
        command.env_remove(name);
    }
    command.envs(vars.iter().copied());
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder with files, gone at the end of the test.
pub(crate) struct Files(TempDir);

impl Files {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        let path: PathBuf = self.0.path().join(name);
        path.to_str().unwrap().to_owned()
    }

    /// A text without the name of the folder, which differs each time.
    pub(crate) fn strip(&self, text: &str) -> String {
        text.replace(self.0.path().to_str().unwrap(), "DIR")
    }
}
