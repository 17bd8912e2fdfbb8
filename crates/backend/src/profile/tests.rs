//! The profile over the database: SQLite always, PostgreSQL when it is named.

use chrono::{DateTime, TimeZone, Utc};
use domain::{
    lang::Lang,
    view::{
        profile::{Address, MailChoices, Missing},
        session::{Rights, Theme},
    },
};
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use signature::key::KeyKind;

use super::{
    Contacts, Preferences, ProfileError, Whose, certificate_attach, certificate_list,
    certificate_request, contacts_set, employees, get, missing, organisation_refresh, participant,
    preferences_set, take_entry,
};
use crate::{
    ctx::Ctx,
    error::{Denied, Refusal},
    gateway::tax::Entry,
    session,
    signature::{
        Policy, RevocationPolicy,
        fixture::{HEAD, Pki},
    },
    storage::testing::{TestClock, backend, databases, somebody},
};

const ALL: Rights = Rights { chief: true, admin: true, edit: true, sign: true };
const EMPLOYEE: Rights = Rights { chief: false, admin: false, edit: true, sign: false };

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 6, 0, 0).unwrap()
}

fn contacts(email: &str) -> Contacts {
    Contacts { email: email.to_owned(), phone: String::new() }
}

#[tokio::test]
async fn what_is_missing_shrinks_as_the_profile_is_filled() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(start()));
        let ctx = somebody(&backend, 1, ALL).await;
        let lacks = [Missing::Address, Missing::Email, Missing::Phone, Missing::Signature];
        assert_eq!(missing(&ctx).await.unwrap(), lacks, "{}", test.name);
        contacts_set(&ctx, Whose::Participant, &contacts("office@example.ru")).await.unwrap();
        let lacks = [Missing::Address, Missing::Phone, Missing::Signature];
        assert_eq!(missing(&ctx).await.unwrap(), lacks, "{}", test.name);
    }
}

#[tokio::test]
async fn contacts_of_a_company_are_set_by_those_who_manage_it() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(start()));
        let ctx = somebody(&backend, 1, EMPLOYEE).await;
        let refused = contacts_set(&ctx, Whose::Participant, &contacts("a@b.ru")).await;
        assert!(matches!(refused, Err(ProfileError::Denied(Denied::Forbidden))));
        contacts_set(&ctx, Whose::Person, &contacts("anna@example.ru")).await.unwrap();
        let profile = get(&ctx).await.unwrap();
        assert_eq!(profile.person.email.as_deref(), Some("anna@example.ru"));
        assert_eq!(profile.participant.unwrap().email, None);
        assert!(matches!(employees(&ctx).await, Err(ProfileError::Denied(Denied::Forbidden))));
    }
}

#[tokio::test]
async fn choices_are_kept() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(start()));
        let ctx = somebody(&backend, 1, ALL).await;
        let mail = MailChoices { decisions: false, demands: true, deadlines: false };
        let chosen = Preferences { lang: Lang::En, theme: Theme::Dark, mail };
        preferences_set(&ctx, chosen).await.unwrap();
        let profile = get(&ctx).await.unwrap();
        assert_eq!((profile.lang, profile.theme, profile.mail), (Lang::En, Theme::Dark, mail));
        let wrong = contacts_set(&ctx, Whose::Person, &contacts("anna")).await.unwrap_err();
        let wire = wrong.wire(Lang::En).unwrap();
        assert_eq!(wire.fields[0].what, "This is no e-mail address.", "in the chosen language");
    }
}

#[tokio::test]
async fn the_registers_entry_replaces_what_was_known_but_not_the_inn() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(start()));
        let ctx = somebody(&backend, 1, ALL).await;
        let id = ctx.role().unwrap().participant;
        let row = session::participant(ctx.db(), id).await.unwrap().unwrap();
        let mut changed = row.into_active_model();
        let entry = Entry {
            inn: "7730176610".to_owned(),
            kpp: Some("773001001".to_owned()),
            ogrn: "1027700132195".to_owned(),
            full_name: "Новое имя".to_owned(),
            short_name: "НИ".to_owned(),
            address: Address { city: "МОСКВА".to_owned(), ..Address::default() },
            head_post: None,
            head_inn: None,
        };
        take_entry(&mut changed, &entry, ctx.now()).unwrap();
        changed.update(ctx.db()).await.unwrap();
        let now = participant(&ctx).await.unwrap();
        assert_eq!(now.inn.as_deref(), Some("7707083893"));
        assert_eq!(now.kpp.as_deref(), Some("773001001"));
        assert_eq!(now.short_name, "НИ");
        assert_eq!(now.address.unwrap().city, "МОСКВА");
        assert_eq!(now.verified, Some(start()));
    }
}

