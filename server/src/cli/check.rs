//! `cabinet check` and `cabinet convert`: one document in a file.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use backend::{
    ctx::{Clock, SystemClock},
    storage,
};
use clap::Args;
use domain::lang::Lang;
use edoc::{
    registry::Registry,
    remark::{Level, Remark},
    schema::Schema,
    tree::Tree,
    xml::{self, ReadNotes},
};
use serde::Serialize;

use super::{Failure, Settings, database, say};
use crate::{config::Config, formats};

/// Nothing is an error; warnings may stand.
const SOUND: u8 = 0;
/// Something is an error.
const FAULTY: u8 = 1;
/// The file cannot be read as a document of the album.
const UNREADABLE: u8 = 2;

/// `cabinet check FILE.xml`. Exit status: 0 no error, 1 an error, 2 no document of the album.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    settings: Settings,
    file: PathBuf,
    /// Answers with one JSON object instead of text.
    #[arg(long)]
    json: bool,
    /// Language of the remarks: ru or en.
    #[arg(long, default_value = "ru")]
    lang: Lang,
}

/// What is answered with `--json`.
#[derive(Serialize)]
struct Report<'a> {
    file: String,
    /// Code of the album; absent when the file is no document.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edition: Option<&'a str>,
    /// The edition that the file is in, when it was read by another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    converted_from: Option<&'a str>,
    errors: usize,
    warnings: usize,
    remarks: Vec<Line<'a>>,
    /// Why the file cannot be read, with line and column.
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    remark: &'a Remark,
    text: String,
    remedy: String,
}

impl Check {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        let config = self.settings.load()?;
        let registry = formats::registry(&config.data)?;
        let (tree, notes, schema) = match read(&self.file, &registry, self.lang) {
            Ok(document) => document,
            Err(reason) => return self.unreadable(reason),
        };
        let remarks = remarks(&config, &tree, &notes, &schema).await?;
        let errors = remarks.iter().filter(|remark| remark.level == Level::Error).count();
        let report = Report {
            file: self.file.display().to_string(),
            kind: Some(&tree.kind.mode_id),
            edition: Some(&tree.kind.edition),
            converted_from: notes.converted_from.as_deref(),
            errors,
            warnings: remarks.len() - errors,
            remarks: remarks
                .iter()
                .map(|remark| Line {
                    remark,
                    text: remark.text(self.lang),
                    remedy: remark.remedy(self.lang),
                })
                .collect(),
            unreadable: None,
        };
        if self.json {
            say(serde_json::to_string_pretty(&report)?);
        } else {
            self.tell(&report);
        }
        Ok(ExitCode::from(if errors == 0 { SOUND } else { FAULTY }))
    }

    fn tell(&self, report: &Report<'_>) {
        if let Some(edition) = report.converted_from {
            say(format_args!(
                "{} {edition}; {} {}",
                self.lang.pick("редакция файла", "the file is of edition"),
                self.lang.pick("проверен по редакции", "checked by edition"),
                report.edition.unwrap_or_default(),
            ));
        }
        for Line { remark, .. } in &report.remarks {
            let level = match remark.level {
                Level::Error => self.lang.pick("ошибка", "error"),
                Level::Warning => self.lang.pick("предупреждение", "warning"),
            };
            let graph = remark
                .graph
                .as_deref()
                .map(|graph| format!(" {} {graph}", self.lang.pick("графа", "graph")))
                .unwrap_or_default();
            say(format_args!(
                "{level}{graph} [{}] {}\n  {}",
                remark.code.0,
                remark.path,
                remark.sentence(self.lang)
            ));
        }
        say(format_args!(
            "{} {}: {} {}, {} {}",
            report.kind.unwrap_or_default(),
            report.edition.unwrap_or_default(),
            self.lang.pick("ошибок", "errors"),
            report.errors,
            self.lang.pick("предупреждений", "warnings"),
            report.warnings
        ));
    }

    fn unreadable(&self, reason: String) -> Result<ExitCode, Failure> {
        if self.json {
            let report = Report {
                file: self.file.display().to_string(),
                kind: None,
                edition: None,
                converted_from: None,
                errors: 0,
                warnings: 0,
                remarks: Vec::new(),
                unreadable: Some(reason),
            };
            say(serde_json::to_string_pretty(&report)?);
        } else {
            say(format_args!("{}: {reason}", self.file.display()));
        }
        Ok(ExitCode::from(UNREADABLE))
    }
}

