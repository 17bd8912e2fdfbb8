//! `cabinet formats`: kinds of documents from the official album.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Failure, Settings, say};
use crate::formats;

#[derive(Debug, Args)]
pub struct Formats {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Loads an album: a folder, a .zip or a .tar.gz with its XSD files. All of it, or nothing.
    Import {
        /// Where the album is.
        album: PathBuf,
    },
    /// Lists every kind of document that is known: code, edition, title, where it comes from.
    List,
}

impl Formats {
    pub fn run(self) -> Result<(), Failure> {
        let config = self.settings.load()?;
        match self.action {
            Action::Import { album } => {
                let imported = formats::import(&config.data, &album)?;
                say(format_args!(
                    "{}: {} kinds of documents from {} files; restart the cabinet to use them",
                    imported.album, imported.kinds, imported.files
                ));
            }
            Action::List => {
                let builtin = edoc::registry::Registry::builtin()?;
                let builtin = builtin.schemas().map(|schema| (schema.as_ref().clone(), "built-in"));
                let mut lines: Vec<String> =
                    builtin.map(|(schema, album)| line(&schema, album)).collect();
                for (album, schemas) in formats::albums(&config.data)? {
                    lines.extend(schemas.iter().map(|schema| line(schema, &album)));
                }
                lines.sort();
                for line in &lines {
                    say(line);
                }
                say(format_args!("{} kinds", lines.len()));
            }
        }
        Ok(())
    }
}

fn line(schema: &edoc::schema::Schema, album: &str) -> String {
    let kind = schema.kind();
    format!("{}  {:<8}  {}  ({}, {album})", kind.mode_id, kind.edition, schema.title(), kind.root)
}
