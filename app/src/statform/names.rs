//! How fields of the form are called where they are listed apart from the form itself.

use domain::lang::Lang;
use edoc::{path::Path, statform};

use super::{goods, place};
use crate::document::editing::Editing;

/// «Графа 13. Стоимость товара (товар 2)».
pub fn field_name(editing: Editing, path: &Path, lang: Lang) -> String {
    let mut name = match statform::graph_of(path) {
        Some(graph) => {
            format!("{} {}. {}", lang.pick("Графа", "Graph"), graph.number, graph.title(lang))
        }
        None => path.last().map(|step| step.local.to_owned()).unwrap_or_default(),
    };
    if let Some(item) = place::line_of(path) {
        let lines = editing.items_untracked(&goods::list());
        if let Some(at) = lines.iter().position(|line| *line == item) {
            name.push_str(&format!(" ({} {})", lang.pick("товар", "goods"), at + 1));
        }
    }
    name
}
