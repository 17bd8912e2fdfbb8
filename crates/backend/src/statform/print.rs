//! A form as a reader sees it on paper: graphs with numbers, goods one under another, the stamp.

use domain::lang::Lang;
use edoc::{
    path::Path,
    schema::Schema,
    statform::{GRAPHS, graph_of},
    tree::{Content, Element, Tree},
};
use uuid::Uuid;

use crate::{
    ctx::Ctx,
    document::{self, DocumentError},
    signature::stamp_lines,
};

/// What goes on paper.
pub struct Printout {
    pub title: String,
    pub sections: Vec<Section>,
    /// Lines of the signature's stamp; none under a draft.
    pub stamp: Vec<String>,
    pub footer: String,
    pub lang: Lang,
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
    let (role, lang) = (ctx.role()?, ctx.lang());
    let row = document::find(ctx.db(), role.participant, id).await?;
    let schema = document::schema(ctx, &row)?;
    let draft = document::load_draft(ctx, ctx.db(), &row).await?;
    let tree = draft.tree(&schema);
    let stamp = document::stamp_of(ctx, &row).await?;
    let number = row.number.clone();
    let state = document::state(&row)?.name(lang);
    let title = lang
        .pick("Статистическая форма учёта перемещения товаров", "Statistical form of goods moved");
    Ok(Printout {
        title: format!(
            "{title}\n{}",
            number.as_ref().map_or_else(|| state.to_owned(), |n| format!("№ {n} · {state}"))
        ),
        sections: sections(&tree, &schema, lang),
        lang,
        stamp: stamp.map_or_else(Vec::new, |stamp| stamp_lines(&stamp, lang)),
        footer: number.unwrap_or_else(|| id.to_string()),
    })
}

fn sections(tree: &Tree, schema: &Schema, lang: Lang) -> Vec<Section> {
    let mut head = Vec::new();
    for graph in GRAPHS.iter().filter(|graph| !graph.paths.iter().any(|p| is_goods(p))) {
        for path in graph.paths {
            for element in tree.root.list(path) {
                let path = Path::root().child(path, element.item);
                let title = graph.title(lang);
                push(&mut head, (graph.number, title), element, &path, (schema, lang));
            }
        }
    }
    let title = lang.pick("Общие сведения", "General").to_owned();
    let mut sections = vec![Section { title, lines: head }];
    for (number, goods) in (1..).zip(tree.root.list("GoodsInfo")) {
        let at = Path::root().child("GoodsInfo", goods.item);
        let mut lines = Vec::new();
        for element in goods.children() {
            let path = at.child(&element.name.local, element.item);
            let graph = graph_of(&path);
            let heading = graph.map_or(("—", ""), |graph| (graph.number, graph.title(lang)));
            push(&mut lines, heading, element, &path, (schema, lang));
        }
        sections
            .push(Section {
                title: format!("{} {number}", lang.pick("Товар", "Goods")), lines
            });
    }
    sections
}

fn is_goods(path: &str) -> bool {
    path.starts_with("GoodsInfo")
}

/// Adds the element as one line: its texts, named when there are several.
fn push(
    lines: &mut Vec<Line>,
    (graph, title): (&str, &str),
    element: &Element,
    path: &Path,
    (schema, lang): (&Schema, Lang),
) {
    let mut texts = Vec::new();
    collect(element, path, (schema, lang), &mut texts);
    let value = match texts.as_slice() {
        [] => return,
        [(_, only)] => only.clone(),
        several => several
            .iter()
            .map(|(label, text)| format!("{label}: {text}"))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    let own = schema.field(path).map(|field| field.label(lang).to_owned());
    let label = own.filter(|label| !label.is_empty()).unwrap_or_else(|| title.to_owned());
    lines.push(Line { graph: graph.to_owned(), label, value });
}

fn collect(
    element: &Element,
    path: &Path,
    (schema, lang): (&Schema, Lang),
    texts: &mut Vec<(String, String)>,
) {
    match &element.content {
        Content::Text(text) if !text.is_empty() => {
            let label = schema.field(path).map(|field| field.label(lang).to_owned());
            texts.push((label.unwrap_or_default(), text.clone()));
        }
        Content::Text(_) => {}
        Content::Children(children) => {
            for child in children {
                let path = path.child(&child.name.local, child.item);
                collect(child, &path, (schema, lang), texts);
            }
        }
    }
}
