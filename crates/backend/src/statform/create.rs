//! How a form begins: empty, as a copy, from a file, or in place of a registered one.

use domain::{
    date::moscow_datetime,
    deadline::YearMonth,
    error::ErrorCode,
    view::{document::Head, profile::Participant, session::Category, statform::Uploaded},
};
use edoc::{
    draft::Draft,
    patch::{Change, Patch, PatchError, Position, ReplicaId},
    path::Path,
    registry::Registry,
    remark::Level,
    schema::Schema,
    tree::Content,
};
use std::sync::Arc;
use uuid::Uuid;

use super::{KIND, reference};
use crate::{
    ctx::Ctx,
    document::{self, DocumentError, Origin},
    error::Denied,
    profile,
};

/// Which way the goods go.
const EXPORT: &str = "ЭК";
const IMPORT: &str = "ИМ";

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
    prefill(ctx, &mut draft, &replica, &own, direction, period)
        .map_err(|error| DocumentError::Corrupt(error.to_string()))?;
    document::create(ctx, draft, Origin::Empty).await
}

fn prefill(
    ctx: &Ctx,
    draft: &mut Draft,
    replica: &ReplicaId,
    own: &Participant,
    direction: &str,
    period: YearMonth,
) -> Result<(), PatchError> {
    let mut form = Filler::new(draft, replica);
    form.set("DocumentID", ctx.uuid().to_string())?;
    form.set("CustomsProcedure", direction)?;
    form.set("ReportingDate", period.to_string())?;
    form.set("NSF", "отсутствует")?;
    form.set("CustCostCurrencyCode", "RUB")?;
    form.set("TransportModeCode", "30")?;
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
    let Ok(session) = ctx.person() else { return Ok(()) };
    form.set("ProvidePerson/PersonSurname", session.name.surname.to_uppercase())?;
    form.set("ProvidePerson/PersonName", session.name.name.to_uppercase())?;
    if let Some(patronymic) = &session.name.patronymic {
        form.set("ProvidePerson/PersonMiddleName", patronymic.to_uppercase())?;
    }
    let post = session.role.as_ref().and_then(|role| role.post.clone());
    form.set("ProvidePerson/PersonPost", post.unwrap_or_default().to_uppercase())?;
    form.signed_at(ctx)
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
    let list = field(&format!("{side}/SubjectAddressDetails"));
    let item = form.draft.next_item(&form.replica);
    let item_path = list.item(item);
    form.edit(Patch::Insert { list, item, position: Position::nth(0), value: None })?;
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
    let draft = renewed(ctx, &opened.draft, None)?;
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
    let draft = renewed(ctx, &opened.draft, Some(number))?;
    document::create(ctx, draft, Origin::Copy(opened.head.title)).await
}

/// The same content as a draft of its own: without numbers and history, to be signed anew.
fn renewed(ctx: &Ctx, draft: &str, replaces: Option<String>) -> Result<Draft, DocumentError> {
    let corrupt = |error: &dyn std::fmt::Display| DocumentError::Corrupt(error.to_string());
    let old: Draft = serde_json::from_str(draft).map_err(|error| corrupt(&error))?;
    let schema = schema(&ctx.backend.registry)?;
    let mut tree = old.tree(&schema);
    if let Content::Children(children) = &mut tree.root.content {
        children.retain(|child| {
            !matches!(&*child.name.local, "RegNum" | "PreviousRegNumberDoc" | "NSF")
        });
    }
    let mut draft = Draft::from_tree(&tree, &schema);
    let replica = ctx.replica();
    let mut form = Filler::new(&mut draft, &replica);
    form.set("DocumentID", ctx.uuid().to_string())
        .and_then(|()| form.set("NSF", "отсутствует"))
        .and_then(|()| form.set("PreviousRegNumberDoc", replaces.unwrap_or_default()))
        .and_then(|()| form.signed_at(ctx))
        .map_err(|error| corrupt(&error))?;
    Ok(draft)
}

/// A draft from another program's XML. Remarks do not prevent it: they are shown in the draft.
pub async fn upload(ctx: &Ctx, name: &str, bytes: &[u8]) -> Result<Uploaded, DocumentError> {
    author(ctx)?;
    let registry = &ctx.backend.registry;
    let (tree, notes) = edoc::xml::read(bytes, registry)?;
    if tree.kind.mode_id != KIND {
        return Err(DocumentError::UnknownKind(tree.kind.root.clone()));
    }
    let target = schema(registry)?;
    let mut unknown: Vec<String> = notes.unknown.iter().map(ToString::to_string).collect();
    let mut converted_from = notes.converted_from;
    // The album may have been loaded in the edition of the file; drafts are of the newest.
    let tree = match registry.exact(&tree.kind).filter(|source| source.kind() != target.kind()) {
        None => tree,
        Some(source) => {
            converted_from.get_or_insert_with(|| tree.kind.edition.clone());
            let converted = edoc::convert::convert(&tree, &source, &target)
                .map_err(|error| DocumentError::Corrupt(error.to_string()))?;
            unknown.extend(
                converted.unfit.iter().map(|unfit| format!("{}: {}", unfit.path, unfit.value)),
            );
            converted.tree
        }
    };
    let mut draft = Draft::from_tree(&tree, &target);
    if draft.text(&field(SIGNING_DATE)).is_none() {
        Filler::new(&mut draft, &ctx.replica())
            .signed_at(ctx)
            .map_err(|error| DocumentError::Corrupt(error.to_string()))?;
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
        unknown,
        errors: count(Level::Error),
        warnings: count(Level::Warning),
    })
}