#[tokio::test]
async fn a_silent_register_leaves_everything_as_it_was() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(start()));
        let ctx = somebody(&backend, 1, ALL).await;
        let before = participant(&ctx).await.unwrap();
        let refused = organisation_refresh(&ctx).await.unwrap_err();
        assert_eq!(refused.wire(Lang::Ru).unwrap().message, "profile.register_down");
        assert_eq!(participant(&ctx).await.unwrap(), before);
        let reader = somebody(&backend, 2, Rights::default()).await;
        let refused = organisation_refresh(&reader).await.unwrap_err();
        assert!(matches!(refused, ProfileError::Denied(Denied::Forbidden)));
    }
}

#[tokio::test]
async fn what_is_no_certificate_is_not_attached() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(start()));
        let ctx = somebody(&backend, 1, ALL).await;
        let key = async |pem: &str| {
            certificate_attach(&ctx, pem).await.unwrap_err().wire(Lang::Ru).unwrap().message
        };
        assert_eq!(key("").await, "profile.no_certificate");
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
        assert_eq!(key(broken).await, "profile.no_certificate");
        let stranger = Pki::new(KeyKind::P256, start(), None);
        let foreign = stranger.pem(&stranger.issue(KeyKind::P256, &HEAD));
        assert_eq!(key(&foreign).await, "signature.untrusted");
        let refused = certificate_request(&ctx, "AAAA").await.unwrap_err();
        assert!(matches!(refused, ProfileError::SoftwareSignatureOff), "there is no authority");
    }
}

#[tokio::test]
async fn employees_are_those_of_the_cabinet_entered() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(start()));
        let ctx = somebody(&backend, 1, ALL).await;
        somebody(&backend, 2, ALL).await;
        let found = employees(&ctx).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].person, ctx.person().unwrap().person);
    }
}

#[tokio::test]
async fn strangers_learn_nothing() {
    for test in databases().await {
        let backend = backend(test.db.clone(), TestClock::at(start()));
        let ctx = Ctx { actor: crate::ctx::Actor::Anonymous, ..somebody(&backend, 1, ALL).await };
        assert!(matches!(get(&ctx).await, Err(ProfileError::Denied(Denied::NotSignedIn))));
        assert!(matches!(participant(&ctx).await, Err(ProfileError::Denied(Denied::NotSignedIn))));
    }
}

#[tokio::test]
async fn only_the_readers_own_certificate_is_attached_and_once() {
    for test in databases().await {
        let pki = Pki::new(KeyKind::Gost256, start(), None);
        let mut own =
            std::sync::Arc::into_inner(backend(test.db.clone(), TestClock::at(start()))).unwrap();
        own.settings.signature =
            Policy { trust: pki.trust(), revocation: RevocationPolicy::Off, ..Policy::default() };
        let ctx = somebody(&std::sync::Arc::new(own), 1, ALL).await;
        let right = pki.issue(KeyKind::Gost256, &HEAD);
        let view = certificate_attach(&ctx, &pki.pem(&right)).await.unwrap();
        assert_eq!(view.algorithm, "ГОСТ Р 34.10-2012 256", "{}", test.name);
        assert_eq!(view.subject, "Тестова Анна Петровна, ООО «Пример»");
        assert_eq!(view.issuer, "УЦ Пример");
        assert_eq!(certificate_attach(&ctx, &pki.pem(&right)).await.unwrap().id, view.id);
        assert_eq!(certificate_list(&ctx).await.unwrap().len(), 1);

        for (text, other, key) in [
            ("11223344595", "08765430200", "signature.other_person"),
            ("7707083893", "7702070139", "signature.other_organisation"),
        ] {
            let subject = HEAD.map(|(oid, found)| (oid, if found == text { other } else { found }));
            let wrong = pki.pem(&pki.issue(KeyKind::Gost256, &subject));
            let refused = certificate_attach(&ctx, &wrong).await.unwrap_err();
            assert_eq!(refused.wire(Lang::Ru).unwrap().message, key);
        }
    }
}