/// Every remark of structure, and of the rules where the kind has some; errors first.
async fn remarks(
    config: &Config,
    tree: &Tree,
    notes: &ReadNotes,
    schema: &Schema,
) -> Result<Vec<Remark>, Failure> {
    let mut remarks = edoc::check::remarks_of_notes(notes, schema);
    if &*tree.kind.mode_id != edoc::statform::MODE_ID {
        remarks.extend(edoc::check::check(tree, schema));
        return Ok(remarks);
    }
    // Without a cabinet on this machine the built-in reference data serve.
    let is_there = config.database_url.is_some() || config.data.join("cabinet.db").is_file();
    let db = if is_there {
        database(config).await?
    } else {
        let db = storage::connect("sqlite::memory:").await?;
        storage::migrate(&db).await?;
        backend::tariff::install_builtin(&db).await?;
        db
    };
    let today = domain::date::moscow_date(SystemClock.now());
    remarks.extend(backend::statform::remarks_of_file(&db, today, tree, schema).await?);
    Ok(edoc::statform::numbered(remarks))
}

/// Reads a document, or says why it is none.
fn read(
    path: &Path,
    registry: &Registry,
    lang: Lang,
) -> Result<(Tree, ReadNotes, Arc<Schema>), String> {
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => lang.pick("такого файла нет", "no such file").to_owned(),
        _ => format!("{}: {error}", lang.pick("файл не читается", "the file cannot be read")),
    })?;
    let (tree, notes) = xml::read(&bytes, registry).map_err(|error| error.text(lang))?;
    let schema = registry.exact(&tree.kind).ok_or_else(|| {
        let unknown = lang.pick("вид документа не известен", "the kind of document is not known");
        format!("{unknown}: {}", tree.kind.mode_id)
    })?;
    Ok((tree, notes, schema))
}

/// `cabinet convert FILE.xml --edition 5.23.0`: the document in another edition of its kind.
#[derive(Debug, Args)]
pub struct Convert {
    #[command(flatten)]
    settings: Settings,
    file: PathBuf,
    /// The edition wanted; the latest one known when absent.
    #[arg(long)]
    edition: Option<String>,
    /// Where to write it; to the standard output when absent.
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Convert {
    pub fn run(self) -> Result<ExitCode, Failure> {
        let config = self.settings.load()?;
        let registry = formats::registry(&config.data)?;
        let (tree, notes, source) = match read(&self.file, &registry, Lang::default()) {
            Ok(document) => document,
            Err(reason) => {
                tell(format_args!("{}: {reason}", self.file.display()));
                return Ok(ExitCode::from(UNREADABLE));
            }
        };
        let target =
            registry.get(&tree.kind.mode_id, self.edition.as_deref()).ok_or_else(|| {
                let known: Vec<&str> = registry
                    .kinds()
                    .filter(|kind| kind.mode_id == tree.kind.mode_id)
                    .map(|kind| &*kind.edition)
                    .collect();
                format!(
                    "edition {} of {} is not known; known: {}",
                    self.edition.as_deref().unwrap_or_default(),
                    tree.kind.mode_id,
                    known.join(", ")
                )
            })?;
        let converted = edoc::convert::convert(&tree, &source, &target)?;
        let from = notes.converted_from.as_deref().unwrap_or(&tree.kind.edition);
        tell(format_args!("{} {from} → {}", tree.kind.mode_id, target.kind().edition));
        for unfit in &converted.unfit {
            tell(format_args!("left out: {} = {}", unfit.path, unfit.value));
        }
        let bytes = xml::write(&converted.tree, &target);
        match &self.out {
            Some(path) => std::fs::write(path, bytes)
                .map_err(|error| format!("{}: {error}", path.display()))?,
            None => std::io::Write::write_all(&mut std::io::stdout(), &bytes)?,
        }
        Ok(ExitCode::from(if converted.unfit.is_empty() { SOUND } else { FAULTY }))
    }
}

/// Says something about a document whose own text goes to the standard output.
fn tell(line: impl std::fmt::Display) {
    eprintln!("{line}");
}
