//! Whether a service is offered to this reader, and if not, why and what to do.

use super::{Right, Service};
use crate::lang::Lang;
use crate::view::profile::Missing;
use crate::view::session::{Category, Role};

/// Whether a service can be used now. A service that cannot is shown all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// «Начать работу» leads somewhere; the limits say what will not work there.
    Open(Vec<Limit>),
    /// Meant for this reader, and not built yet.
    Coming,
    /// No cabinet is entered, so that nobody can say what is offered.
    NoCabinet,
    /// Offered to other kinds of participants only.
    NotForCategory(&'static [Category]),
    /// The reader's position in this cabinet does not suffice.
    NoRight(Right),
    /// The profile lacks what the documents are filled with.
    Missing(Vec<Missing>),
}

/// What does not work in a service that is otherwise open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// No signature: documents can be filled and kept, not sent.
    NoSignature,
    /// The reader may not create or change documents.
    ReadOnly,
    /// The reader may fill documents, another one must sign and send them.
    CannotSign,
}

/// What of a service is open to a reader who entered the cabinet `role` and whose profile lacks
/// `missing`.
pub fn availability(service: &Service, role: Option<&Role>, missing: &[Missing]) -> Availability {
    let Some(role) = role else { return Availability::NoCabinet };
    if !service.categories.contains(&role.category) {
        return Availability::NotForCategory(service.categories);
    }
    if service.built.is_none() {
        return Availability::Coming;
    }
    if let Some(right) = service.needs.right.filter(|right| !has(role, *right)) {
        return Availability::NoRight(right);
    }
    let lacking: Vec<Missing> =
        service.needs.profile.iter().copied().filter(|field| missing.contains(field)).collect();
    if !lacking.is_empty() {
        return Availability::Missing(lacking);
    }
    Availability::Open(limits(service, role, missing))
}

fn has(role: &Role, right: Right) -> bool {
    match right {
        Right::Chief => role.rights.chief,
        Right::Admin => role.rights.chief || role.rights.admin,
    }
}

fn limits(service: &Service, role: &Role, missing: &[Missing]) -> Vec<Limit> {
    if !service.needs.signature {
        return Vec::new();
    }
    if !role.rights.edit {
        return vec![Limit::ReadOnly];
    }
    if !role.rights.sign {
        return vec![Limit::CannotSign];
    }
    if missing.contains(&Missing::Signature) { vec![Limit::NoSignature] } else { Vec::new() }
}

impl Availability {
    pub fn is_open(&self) -> bool {
        matches!(self, Availability::Open(_))
    }

    /// A word or two for a badge; nothing when the service is open.
    pub fn badge(&self, lang: Lang) -> Option<&'static str> {
        let (ru, en) = match self {
            Availability::Open(_) => return None,
            Availability::Coming => ("Скоро", "Coming"),
            Availability::NoCabinet => ("Выберите кабинет", "Choose a cabinet"),
            Availability::NotForCategory(_) => ("Для других участников", "For others"),
            Availability::NoRight(_) => ("Нет права", "No right"),
            Availability::Missing(_) => ("Заполните профиль", "Complete the profile"),
        };
        Some(lang.pick(ru, en))
    }

    /// Why the service is not available; nothing when it is open.
    pub fn why(&self, lang: Lang) -> Option<String> {
        let text = match self {
            Availability::Open(_) => return None,
            Availability::Coming => lang
                .pick(
                    "Сервис ещё не открыт в этом кабинете.",
                    "This service is not open in this cabinet yet.",
                )
                .to_owned(),
            Availability::NoCabinet => lang
                .pick(
                    "Не выбрано, от чьего имени вы работаете.",
                    "You have not chosen on whose behalf you act.",
                )
                .to_owned(),
            Availability::NotForCategory(categories) => format!(
                "{} {}.",
                lang.pick("Сервис предназначен для:", "This service is for:"),
                list(categories.iter().map(|category| category.plural(lang))),
            ),
            Availability::NoRight(Right::Chief) => lang
                .pick(
                    "Сервисом пользуется только руководитель организации.",
                    "Only the head of the company may use this service.",
                )
                .to_owned(),
            Availability::NoRight(Right::Admin) => lang
                .pick(
                    "Сервисом пользуются руководитель и администраторы кабинета.",
                    "Only the head and the administrators of the cabinet may use this service.",
                )
                .to_owned(),
            Availability::Missing(fields) => format!(
                "{} {}.",
                lang.pick("В профиле не заполнено:", "The profile lacks:"),
                list(fields.iter().map(|field| field.name(lang))),
            ),
        };
        Some(text)
    }

    /// What the reader can do about it.
    pub fn remedy(&self, lang: Lang) -> Option<&'static str> {
        let (ru, en) = match self {
            Availability::Open(_) => return None,
            Availability::Coming => (
                "Добавьте его в избранное: он появится здесь же, когда откроется.",
                "Add it to favourites: it will appear in the same place when it opens.",
            ),
            Availability::NoCabinet => ("Выберите способ входа.", "Choose how you sign in."),
            Availability::NotForCategory(_) => (
                "Если вы работаете и за другого участника, смените способ входа.",
                "If you also act for another participant, switch the cabinet.",
            ),
            Availability::NoRight(_) => (
                "Обратитесь к руководителю или администратору кабинета.",
                "Ask the head or an administrator of the cabinet.",
            ),
            Availability::Missing(_) => (
                "Дополните профиль или обновите сведения об организации.",
                "Complete the profile or refresh the company's data.",
            ),
        };
        Some(lang.pick(ru, en))
    }

    /// The page on which the remedy is carried out.
    pub fn remedy_href(&self) -> Option<&'static str> {
        match self {
            Availability::NoCabinet | Availability::NotForCategory(_) => Some("/sign-in/role"),
            Availability::Missing(_) => Some("/company"),
            Availability::Open(_) | Availability::Coming | Availability::NoRight(_) => None,
        }
    }
}

