//! The telephone's way, «Госключ»: the server asks the telephone and keeps what comes back; the
//! page only shows how it stands, and may be closed meanwhile.

use std::cell::RefCell;

use domain::{
    error::{ErrorCode, WireError},
    lang::Lang,
    view::signature::{MobileRequest, SignatureWay},
};

use super::{
    Ask, Availability, CertificateInfo, Content, Given, Pending, Phone, SignError, Signature,
    Signer, Trouble, api, base64, challenge::refusal, engine::Engine,
};
use crate::error::ApiError;

/// A signature that came from the telephone.
#[derive(Clone)]
struct Came {
    request: MobileRequest,
    cms: Vec<u8>,
    signers: Vec<CertificateInfo>,
}

pub struct MobileSigner {
    phone: Phone,
    lang: Lang,
    came: RefCell<Option<Came>>,
}

impl MobileSigner {
    pub fn new(phone: Phone, lang: Lang) -> Self {
        Self { phone, lang, came: RefCell::default() }
    }

    fn found(&self) -> Result<Came, SignError> {
        self.came.borrow().clone().ok_or(SignError::NoKey)
    }

    fn refused(&self, error: &ApiError) -> Trouble {
        refusal(error, self.lang)
    }

    async fn take(&self, request: MobileRequest) -> Result<(), SignError> {
        let file = request.signature.as_deref().and_then(base64::decode).unwrap_or_default();
        let (signers, cms) = Engine::start()?.inspect(&file).await?;
        self.came.replace(Some(Came { request, cms, signers }));
        Ok(())
    }

    /// Gives a signature up, so that the telephone can be asked again.
    async fn give_up(&self) -> Result<(), SignError> {
        let Came { request, .. } = self.found()?;
        let cancelled = api::mobile_cancel(request.id).await;
        cancelled.map_err(|error| SignError::Server(self.refused(&error)))?;
        self.came.replace(None);
        Ok(())
    }
}

impl Signer for MobileSigner {
    fn way(&self) -> SignatureWay {
        SignatureWay::Mobile
    }

    fn status(&self) -> Pending<'_, Availability> {
        Box::pin(async {
            if !self.phone.individual {
                let why = WireError::new(ErrorCode::Forbidden, "signature.mobile_individuals");
                return Availability::Impossible(self.refused(&ApiError(why)));
            }
            if self.came.borrow().is_some() {
                return Availability::Ready;
            }
            let bytes = self.phone.bytes.clone();
            match api::mobile_look(bytes.clone()).await {
                Ok(last) => Availability::Asks(Ask::Phone { bytes, last: last.map(Box::new) }),
                Err(error) => Availability::NeedsSetup(self.refused(&error)),
            }
        })
    }

    fn give(&self, given: Given) -> Pending<'_, Result<(), SignError>> {
        Box::pin(async move {
            match given {
                Given::Phone(request) => self.take(*request).await,
                _ => self.give_up().await,
            }
        })
    }

    fn certificates(&self) -> Pending<'_, Result<Vec<CertificateInfo>, SignError>> {
        Box::pin(async { Ok(self.found()?.signers) })
    }

    fn sign<'a>(
        &'a self,
        _certificate: &'a str,
        _content: &'a Content,
    ) -> Pending<'a, Result<Signature, SignError>> {
        Box::pin(async { Ok(Signature { cms: self.found()?.cms }) })
    }
}
