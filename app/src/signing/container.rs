//! A key container file, opened by the engine in its worker. The page never sees the key; when the
//! signer goes, the worker ends and the key with it.

use std::cell::RefCell;
use std::rc::Rc;

use domain::{lang::Lang, view::signature::SignatureWay};

use super::{
    Ask, Availability, CertificateInfo, Content, Given, Pending, SignError, Signature, Signer,
    engine::Engine, vault,
};

/// A worker that holds an open container, and what is in it.
struct Open {
    engine: Engine,
    certificates: Vec<CertificateInfo>,
}

pub struct ContainerSigner {
    lang: Lang,
    open: RefCell<Option<Rc<Open>>>,
    /// The person wants a file, though there are kept containers.
    another: RefCell<bool>,
}

impl ContainerSigner {
    pub fn new(lang: Lang) -> Self {
        Self { lang, open: RefCell::default(), another: RefCell::default() }
    }

    async fn take(&self, file: &[u8], password: &str) -> Result<Rc<Open>, SignError> {
        let engine = Engine::start()?;
        let certificates = engine.open(file, password).await?;
        let open = Rc::new(Open { engine, certificates });
        self.open.replace(Some(Rc::clone(&open)));
        Ok(open)
    }

    fn opened(&self) -> Option<Rc<Open>> {
        self.open.borrow().clone()
    }
}

impl Signer for ContainerSigner {
    fn way(&self) -> SignatureWay {
        SignatureWay::Container
    }

    fn status(&self) -> Pending<'_, Availability> {
        Box::pin(async {
            if self.opened().is_some() {
                return Availability::Ready;
            }
            if *self.another.borrow() {
                return Availability::Asks(Ask::Container);
            }
            // A device that keeps nothing still opens files.
            match vault::kept(self.lang).await {
                Ok(kept) if !kept.is_empty() => Availability::Asks(Ask::Pin(kept)),
                _ => Availability::Asks(Ask::Container),
            }
        })
    }

    fn give(&self, given: Given) -> Pending<'_, Result<(), SignError>> {
        Box::pin(async move {
            match given {
                Given::Container { file, password, pin } => {
                    if pin.as_ref().is_some_and(|pin| pin.chars().count() < vault::MIN_PIN) {
                        return Err(SignError::ShortPin);
                    }
                    let open = self.take(&file, &password).await?;
                    if let Some(pin) = pin {
                        vault::keep(&file, &password, &pin, &open.certificates).await?;
                    }
                    Ok(())
                }
                Given::Pin { id, pin } => {
                    let (file, password) = vault::reveal(&id, &pin).await?;
                    self.take(&file, &password).await.map(drop)
                }
                Given::Forget { id } => {
                    self.open.replace(None);
                    vault::forget(&id).await
                }
                Given::Another => {
                    self.open.replace(None);
                    self.another.replace(true);
                    Ok(())
                }
                Given::Signature(_) | Given::Phone(_) => Ok(()),
            }
        })
    }

    fn certificates(&self) -> Pending<'_, Result<Vec<CertificateInfo>, SignError>> {
        Box::pin(async {
            let open = self.opened().ok_or(SignError::NoKey)?;
            Ok(open.certificates.clone())
        })
    }

    fn sign<'a>(
        &'a self,
        certificate: &'a str,
        content: &'a Content,
    ) -> Pending<'a, Result<Signature, SignError>> {
        Box::pin(async move {
            let open = self.opened().ok_or(SignError::NoKey)?;
            let cms = open.engine.sign(certificate, &content.bytes).await?;
            Ok(Signature { cms })
        })
    }
}
