//! The ways of signing: how people know them, and in which order they are offered.

use domain::{lang::Lang, view::signature::SignatureWay};

use super::Availability;
use crate::tr;

/// The name in storage and in forms.
pub const fn key(way: SignatureWay) -> &'static str {
    match way {
        SignatureWay::Plugin => "plugin",
        SignatureWay::Container => "container",
        SignatureWay::Browser => "browser",
        SignatureWay::Mobile => "mobile",
        SignatureWay::File => "file",
    }
}

pub fn from_key(key: &str) -> Option<SignatureWay> {
    SignatureWay::ALL.into_iter().find(|way| self::key(*way) == key)
}

pub fn name(way: SignatureWay, lang: Lang) -> &'static str {
    match way {
        SignatureWay::Plugin => tr!(lang, "КриптоПро (плагин)", "CryptoPro (plug-in)"),
        SignatureWay::Container => {
            tr!(lang, "Файл ключевого контейнера (PFX)", "Key container file (PFX)")
        }
        SignatureWay::Browser => {
            tr!(lang, "Подпись на этом устройстве", "Signature on this device")
        }
        SignatureWay::Mobile => tr!(lang, "Госключ", "Goskey"),
        SignatureWay::File => {
            tr!(lang, "Подпись из другой программы", "Signature from another program")
        }
    }
}

/// What it is, in a line.
pub fn about(way: SignatureWay, lang: Lang) -> &'static str {
    match way {
        SignatureWay::Plugin => tr!(
            lang,
            "Сертификаты из КриптоПро CSP и с токенов",
            "Certificates of CryptoPro CSP and of tokens"
        ),
        SignatureWay::Container => tr!(
            lang,
            "Без установки программ: файл .pfx или .p12 и его пароль",
            "Nothing to install: a .pfx or .p12 file and its password"
        ),
        SignatureWay::Browser => tr!(
            lang,
            "Ключ создан браузером и не покидает его",
            "The browser made the key and keeps it"
        ),
        SignatureWay::Mobile => tr!(
            lang,
            "Подтверждение в приложении на телефоне",
            "Confirmed in the application on the phone"
        ),
        SignatureWay::File => tr!(
            lang,
            "Скачайте документ, подпишите его и загрузите файл .sig или .p7s",
            "Download the document, sign it and upload the .sig or .p7s file"
        ),
    }
}

/// A way, and how it stands once that is known.
pub type Known = (SignatureWay, Option<Availability>);

/// Ways in the order in which they are likely to work here: the one that was begun, the one that
/// worked last, those that are ready, those that ask for something, those of which nothing is known
/// yet, those to be set up, those that cannot work.
pub fn ordered(mut found: Vec<Known>, last: Option<SignatureWay>) -> Vec<Known> {
    found.sort_by_key(|(way, availability)| {
        let rank = match availability {
            Some(Availability::Ready) => 0,
            Some(Availability::Asks(_)) => 1,
            None => 2,
            Some(Availability::NeedsSetup(_)) => 3,
            Some(Availability::Impossible(_)) => 4,
        };
        // What worked last still has to be possible.
        let is_last = last == Some(*way) && rank <= 2;
        let is_begun = matches!(availability, Some(Availability::Asks(ask)) if ask.is_begun());
        (!is_begun, !is_last, rank)
    });
    found
}

/// The way that worked last on this device.
pub fn last() -> Option<SignatureWay> {
    from_key(&storage()?.get_item(KEY).ok()??)
}

/// Remembers the way that worked.
pub fn remember(way: SignatureWay) {
    // A browser that keeps nothing offers the ways in their usual order.
    if let Some(storage) = storage() {
        drop(storage.set_item(KEY, key(way)));
    }
}

const KEY: &str = "signing-way";

fn storage() -> Option<web_sys::Storage> {
    leptos::prelude::window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use domain::view::signature::{FrozenBytes, MobileRequest, MobileState};
    use uuid::Uuid;

    use super::super::{Ask, Trouble};
    use super::*;

    fn found() -> Vec<Known> {
        let trouble = || Trouble::new("причина", "что делать");
        vec![
            (SignatureWay::Plugin, Some(Availability::Impossible(trouble()))),
            (SignatureWay::Browser, Some(Availability::NeedsSetup(trouble()))),
            (SignatureWay::Container, Some(Availability::Asks(Ask::Container))),
            (SignatureWay::File, Some(Availability::Asks(Ask::Signature))),
        ]
    }

    fn ways(last: Option<SignatureWay>) -> Vec<SignatureWay> {
        ordered(found(), last).into_iter().map(|(way, _)| way).collect()
    }

    #[test]
    fn what_can_work_comes_first() {
        assert_eq!(
            ways(None),
            [
                SignatureWay::Container,
                SignatureWay::File,
                SignatureWay::Browser,
                SignatureWay::Plugin
            ]
        );
    }

    #[test]
    fn what_worked_last_leads_while_it_can_work() {
        assert_eq!(ways(Some(SignatureWay::File))[0], SignatureWay::File);
        assert_eq!(ways(Some(SignatureWay::Plugin))[0], SignatureWay::Container);
    }

    #[test]
    fn what_was_begun_leads_in_any_case() {
        let phone = |state, signature: Option<&str>| {
            let bytes = FrozenBytes { document: Uuid::nil(), version: 1, sha256: String::new() };
            let last = MobileRequest {
                id: Uuid::nil(),
                state,
                seconds_left: 1,
                delayed: false,
                cause: None,
                signature: signature.map(str::to_owned),
            };
            let ask = Ask::Phone { bytes, last: Some(Box::new(last)) };
            let mut ways = found();
            ways.push((SignatureWay::Mobile, Some(Availability::Asks(ask))));
            ordered(ways, Some(SignatureWay::File))[0].0
        };
        assert_eq!(phone(MobileState::Sent, None), SignatureWay::Mobile);
        assert_eq!(phone(MobileState::Signed, Some("")), SignatureWay::Mobile);
        assert_eq!(phone(MobileState::Cancelled, None), SignatureWay::File);
    }

    #[test]
    fn what_worked_last_leads_also_while_it_is_looked_for() {
        let looking = |last| {
            let mut found = found();
            found[0].1 = None;
            ordered(found, last).into_iter().map(|(way, _)| way).collect::<Vec<_>>()
        };
        assert_eq!(looking(Some(SignatureWay::Plugin))[0], SignatureWay::Plugin);
        assert_eq!(looking(None)[2], SignatureWay::Plugin);
    }

    #[test]
    fn keys_are_read_back() {
        for way in SignatureWay::ALL {
            assert_eq!(from_key(key(way)), Some(way));
        }
        assert_eq!(from_key("phone"), None);
    }
}
