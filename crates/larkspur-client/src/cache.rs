//! Accepted answers, kept on disk so that the same request need not be paid for twice.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use ring::digest::{Context, SHA256, digest};

/// What every entry begins with, so that a file of something else, or of another format, is none.
const MAGIC: &str = "larkspur-cache-2";

/// How old a file that is being written must be to be one that nobody writes any more: its program was killed.
const LEFT_BEHIND: Duration = Duration::from_secs(60 * 60);

/// Answers that were accepted, kept in a directory: the same request to the same API of the same server is not sent again.
///
/// Kept are the bodies of whole answers that were read to a value, and nothing else: no request, no header, no key. The name of an entry is
/// the SHA-256 of the API, the base URL, the path and the body of the request, byte by byte, so whatever changes what is asked is another entry. Who may
/// read the directory may read the answers; on Unix the files are readable to their owner alone.
///
/// - What is found is read and checked as an answer that has just come; where it is no value of the type any more, it is asked for anew.
/// - An answer from the cache is an [attempt](crate::ledger::AttemptKind::Cache) that cost nothing; [`Reply::from_cache`](crate::Reply::from_cache) says so.
/// - Entries are written to a file of their own and renamed, so half of one is never seen, also by other programs that share the directory; what was
///   damaged is as if it were not there. What a program that was killed left behind is taken away after an hour.
/// - One request can pass it by, or have its entry made anew: [`RequestBuilder::cache`](crate::RequestBuilder::cache).
/// - Streams, runs of tools, answers made in the background or in a conversation that the server keeps, and
///   [`send`](crate::RequestBuilder::send) pass it by.
/// - A cache that cannot be read or written costs no answer: it is said in the log, and the server is asked.
///
/// ```no_run
/// use larkspur_client::{Cache, Client};
///
/// # fn run() -> Result<(), larkspur_client::Error> {
/// # use std::time::Duration;
/// let week = Duration::from_secs(7 * 24 * 60 * 60);
/// let cache = Cache::at("target/answers").max_bytes(64 << 20).max_age(week);
/// let client = Client::builder().cache(cache).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Cache(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    directory: PathBuf,
    max_bytes: u64,
    max_age: Option<Duration>,
    /// Bytes of all entries as far as this program knows; nothing before they are counted.
    bytes: Mutex<Option<u64>>,
    /// For names of files that are being written.
    written: AtomicU64,
}

/// How a request uses the [`Cache`] of its client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CacheMode {
    /// The answer that is kept, if there is one; what is accepted is kept.
    #[default]
    Use,
    /// The server is asked in any case; what is accepted takes the place of what was kept.
    Refresh,
    /// The server is asked, and nothing is kept.
    Bypass,
}

impl Cache {
    /// A cache in this directory, which is made when something is kept. It may hold other files; they are left alone.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self::new(directory.into(), 256 << 20, None)
    }

    fn new(directory: PathBuf, max_bytes: u64, max_age: Option<Duration>) -> Self {
        Self(Arc::new(Inner {
            directory,
            max_bytes,
            max_age,
            bytes: Mutex::default(),
            written: AtomicU64::new(0),
        }))
    }

    /// How large all entries together may become; what was not used for longest goes first. Default: 256 MiB.
    pub fn max_bytes(self, max_bytes: u64) -> Self {
        Self::new(self.0.directory.clone(), max_bytes, self.0.max_age)
    }

    /// How old an answer may be, by the second in which it was kept; what is older is asked for anew. Default: as old as it gets.
    pub fn max_age(self, max_age: Duration) -> Self {
        Self::new(self.0.directory.clone(), self.0.max_bytes, Some(max_age))
    }

    /// The place of the answer to this request: API, base URL and path, and the body.
    pub(crate) fn entry(&self, place: [&str; 3], body: &[u8]) -> Entry {
        let mut context = Context::new(&SHA256);
        let place = place.into_iter().map(str::as_bytes);
        for part in place.chain([body]) {
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part);
        }
        Entry {
            cache: self.clone(),
            name: hex(context.finish().as_ref()),
        }
    }
}

/// The place of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    cache: Cache,
    name: String,
}

