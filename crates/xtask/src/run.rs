//! `cargo xtask run`: from a fresh clone to a page in the browser.

use crate::client::{self, Bundle};
use crate::failure::{Failure, Result};
use crate::progress::{Steps, say};
use crate::server::{self, Running};
use crate::workspace::Workspace;
use crate::{process, setup};

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let (bundle, rest) = parse(arguments)?;
    setup::building(workspace)?;
    let mut steps = Steps::new(3);
    let site = client::site(workspace, bundle, &mut steps)?;
    let binary = server::build(workspace, server::Profile::Development, &mut steps)?;
    let step = steps.begin("Start", "1 s, 5 s the first time");
    let running =
        Running::start(server::serve(&binary, &site, &workspace.root.join("data"), rest))?;
    step.done("ready");
    say("");
    say(format!("  Кабинет   {}", running.url));
    if let Some(sandbox) = &running.sandbox {
        say(format!("  Песочница {sandbox}/sandbox/   (Госуслуги, таможня, ФНС, почта)"));
    }
    say("  Ctrl-C ends both.");
    say("");
    let status = running.follow()?;
    if status.success() || process::interrupted() {
        return Ok(());
    }
    Err(Failure::new(format!("The server ended with {status}; it says why above.")))
}

/// `[--dev] [-- ARGUMENTS OF cabinet serve]`
fn parse(arguments: &[String]) -> Result<(Bundle, &[String])> {
    let (own, rest) = match arguments.iter().position(|a| a == "--") {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (arguments, &[][..]),
    };
    match own {
        [] => Ok((Bundle::Optimised, rest)),
        [one] if one == "--dev" => Ok((Bundle::Quick, rest)),
        [other, ..] => Err(Failure::new(format!("`run` does not know `{other}`."))
            .mend("cargo xtask run [--dev] [-- arguments of `cabinet serve`]")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_after_the_dashes_go_to_the_server() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let arguments = words("--dev -- --port 9000");
        let (bundle, rest) = parse(&arguments).unwrap();
        assert!(bundle == Bundle::Quick);
        assert_eq!(rest, words("--port 9000"));
        let arguments = words("--port 9000");
        assert!(parse(&arguments).err().unwrap().to_string().contains("`--port`"));
    }
}
