//! SignerInfo of a new signature.

use rsa::rand_core::CryptoRng;

use super::{SignError, Signer};
use crate::asn1::{tag, write};
use crate::cades::EssCertId;
use crate::digest::ContentDigests;
use crate::oid;

impl Signer<'_> {
    /// SignerInfo in DER with the attributes of CAdES-BES.
    pub(super) fn signer_info(
        &self,
        content: &ContentDigests,
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, SignError> {
        let digest = self.digest();
        let content_digest = content.get(digest).ok_or(SignError::Digest(digest))?;
        let mut attributes = vec![
            write::attribute(oid::ID_CONTENT_TYPE, write::oid(oid::ID_DATA)),
            write::attribute(oid::ID_MESSAGE_DIGEST, write::octets(content_digest)),
            write::attribute(
                oid::ID_AA_SIGNING_CERTIFICATE_V2,
                EssCertId::signing_certificate_v2(digest, self.certificate),
            ),
        ];
        if let Some(time) = self.time {
            attributes.push(write::attribute(oid::ID_SIGNING_TIME, write::time(time)));
        }
        let signed = write::set_of(attributes);
        let signature = self.key.sign(self.scheme, &digest.digest(&signed), rng)?;
        let id = write::sequence(&[
            self.certificate.issuer().as_der(),
            &write::element(tag::INTEGER, self.certificate.serial()),
        ]);
        Ok(write::sequence(&[
            &write::number(1),
            &id,
            &digest.to_der(),
            &write::retag(tag::context_constructed(0), &signed),
            &self.scheme.to_der(),
            &write::octets(&signature),
        ]))
    }
}
