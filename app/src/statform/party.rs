//! Graphs 1–3: the parties, each with identifiers of its own country and an address.

use domain::lang::Lang;
use edoc::{draft::Draft, path::Path};
use leptos::prelude::*;

use super::{
    field::{Bound, BoundEntry, Control, GraphHelp},
    form::use_form,
    place::{self, Place},
};
use crate::{
    tariff::{Entry, lists::List},
    tr,
    ui::{Button, ButtonKind, Choice, Select, i18n::use_lang},
};

/// A party of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    Seller,
    Sender,
    Buyer,
    Recipient,
    Financial,
}

impl Party {
    pub const ALL: [Self; 5] =
        [Self::Seller, Self::Sender, Self::Buyer, Self::Recipient, Self::Financial];

    /// The element of the document.
    pub const fn element(self) -> &'static str {
        match self {
            Self::Seller => "Consignor",
            Self::Sender => "Sender",
            Self::Buyer => "Consignee",
            Self::Recipient => "Recipient",
            Self::Financial => "FinancialAdjustingResponsiblePerson",
        }
    }

    pub const fn graph(self) -> &'static str {
        match self {
            Self::Seller | Self::Sender => "1",
            Self::Buyer | Self::Recipient => "2",
            Self::Financial => "3",
        }
    }

    pub const fn name(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Self::Seller => ("Продавец", "Seller"),
            Self::Sender => ("Отправитель", "Sender"),
            Self::Buyer => ("Покупатель", "Buyer"),
            Self::Recipient => ("Получатель", "Recipient"),
            Self::Financial => (
                "Лицо, ответственное за финансовое урегулирование",
                "Person responsible for financial settlement",
            ),
        };
        lang.pick(ru, en)
    }

    /// The sender and the recipient are named only when they are others than seller and buyer.
    const fn is_optional(self) -> bool {
        matches!(self, Self::Sender | Self::Recipient)
    }
}

/// Whose identifiers a party has. The album calls the elements after the countries' old letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry {
    Russia,
    Belarus,
    Kazakhstan,
    Armenia,
    Kyrgyzstan,
    /// A country outside the union, or a natural person: no identifiers.
    Other,
}

/// An identifier: element, label, digits.
type Identifier = (&'static str, &'static str, u32);

impl Registry {
    pub const ALL: [Self; 6] = [
        Self::Russia,
        Self::Belarus,
        Self::Kazakhstan,
        Self::Armenia,
        Self::Kyrgyzstan,
        Self::Other,
    ];

    /// Two letters of the country; empty for others.
    pub const fn country(self) -> &'static str {
        match self {
            Self::Russia => "RU",
            Self::Belarus => "BY",
            Self::Kazakhstan => "KZ",
            Self::Armenia => "AM",
            Self::Kyrgyzstan => "KG",
            Self::Other => "",
        }
    }

    const fn label(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Self::Russia => ("Россия: ОГРН, ИНН, КПП", "Russia: OGRN, INN, KPP"),
            Self::Belarus => ("Беларусь: УНП", "Belarus: UNP"),
            Self::Kazakhstan => ("Казахстан: БИН, ИИН", "Kazakhstan: BIN, IIN"),
            Self::Armenia => ("Армения: УНН, НЗОУ", "Armenia: UNN, social number"),
            Self::Kyrgyzstan => ("Киргизия: ИНН, ОКПО", "Kyrgyzstan: INN, OKPO"),
            Self::Other => ("Без идентификаторов", "No identifiers"),
        };
        lang.pick(ru, en)
    }

    /// The element that holds the identifiers.
    pub const fn element(self) -> &'static str {
        match self {
            Self::Russia => "RFOrganizationFeatures",
            Self::Belarus => "RBOrganizationFeatures",
            Self::Kazakhstan => "RKOrganizationFeatures",
            Self::Armenia => "RAOrganizationFeatures",
            Self::Kyrgyzstan => "KGOrganizationFeatures",
            Self::Other => "",
        }
    }

    pub const fn identifiers(self) -> &'static [Identifier] {
        match self {
            Self::Russia => &[("OGRN", "ОГРН / ОГРНИП", 15), ("INN", "ИНН", 12), ("KPP", "КПП", 9)],
            Self::Belarus => {
                &[("UNP", "УНП", 9), ("RBIdentificationNumber", "Идентификационный номер", 14)]
            }
            Self::Kazakhstan => &[("BIN", "БИН", 12), ("IIN", "ИИН", 12)],
            Self::Armenia => &[("UNN", "УНН", 8), ("SocialServiceNumber", "НЗОУ", 10)],
            Self::Kyrgyzstan => &[("KGINN", "ИНН", 14), ("KGOKPO", "ОКПО", 8)],
            Self::Other => &[],
        }
    }

    /// Whose identifiers a party has.
    pub fn held(draft: &Draft, party: &Path) -> Option<Self> {
        let has = |field: &Path| draft.text(field).is_some_and(|text| !text.is_empty());
        Self::ALL.into_iter().find(|registry| features(party, *registry).any(|field| has(&field)))
    }

    fn of_country(country: &str) -> Self {
        Self::ALL.into_iter().find(|registry| registry.country() == country).unwrap_or(Self::Other)
    }
}

