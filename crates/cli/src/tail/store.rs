//! The store of `tail`. In: a path and a kind. Out: a store to record into; or what is in it, printed.
//!
//! Next: back to `../tail.rs`.

use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use wellspring::Event;
use wellspring::store::{FileStore, Store, StoreError, StoredEvent};
use wellspring_sqlite::SqliteStore;

use super::printer::Printer;
use crate::args::{self, StoreKind};
use crate::exit::Ending;
use crate::note::note;
use crate::reach;

/// How a file store begins.
const FILE_STORE: &[u8] = b"wellspring\r\n";

/// This much is written at a time.
const FULL: usize = 64 * 1024;

/// A store of either kind.
pub(super) enum EitherStore {
    Sqlite(SqliteStore),
    File(FileStore),
}

impl EitherStore {
    /// Opens it, or makes it.
    pub(super) fn open(args: &args::Tail, path: &Path) -> Result<Self, Ending> {
        let opened = match kind(args, path) {
            StoreKind::Sqlite => SqliteStore::open(path).map(Self::Sqlite),
            StoreKind::File => FileStore::open(path).map(Self::File),
        };
        let opened = opened.map_err(|error| Ending::of_store(&error))?;
        opened.tell_what_was_cut_off(path);
        Ok(opened)
    }

    fn tell_what_was_cut_off(&self, path: &Path) {
        if let Self::File(store) = self
            && store.cut_off() > 0
        {
            let (path, bytes) = (path.display(), store.cut_off());
            note(&format!(
                "{path}: a commit that was never finished is cut off ({bytes} bytes)"
            ));
        }
    }

    fn open_read_only(args: &args::Tail, path: &Path) -> Result<Self, Ending> {
        let opened = match kind(args, path) {
            StoreKind::Sqlite => SqliteStore::open_read_only(path).map(Self::Sqlite),
            StoreKind::File => FileStore::open_read_only(path).map(Self::File),
        };
        opened.map_err(|error| Ending::of_store(&error))
    }

    fn sources(&mut self) -> Result<Vec<String>, StoreError> {
        match self {
            Self::Sqlite(store) => store.sources(),
            Self::File(store) => Ok(store.sources().to_vec()),
        }
    }

    fn read(
        &mut self,
        source: &str,
        visit: impl FnMut(StoredEvent<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.read(source, 0, visit),
            Self::File(store) => store.read(source, 0, visit),
        }
    }
}

impl Store for EitherStore {
    fn position(&mut self, source: &str) -> Result<Option<String>, StoreError> {
        match self {
            Self::Sqlite(store) => store.position(source),
            Self::File(store) => store.position(source),
        }
    }

    fn commit(&mut self, source: &str, events: &[Event], position: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.commit(source, events, position),
            Self::File(store) => store.commit(source, events, position),
        }
    }
}

/// What was asked for, else what the file is.
fn kind(args: &args::Tail, path: &Path) -> StoreKind {
    args.store_kind.unwrap_or_else(|| {
        let mut head = Vec::new();
        let length = FILE_STORE.len() as u64;
        let read = File::open(path).and_then(|file| file.take(length).read_to_end(&mut head));
        match read {
            Ok(_) if head == FILE_STORE => StoreKind::File,
            _ => StoreKind::Sqlite,
        }
    })
}

/// `tail --show`: prints what is stored.
pub(super) fn show(args: &args::Tail, path: &Path) -> Result<(), Ending> {
    let mut store = EitherStore::open_read_only(args, path)?;
    let Some(source) = chosen(args, path, &mut store)? else {
        return Ok(());
    };
    let mut printer = Printer::new(args);
    let mut out = Vec::new();
    let mut done = Ok(());
    let read = store.read(&source, |stored| {
        let flow = printer.print(stored.event, None, &mut out);
        if out.len() >= FULL || flow.is_break() {
            done = write(&mut out);
        }
        if done.is_err() {
            return ControlFlow::Break(());
        }
        flow
    });
    done?;
    write(&mut out)?;
    read.map_err(|error| Ending::of_store(&error))
}

fn write(out: &mut Vec<u8>) -> Result<(), Ending> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(out).and_then(|()| stdout.flush());
    out.clear();
    written.map_err(|error| Ending::of_output(&error))
}

/// The source that is meant; `None` when nothing is stored at all.
fn chosen(
    args: &args::Tail,
    path: &Path,
    store: &mut EitherStore,
) -> Result<Option<String>, Ending> {
    let sources = store.sources().map_err(|error| Ending::of_store(&error))?;
    let wanted = match &args.url {
        Some(url) => Some(reach::source_name(&reach::url(&args.reach, url)?)),
        None => None,
    };
    let wrong = |what: &str| {
        let (path, sources) = (path.display(), sources.join("\n  "));
        Err(Ending::usage(format_args!("{path}: {what}:\n  {sources}")))
    };
    match (wanted, sources.as_slice()) {
        (Some(wanted), sources) if sources.contains(&wanted) => Ok(Some(wanted)),
        (_, []) => Ok(None),
        (Some(_), _) => wrong("nothing is stored of this URL, but of"),
        (None, [only]) => Ok(Some(only.clone())),
        (None, _) => wrong("more than one stream is stored; give the URL of one of them"),
    }
}
