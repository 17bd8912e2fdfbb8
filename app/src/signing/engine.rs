//! The page's end of the signing engine: a Web Worker with a module of its own (`crates/signer`).
//! Dropping an [`Engine`] ends the worker, and with it every key that it held.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use futures::channel::oneshot;
use js_sys::{Object, Reflect, Uint8Array};
use leptos::prelude::document;
use signer::protocol::{Answer, Certified, Code, HashName, Hashes, Request};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, MessageEvent, Worker};

use super::{CertificateInfo, SignError, base64, certificate::Certificate};

type Reply = Result<(Answer, Option<Vec<u8>>), SignError>;
type Progress = Box<dyn Fn(f64)>;

struct Waiting {
    reply: oneshot::Sender<Reply>,
    progress: Option<Progress>,
}

#[derive(Default)]
struct Desk {
    last: u32,
    waiting: HashMap<u32, Waiting>,
}

/// A running worker.
pub struct Engine {
    worker: Worker,
    desk: Rc<RefCell<Desk>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Engine {
    /// Starts a worker; its module loads meanwhile.
    ///
    /// # Errors
    /// [`SignError::NoEngine`] when the browser does not start it.
    pub fn start() -> Result<Self, SignError> {
        let address = document()
            .query_selector("meta[name=signer]")
            .ok()
            .flatten()
            .and_then(|meta| meta.get_attribute("content"))
            .ok_or(SignError::NoEngine)?;
        let worker = Worker::new(&address).map_err(|_| SignError::NoEngine)?;
        let desk = Rc::new(RefCell::new(Desk::default()));
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new({
            let desk = Rc::clone(&desk);
            move |event: MessageEvent| hear(&desk, &event.data())
        });
        let on_error = Closure::<dyn FnMut(Event)>::new({
            let desk = Rc::clone(&desk);
            // The script did not load or failed: nobody will be answered any more.
            move |_: Event| desk.borrow_mut().waiting.clear()
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, desk, _on_message: on_message, _on_error: on_error })
    }

    /// Opens a key container and gives the certificates that have keys.
    pub async fn open(
        &self,
        pfx: &[u8],
        password: &str,
    ) -> Result<Vec<CertificateInfo>, SignError> {
        let request = Request::Open { password: password.to_owned() };
        match self.ask(&request, Beside::Bytes(pfx), None).await? {
            (Answer::Opened { certificates }, _) => infos(&certificates),
            _ => Err(SignError::Engine(Code::Protocol)),
        }
    }

    /// A detached signature over bytes.
    pub async fn sign(&self, certificate: &str, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
        let time = crate::document::device::now().timestamp();
        let request = Request::Sign { certificate: certificate.to_owned(), time };
        match self.ask(&request, Beside::Bytes(bytes), None).await? {
            (Answer::Signed, Some(cms)) => Ok(cms),
            _ => Err(SignError::Engine(Code::Protocol)),
        }
    }

    pub async fn hash(&self, bytes: &[u8]) -> Result<Hashes, SignError> {
        self.hashed(Beside::Bytes(bytes), None).await
    }

    /// Hashes a file as a stream.
    pub async fn hash_file(
        &self,
        file: &web_sys::File,
        progress: Progress,
    ) -> Result<Hashes, SignError> {
        self.hashed(Beside::File(file), Some(progress)).await
    }

    async fn hashed(
        &self,
        beside: Beside<'_>,
        progress: Option<Progress>,
    ) -> Result<Hashes, SignError> {
        match self.ask(&Request::Hash, beside, progress).await? {
            (Answer::Hashed(hashes), _) => Ok(hashes),
            _ => Err(SignError::Engine(Code::Protocol)),
        }
    }

    /// The hash that the key of a certificate (DER) signs, and its algorithm.
    pub async fn digest(
        &self,
        certificate: &[u8],
        bytes: &[u8],
    ) -> Result<(HashName, String), SignError> {
        let request = Request::Digest { certificate: base64::encode(certificate) };
        match self.ask(&request, Beside::Bytes(bytes), None).await? {
            (Answer::Digested { algorithm, hash }, _) => Ok((algorithm, hash)),
            _ => Err(SignError::Engine(Code::Protocol)),
        }
    }

    /// Reads a signature file: the signers' certificates, and the signature in DER.
    pub async fn inspect(&self, file: &[u8]) -> Result<(Vec<CertificateInfo>, Vec<u8>), SignError> {
        match self.ask(&Request::Inspect, Beside::Bytes(file), None).await? {
            (Answer::Inspected { signers }, Some(der)) => Ok((infos(&signers)?, der)),
            _ => Err(SignError::Engine(Code::Protocol)),
        }
    }

    async fn ask(
        &self,
        request: &Request,
        beside: Beside<'_>,
        progress: Option<Progress>,
    ) -> Reply {
        let (reply, answer) = oneshot::channel();
        let id = {
            let mut desk = self.desk.borrow_mut();
            desk.last += 1;
            let id = desk.last;
            desk.waiting.insert(id, Waiting { reply, progress });
            id
        };
        let text = serde_json::to_string(request).unwrap_or_default();
        let message = message(id, &text, beside).map_err(|_| SignError::NoEngine)?;
        self.worker.post_message(&message).map_err(|_| SignError::NoEngine)?;
        match answer.await.map_err(|_| SignError::NoEngine)?? {
            (Answer::Failed { code }, _) => Err(SignError::Engine(code)),
            done => Ok(done),
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// What travels with a request.
enum Beside<'a> {
    Bytes(&'a [u8]),
    File(&'a web_sys::File),
}

fn message(id: u32, request: &str, beside: Beside<'_>) -> Result<Object, JsValue> {
    let message = Object::new();
    let set = |name: &str, value: &JsValue| {
        Reflect::set(&message, &JsValue::from_str(name), value).map(drop)
    };
    set("id", &id.into())?;
    set("request", &JsValue::from_str(request))?;
    match beside {
        Beside::Bytes(bytes) => set("bytes", &Uint8Array::from(bytes))?,
        Beside::File(file) => set("file", file)?,
    }
    Ok(message)
}

/// Hands an answer to whoever waits for it.
fn hear(desk: &RefCell<Desk>, data: &JsValue) {
    let get = |name: &str| Reflect::get(data, &JsValue::from_str(name)).ok();
    let Some(id) = get("id").and_then(|id| id.as_f64()) else { return };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "our own number")]
    let id = id as u32;
    if let Some(part) = get("progress").and_then(|part| part.as_f64()) {
        if let Some(progress) =
            desk.borrow().waiting.get(&id).and_then(|waiting| waiting.progress.as_ref())
        {
            progress(part);
        }
        return;
    }
    let Some(waiting) = desk.borrow_mut().waiting.remove(&id) else { return };
    let bytes = get("bytes").and_then(|bytes| bytes.dyn_into::<Uint8Array>().ok());
    let answer = get("answer")
        .and_then(|answer| answer.as_string())
        .and_then(|answer| serde_json::from_str(&answer).ok())
        .ok_or(SignError::Engine(Code::Protocol))
        .map(|answer| (answer, bytes.map(|bytes| bytes.to_vec())));
    // Whoever waited may have gone with its page.
    drop(waiting.reply.send(answer));
}

fn infos(certificates: &[Certified]) -> Result<Vec<CertificateInfo>, SignError> {
    certificates
        .iter()
        .map(|certified| {
            let der = base64::decode(&certified.der).ok_or(SignError::Engine(Code::Protocol))?;
            let certificate = Certificate::from_der(&der)?;
            Ok(CertificateInfo::of(certified.id.clone(), &certificate))
        })
        .collect()
}
