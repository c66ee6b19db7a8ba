use super::*;
use clap::CommandFactory;

#[test]
fn the_command_line_is_sound() {
    Args::command().debug_assert();
}

/// clap takes it for a line end.
#[test]
fn no_help_is_broken_by_a_number_in_braces() {
    for command in Args::command().get_subcommands() {
        for argument in command.get_arguments() {
            let help = [argument.get_help(), argument.get_long_help()];
            let mut help = help.into_iter().flatten().map(ToString::to_string);
            assert!(
                !help.any(|text| text.contains("{n}")),
                "{}",
                argument.get_id()
            );
        }
    }
}