fn features(party: &Path, registry: Registry) -> impl Iterator<Item = Path> + use<> {
    let parent = party.clone();
    registry
        .identifiers()
        .iter()
        .map(move |(element, _, _)| place::below(&parent, registry.element()).join(element))
}

/// One party: name, identifiers, address.
#[component]
pub fn PartyFields(party: Party) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let path = place::below(&Path::root(), party.element());
    let country = Place::first(&path, "SubjectAddressDetails", "CountryCode");
    let of_country = form.value(country.clone());
    // What has identifiers already decides; an empty party follows its country, and an empty
    // country is taken for Russia on one's own side only by what the form was filled with.
    let chosen = RwSignal::new(None::<Registry>);
    let registry = {
        let path = path.clone();
        Memo::new(move |_| {
            form.editing.revision().track();
            let held = form.editing.with_draft(|draft| Registry::held(draft, &path));
            held.or(chosen.get()).unwrap_or_else(|| Registry::of_country(&of_country.get()))
        })
    };
    let switch = {
        let path = path.clone();
        Callback::new(move |key: String| {
            let wanted = Registry::of_country(&key);
            let before = registry.get_untracked();
            form.editing.set_all(features(&path, before).map(|field| (field, String::new())));
            chosen.set(Some(wanted));
        })
    };
    // Another country of the union has other identifiers.
    let follow = Callback::new(move |country: Entry| {
        let wanted = Registry::of_country(&country.code);
        if wanted != Registry::Other && wanted != registry.get_untracked() {
            switch.run(country.code);
        }
    });
    let options = Registry::ALL
        .into_iter()
        .map(|registry| Choice::new(registry.country(), registry.label(lang.get_untracked())))
        .collect::<Vec<_>>();
    let in_path = path.clone();
    let identifiers = move || {
        let registry = registry.get();
        registry
            .identifiers()
            .iter()
            .map(|(element, label, digits)| {
                let place = Place::below(&place::below(&in_path, registry.element()), element);
                view! { <Bound place label=*label control=Control::Digits maxlength=*digits width="short"/> }
            })
            .collect_view()
    };
    let name = Place::below(&path, "OrganizationName");
    let fieldset_id = place::control_id(&path);
    let select_id = format!("{}-registry", place::control_id(&path));
    let registry_label = format!(
        "{}: {}",
        party.name(lang.get_untracked()),
        tr!(lang, "чьи идентификаторы", "whose identifiers")
    );
    view! {
        <fieldset class="party" id=fieldset_id tabindex="-1">
            <legend>
                <span class="graph" aria-hidden="true">{party.graph()}</span>
                {party.name(lang.get_untracked())}
            </legend>
            <Bound
                place=name
                label=tr!(lang, "Наименование", "Name")
                control=Control::Upper
                graph=party.graph()
                required=!party.is_optional()
                maxlength=150
            />
            <div class="row">
                <Select
                    id=select_id
                    label=registry_label
                    options=Signal::stored(options)
                    value=Signal::derive(move || registry.get().country().to_owned())
                    on_change=switch
                    disabled=form.readonly()
                />
                {identifiers}
            </div>
            <AddressFields party=path registry on_country=follow/>
            {(!party.is_optional()).then(|| view! { <GraphHelp graph=party.graph()/> })}
        </fieldset>
    }
}

