//! How a form begins: empty, as a copy, from a file, or in place of a registered one.

use domain::{
    date::moscow_datetime,
    deadline::YearMonth,
    error::ErrorCode,
    view::{
        document::Head,
        profile::Participant,
        session::{Category, PersonName},
        statform::Uploaded,
    },
};
use edoc::{
    convert::Unfit,
    draft::Draft,
    patch::{Change, Patch, PatchError, Position, ReplicaId},
    path::Path,
    registry::Registry,
    remark::Level,
    schema::Schema,
    tree::{Content, Tree},
};
use std::sync::Arc;
use uuid::Uuid;

use super::{KIND, reference};
use crate::{
    ctx::Ctx,
    document::{self, DocumentError, Origin},
    error::Denied,
    profile, session, tariff,
};

/// What belongs to one form only and never passes to another made of it.
const OWN: [&str; 3] = ["DocumentID", "RegNum", "NSF"];

/// Which way the goods go.
const EXPORT: &str = "ЭК";
const IMPORT: &str = "ИМ";

/// Road transport, which carries most of the trade within the union.
const ROAD: &str = "30";

const SIGNING_DATE: &str = "ProvidePerson/SigningDate";

fn schema(registry: &Registry) -> Result<Arc<Schema>, DocumentError> {
    registry.get(KIND, None).ok_or_else(|| DocumentError::UnknownKind(KIND.to_owned()))
}

/// A path written in this module. One that could not be read would name no field, and setting it
/// is an error that says so.
fn field(path: &str) -> Path {
    path.parse().unwrap_or_else(|_| Path::root())
}

/// Sets fields of a draft one by one, as the cabinet's own replica.
struct Filler<'a> {
    draft: &'a mut Draft,
    replica: ReplicaId,
    changes: Vec<Change>,
}

impl<'a> Filler<'a> {
    fn new(draft: &'a mut Draft, replica: &ReplicaId) -> Self {
        Self { draft, replica: *replica, changes: Vec::new() }
    }

    fn set(&mut self, path: &str, value: impl Into<String>) -> Result<(), PatchError> {
        let value = value.into();
        let path = field(path);
        if self.draft.text(&path) == Some(value.as_str()) || value.is_empty() {
            return Ok(());
        }
        self.edit(Patch::Set { path, value: Some(value) })
    }

    fn edit(&mut self, patch: Patch) -> Result<(), PatchError> {
        self.changes.push(self.draft.edit(&self.replica, patch)?);
        Ok(())
    }

    /// Sets the first item of a repeated field.
    fn set_first(&mut self, list: &str, value: &str) -> Result<(), PatchError> {
        if value.is_empty() {
            return Ok(());
        }
        let item = self.add(&field(list))?;
        self.edit(Patch::Set { path: item, value: Some(value.to_owned()) })
    }

    /// Adds an item at the beginning of a list.
    fn add(&mut self, list: &Path) -> Result<Path, PatchError> {
        let item = self.draft.next_item(&self.replica);
        let path = list.item(item);
        let (list, position) = (list.clone(), Position::nth(0));
        self.edit(Patch::Insert { list, item, position, value: None })?;
        Ok(path)
    }

    /// The form's own id, and what stands until customs gives a number.
    fn identity(&mut self, ctx: &Ctx) -> Result<(), PatchError> {
        self.set("DocumentID", ctx.uuid().to_string())?;
        self.set("NSF", "отсутствует")
    }

    /// The moment of signing, Moscow time. A draft has one from the beginning, so that the element
    /// is not found missing, and gets the true one when it is frozen.
    fn signed_at(&mut self, ctx: &Ctx) -> Result<(), PatchError> {
        let now = moscow_datetime(ctx.now()).format("%Y-%m-%dT%H:%M:%S").to_string();
        self.set(SIGNING_DATE, now)
    }
}

/// Whose cabinet writes statistical forms: companies, sole traders, and the self-employed. A
/// private person does not trade.
fn author(ctx: &Ctx) -> Result<(), Denied> {
    match ctx.editor()?.category {
        Category::Company | Category::SoleTrader | Category::SelfEmployed => Ok(()),
        Category::Person => Err(Denied::Forbidden),
    }
}

/// An empty form, filled with what the profile knows.
///
/// `direction` is «ЭК» or «ИМ»; without one the form begins as an export.
pub async fn create(
    ctx: &Ctx,
    direction: Option<&str>,
    period: Option<YearMonth>,
) -> Result<Head, DocumentError> {
    author(ctx)?;
    let schema = schema(&ctx.backend.registry)?;
    let mut draft = Draft::new(&schema);
    let replica = ctx.replica();
    let own = profile::participant(ctx).await?;
    let direction = if direction == Some(IMPORT) { IMPORT } else { EXPORT };
    let period = period.unwrap_or_else(|| YearMonth::of(ctx.today()).previous());
    let author = Author::of(ctx, &own).await?;
    prefill(ctx, &mut draft, &replica, (&own, &author), direction, period)
        .map_err(|error| DocumentError::Corrupt(error.to_string()))?;
    document::create(ctx, draft, Origin::Empty).await
}

