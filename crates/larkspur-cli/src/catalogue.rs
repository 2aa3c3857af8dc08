//! What is known about models, with what the user knows over it.

use std::{ffi::OsString, path::Path};

use clap::Args;
use larkspur_client::Catalogue;

use crate::{exit::Failure, input};

/// What the user knows about models.
#[derive(Args)]
pub(crate) struct CatalogueArgs {
    /// Models and prices over those that are built in: JSON, `{"models": [...]}`, each as `larkspur models NAME --format json`
    /// prints it. A model of the same name takes the place of the other.
    #[arg(long = "catalogue", value_name = "FILE", env = "LARKSPUR_CATALOGUE")]
    file: Option<OsString>,
}

impl CatalogueArgs {
    /// What the file says, if one is given. An empty variable counts as none.
    pub(crate) fn own(&self) -> Result<Option<Catalogue>, Failure> {
        let given = self.file.as_deref();
        let Some(path) = given.filter(|path| !path.is_empty()) else {
            return Ok(None);
        };
        let source = input::read(Path::new(path))?;
        let own = Catalogue::from_json(&source.text).map_err(|error| {
            Failure::new(format_args!("`{}`: {error}", source.name))
                .hint("a catalogue is `{\"models\": [...]}`, each as `larkspur models gpt-5.2 --format json` prints it")
        });
        own.map(Some)
    }

    /// All that is known.
    pub(crate) fn whole(&self) -> Result<Catalogue, Failure> {
        let builtin = Catalogue::builtin();
        let own = self.own()?;
        Ok(own.map_or_else(|| builtin.clone(), |own| builtin.overlaid(&own)))
    }
}