#[component]
fn AddressFields(
    party: Path,
    registry: Memo<Registry>,
    on_country: Callback<Entry>,
) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let at = |rest: &'static str| Place::first(&party, "SubjectAddressDetails", rest);
    // Russian classifiers of places, for Russian addresses and where a file brought them.
    let (oktmo, okato) = (at("OKTMO"), at("OKATO"));
    let (oktmo_value, okato_value) = (form.value(oktmo.clone()), form.value(okato.clone()));
    let is_russian = Memo::new(move |_| {
        registry.get() == Registry::Russia
            || !oktmo_value.with(String::is_empty)
            || !okato_value.with(String::is_empty)
    });
    // `CounryName`: the misprint is part of the format.
    view! {
        <div class="address">
            <BoundEntry
                code=at("CountryCode")
                name=at("CounryName")
                list=List::Countries
                label=tr!(lang, "Страна", "Country")
                on_pick=on_country
            />
            <Bound place=at("PostalCode") label=tr!(lang, "Индекс", "Postal code") control=Control::Digits maxlength=9 width="short"/>
            <Bound place=at("Region") label=tr!(lang, "Регион", "Region") control=Control::Upper maxlength=120 width="medium"/>
            <Bound place=at("District") label=tr!(lang, "Район", "District") control=Control::Upper maxlength=120 width="medium"/>
            <Bound place=at("City") label=tr!(lang, "Город", "City") control=Control::Upper maxlength=120 width="medium"/>
            <Bound place=at("StreetHouse") label=tr!(lang, "Улица", "Street") control=Control::Upper maxlength=120 width="medium"/>
            <Bound place=at("House") label=tr!(lang, "Дом", "House") control=Control::Upper maxlength=120 width="short"/>
            <Bound place=at("Room") label=tr!(lang, "Офис", "Room") control=Control::Upper maxlength=120 width="short"/>
            <Show when=move || is_russian.get()>
                <Bound place=oktmo.clone() label=tr!(lang, "ОКТМО", "OKTMO") control=Control::Digits maxlength=11 width="short"/>
                <Bound place=okato.clone() label=tr!(lang, "ОКАТО", "OKATO") control=Control::Digits maxlength=11 width="short"/>
            </Show>
        </div>
    }
}

/// Graphs 1–3.
#[component]
pub fn Parties() -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let shown = |party: Party| {
        if !party.is_optional() {
            return view! { <PartyFields party/> }.into_any();
        }
        let path = place::below(&Path::root(), party.element());
        let is_open = RwSignal::new(form.editing.with_draft(|draft| draft.is_present(&path)));
        let is_named = Memo::new(move |_| {
            form.editing.revision().track();
            is_open.get() || form.editing.with_draft(|draft| draft.is_present(&path))
        });
        let label = match party {
            Party::Sender => tr!(lang, "Отправитель — другое лицо", "The sender is another person"),
            _ => tr!(lang, "Получатель — другое лицо", "The recipient is another person"),
        };
        view! {
            {move || {
                if is_named.get() {
                    view! { <PartyFields party/> }.into_any()
                } else {
                    view! {
                        <Button
                            kind=ButtonKind::Quiet
                            disabled=form.readonly()
                            on_click=move |_| is_open.set(true)
                        >
                            {label}
                        </Button>
                    }
                        .into_any()
                }
            }}
        }
        .into_any()
    };
    Party::ALL.into_iter().map(shown).collect_view()
}