impl Limit {
    /// What will not work, and what to do.
    pub const fn text(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Limit::NoSignature => (
                "Можно заполнять и хранить документы, отправить нельзя: к профилю не прикреплена электронная подпись. Прикрепите её в профиле.",
                "You can fill and keep documents but not send them: no signature is attached to the profile. Attach one in the profile.",
            ),
            Limit::ReadOnly => (
                "Документы можно только смотреть. Право создавать и изменять их даёт руководитель или администратор кабинета.",
                "You can only read documents. The right to create and change them is given by the head or an administrator of the cabinet.",
            ),
            Limit::CannotSign => (
                "Документы можно заполнять; подписать и отправить их должен тот, у кого есть право подписи.",
                "You can fill documents; someone with the right to sign must sign and send them.",
            ),
        };
        lang.pick(ru, en)
    }
}

impl Category {
    /// Who they are, in the plural genitive that follows «для».
    pub const fn plural(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Category::Company => ("юридических лиц", "companies"),
            Category::SoleTrader => ("индивидуальных предпринимателей", "sole traders"),
            Category::SelfEmployed => ("самозанятых", "the self-employed"),
            Category::Person => ("физических лиц", "private persons"),
        };
        lang.pick(ru, en)
    }

    /// One participant of this kind.
    pub const fn name(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Category::Company => ("Юридическое лицо", "Company"),
            Category::SoleTrader => ("Индивидуальный предприниматель", "Sole trader"),
            Category::SelfEmployed => ("Самозанятый", "Self-employed person"),
            Category::Person => ("Физическое лицо", "Private person"),
        };
        lang.pick(ru, en)
    }
}

