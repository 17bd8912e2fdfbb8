//! «Госуслуги» for organisations (API ЕПГУ), as far as «Госключ» needs it, and the telephone on
//! which people confirm.
//!
//! | path | what |
//! | --- | --- |
//! | `POST /api/gusmev/order` | JSON `{region, serviceCode, targetCode}` → `{orderId}` |
//! | `POST /api/gusmev/push/chunked` | multipart `orderId`, `meta`, `chunk`, `chunks`, `file`: the package as a ZIP, in one piece |
//! | `POST /api/gusmev/order/{orderId}` | the order as JSON within a text |
//! | `POST /api/gusmev/order/{orderId}/cancel` | takes it back |
//! | `GET /api/gusmev/files/download/{objectId}/{objectType}` | the signature |
//! | `GET /sandbox/phone` | the telephone: «Подписать», «Отказаться» |
//! | `GET /sandbox/phone/requests` | the same as JSON |
//! | `POST /sandbox/phone/requests/{orderId}/{sign,refuse,expire,fail}` | what the person or «Госключ» does; `sign` takes `{by?}`, the oid of another who signs |
//!
//! A package holds `req.xml`, the document that it names, and the organisation's signature beside
//! each (`.sig`). What of it is recalled is said in the cabinet's gateway.

mod http;
mod package;
mod phone;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::package::Package;
use crate::{World, ca::Authority, lock, population::Person, refusal::Refusal, store::Journal};

/// Name of the switch.
pub(crate) const SYSTEM: &str = "epgu";

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// Without a package.
    Draft,
    Waiting,
    Signed,
    Refused,
    Failed,
    Expired,
    Cancelled,
}

impl Status {
    /// Number and title, as the interface gives them.
    const fn wire(self) -> (u32, &'static str) {
        match self {
            Self::Draft => (0, "Черновик"),
            Self::Waiting => (6, "Ожидает подписания в Госключе"),
            Self::Signed => (3, "Документ подписан"),
            Self::Refused => (4, "Отказ от подписания"),
            Self::Failed => (5, "Ошибка отправки"),
            Self::Expired => (15, "Истёк срок подписания"),
            Self::Cancelled => (10, "Отменено"),
        }
    }
}

/// An order with its package.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Order {
    id: i64,
    client_id: String,
    status: Status,
    package: Option<Package>,
    /// CMS, Base64.
    signature: Option<String>,
}

/// State of «Госуслуги».
pub(crate) struct Epgu {
    /// Where the telephones keep their keys.
    keys: PathBuf,
    orders: Mutex<Orders>,
}

struct Orders {
    /// An order as it became, each time.
    journal: Journal<Order>,
    known: BTreeMap<i64, Order>,
}

impl Orders {
    fn keep(&mut self, order: Order) -> io::Result<()> {
        self.journal.append(&order)?;
        self.known.insert(order.id, order);
        Ok(())
    }
}

impl Epgu {
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let (journal, entries) = Journal::open(&folder.join("orders.jsonl"))?;
        let known = entries.into_iter().map(|order: Order| (order.id, order)).collect();
        let orders = Mutex::new(Orders { journal, known });
        Ok(Self { keys: folder.join("phones"), orders })
    }

    /// Forgets orders; telephones keep their keys.
    pub(crate) fn reset(&self) -> io::Result<()> {
        let mut orders = lock(&self.orders);
        orders.known.clear();
        orders.journal.clear()
    }

    fn create(&self, client_id: String, now: DateTime<Utc>) -> io::Result<i64> {
        let mut orders = lock(&self.orders);
        let last = orders.known.keys().next_back().copied().unwrap_or_default();
        // Numbers do not come again after a reset.
        let id = now.timestamp_millis().max(last + 1);
        let status = Status::Draft;
        orders.keep(Order { id, client_id, status, package: None, signature: None })?;
        Ok(id)
    }

    /// The order as it is now.
    fn get(&self, id: i64, now: DateTime<Utc>) -> Result<Order, Refusal> {
        let mut orders = lock(&self.orders);
        let order = orders.known.get(&id).cloned().ok_or_else(|| {
            Refusal::not_found(format!("no order {id}"), "orderId of an order made here")
        })?;
        let is_late = order.package.as_ref().is_some_and(|package| package.expires <= now);
        if order.status != Status::Waiting || !is_late {
            return Ok(order);
        }
        let order = Order { status: Status::Expired, ..order };
        orders.keep(order.clone())?;
        Ok(order)
    }

    /// Orders that have a package, the latest first.
    fn pushed(&self, now: DateTime<Utc>) -> Result<Vec<Order>, Refusal> {
        let ids: Vec<i64> = lock(&self.orders).known.keys().rev().copied().collect();
        let orders: Result<Vec<_>, _> = ids.into_iter().map(|id| self.get(id, now)).collect();
        Ok(orders?.into_iter().filter(|order| order.package.is_some()).collect())
    }

    /// Puts a package before its person. The same package may come again.
    fn push(&self, id: i64, package: Package, now: DateTime<Utc>) -> Result<(), Refusal> {
        let order = self.get(id, now)?;
        match order.package {
            Some(known) if known.is_same(&package) => Ok(()),
            Some(_) => Err(Refusal::invalid("orderId", "it has another package", "a new order")),
            None if order.status != Status::Draft => {
                Err(Refusal::invalid("orderId", "the order has ended", "a new order"))
            }
            None => {
                let status = Status::Waiting;
                let order = Order { status, package: Some(package), ..order };
                Ok(lock(&self.orders).keep(order)?)
            }
        }
    }

    /// Ends an order that waits.
    fn end(
        &self,
        id: i64,
        status: Status,
        signature: Option<Vec<u8>>,
        now: DateTime<Utc>,
    ) -> Result<Order, Refusal> {
        let order = self.get(id, now)?;
        if !matches!(order.status, Status::Waiting | Status::Draft) {
            let what = format!("the order has ended: {}", order.status.wire().1);
            return Err(Refusal::invalid("orderId", what, "an order that waits"));
        }
        let signature = signature.map(|signature| BASE64_STANDARD.encode(signature));
        let order = Order { status, signature, ..order };
        lock(&self.orders).keep(order.clone())?;
        Ok(order)
    }

    /// The person confirms on the telephone, or somebody else does in his place.
    fn sign(
        &self,
        authority: &Authority,
        id: i64,
        by: Option<&'static Person>,
        now: DateTime<Utc>,
    ) -> Result<Order, Refusal> {
        let order = self.get(id, now)?;
        let package = order.package.filter(|_| order.status == Status::Waiting);
        let package = package.ok_or_else(|| {
            Refusal::invalid("orderId", "nothing waits to be signed", "an order that waits")
        })?;
        let person = by.map_or_else(|| package.person(), Ok)?;
        let content = package.content()?;
        let signature = authority.sign_as(person, &self.keys, &content, now)?;
        self.end(id, Status::Signed, Some(signature), now)
    }
}

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/api/gusmev/order", post(http::create))
        .route("/api/gusmev/push/chunked", post(http::push))
        .route("/api/gusmev/order/{order}", post(http::state))
        .route("/api/gusmev/order/{order}/cancel", post(http::cancel))
        .route("/api/gusmev/files/download/{object}/{kind}", get(http::download))
        .route("/sandbox/phone", get(phone::page))
        .route("/sandbox/phone/press", post(phone::press))
        .route("/sandbox/phone/requests", get(phone::requests))
        .route("/sandbox/phone/requests/{order}/{action}", post(phone::act))
}
