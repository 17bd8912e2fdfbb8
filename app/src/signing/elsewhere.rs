//! A signature made by another program over the downloaded bytes. Whether it fits them is for the
//! server to judge; here it is read, so that one sees whose it is.

use std::cell::RefCell;

use domain::view::signature::SignatureWay;

use super::{
    Ask, Availability, CertificateInfo, Content, Given, Pending, SignError, Signature, Signer,
    engine::Engine,
};

/// A signature file that was read.
#[derive(Clone)]
struct Uploaded {
    cms: Vec<u8>,
    signers: Vec<CertificateInfo>,
}

pub struct ElsewhereSigner {
    uploaded: RefCell<Option<Uploaded>>,
}

impl ElsewhereSigner {
    pub fn new() -> Self {
        Self { uploaded: RefCell::default() }
    }

    fn found(&self) -> Result<Uploaded, SignError> {
        self.uploaded.borrow().clone().ok_or(SignError::NoKey)
    }
}

impl Signer for ElsewhereSigner {
    fn way(&self) -> SignatureWay {
        SignatureWay::File
    }

    fn status(&self) -> Pending<'_, Availability> {
        Box::pin(async {
            match self.uploaded.borrow().is_some() {
                true => Availability::Ready,
                false => Availability::Asks(Ask::Signature),
            }
        })
    }

    fn give(&self, given: Given) -> Pending<'_, Result<(), SignError>> {
        Box::pin(async move {
            match given {
                Given::Signature(file) => {
                    let (signers, cms) = Engine::start()?.inspect(&file).await?;
                    self.uploaded.replace(Some(Uploaded { cms, signers }));
                }
                _ => {
                    self.uploaded.replace(None);
                }
            }
            Ok(())
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
