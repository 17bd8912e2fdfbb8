//! Arguments: `--name value`, `--name=value`, flags, and files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::Stop;

/// The options of a command: those with a value, and flags.
pub struct Options {
    pub values: &'static [&'static str],
    pub flags: &'static [&'static str],
}

/// The arguments of a command.
#[derive(Debug, Default)]
pub struct Args {
    values: BTreeMap<String, Vec<String>>,
    pub files: Vec<PathBuf>,
}

impl Args {
    pub fn read(
        mut arguments: impl Iterator<Item = String>,
        options: &Options,
    ) -> Result<Self, Stop> {
        let mut args = Self::default();
        while let Some(argument) = arguments.next() {
            let Some(option) = argument.strip_prefix("--") else {
                args.files.push(argument.into());
                continue;
            };
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (option, None),
            };
            let value = if options.values.contains(&name) {
                let value = value.or_else(|| arguments.next());
                value.ok_or_else(|| Stop::new(format!("--{name} needs a value")))?
            } else if options.flags.contains(&name) && value.is_none() {
                String::new()
            } else {
                return Err(Stop::new(format!("unknown option --{name}; see cabinet-sign help")));
            };
            args.values.entry(name.to_owned()).or_default().push(value);
        }
        Ok(args)
    }

    pub fn flag(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// All values of an option that may be repeated.
    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// The value of an option that may be there once.
    pub fn one(&self, name: &str) -> Result<Option<&str>, Stop> {
        match self.all(name) {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            _ => Err(Stop::new(format!("--{name} is given twice"))),
        }
    }

    pub fn required(&self, name: &str) -> Result<&str, Stop> {
        self.one(name)?.ok_or_else(|| Stop::new(format!("--{name} is needed")))
    }

    /// The one file that a command takes.
    pub fn file(&self) -> Result<&PathBuf, Stop> {
        match self.files.as_slice() {
            [file] => Ok(file),
            _ => Err(Stop::new("one file is needed")),
        }
    }

    /// Says that a command takes no files.
    pub fn no_files(&self) -> Result<(), Stop> {
        match self.files.first() {
            None => Ok(()),
            Some(file) => Err(Stop::new(format!("unexpected argument {}", file.display()))),
        }
    }
}
