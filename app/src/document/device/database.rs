//! A small promise-based face of IndexedDB: a few stores of values by text keys.

use std::cell::RefCell;

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Event, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

use super::DeviceError;

const NAME: &str = "cabinet";
const VERSION: u32 = 2;

/// A store of the device's database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// Changes that the server has not confirmed, JSON by [`super::ChangeKey`].
    Changes,
    /// The last known state of opened documents, JSON.
    Drafts,
    /// Signing keys (not extractable) with their certificates.
    Keys,
    /// What is typed beside a document and is no part of it, texts by person, document and name.
    Notes,
}

impl Store {
    const ALL: [Self; 4] = [Self::Changes, Self::Drafts, Self::Keys, Self::Notes];

    fn name(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Drafts => "drafts",
            Self::Keys => "keys",
            Self::Notes => "notes",
        }
    }
}

thread_local! {
    static DATABASE: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// Puts values under keys, all or none.
pub async fn put(store: Store, entries: Vec<(String, JsValue)>) -> Result<(), DeviceError> {
    let (transaction, objects) = begin(store, IdbTransactionMode::Readwrite).await?;
    for (key, value) in &entries {
        objects.put_with_key(value, &JsValue::from_str(key)).map_err(error)?;
    }
    finished(&transaction).await
}

/// Removes what is under the keys.
pub async fn delete(store: Store, keys: Vec<String>) -> Result<(), DeviceError> {
    let (transaction, objects) = begin(store, IdbTransactionMode::Readwrite).await?;
    for key in &keys {
        objects.delete(&JsValue::from_str(key)).map_err(error)?;
    }
    finished(&transaction).await
}

/// The value under a key.
pub async fn get(store: Store, key: &str) -> Result<Option<JsValue>, DeviceError> {
    let (_, objects) = begin(store, IdbTransactionMode::Readonly).await?;
    let value = settled(&objects.get(&JsValue::from_str(key)).map_err(error)?).await?;
    Ok((!value.is_undefined()).then_some(value))
}

/// Keys that begin with a text, in order, with their values.
pub async fn with_prefix(
    store: Store,
    prefix: &str,
) -> Result<Vec<(String, JsValue)>, DeviceError> {
    let (_, objects) = begin(store, IdbTransactionMode::Readonly).await?;
    let last = format!("{prefix}\u{ffff}");
    let range =
        IdbKeyRange::bound(&JsValue::from_str(prefix), &JsValue::from_str(&last)).map_err(error)?;
    let keys = objects.get_all_keys_with_key(&range).map_err(error)?;
    let values = objects.get_all_with_key(&range).map_err(error)?;
    let keys: Array = settled(&keys).await?.unchecked_into();
    let values: Array = settled(&values).await?.unchecked_into();
    Ok(keys.iter().filter_map(|key| key.as_string()).zip(values.iter()).collect())
}

async fn begin(
    store: Store,
    mode: IdbTransactionMode,
) -> Result<(IdbTransaction, IdbObjectStore), DeviceError> {
    let database = database().await?;
    let transaction = match database.transaction_with_str_and_mode(store.name(), mode) {
        Ok(transaction) => transaction,
        // The browser closed the database meanwhile (a newer page upgrades it, or memory is low).
        Err(_) => {
            DATABASE.set(None);
            let database = self::database().await?;
            database.transaction_with_str_and_mode(store.name(), mode).map_err(error)?
        }
    };
    let objects = transaction.object_store(store.name()).map_err(error)?;
    Ok((transaction, objects))
}

async fn database() -> Result<IdbDatabase, DeviceError> {
    if let Some(database) = DATABASE.with_borrow(Clone::clone) {
        return Ok(database);
    }
    let factory = web_sys::window()
        .and_then(|window| window.indexed_db().ok().flatten())
        .ok_or_else(|| DeviceError("IndexedDB is not available".to_owned()))?;
    let request = factory.open_with_u32(NAME, VERSION).map_err(error)?;
    let upgrade = {
        let request = request.clone();
        Closure::once_into_js(move || create_stores(&request))
    };
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    let database: IdbDatabase = settled(&request).await?.unchecked_into();
    let on_version_change = {
        let database = database.clone();
        Closure::once_into_js(move || {
            database.close();
            DATABASE.set(None);
        })
    };
    database.set_onversionchange(Some(on_version_change.unchecked_ref()));
    DATABASE.set(Some(database.clone()));
    Ok(database)
}

fn create_stores(request: &IdbOpenDbRequest) {
    let Some(database) =
        request.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok())
    else {
        return;
    };
    for store in Store::ALL {
        // One that an earlier version made is there already. A store that cannot be made is found
        // missing by the first transaction that needs it.
        drop(database.create_object_store(store.name()));
    }
}

/// The result of a request, when it is there.
async fn settled(request: &IdbRequest) -> Result<JsValue, DeviceError> {
    let promise = Promise::new(&mut |resolve, reject| {
        let handler = {
            let request = request.clone();
            Closure::once_into_js(move |_: Event| {
                let settle = match request.result() {
                    Ok(result) if request.error().ok().flatten().is_none() => {
                        resolve.call1(&JsValue::NULL, &result)
                    }
                    _ => {
                        let error = request.error().ok().flatten();
                        reject.call1(&JsValue::NULL, &JsValue::from(error))
                    }
                };
                drop(settle);
            })
        };
        request.set_onsuccess(Some(handler.unchecked_ref()));
        request.set_onerror(Some(handler.unchecked_ref()));
    });
    JsFuture::from(promise).await.map_err(error)
}

/// Waits until a transaction is kept, or was rolled back.
async fn finished(transaction: &IdbTransaction) -> Result<(), DeviceError> {
    let promise = Promise::new(&mut |resolve, reject| {
        let handler = {
            let transaction = transaction.clone();
            Closure::once_into_js(move |event: Event| {
                let settle = match event.type_().as_str() {
                    "complete" => resolve.call0(&JsValue::NULL),
                    _ => reject.call1(&JsValue::NULL, &JsValue::from(transaction.error())),
                };
                drop(settle);
            })
        };
        transaction.set_oncomplete(Some(handler.unchecked_ref()));
        transaction.set_onabort(Some(handler.unchecked_ref()));
    });
    JsFuture::from(promise).await.map(drop).map_err(error)
}

fn error(value: JsValue) -> DeviceError {
    let text = js_sys::Reflect::get(&value, &JsValue::from_str("message"))
        .ok()
        .and_then(|message| message.as_string());
    DeviceError(text.unwrap_or_else(|| format!("{value:?}")))
}
