//! Opens the file, and says what to do where that fails.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use redb::{Database, DatabaseError, ReadableTable};

use super::{EmbeddedStore, ITEMS, keys, write::Writer};

const FILE: &str = "switchboard.redb";
const FORMAT: &[u8] = b"1";

/// Bytes of pages kept in memory; redb's own default is 1 GiB.
const CACHE: usize = 32 * 1024 * 1024;

/// Why the store could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The folder or the file cannot be written.
    Io(PathBuf, io::Error),
    /// Another process has it open.
    InUse(PathBuf),
    /// It is not a file of ours, damaged, or of a later version.
    Unreadable(PathBuf, String),
}

impl fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(
                formatter,
                "{}: {error}. Choose a folder that this user may write to.",
                path.display()
            ),
            Self::InUse(path) => write!(
                formatter,
                "{} is in use. Stop the other gateway, or choose another folder.",
                path.display()
            ),
            Self::Unreadable(path, reason) => write!(
                formatter,
                "{} cannot be read: {reason}. Move it away to start with an empty store.",
                path.display()
            ),
        }
    }
}

impl std::error::Error for OpenError {}

impl EmbeddedStore {
    /// Opens the store in `folder`, or makes one there.
    ///
    /// # Errors
    /// [`OpenError`], which says what to do.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let path = folder.join(FILE);
        let io = |error| OpenError::Io(path.clone(), error);
        fs::create_dir_all(folder).map_err(io)?;
        let database = Database::builder()
            .set_cache_size(CACHE)
            .create(&path)
            .map_err(|error| match error {
                DatabaseError::DatabaseAlreadyOpen => OpenError::InUse(path.clone()),
                // Data of another kind is reported as an input error too.
                DatabaseError::Storage(redb::StorageError::Io(error))
                    if error.kind() != io::ErrorKind::InvalidData =>
                {
                    OpenError::Io(path.clone(), error)
                }
                error => OpenError::Unreadable(path.clone(), error.to_string()),
            })?;
        let database = Arc::new(database);
        let epoch = prepare(&database)
            .map_err(|error| OpenError::Unreadable(path.clone(), error.to_string()))?;
        Ok(Self {
            writer: Writer::start(Arc::clone(&database)).map_err(io)?,
            database,
            roster: Mutex::default(),
            epoch,
        })
    }
}

/// Makes the table on the first start, checks its version on later ones, gives the epoch.
fn prepare(database: &Database) -> Result<String, redb::Error> {
    let transaction = database.begin_write()?;
    let epoch = {
        let mut items = transaction.open_table(ITEMS)?;
        let format = items.get(keys::FORMAT)?.map(|value| value.value().to_vec());
        match format {
            None => {
                items.insert(keys::FORMAT, FORMAT)?;
            }
            Some(format) if format == FORMAT => {}
            Some(format) => {
                let format = String::from_utf8_lossy(&format).into_owned();
                return Err(redb::Error::Corrupted(format!("its format is {format}")));
            }
        }
        let epoch = items.get(keys::EPOCH)?.map(|value| value.value().to_vec());
        match epoch {
            Some(epoch) => String::from_utf8_lossy(&epoch).into_owned(),
            None => {
                let epoch = format!("{:016x}", crate::ids::random());
                items.insert(keys::EPOCH, epoch.as_bytes())?;
                epoch
            }
        }
    };
    transaction.commit()?;
    Ok(epoch)
}
