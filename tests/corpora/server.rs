//! A PostgreSQL of these tests' own: a new cluster in a temporary folder, reached by a socket in that folder only, gone with its last user.
//!
//! PostgreSQL doesn't run as root. Where the tests do, it is started as the user `postgres`, which Debian's package makes, by `setpriv`.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

use larkspur_sql::Postgres;
use tempfile::TempDir;

/// What is to be done where there is none.
const MISSING: &str = "PostgreSQL is not installed: `apt-get install postgresql`, or set LARKSPUR_POSTGRES to the folder of its `initdb`";

/// A server. It is stopped when it is dropped.
pub(crate) struct Server {
    folder: TempDir,
    programs: PathBuf,
    is_root: bool,
}

/// How many scripts there were: tests run side by side.
static SCRIPTS: AtomicUsize = AtomicUsize::new(0);

static RUNNING: Mutex<Weak<Server>> = Mutex::new(Weak::new());

/// The server that all tests of this process share.
pub(crate) fn server() -> Arc<Server> {
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    running.upgrade().unwrap_or_else(|| {
        let server = Arc::new(Server::start());
        *running = Arc::downgrade(&server);
        server
    })
}

/// The folder of the newest PostgreSQL.
fn programs() -> PathBuf {
    if let Some(folder) = env::var_os("LARKSPUR_POSTGRES") {
        return folder.into();
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let version = |entry: &fs::DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
    let newest = versions.flatten().max_by_key(version);
    let debian = newest.map(|entry| entry.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders = debian.into_iter().chain(env::split_paths(&path));
    folders
        .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
        .expect(MISSING)
}

impl Server {
    fn start() -> Self {
        let programs = programs();
        // The path of a socket has at most 107 bytes, so it isn't wherever `TMPDIR` says.
        let folder = tempfile::Builder::new()
            .prefix("larkspur-pg")
            .tempdir_in("/tmp")
            .unwrap();
        let id = Command::new("id").arg("-u").output().unwrap();
        let is_root = id.stdout.trim_ascii() == b"0";
        let server = Self {
            folder,
            programs,
            is_root,
        };
        if is_root {
            let mut chown = Command::new("chown");
            done(chown.arg("postgres").arg(server.folder.path()));
        }
        let data = server.path("data");
        let mut initdb = server.program("initdb");
        initdb.args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        done(initdb.arg("--pgdata").arg(&data));
        let options = format!(
            "-c listen_addresses='' -c fsync=off -c autovacuum=off -k {}",
            server.folder.path().display()
        );
        let mut start = server.program("pg_ctl");
        start
            .args(["start", "--wait", "--options", &options, "--pgdata"])
            .arg(&data);
        done(start.arg("--log").arg(server.path("log")));
        // Roles are the server's, and two tests at once must not make the same one.
        server.psql(
            "postgres",
            "CREATE ROLE reader LOGIN; GRANT pg_read_all_data TO reader",
        );
        server
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// One of its programs, as a user who may run it.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        if !self.is_root {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        command.arg(program).current_dir("/");
        command
    }

    /// How to connect to a database, as a role.
    pub(crate) fn url(&self, database: &str, role: &str) -> String {
        let folder = self.folder.path().display();
        format!("host={folder} dbname={database} user={role}")
    }

    /// Runs statements as the superuser.
    pub(crate) fn psql(&self, database: &str, sql: &str) {
        let number = SCRIPTS.fetch_add(1, Ordering::Relaxed);
        let file = self.path(&format!("{number}.sql"));
        fs::write(&file, sql).unwrap();
        let mut psql = self.program("psql");
        psql.args([
            "--quiet",
            "--no-psqlrc",
            "--set=ON_ERROR_STOP=1",
            "--username=postgres",
        ]);
        psql.args([OsStr::new("--host"), self.folder.path().as_os_str()]);
        psql.args(["--dbname", database, "--file"]).arg(&file);
        done(&mut psql);
    }

    /// The statements that make a database, as PostgreSQL's own program writes them.
    pub(crate) fn dump(&self, database: &str) -> String {
        let file = self.path(&format!("{database}.dump"));
        let mut dump = self.program("pg_dump");
        dump.args(["--schema-only", "--username=postgres", "--file"]);
        dump.arg(&file).arg("--host").arg(self.folder.path());
        done(dump.arg(database));
        fs::read_to_string(&file).unwrap()
    }

    /// A new database with what these statements make, as the role `reader` sees it, which may only read.
    pub(crate) fn database(&self, name: &str, ddl: &str) -> Postgres {
        self.psql("postgres", &format!("DROP DATABASE IF EXISTS {name}"));
        self.psql("postgres", &format!("CREATE DATABASE {name}"));
        self.psql(name, ddl);
        self.psql(name, "ANALYZE");
        Postgres::connect(&self.url(name, "reader")).unwrap()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.args(["stop", "--mode=immediate", "--pgdata"])
            .arg(self.path("data"));
        let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// Runs it to its end; what it says is told where it fails. A server that it starts keeps none of its pipes.
fn done(command: &mut Command) {
    let folder = TempDir::new().unwrap();
    let said = folder.path().join("said");
    let log = fs::File::create(&said).unwrap();
    let status = command
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .status();
    let said = || fs::read_to_string(&said).unwrap();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("{command:?}: {status}\n{}", said()),
        Err(error) => panic!("{command:?}: {error}"),
    }
}
