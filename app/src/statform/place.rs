//! Where a field of the form stands in the document, and how a control on the page is called.

use edoc::{patch::ItemId, path::Path};

use crate::document::editing::Editing;

/// Longest piece of a goods' description, characters (album, `FreeText250Type`).
pub const PIECE: usize = 250;
/// How many pieces a description may have.
pub const PIECES: usize = 5;

/// The list of goods.
pub const GOODS: &str = "GoodsInfo";
/// The list of documents.
pub const DOCUMENTS: &str = "Documents";

/// A field of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A field at a fixed path.
    At(Path),
    /// A field below the first item of a list of which the form uses only the first: an address,
    /// a telephone number. `rest` is empty when the item itself holds the text.
    First { list: Path, rest: &'static str },
    /// A text cut into the items of a list.
    Pieces(Path),
}

impl Place {
    /// A field by a path that the code spells out, such as `Consignor/OrganizationName`.
    pub fn at(path: &str) -> Self {
        Self::At(below(&Path::root(), path))
    }

    /// A field below another path.
    pub fn below(parent: &Path, path: &str) -> Self {
        Self::At(below(parent, path))
    }

    pub fn first(parent: &Path, list: &str, rest: &'static str) -> Self {
        Self::First { list: below(parent, list), rest }
    }

    /// The text; tracks what it was read from.
    pub fn read(&self, editing: Editing) -> String {
        match self {
            Self::At(path) => editing.text(path),
            Self::First { list, rest } => match editing.items(list).first() {
                Some(item) => editing.text(&below(&list.item(*item), rest)),
                None => String::new(),
            },
            Self::Pieces(list) => {
                let pieces: Vec<String> = editing
                    .items(list)
                    .into_iter()
                    .map(|item| editing.text(&list.item(item)))
                    .collect();
                pieces.join(" ")
            }
        }
    }

    /// Gives the field a value; an empty one takes it away.
    pub fn write(&self, editing: Editing, value: &str) {
        match self {
            Self::At(path) => editing.set(path, value),
            Self::First { list, rest } => match editing.items_untracked(list).first() {
                Some(item) => editing.set(&below(&list.item(*item), rest), value),
                None if value.is_empty() => {}
                // The same item on every replica, so that two people who begin the same address
                // at once fill one address, not two.
                None => editing.insert_as(list, ItemId::file(0), &[(rest, value.to_owned())]),
            },
            Self::Pieces(list) => {
                let pieces = cut(value);
                let items = editing.items_untracked(list);
                editing.set_all(
                    items
                        .iter()
                        .zip(&pieces)
                        .map(|(item, piece)| (list.item(*item), piece.clone())),
                );
                if pieces.len() > items.len() {
                    let more = pieces[items.len()..].iter().map(|piece| vec![("", piece.clone())]);
                    editing.insert_many(list, items.last().copied(), more.collect());
                } else if items.len() > pieces.len() {
                    editing.remove(list, &items[pieces.len()..]);
                }
            }
        }
    }

    /// Id of the control on the page. It names items of repeated elements only where the form
    /// shows more than one.
    pub fn id(&self) -> String {
        match self {
            Self::At(path) => control_id(path),
            Self::First { list, rest } => control_id(&below(list, rest)),
            Self::Pieces(list) => control_id(list),
        }
    }
}

/// `parent` + `a/b`; `parent` itself for an empty rest.
pub fn below(parent: &Path, rest: &str) -> Path {
    rest.split('/')
        .filter(|step| !step.is_empty())
        .fold(parent.clone(), |path, step| path.join(step))
}

/// Id of the control for a path that may come from anywhere, for instance from a remark.
pub fn control_id(path: &Path) -> String {
    let mut id = String::from("field");
    for step in path.steps() {
        id.push('-');
        id.push_str(step.local);
        if let Some(item) = step.item.filter(|_| matches!(step.local, GOODS | DOCUMENTS | "DTInfo"))
        {
            id.push('-');
            id.push_str(&item.to_string());
        }
    }
    id
}

/// The line of goods that a path belongs to.
pub fn line_of(path: &Path) -> Option<ItemId> {
    path.steps().next().filter(|step| step.local == GOODS)?.item
}

/// Cuts a text at spaces into pieces of at most [`PIECE`] characters; a longer word is cut
/// through. What does not fit into [`PIECES`] pieces stays in the last, where the check sees it.
pub fn cut(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.chars().count() > PIECE && pieces.len() + 1 < PIECES {
        let end = rest.char_indices().nth(PIECE).map_or(rest.len(), |(at, _)| at);
        // A space right after the piece is a boundary too.
        let reach =
            end + rest[end..].chars().next().filter(|c| *c == ' ').map_or(0, char::len_utf8);
        match rest[..reach].rfind(' ').filter(|at| *at > 0) {
            Some(at) => {
                pieces.push(rest[..at].to_owned());
                rest = &rest[at + 1..];
            }
            None => {
                pieces.push(rest[..end].to_owned());
                rest = &rest[end..];
            }
        }
    }
    if !rest.is_empty() {
        pieces.push(rest.to_owned());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_named_after_paths() {
        let item = ItemId::file(3);
        let line = below(&Path::root(), GOODS).item(item);
        assert_eq!(Place::at("TradeCountry/CountryCode").id(), "field-TradeCountry-CountryCode");
        assert_eq!(
            Place::below(&line, "OriginCountry/CountryCode").id(),
            format!("field-GoodsInfo-{item}-OriginCountry-CountryCode")
        );
        let address = Place::first(&Path::root(), "Consignor/SubjectAddressDetails", "City");
        let found = below(&Path::root(), "Consignor/SubjectAddressDetails").item(item).join("City");
        assert_eq!(address.id(), control_id(&found));
        assert_eq!(line_of(&line.join("InvoicedCost")), Some(item));
        assert_eq!(line_of(&below(&Path::root(), "NSF")), None);
    }

    #[test]
    fn long_texts_are_cut_at_spaces() {
        assert_eq!(cut(""), Vec::<String>::new());
        assert_eq!(cut("ноутбук "), ["ноутбук "]);
        let text = ["слово"; 100].join(" ");
        let pieces = cut(&text);
        assert!(pieces.iter().all(|piece| piece.chars().count() <= PIECE));
        assert_eq!(pieces.join(" "), text);
        let exact = format!("{} хвост", "я".repeat(PIECE));
        assert_eq!(cut(&exact), ["я".repeat(PIECE), "хвост".to_owned()]);
    }

    #[test]
    fn what_does_not_fit_stays_in_the_last_piece() {
        let pieces = cut(&"я".repeat(PIECE * (PIECES + 1)));
        assert_eq!(pieces.len(), PIECES);
        assert_eq!(pieces[PIECES - 1].chars().count(), 2 * PIECE);
    }
}