fn prefill(
    ctx: &Ctx,
    draft: &mut Draft,
    replica: &ReplicaId,
    (own, author): (&Participant, &Author),
    direction: &str,
    period: YearMonth,
) -> Result<(), PatchError> {
    let mut form = Filler::new(draft, replica);
    form.identity(ctx)?;
    form.set("CustomsProcedure", direction)?;
    form.set("ReportingDate", period.to_string())?;
    form.set("CustCostCurrencyCode", "RUB")?;
    form.set("TransportModeCode", ROAD)?;
    let modes = tariff::transport_modes();
    if let Some(road) = modes.into_iter().find(|mode| mode.code == ROAD) {
        form.set("TransportName", road.name)?;
    }
    let (own_side, own_country) = if direction == EXPORT {
        ("Consignor", "DispatchCountry")
    } else {
        ("Consignee", "DestinationCountry")
    };
    form.set(&format!("{own_country}/CountryName"), "РОССИЯ")?;
    form.set(&format!("{own_country}/CountryCode"), "RU")?;
    for side in [own_side, "FinancialAdjustingResponsiblePerson"] {
        fill_party(&mut form, side, own)?;
    }
    author.fill(&mut form)?;
    form.signed_at(ctx)
}

/// Who files the form, and how to reach him.
struct Author {
    name: PersonName,
    post: String,
    phone: String,
    email: String,
}

impl Author {
    /// The reader. His company's telephone and mail stand in documents; his own where it has none.
    async fn of(ctx: &Ctx, own: &Participant) -> Result<Self, DocumentError> {
        let reader = ctx.person()?;
        let person = session::person(ctx.db(), reader.person).await?;
        let (phone, email) = person.map(|row| (row.phone, row.email)).unwrap_or_default();
        let post = reader.role.as_ref().and_then(|role| role.post.clone());
        Ok(Self {
            name: reader.name.clone(),
            post: post.unwrap_or_default(),
            phone: own.phone.clone().or(phone).unwrap_or_default(),
            email: own.email.clone().or(email).unwrap_or_default(),
        })
    }

    fn fill(&self, form: &mut Filler<'_>) -> Result<(), PatchError> {
        let patronymic = self.name.patronymic.as_deref().unwrap_or_default();
        for (field, value) in [
            ("PersonSurname", self.name.surname.as_str()),
            ("PersonName", &self.name.name),
            ("PersonMiddleName", patronymic),
            ("PersonPost", &self.post),
        ] {
            form.set(&format!("ProvidePerson/{field}"), value.to_uppercase())?;
        }
        form.set_first("ProvidePerson/CommunicationDetails/Phone", &self.phone)?;
        form.set_first("ProvidePerson/CommunicationDetails/E_mail", &self.email)
    }
}

fn fill_party(form: &mut Filler<'_>, side: &str, own: &Participant) -> Result<(), PatchError> {
    let name = match own.category {
        Category::Company => own.short_name.clone(),
        Category::SoleTrader | Category::SelfEmployed | Category::Person => own.full_name.clone(),
    };
    form.set(&format!("{side}/OrganizationName"), name.to_uppercase())?;
    let features = format!("{side}/RFOrganizationFeatures");
    form.set(&format!("{features}/OGRN"), own.ogrn.clone().unwrap_or_default())?;
    form.set(&format!("{features}/INN"), own.inn.clone().unwrap_or_default())?;
    form.set(&format!("{features}/KPP"), own.kpp.clone().unwrap_or_default())?;
    let Some(address) = &own.address else { return Ok(()) };
    let item_path = form.add(&field(&format!("{side}/SubjectAddressDetails")))?;
    let fields = [
        ("PostalCode", address.postal_code.as_str()),
        ("CountryCode", "RU"),
        ("CounryName", "РОССИЯ"),
        ("Region", &address.region),
        ("City", &address.city),
        ("StreetHouse", &address.street),
        ("House", &address.house),
        ("Room", &address.room),
        ("OKTMO", &address.oktmo),
        ("OKATO", &address.okato),
    ];
    for (field, value) in fields {
        form.set(&format!("{item_path}/{field}"), value.to_uppercase())?;
    }
    Ok(())
}

/// What is set just before freezing: the form's own id and the moment of signing, Moscow time.
pub fn prepare(
    ctx: &Ctx,
    draft: &mut Draft,
    replica: &ReplicaId,
) -> Result<Vec<Change>, PatchError> {
    let mut form = Filler::new(draft, replica);
    if form.draft.text(&field("DocumentID")).is_none_or(str::is_empty) {
        form.set("DocumentID", ctx.uuid().to_string())?;
    }
    form.signed_at(ctx)?;
    Ok(form.changes)
}

