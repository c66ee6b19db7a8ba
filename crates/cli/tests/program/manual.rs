//! Help, completions and the manual. In: commands. Out: what is printed of the command line.
//!
//! Next: `tail.rs`.

use crate::support::wellspring;

#[tokio::test]
async fn every_shell_gets_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = wellspring(&["completions", shell]).await;
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        for word in ["tail", "last-event-id", "resilient"] {
            assert!(
                run.stdout.contains(word),
                "{word} is not in that of {shell}"
            );
        }
    }
    wellspring(&["completions", "dos"])
        .await
        .fails(2, &["bash", "zsh"]);
}

#[tokio::test]
async fn every_command_has_a_page() {
    for command in [
        "",
        "demo",
        "tail",
        "check",
        "load",
        "serve",
        "hub",
        "decode",
        "completions",
        "man",
    ] {
        let name = [&["man"][..], &[command]].concat();
        let run = wellspring(if command.is_empty() { &["man"] } else { &name }).await;
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        let title = match command {
            "" => ".TH wellspring 1".to_owned(),
            command => format!(".TH wellspring-{command} 1"),
        };
        assert!(
            run.stdout.contains(&title),
            "{title} is not in {}",
            run.stdout
        );
        assert!(
            run.stdout
                .contains(&format!("wellspring {}", env!("CARGO_PKG_VERSION")))
        );
    }
    wellspring(&["man", "dog"])
        .await
        .fails(2, &["no command 'dog'", "tail, check"]);
}

#[tokio::test]
async fn help_is_in_groups_and_tells_the_codes_of_its_command() {
    let run = wellspring(&["tail", "--help"]).await;
    for heading in [
        "Request:",
        "Connection:",
        "TLS:",
        "When to stop:",
        "Output:",
        "Store:",
        "Limits:",
    ] {
        assert!(run.stdout.contains(&format!("\n{heading}\n")), "{heading}");
    }
    assert!(run.stdout.contains("--timeout has passed"));
    for command in ["decode", "serve", "demo", "check"] {
        let run = wellspring(&[command, "--help"]).await;
        assert!(run.stdout.contains("Exit codes:"), "{command}");
        assert!(!run.stdout.contains("124"), "{command} has no --timeout");
    }
}
