//! Control of the sandbox: faults and an inspector's actions, as JSON for tests and as a page with
//! buttons for people.
//!
//! | path | body | what |
//! | --- | --- | --- |
//! | `GET /sandbox/` | | the page |
//! | `POST /sandbox/esia/next` | `{error?, down?, delay_ms?, expire_code?}` | faults of ESIA; `error` is an ESIA code or an OAuth error name |
//! | `POST /sandbox/esia/clients` | `{client_id, name?, redirect_uris, certificate_pem?, key?}` | registers a client; `key` is `ecdsa` or `gost` |
//! | `GET`/`POST /sandbox/eais/mode` | see [`crate::eais::ModeChange`] | behaviour of customs |
//! | `GET /sandbox/eais/messages` | | accepted documents |
//! | `GET /sandbox/eais/forms` | | registered forms |
//! | `POST /sandbox/eais/forms/{number or message id}/{explain,control,clear,annul}` | `{text?, days?}` | the inspector acts |
//! | `POST /sandbox/register/mode`, `/sandbox/mail/mode`, `/sandbox/ca/mode`, `/sandbox/epgu/mode` | `{down}` | switches a system off and on |
//! | `GET /sandbox/phone`, `/sandbox/phone/requests` … | see [`crate::epgu`] | the telephone with «Госключ» |
//! | `GET /sandbox/ca/certificates` | | issued certificates |
//! | `POST /sandbox/ca/revoke` | `{serial}` | revokes one |
//! | `POST /sandbox/ca/signature` | `{person | snils, organisation_inn?, key?, days?, expired?}` | a test signature: `{serial, subject, pfx, password, private_key, certificate_pem, chain_pem}`; `key` is `gost256`, `gost512` or `ecdsa`; `expired` makes one that ran out yesterday |
//! | `POST /sandbox/signature.pfx` | the same as a form | the container itself |
//! | `POST /sandbox/reset` | | forgets documents, mail, sign-ins and faults; keys, clients and numbering stay |

mod api;
mod page;

use std::{
    collections::BTreeSet,
    io,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    response::Redirect,
    routing::{get, post},
};

use crate::{World, epgu, lock, refusal::Refusal};

/// Systems that are switched off.
#[derive(Default)]
pub(crate) struct Switches(Mutex<BTreeSet<&'static str>>);

/// Systems that have nothing but a switch, with the first segment of their control address.
const SWITCHED: [(&str, &str); 5] = [
    ("register", "Налоговая служба"),
    ("mail", "Почта"),
    ("ca", "Удостоверяющий центр"),
    ("tsp", "Служба штампов времени"),
    (epgu::SYSTEM, "Госключ (API ЕПГУ)"),
];

impl Switches {
    pub(crate) fn is_down(&self, system: &str) -> bool {
        lock(&self.0).contains(system)
    }

    /// Refuses when `system` is switched off; `name` is for the message.
    pub(crate) fn require(&self, system: &str, name: &str) -> Result<(), Refusal> {
        if self.is_down(system) { Err(Refusal::down(name)) } else { Ok(()) }
    }

    fn set(&self, system: &'static str, down: bool) {
        let mut switched_off = lock(&self.0);
        if down {
            switched_off.insert(system);
        } else {
            switched_off.remove(system);
        }
    }

    fn clear(&self) {
        lock(&self.0).clear();
    }
}

/// Forgets everything that people and tests did.
fn reset(world: &World) -> io::Result<()> {
    world.switches.clear();
    world.esia.reset();
    world.mail.clear()?;
    world.epgu.reset()?;
    world.eais.reset()
}

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/sandbox/") }))
        .route("/sandbox", get(|| async { Redirect::to("/sandbox/") }))
        .route("/sandbox/", get(page::home))
        .route("/sandbox/press/{button}", post(page::press))
        .route("/sandbox/esia/next", post(api::esia_next))
        .route("/sandbox/esia/clients", post(api::esia_client))
        .route("/sandbox/eais/mode", get(api::eais_mode).post(api::eais_set_mode))
        .route("/sandbox/eais/messages", get(api::eais_messages))
        .route("/sandbox/eais/forms", get(api::eais_forms))
        .route("/sandbox/eais/forms/{form}/{action}", post(api::eais_act))
        .route("/sandbox/ca/certificates", get(api::certificates))
        .route("/sandbox/ca/revoke", post(api::revoke))
        .route("/sandbox/ca/signature", post(api::test_signature))
        .route("/sandbox/signature.pfx", post(page::signature))
        .route("/sandbox/{system}/mode", post(api::switch))
        .route("/sandbox/reset", post(api::reset))
}