/// A new draft with the content of an earlier form.
pub async fn copy(ctx: &Ctx, id: Uuid) -> Result<Head, DocumentError> {
    author(ctx)?;
    let opened = document::open(ctx, id).await?;
    let draft = renewed(ctx, &opened.draft, None).await?;
    document::create(ctx, draft, Origin::Copy(opened.head.title)).await
}

/// A new draft that annuls and replaces a registered form (`PreviousRegNumberDoc`).
pub async fn replace(ctx: &Ctx, id: Uuid) -> Result<Head, DocumentError> {
    author(ctx)?;
    let opened = document::open(ctx, id).await?;
    let number = match opened.head.number {
        Some(number) if opened.head.state.is_registered() => number,
        _ => {
            return Err(DocumentError::Field {
                code: ErrorCode::Conflict,
                key: "statform.not_registered",
                path: "PreviousRegNumberDoc",
            });
        }
    };
    let draft = renewed(ctx, &opened.draft, Some(number)).await?;
    document::create(ctx, draft, Origin::Copy(opened.head.title)).await
}

/// The same content as a draft of its own: without numbers and history, filed by the reader.
async fn renewed(ctx: &Ctx, draft: &str, replaces: Option<String>) -> Result<Draft, DocumentError> {
    let corrupt = |error: &dyn std::fmt::Display| DocumentError::Corrupt(error.to_string());
    let old: Draft = serde_json::from_str(draft).map_err(|error| corrupt(&error))?;
    let schema = schema(&ctx.backend.registry)?;
    let author = Author::of(ctx, &profile::participant(ctx).await?).await?;
    let mut tree = old.tree(&schema);
    strip(&mut tree, &OWN);
    // Who files, and by which power of attorney, is the reader's own matter.
    strip(&mut tree, &["PreviousRegNumberDoc", "ProvidePerson", "MCD_ID", "INNSign"]);
    let mut draft = Draft::from_tree(&tree, &schema);
    let replica = ctx.replica();
    let mut form = Filler::new(&mut draft, &replica);
    form.identity(ctx)
        .and_then(|()| form.set("PreviousRegNumberDoc", replaces.unwrap_or_default()))
        .and_then(|()| author.fill(&mut form))
        .and_then(|()| form.signed_at(ctx))
        .map_err(|error| corrupt(&error))?;
    Ok(draft)
}

/// Takes elements out of the root.
fn strip(tree: &mut Tree, names: &[&str]) {
    if let Content::Children(children) = &mut tree.root.content {
        children.retain(|child| !names.contains(&&*child.name.local));
    }
}

/// A draft from another program's XML. Remarks do not prevent it: they are shown in the draft.
///
/// The draft is a form of its own. It has neither the id nor the number of the form in the file,
/// which may have been sent already, and nothing that its edition has no place for.
pub async fn upload(ctx: &Ctx, name: &str, bytes: &[u8]) -> Result<Uploaded, DocumentError> {
    author(ctx)?;
    let corrupt = |error: &dyn std::fmt::Display| DocumentError::Corrupt(error.to_string());
    let registry = &ctx.backend.registry;
    let (tree, notes) = edoc::xml::read(bytes, registry)?;
    if tree.kind.mode_id != KIND {
        return Err(DocumentError::UnknownKind(tree.kind.root.clone()));
    }
    // The album may have been loaded in the edition of the file; drafts are of the newest.
    let target = schema(registry)?;
    let source = registry.exact(&tree.kind).unwrap_or_else(|| target.clone());
    let is_other = source.kind() != target.kind();
    let edition = tree.kind.edition.clone();
    let converted_from = notes.converted_from.clone().or_else(|| is_other.then_some(edition));
    let mended = edoc::check::remarks_of_notes(&notes, &source);
    let converted =
        edoc::convert::convert(&tree, &source, &target).map_err(|error| corrupt(&error))?;
    let mut tree = converted.tree;
    strip(&mut tree, &OWN);
    let mut draft = Draft::from_tree(&tree, &target);
    let replica = ctx.replica();
    let mut form = Filler::new(&mut draft, &replica);
    form.identity(ctx).map_err(|error| corrupt(&error))?;
    if form.draft.text(&field(SIGNING_DATE)).is_none() {
        form.signed_at(ctx).map_err(|error| corrupt(&error))?;
    }
    let head = document::create(ctx, draft, Origin::Upload(name.to_owned())).await?;
    let remarks = reference::remarks(ctx, head.id).await?;
    let count = |level| {
        let count = remarks.iter().filter(|remark| remark.level == level).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    Ok(Uploaded {
        head,
        converted_from,
        unknown: converted.unfit.iter().map(left_out).collect(),
        mended: mended.iter().map(|remark| remark.text(ctx.lang())).collect(),
        errors: count(Level::Error),
        warnings: count(Level::Warning),
    })
}

/// «GoodsInfo/Colour: КРАСНЫЙ».
fn left_out(unfit: &Unfit) -> String {
    let place: Vec<_> = unfit.path.steps().map(|step| step.local).collect();
    format!("{}: {}", place.join("/"), unfit.value)
}