impl Missing {
    pub const fn name(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Missing::Inn => ("ИНН", "INN"),
            Missing::Kpp => ("КПП", "KPP"),
            Missing::Ogrn => ("ОГРН", "OGRN"),
            Missing::Address => ("адрес", "address"),
            Missing::Email => ("электронная почта", "e-mail"),
            Missing::Phone => ("телефон", "phone"),
            Missing::Signature => ("электронная подпись", "electronic signature"),
        };
        lang.pick(ru, en)
    }

    /// Why it is asked for.
    pub const fn reason(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Missing::Inn | Missing::Kpp | Missing::Ogrn => (
                "по нему таможня узнаёт участника в каждом документе",
                "customs knows the participant by it in every document",
            ),
            Missing::Address => (
                "подставляется в сведения о сторонах документа",
                "it is filled into the parties of a document",
            ),
            Missing::Email => (
                "на неё приходят решения и требования таможни",
                "decisions and demands of customs are sent there",
            ),
            Missing::Phone => (
                "указывается в документах для связи с ответственным лицом",
                "documents carry it as the contact of the person in charge",
            ),
            Missing::Signature => (
                "без неё документы нельзя отправить таможне",
                "documents cannot be sent to customs without it",
            ),
        };
        lang.pick(ru, en)
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::{find, services};
    use super::*;
    use crate::view::session::Rights;

    fn role(category: Category, rights: Rights) -> Role {
        Role {
            participant: Uuid::nil(),
            category,
            name: "ООО «Ромашка-Экспорт»".to_owned(),
            inn: None,
            kpp: None,
            post: None,
            rights,
        }
    }

    const ALL: Rights = Rights { chief: true, admin: true, edit: true, sign: true };

    fn statforms() -> &'static Service {
        find("statforms").unwrap()
    }

    #[test]
    fn without_a_cabinet_one_is_asked_for_first() {
        let found = availability(statforms(), None, &[]);
        assert_eq!(found, Availability::NoCabinet);
        assert_eq!(found.remedy_href(), Some("/sign-in/role"));
    }

    #[test]
    fn the_category_decides_which_statforms_are_offered() {
        let company = role(Category::Company, ALL);
        let own = role(Category::SelfEmployed, ALL);
        let self_employed = find("statforms-self-employed").unwrap();
        assert!(availability(statforms(), Some(&company), &[]).is_open());
        assert!(availability(self_employed, Some(&own), &[]).is_open());
        let refused = availability(self_employed, Some(&company), &[]);
        assert_eq!(refused, Availability::NotForCategory(&[Category::SelfEmployed]));
        assert_eq!(refused.why(Lang::Ru).as_deref(), Some("Сервис предназначен для: самозанятых."));
    }

    #[test]
    fn without_a_signature_a_service_opens_and_says_what_will_not_work() {
        let company = role(Category::Company, ALL);
        let found = availability(statforms(), Some(&company), &[Missing::Signature]);
        assert_eq!(found, Availability::Open(vec![Limit::NoSignature]));
    }

    #[test]
    fn an_employee_without_rights_may_read() {
        let employee = role(Category::Company, Rights::default());
        let found = availability(statforms(), Some(&employee), &[Missing::Signature]);
        assert_eq!(found, Availability::Open(vec![Limit::ReadOnly]));
        let filler = role(Category::Company, Rights { edit: true, ..Rights::default() });
        let found = availability(statforms(), Some(&filler), &[Missing::Signature]);
        assert_eq!(found, Availability::Open(vec![Limit::CannotSign]));
    }

    #[test]
    fn a_field_that_documents_need_closes_the_service_by_name() {
        let company = role(Category::Company, ALL);
        let found = availability(statforms(), Some(&company), &[Missing::Inn, Missing::Phone]);
        assert_eq!(found, Availability::Missing(vec![Missing::Inn]));
        assert_eq!(found.why(Lang::Ru).as_deref(), Some("В профиле не заполнено: ИНН."));
        assert_eq!(found.remedy_href(), Some("/company"));
    }

    #[test]
    fn rights_are_asked_for_only_where_the_service_is_built() {
        let employee = role(Category::Company, Rights::default());
        let unbuilt =
            services().find(|s| s.needs.right == Some(Right::Chief) && s.built.is_none()).unwrap();
        assert_eq!(availability(unbuilt, Some(&employee), &[]), Availability::Coming);
        let built = Service { built: Some("/somewhere"), ..*unbuilt };
        assert_eq!(availability(&built, Some(&employee), &[]), Availability::NoRight(Right::Chief));
    }

    #[test]
    fn whatever_is_not_open_says_why_and_what_to_do() {
        let roles =
            [Category::Company, Category::SoleTrader, Category::SelfEmployed, Category::Person]
                .map(|category| role(category, Rights::default()));
        for service in services() {
            for role in &roles {
                let found = availability(service, Some(role), &[Missing::Inn]);
                for lang in Lang::ALL {
                    assert_eq!(found.is_open(), found.why(lang).is_none());
                    assert_eq!(found.is_open(), found.remedy(lang).is_none());
                    assert_eq!(found.is_open(), found.badge(lang).is_none());
                }
            }
        }
    }
}
