//! In: a place in this program. Out: the functions that are there, what the compiler has put into each other told apart:
//! perf knows only the one that is left. A name is the module, by the file that the function stands in, and the last
//! part of its own, so that it is the same wherever the function was put.
//!
//! Next: `stacks.rs`.

use addr2line::Loader;
use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::Path;

/// What is known of this program.
pub(crate) struct Names {
    loader: Loader,
    segments: Vec<Segment>,
    known: HashMap<u64, Vec<String>>,
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names").finish_non_exhaustive()
    }
}

impl Names {
    /// Of the program in this file.
    pub(crate) fn of(program: &Path) -> Result<Self, String> {
        let failed = |error: &dyn fmt::Display| format!("{}: {error}", program.display());
        let bytes = fs::read(program).map_err(|error| failed(&error))?;
        let segments = segments(&bytes).ok_or_else(|| failed(&"it is no ELF of 64 bits"))?;
        Ok(Self {
            loader: Loader::new(program).map_err(|error| failed(&error))?,
            segments,
            known: HashMap::new(),
        })
    }

    /// The functions at this place in the file, callees first; none when nothing is known of it.
    pub(crate) fn at(&mut self, offset: u64) -> &[String] {
        let (loader, segments) = (&self.loader, &self.segments);
        let names = self.known.entry(offset);
        names.or_insert_with(|| {
            let segment = segments.iter().find(|segment| segment.holds(offset));
            let address = segment.map(|segment| offset - segment.offset + segment.address);
            address.map_or(Vec::new(), |address| frames(loader, address))
        })
    }
}

fn frames(loader: &Loader, address: u64) -> Vec<String> {
    let mut names = Vec::new();
    let Ok(mut frames) = loader.find_frames(address) else {
        return names;
    };
    while let Ok(Some(frame)) = frames.next() {
        let function = frame.function.as_ref();
        let Some(Ok(function)) = function.map(addr2line::FunctionName::demangle) else {
            continue;
        };
        let file = frame.location.and_then(|location| location.file);
        let function = short(&function);
        // A closure is named together with the function that it is in, where that is known.
        let parts = if function.ends_with('}') { 2 } else { 1 };
        let last = last(&function, parts);
        names.push(match file.and_then(module) {
            Some(module) => format!("{module}::{last}"),
            None => function.clone(),
        });
    }
    names
}

/// So many parts of the end of a path.
fn last(path: &str, parts: usize) -> &str {
    let mut starts = path.rmatch_indices("::");
    starts
        .nth(parts - 1)
        .map_or(path, |(at, separator)| &path[at + separator.len()..])
}

/// The module that a file of Rust is, by the layout of cargo's packages and of the standard library.
fn module(file: &str) -> Option<String> {
    let (before, inside) = file.rsplit_once("/src/")?;
    let package = before.rsplit('/').next()?;
    let name = match package {
        "proto" => "wellspring_proto",
        "client" => "wellspring",
        "server" => "wellspring_server",
        "bench" => "wellspring_bench",
        other => unversioned(other),
    };
    let inside = inside.strip_suffix(".rs").unwrap_or(inside);
    let inside = ["/mod", "/lib"]
        .iter()
        .find_map(|end| inside.strip_suffix(end))
        .unwrap_or(inside);
    let path = inside.replace('/', "::");
    let name = name.replace('-', "_");
    Some(match inside {
        "lib" | "main" | "mod" => name,
        _ => format!("{name}::{path}"),
    })
}

/// `memchr-2.8.3` is memchr.
fn unversioned(package: &str) -> &str {
    match package.rsplit_once('-') {
        Some((name, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => name,
        _ => package,
    }
}

/// A path without what makes it unique and what its type parameters are: of `<a::B<c::D> as e::F>::g::h0123456789abcdef`
/// it leaves `a::B::g`.
pub(crate) fn short(symbol: &str) -> String {
    let symbol = match symbol.rsplit_once("::h") {
        Some((path, hash)) if hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            path
        }
        _ => symbol,
    };
    let (mut name, mut rest) = (String::new(), symbol);
    while let Some(at) = rest.find('<') {
        let (before, inner) = rest.split_at(at);
        let Some(end) = closing(inner) else { break };
        name.push_str(before.trim_end_matches("::"));
        // Parameters stand behind a name, a type before one.
        if !before.ends_with(|c: char| c.is_alphanumeric() || "_:}".contains(c)) {
            let inside = &inner[1..end];
            let of_type = inside
                .split_once(" as ")
                .map_or(inside, |(of_type, _)| of_type);
            name.push_str(&short(of_type));
        }
        rest = &inner[end + 1..];
    }
    name.push_str(rest);
    name
}

/// Where the bracket ends that the text begins with.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        match character {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
        before = character;
    }
    None
}

/// A part of the file that is loaded, and where to.
#[derive(Clone, Copy, Debug)]
struct Segment {
    offset: u64,
    size: u64,
    address: u64,
}

impl Segment {
    fn holds(&self, offset: u64) -> bool {
        (self.offset..self.offset + self.size).contains(&offset)
    }
}

const LOADED: u32 = 1;

/// The loaded segments of an ELF file of 64 bits in the machine's own byte order (`elf(5)`).
fn segments(file: &[u8]) -> Option<Vec<Segment>> {
    if !file.starts_with(b"\x7fELF\x02") {
        return None;
    }
    let number = |at: usize, length: usize| {
        let mut bytes = [0; 8];
        bytes[..length].copy_from_slice(file.get(at..at + length)?);
        Some(u64::from_le_bytes(bytes))
    };
    let table = number(0x20, 8)? as usize;
    let (size, count) = (number(0x36, 2)? as usize, number(0x38, 2)? as usize);
    let mut segments = Vec::new();
    for index in 0..count {
        let at = table + index * size;
        if number(at, 4)? == u64::from(LOADED) {
            segments.push(Segment {
                offset: number(at + 0x08, 8)?,
                address: number(at + 0x10, 8)?,
                size: number(at + 0x20, 8)?,
            });
        }
    }
    Some(segments)
}

#[cfg(test)]
mod tests;
