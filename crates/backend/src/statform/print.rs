//! A form as a reader sees it on paper: graphs with numbers, goods one under another, the stamp.

use domain::{date::format_moscow, lang::Lang};
use edoc::{
    path::Path,
    schema::Schema,
    statform::{GRAPHS, graph_of},
    tree::{Content, Element, Tree},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    ctx::Ctx,
    document::{self, DocumentError, entity::submission},
};

/// What goes on paper.
pub struct Printout {
    pub title: String,
    pub sections: Vec<Section>,
    /// Lines of the signature's stamp; none under a draft.
    pub stamp: Vec<String>,
    pub footer: String,
}

pub struct Section {
    pub title: String,
    pub lines: Vec<Line>,
}

#[derive(Clone)]
pub struct Line {
    pub graph: String,
    pub label: String,
    pub value: String,
}

/// The form of the cabinet as PDF, with a file name.
pub async fn pdf(ctx: &Ctx, id: Uuid) -> Result<(String, Vec<u8>), DocumentError> {
    let printout = printout(ctx, id).await?;
    let name = format!("StaticForm_{}.pdf", printout.footer.replace('/', "-"));
    let bytes = super::pdf::pdf(&printout).map_err(DocumentError::Corrupt)?;
    Ok((name, bytes))
}

async fn printout(ctx: &Ctx, id: Uuid) -> Result<Printout, DocumentError> {
    let role = ctx.role()?;
    let row = document::find(ctx.db(), role.participant, id).await?;
    let schema = document::schema(ctx, &row)?;
    let draft = document::load_draft(ctx, ctx.db(), &row).await?;
    let tree = draft.tree(&schema);
    let signed = submission::Entity::find()
        .filter(submission::Column::DocumentId.eq(id))
        .filter(submission::Column::SignedAt.is_not_null())
        .filter(submission::Column::Version.eq(row.version))
        .order_by_desc(submission::Column::SignedAt)
        .one(ctx.db())
        .await?;
    let stamp = signed.map_or_else(Vec::new, |signed| {
        vec![
            "Документ подписан электронной подписью".to_owned(),
            format!("Владелец: {}", signed.signer.unwrap_or_default()),
            format!("Подписан: {} МСК", signed.signed_at.map(format_moscow).unwrap_or_default()),
            format!("SHA-256: {}", signed.sha256),
        ]
    });
    let number = row.number.clone();
    let state = document::state(&row)?.name(Lang::Ru);
    Ok(Printout {
        title: format!(
            "Статистическая форма учёта перемещения товаров\n{}",
            number.as_ref().map_or_else(|| state.to_owned(), |n| format!("№ {n} · {state}"))
        ),
        sections: sections(&tree, &schema),
        stamp,
        footer: number.unwrap_or_else(|| id.to_string()),
    })
}

fn sections(tree: &Tree, schema: &Schema) -> Vec<Section> {
    let mut head = Vec::new();
    for graph in GRAPHS.iter().filter(|graph| !graph.paths.iter().any(|p| is_goods(p))) {
        for path in graph.paths {
            for element in tree.root.list(path) {
                let path = Path::root().child(path, element.item);
                push(&mut head, graph.number, graph.title(Lang::Ru), element, &path, schema);
            }
        }
    }
    let mut sections =
        vec![Section { title: "Общие сведения".to_owned(), lines: head }];
    for (number, goods) in (1..).zip(tree.root.list("GoodsInfo")) {
        let at = Path::root().child("GoodsInfo", goods.item);
        let mut lines = Vec::new();
        for element in goods.children() {
            let path = at.child(&element.name.local, element.item);
            let graph = graph_of(&path);
            let (number, title) =
                graph.map_or(("—", ""), |graph| (graph.number, graph.title(Lang::Ru)));
            push(&mut lines, number, title, element, &path, schema);
        }
        sections.push(Section { title: format!("Товар {number}"), lines });
    }
    sections
}

fn is_goods(path: &str) -> bool {
    path.starts_with("GoodsInfo")
}

/// Adds the element as one line: its texts, named when there are several.
fn push(
    lines: &mut Vec<Line>,
    graph: &str,
    title: &str,
    element: &Element,
    path: &Path,
    schema: &Schema,
) {
    let mut texts = Vec::new();
    collect(element, path, schema, &mut texts);
    let value = match texts.as_slice() {
        [] => return,
        [(_, only)] => only.clone(),
        several => several
            .iter()
            .map(|(label, text)| format!("{label}: {text}"))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    let own = schema.field(path).map(|field| field.label(Lang::Ru).to_owned());
    let label = own.filter(|label| !label.is_empty()).unwrap_or_else(|| title.to_owned());
    lines.push(Line { graph: graph.to_owned(), label, value });
}

fn collect(element: &Element, path: &Path, schema: &Schema, texts: &mut Vec<(String, String)>) {
    match &element.content {
        Content::Text(text) if !text.is_empty() => {
            let label = schema.field(path).map(|field| field.label(Lang::Ru).to_owned());
            texts.push((label.unwrap_or_default(), text.clone()));
        }
        Content::Text(_) => {}
        Content::Children(children) => {
            for child in children {
                collect(child, &path.child(&child.name.local, child.item), schema, texts);
            }
        }
    }
}