impl Entry {
    /// The answer, if one is there and whole.
    pub(crate) async fn get(&self) -> Option<Bytes> {
        let entry = self.clone();
        let read = tokio::task::spawn_blocking(move || entry.read());
        match read.await.ok()? {
            Ok(body) => body,
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!(%error, "an entry of the cache cannot be read");
                None
            }
        }
    }

    /// Keeps an answer.
    pub(crate) async fn put(&self, body: Bytes) {
        let entry = self.clone();
        let write = tokio::task::spawn_blocking(move || entry.write(&body));
        if let Ok(Err(error)) = write.await {
            tracing::warn!(%error, "an answer cannot be kept in the cache");
        }
    }

    fn path(&self) -> PathBuf {
        self.cache.0.directory.join(&self.name)
    }

    /// The answer, unless it is too old.
    fn read(&self) -> io::Result<Option<Bytes>> {
        let file = File::open(self.path())?;
        let length = file.metadata()?.len();
        if length > self.cache.0.max_bytes {
            return Err(io::Error::other("it is larger than the cache"));
        }
        let entry = fs::read(self.path())?;
        let (kept, body) = parts_of(&entry).ok_or_else(|| io::Error::other("it is damaged"))?;
        let age = since_1970().saturating_sub(kept);
        if self.cache.0.max_age.is_some_and(|most| age > most) {
            return Ok(None);
        }
        // When it was used last decides how long it stays. Where that cannot be written down, it goes earlier.
        let _ = file.set_modified(SystemTime::now());
        Ok(Some(Bytes::copy_from_slice(body)))
    }

    fn write(&self, body: &[u8]) -> io::Result<()> {
        let Inner {
            directory,
            max_bytes,
            written,
            ..
        } = &*self.cache.0;
        let now = since_1970();
        let entry = entry_of(now, body);
        let length = entry.len() as u64;
        if length > *max_bytes {
            return Ok(());
        }
        fs::create_dir_all(directory)?;
        let number = written.fetch_add(1, Ordering::Relaxed);
        // With the time, because process numbers come again, in containers above all.
        let (name, process, now) = (&self.name, std::process::id(), now.as_nanos());
        let beside = directory.join(format!(".{name}-{process}-{now}-{number}"));
        let put = write_new(&beside, &entry).and_then(|()| fs::rename(&beside, self.path()));
        if put.is_err() {
            let _ = fs::remove_file(&beside);
        }
        put?;
        self.cache.make_room(length)
    }
}

impl Cache {
    /// Counts what came, and takes away what was not used for longest where it is too much.
    fn make_room(&self, came: u64) -> io::Result<()> {
        let mut bytes = self.0.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let known = bytes.map(|bytes| bytes.saturating_add(came));
        if let Some(known) = known
            && known <= self.0.max_bytes
        {
            *bytes = Some(known);
            return Ok(());
        }
        let mut entries = self.entries()?;
        entries.sort();
        let mut all: u64 = entries.iter().map(|(_, length, _)| length).sum();
        // With some room to spare, so that not every answer has them counted.
        let enough = if all > self.0.max_bytes {
            self.0.max_bytes / 4 * 3
        } else {
            self.0.max_bytes
        };
        for (_, length, path) in entries {
            if all <= enough {
                break;
            }
            // Another program may have been faster.
            let _ = fs::remove_file(path);
            all -= length;
        }
        *bytes = Some(all);
        Ok(())
    }

    /// When each entry was used, how large it is, and where. What was left behind on the way to one is taken away.
    fn entries(&self) -> io::Result<Vec<(SystemTime, u64, PathBuf)>> {
        let mut entries = Vec::new();
        for file in fs::read_dir(&self.0.directory)? {
            let file = file?;
            let (name, metadata) = (file.file_name(), file.metadata());
            let (Some(kind), Ok(metadata)) = (FileKind::of(&name.to_string_lossy()), metadata)
            else {
                continue;
            };
            let used = metadata.modified().unwrap_or(UNIX_EPOCH);
            match kind {
                FileKind::Entry => entries.push((used, metadata.len(), file.path())),
                FileKind::Unfinished => {
                    if used.elapsed().is_ok_and(|age| age > LEFT_BEHIND) {
                        let _ = fs::remove_file(file.path());
                    }
                }
            }
        }
        Ok(entries)
    }
}

/// What a file of the cache is; others are none of its business.
#[derive(Debug)]
enum FileKind {
    Entry,
    /// On the way to an entry.
    Unfinished,
}

impl FileKind {
    fn of(name: &str) -> Option<Self> {
        let is_name =
            |name: &str| name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_name(name) {
            return Some(Self::Entry);
        }
        let (name, _) = name.strip_prefix('.')?.split_once('-')?;
        is_name(name).then_some(Self::Unfinished)
    }
}

/// An entry: a line with the sum of all that follows, one with the second in which it was kept, and the body.
fn entry_of(kept: Duration, body: &[u8]) -> Vec<u8> {
    let kept = format!("{}\n", kept.as_secs());
    let rest = [kept.as_bytes(), body].concat();
    let sum = hex(digest(&SHA256, &rest).as_ref());
    [format!("{MAGIC} {sum}\n").as_bytes(), &rest].concat()
}

/// When an entry was kept, and its body, if it is what was written.
fn parts_of(entry: &[u8]) -> Option<(Duration, &[u8])> {
    let (head, rest) = line_of(entry)?;
    let sum = head.strip_prefix(MAGIC)?.trim_start();
    if sum != hex(digest(&SHA256, rest).as_ref()) {
        return None;
    }
    let (kept, body) = line_of(rest)?;
    Some((Duration::from_secs(kept.parse().ok()?), body))
}

/// The first line, and what follows.
fn line_of(text: &[u8]) -> Option<(&str, &[u8])> {
    let end = memchr::memchr(b'\n', text)?;
    let line = std::str::from_utf8(text.get(..end)?).ok()?;
    Some((line, text.get(end + 1..)?))
}

fn since_1970() -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default()
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)?.write_all(bytes)
}

fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a `String` cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
