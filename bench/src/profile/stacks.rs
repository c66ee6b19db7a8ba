//! In: what `perf script` prints. Out: a tree of functions with the samples that were seen in each, and the sums of each
//! function wherever it stands in the tree.
//!
//! Next: `flame.rs`, `report.rs`.

use super::names::{Names, short};
use std::collections::BTreeMap;

/// Whose a function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Ours,
    Others,
    Kernel,
}

/// A function in the tree of callers and callees.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    /// Samples in it and in what it calls.
    pub(crate) total: u64,
    pub(crate) callees: BTreeMap<String, Node>,
}

/// Who the samples are charged to: a function of ours, with what it calls of others; a call of the kernel; or the crate
/// of others that called what it is in, where nothing of ours did.
#[derive(Clone, Debug)]
pub(crate) struct Charge {
    pub(crate) name: String,
    pub(crate) samples: u64,
    /// Samples in it or in what it calls, also where those are charged to others.
    pub(crate) total: u64,
}

/// What perf has seen below a root.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    pub(crate) samples: u64,
    pub(crate) root: Node,
    charged: BTreeMap<String, u64>,
    total: BTreeMap<String, u64>,
}

impl Profile {
    /// Below this root, of what perf has seen of the program in this file.
    pub(crate) fn of(script: &str, program: &str, root: &str, names: &mut Names) -> Self {
        let mut profile = Self::default();
        for sample in script.split("\n\n") {
            let lines = sample.lines();
            let mut frames: Vec<String> = lines
                .flat_map(|line| functions_of(line, program, names))
                .collect();
            // From caller to callee.
            frames.reverse();
            if let Some(at) = frames.iter().rposition(|frame| frame.ends_with(root)) {
                profile.add(&frames[at + 1..]);
            }
        }
        profile
    }

    fn add(&mut self, frames: &[String]) {
        if frames.is_empty() {
            return;
        }
        self.samples += 1;
        let mut node = &mut self.root;
        node.total += 1;
        for frame in frames {
            node = node.callees.entry(frame.clone()).or_default();
            node.total += 1;
        }
        *self.charged.entry(charged(frames)).or_default() += 1;
        let mut once: Vec<&String> = frames.iter().collect();
        once.sort_unstable();
        once.dedup();
        for frame in once {
            *self.total.entry(frame.clone()).or_default() += 1;
        }
    }

    /// Most first.
    pub(crate) fn charges(&self) -> Vec<Charge> {
        let charge = |(name, samples): (&String, &u64)| Charge {
            name: name.clone(),
            samples: *samples,
            total: self.total.get(name).copied().unwrap_or(*samples),
        };
        let mut charges: Vec<_> = self.charged.iter().map(charge).collect();
        charges.sort_by(|a, b| {
            let order = b.samples.cmp(&a.samples);
            order.then_with(|| a.name.cmp(&b.name))
        });
        charges
    }

    /// Samples that are charged to ours, to the benchmark, to crates of others, and to the kernel.
    pub(crate) fn parts(&self) -> [u64; 4] {
        let mut parts = [0; 4];
        for (name, samples) in &self.charged {
            let part = match name.as_str() {
                name if owner(name) == Owner::Ours => 0,
                THE_BENCHMARK => 1,
                name if name.starts_with(THE_KERNEL) => 3,
                _ => 2,
            };
            parts[part] += samples;
        }
        parts
    }

    pub(crate) fn percent(&self, samples: u64) -> f64 {
        100.0 * samples as f64 / self.samples.max(1) as f64
    }
}

fn charged(frames: &[String]) -> String {
    let kernel = frames
        .iter()
        .position(|frame| owner(frame) == Owner::Kernel);
    if let Some(first) = kernel {
        let calls = frames[first..].iter();
        let call = calls.filter_map(|frame| frame.split_once("_sys_")).next();
        return match call {
            Some((_, call)) => format!("{THE_KERNEL}: {}", call.trim_end_matches(KERNEL)),
            None => format!("{THE_KERNEL}: interrupts"),
        };
    }
    let ours = frames.iter().rposition(|frame| owner(frame) == Owner::Ours);
    if let Some(ours) = ours {
        let mut called = frames[ours..].iter();
        return match called.any(|frame| frame.starts_with(BENCHMARK)) {
            true => THE_BENCHMARK.to_owned(),
            false => frames[ours].clone(),
        };
    }
    let mut packages = frames
        .iter()
        .rev()
        .filter_map(|frame| Some(frame.split_once("::")?.0));
    match packages.find(|package| !STANDARD.contains(package)) {
        Some(BENCHMARK) => THE_BENCHMARK.to_owned(),
        Some(package) => format!("the crate {package}"),
        None => "the standard library".to_owned(),
    }
}

/// It takes what ours lends, and adds up what is in it.
const BENCHMARK: &str = "wellspring_bench";
const THE_BENCHMARK: &str = "the benchmark";

const THE_KERNEL: &str = "the kernel";

/// They work for whoever calls them.
const STANDARD: [&str; 4] = ["alloc", "core", "core_arch", "std"];

/// What stands behind functions of the kernel.
const KERNEL: &str = " [kernel]";

pub(crate) fn owner(name: &str) -> Owner {
    if name.ends_with(KERNEL) {
        Owner::Kernel
    } else if name.starts_with("wellspring") && !name.starts_with("wellspring_bench") {
        Owner::Ours
    } else {
        Owner::Others
    }
}

/// The functions of a line like `  55d0 wellspring_proto::decode+0x1f (/path/bench)`, callees first.
fn functions_of(line: &str, program: &str, names: &mut Names) -> Vec<String> {
    let parts = line.trim().split_once(' ').and_then(|(place, rest)| {
        let (symbol, file) = rest.trim().rsplit_once(" (")?;
        Some((place, symbol.trim(), file.trim_end_matches(')')))
    });
    let Some((place, symbol, file)) = parts else {
        return Vec::new();
    };
    if file == program
        && let Ok(place) = u64::from_str_radix(place, 16)
    {
        let functions = names.at(place);
        if !functions.is_empty() {
            return functions.to_vec();
        }
    }
    let name = short(symbol);
    match file {
        _ if name == "[unknown]" => Vec::new(),
        file if file.starts_with("[kernel") || file.starts_with("[guest") => {
            vec![format!("{name}{KERNEL}")]
        }
        _ => vec![name],
    }
}

#[cfg(test)]
mod tests;
