//! Banks and their accounts.

use super::{Cause, IdError, IdKind, digits, identifier, plain_display, require};

identifier! {
    /// БИК, the code of a bank or a treasury body: 9 digits.
    Bik
}
identifier! {
    /// A 20-digit account. Whether its key is right depends on the bank: see
    /// [`BankAccount::check`].
    BankAccount
}
plain_display!(Bik, BankAccount);

impl Bik {
    fn read(text: &str) -> Result<String, IdError> {
        let bik = digits(IdKind::Bik, text, &[], &[9])?;
        for (index, allowed) in [(0, "0"), (1, "0124")] {
            let found = char::from(bik.as_bytes()[index]);
            let cause = Cause::Character { position: index + 1, found };
            require(allowed.contains(found), IdKind::Bik, cause)?;
        }
        Ok(bik)
    }

    /// Digits 5–6 with a zero before them: the key of accounts held at the Bank of Russia.
    fn central_bank_key(&self) -> String {
        format!("0{}", &self.0[4..6])
    }
}

impl BankAccount {
    fn read(text: &str) -> Result<String, IdError> {
        digits(IdKind::BankAccount, text, &[], &[20])
    }

    /// Checks the key of the account against its bank: Σ of the last digits of the products of
    /// (3 digits of the bank ‖ 20 of the account) with weights 7, 1, 3 ends with zero.
    ///
    /// Treasury accounts («03…») do not follow the rule and are passed.
    ///
    /// # Errors
    /// [`Cause::Checksum`] when the key does not agree with `bik`.
    pub fn check(&self, bik: &Bik) -> Result<(), IdError> {
        if self.0.starts_with("03") {
            return Ok(());
        }
        let at_central_bank = self.0.starts_with("301")
            || self.0.starts_with("40102")
            || ["000", "001", "002"].contains(&&bik.0[6..]);
        let key = if at_central_bank { bik.central_bank_key() } else { bik.0[6..].to_owned() };
        let sum: u32 = format!("{key}{}", self.0)
            .bytes()
            .zip([7, 1, 3].into_iter().cycle())
            .map(|(digit, weight)| u32::from(digit - b'0') * weight % 10)
            .sum();
        require(sum.is_multiple_of(10), IdKind::BankAccount, Cause::Checksum)
    }
}
