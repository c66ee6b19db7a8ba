//! How a file is read. In: a file. Out: its records, where they end, and whether what stands behind
//! them is the rest of a crash or damage.
//!
//! Next: back to `../file.rs`.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use super::record::{self, HEAD, MAGIC, RECORD_HEAD, Record, VERSION_AT};
use crate::store::{StoreError, StoreErrorKind};

/// How much is searched for records at a time.
const WINDOW: u64 = 64 * 1024;

/// What is in a file.
pub(super) struct Scanned {
    pub(super) positions: HashMap<String, String>,
    pub(super) sources: Vec<String>,
    /// The end of the last whole record.
    pub(super) end: u64,
    /// So many bytes stand behind it.
    pub(super) torn: u64,
    /// Where the checksums of this file begin.
    pub(super) seed: u32,
}

/// Reads all of it.
pub(super) fn file(file: &File, path: &Path) -> Result<Scanned, StoreError> {
    let length = file.metadata().map(|metadata| metadata.len());
    let length = length.map_err(|error| StoreError::of_file(error, path))?;
    let mut records = Records::new(file, path, length)?;
    let mut positions: HashMap<String, String> = HashMap::new();
    let mut sources = Vec::new();
    while let Some(record) = records.next_whole()? {
        match positions.get_mut(record.source) {
            Some(known) => record.position.clone_into(known),
            None => {
                sources.push(record.source.to_owned());
                positions.insert(record.source.to_owned(), record.position.to_owned());
            }
        }
    }
    let end = records.at;
    if end < length {
        records.check_torn()?;
    }
    Ok(Scanned {
        positions,
        sources,
        end,
        torn: length.saturating_sub(end),
        seed: records.seed,
    })
}

/// Whether this is the beginning of our head, and no other file.
pub(super) fn is_begun(mut file: &File) -> io::Result<bool> {
    let mut start = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(MAGIC.len() as u64).read_to_end(&mut start)?;
    // A crash may leave zeros of what was to be written.
    Ok(MAGIC.starts_with(&start) || start.iter().all(|byte| *byte == 0))
}

/// The records of a file, one after the other.
pub(super) struct Records<'a> {
    reader: BufReader<&'a File>,
    path: &'a Path,
    seed: u32,
    /// The end of the last record read.
    at: u64,
    end: u64,
    text: Vec<u8>,
}

impl<'a> Records<'a> {
    /// Checks the head.
    pub(super) fn new(file: &'a File, path: &'a Path, end: u64) -> Result<Self, StoreError> {
        let mut records = Self {
            reader: BufReader::with_capacity(64 * 1024, file),
            path,
            seed: 0,
            at: HEAD as u64,
            end,
            text: Vec::new(),
        };
        let mut head = [0; HEAD];
        records.seek(0)?;
        if !records.read_exact(&mut head)? || head[..VERSION_AT] != MAGIC[..VERSION_AT] {
            return Err(records.error(StoreErrorKind::NotAStore, ""));
        }
        if head[..MAGIC.len()] != MAGIC {
            let version = head[VERSION_AT..MAGIC.len()].iter().rev();
            let version = version.fold(0_u32, |version, byte| version << 8 | u32::from(*byte));
            let detail = format!("its version is {version}, known here is 1");
            return Err(records.error(StoreErrorKind::NewerVersion, &detail));
        }
        let Some(seed) = record::seed(&head) else {
            return Err(records.error(StoreErrorKind::Corrupt, "at its head"));
        };
        records.seed = seed;
        Ok(records)
    }

    /// The next record of a file that was scanned.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, StoreError> {
        if self.at >= self.end {
            return Ok(None);
        }
        let at = self.at;
        let damaged = self.error(StoreErrorKind::Corrupt, &format!("at byte {at}"));
        match self.next_whole()? {
            Some(record) => Ok(Some(record)),
            None => Err(damaged),
        }
    }

    /// The next record, unless it is none or not whole.
    fn next_whole(&mut self) -> Result<Option<Record<'_>>, StoreError> {
        let mut head = [0; RECORD_HEAD];
        if !self.read_exact(&mut head)? {
            return Ok(None);
        }
        let Some((length, sum)) = record::decode_head(self.seed, &head) else {
            return Ok(None);
        };
        let body = self.at + RECORD_HEAD as u64;
        if self.end.saturating_sub(body) < length as u64 {
            return Ok(None);
        }
        let mut text = std::mem::take(&mut self.text);
        text.resize(length, 0);
        let read = self.read_exact(&mut text);
        self.text = text;
        if !read? {
            return Ok(None);
        }
        let record = record::decode(self.seed, &self.text, sum);
        if record.is_some() {
            self.at = body + length as u64;
        }
        Ok(record)
    }

    /// What a crash leaves has no whole record behind it; where there is one, the file is damaged.
    fn check_torn(&mut self) -> Result<(), StoreError> {
        let torn = self.at;
        let mut window = Vec::new();
        let mut start = torn + 1;
        while start + (RECORD_HEAD as u64) <= self.end {
            self.seek(start)?;
            window.clear();
            let mut part = self.reader.by_ref().take(WINDOW);
            let read = part.read_to_end(&mut window);
            read.map_err(|error| StoreError::of_file(error, self.path))?;
            for (offset, head) in window.windows(RECORD_HEAD).enumerate() {
                let at = start + offset as u64;
                if self.is_head(head) && self.is_record(at)? {
                    let detail = format!(
                        "bytes {torn} to {at} are no record, and later ones are; cut the file to \
                         {torn} bytes to give up what is behind"
                    );
                    return Err(self.error(StoreErrorKind::Corrupt, &detail));
                }
            }
            start += WINDOW - (RECORD_HEAD as u64 - 1);
        }
        Ok(())
    }

    fn is_head(&self, bytes: &[u8]) -> bool {
        let head = bytes.first_chunk();
        head.is_some_and(|head| record::decode_head(self.seed, head).is_some())
    }

    fn is_record(&mut self, at: u64) -> Result<bool, StoreError> {
        self.seek(at)?;
        self.at = at;
        Ok(self.next_whole()?.is_some())
    }

    fn seek(&mut self, at: u64) -> Result<(), StoreError> {
        let sought = self.reader.seek(SeekFrom::Start(at)).map(drop);
        sought.map_err(|error| StoreError::of_file(error, self.path))
    }

    /// Whether there were enough bytes.
    fn read_exact(&mut self, bytes: &mut [u8]) -> Result<bool, StoreError> {
        match self.reader.read_exact(bytes) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(StoreError::of_file(error, self.path)),
        }
    }

    fn error(&self, kind: StoreErrorKind, detail: &str) -> StoreError {
        StoreError::new(kind, &self.path.display().to_string(), detail)
    }
}
