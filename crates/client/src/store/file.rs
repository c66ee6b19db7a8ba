//! A store in a plain file. In: a path. Out: one record a commit, appended; a record that a crash left
//! half written is cut off at opening.
//!
//! Next: `file/record.rs`, what a record looks like; `file/scan.rs`, how a file is read.

mod record;
mod scan;

use std::collections::HashMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use fs4::{FileExt, TryLockError};
use wellspring_proto::Event;

use self::scan::Scanned;
use super::{Durability, Store, StoreError, StoreErrorKind, StoredEvent};

/// Events and positions in a plain file (feature `file-store`).
///
/// A commit is one record with a length and checksums, so that events and position are there together
/// or not at all. What a crash left of the last record is cut off at opening, whatever stands in it, and
/// [`cut_off`](Self::cut_off) says so; damage anywhere else is an error, and nothing is cut. Opening reads the whole file once; in memory are only the positions.
/// One program at a time writes: the file is locked while it is open.
///
/// Each commit waits for the disk (`fdatasync`), unless [`Durability::OperatingSystem`] is chosen; a
/// power failure may then leave records of which an earlier one is damaged, which is such an error.
///
/// ```
/// use wellspring::Event;
/// use wellspring::store::{FileStore, Store};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("news.events");
///
/// let mut store = FileStore::open(&path)?;
/// store.commit("news", &[Event::new("", "hello", "7")], "7")?;
/// drop(store);
///
/// let mut store = FileStore::open(&path)?;
/// assert_eq!(store.position("news")?.as_deref(), Some("7"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FileStore {
    file: File,
    path: PathBuf,
    writable: bool,
    durability: Durability,
    positions: HashMap<String, String>,
    /// In the order of their first commit.
    sources: Vec<String>,
    /// Where the checksums of records begin.
    seed: u32,
    cut_off: u64,
    /// Where the next record goes. What stands behind it is rubbish.
    end: u64,
    /// A failed write may have left something behind the end.
    untidy: bool,
    /// What the disk has is not known any more.
    broken: bool,
}

impl FileStore {
    /// Opens the file, or makes it, and cuts off what a crash left of its last record.
    ///
    /// # Errors
    /// It cannot be opened or made, is in use, is no event store or one of a later version, or is
    /// damaged before its last record.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let mut options = OpenOptions::new();
        let opened = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path);
        let mut file = opened.map_err(|error| StoreError::of_file(error, path))?;
        lock(&file, path)?;
        let begun = begin(&mut file, path);
        begun.map_err(|error| StoreError::of_file(error, path))?;
        let scanned = scan::file(&file, path)?;
        if scanned.torn > 0 {
            let cut = file.set_len(scanned.end).and_then(|()| file.sync_all());
            cut.map_err(|error| StoreError::of_file(error, path))?;
        }
        Ok(Self::new(file, path, scanned, true))
    }

    /// Opens a file to read what is stored there, also while another program writes. Commits fail.
    ///
    /// # Errors
    /// As for [`open`](Self::open); or there is nothing.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|error| StoreError::of_file(error, path))?;
        let scanned = scan::file(&file, path)?;
        Ok(Self::new(file, path, scanned, false))
    }

    /// Returns how many bytes behind the last whole commit were cut off, or passed over by a reader, when this
    /// was opened: a commit that a crash interrupted, so that it was never reported as done. What was
    /// in it comes again, if the server can resume.
    #[must_use]
    pub fn cut_off(&self) -> u64 {
        self.cut_off
    }

    /// Sets what a commit outlives: [`Durability::Disk`] unless another is chosen.
    #[must_use]
    pub fn with_durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// Returns the keys of all sources, in the order of their first commit.
    #[must_use]
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// Visits the stored events of a source whose sequence number is greater than `after`, in order,
    /// until the visitor breaks. Reads the file from its beginning.
    ///
    /// # Errors
    /// The file cannot be read, or has been damaged since it was opened.
    pub fn read(
        &mut self,
        source: &str,
        after: u64,
        mut visit: impl FnMut(StoredEvent<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let mut sequence = 0;
        let mut records = scan::Records::new(&self.file, &self.path, self.end)?;
        while let Some(record) = records.next()? {
            let wanted = record.source == source;
            for event in record.events() {
                sequence += 1;
                let stored = StoredEvent {
                    sequence,
                    stored_at: record.stored_at,
                    event,
                };
                if wanted && sequence > after && visit(stored).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn new(file: File, path: &Path, scanned: Scanned, writable: bool) -> Self {
        Self {
            file,
            path: path.to_owned(),
            writable,
            durability: Durability::default(),
            positions: scanned.positions,
            sources: scanned.sources,
            seed: scanned.seed,
            cut_off: scanned.torn,
            end: scanned.end,
            untidy: false,
            broken: false,
        }
    }

    /// Appends; what a failure leaves behind is cut off, now or before the next record.
    fn append(&mut self, record: &[u8]) -> io::Result<()> {
        if self.untidy {
            self.file.set_len(self.end)?;
            self.untidy = false;
        }
        self.untidy = true;
        self.file.seek(SeekFrom::Start(self.end))?;
        if let Err(error) = self.file.write_all(record) {
            self.untidy = self.file.set_len(self.end).is_err();
            return Err(error);
        }
        if self.durability == Durability::Disk {
            // After a failure the system may have forgotten what was to be written.
            self.broken = true;
            self.file.sync_data()?;
            self.broken = false;
        }
        self.untidy = false;
        Ok(())
    }
}

impl Store for FileStore {
    fn position(&mut self, source: &str) -> Result<Option<String>, StoreError> {
        Ok(self.positions.get(source).cloned())
    }

    fn commit(&mut self, source: &str, events: &[Event], position: &str) -> Result<(), StoreError> {
        let place = self.path.display().to_string();
        let error = |kind, detail| Err(StoreError::new(kind, &place, detail));
        if !self.writable {
            return error(StoreErrorKind::ReadOnly, "it was opened to be read");
        }
        if self.broken {
            let detail = "the disk failed; open the store again to see what it has";
            return error(StoreErrorKind::Other, detail);
        }
        let Some(record) = record::encode(self.seed, SystemTime::now(), source, position, events)
        else {
            let detail = format!("more than {} bytes", record::LARGEST);
            return error(StoreErrorKind::TooLarge, &detail);
        };
        let appended = self.append(&record);
        appended.map_err(|error| StoreError::of_file(error, &self.path))?;
        self.end += record.len() as u64;
        match self.positions.get_mut(source) {
            Some(known) => position.clone_into(known),
            None => {
                self.sources.push(source.to_owned());
                self.positions
                    .insert(source.to_owned(), position.to_owned());
            }
        }
        Ok(())
    }
}

fn lock(file: &File, path: &Path) -> Result<(), StoreError> {
    match FileExt::try_lock(file) {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let place = path.display().to_string();
            Err(StoreError::new(StoreErrorKind::Locked, &place, ""))
        }
        Err(TryLockError::Error(error)) => Err(StoreError::of_file(error, path)),
    }
}

/// A file without a whole head gets one, if it is new or what there is was to be one.
fn begin(file: &mut File, path: &Path) -> io::Result<()> {
    let length = file.metadata()?.len();
    if length > record::HEAD as u64 || !scan::is_begun(file)? {
        return Ok(());
    }
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&record::new_head())?;
    file.sync_all()?;
    sync_folder(path)
}

/// Otherwise a power failure may take away the file's name.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore")
            .field("path", &self.path)
            .field("bytes", &self.end)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
