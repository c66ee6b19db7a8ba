//! `wellspring completions` and `wellspring man`. In: the command line's own description. Out: a shell's
//! completions, or a page of the manual, on standard output.
//!
//! Next: `args.rs` describes the command line.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;
use crate::exit::Ending;

const SOURCE: &str = concat!("wellspring ", env!("CARGO_PKG_VERSION"));

/// Prints what makes this shell complete the program's words.
pub(crate) fn completions(shell: Shell) -> Result<(), Ending> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "wellspring", &mut text);
    print(&text)
}

/// Prints a page of the manual: of the program, or of one of its commands.
pub(crate) fn page(command: Option<&str>) -> Result<(), Ending> {
    let mut program = Args::command();
    program.build();
    let described = match command {
        None => program,
        Some(name) => {
            let found = program
                .get_subcommands()
                .find(|command| command.get_name() == name);
            found.cloned().ok_or_else(|| unknown(&program, name))?
        }
    };
    let mut text = Vec::new();
    let page = clap_mangen::Man::new(described).source(SOURCE);
    page.render(&mut text).map_err(Ending::failed)?;
    print(&text)
}

fn unknown(program: &clap::Command, name: &str) -> Ending {
    let names = program.get_subcommands().map(clap::Command::get_name);
    let names: Vec<&str> = names.filter(|name| *name != "help").collect();
    Ending::usage(format_args!(
        "there is no command '{name}'; there are {}",
        names.join(", ")
    ))
}

fn print(text: &[u8]) -> Result<(), Ending> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text).and_then(|()| stdout.flush());
    written.map_err(|error| Ending::of_output(&error))
}
