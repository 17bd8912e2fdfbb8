//! Graph 10: documents.

use edoc::{patch::ItemId, path::Path};
use leptos::prelude::*;

use super::{
    field::{Bound, BoundEntry, Control, GraphHelp},
    form::use_form,
    place::{self, Place},
};
use crate::{
    tariff::lists::List,
    tr,
    ui::{Button, ButtonKind, EmptyState, IconName, i18n::use_lang},
};

/// The section «Документы».
#[component]
pub fn Documents() -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let list = StoredValue::new(place::below(&Path::root(), place::DOCUMENTS));
    let items = move || form.editing.items(&list.get_value());
    let add = move |_| {
        form.editing.insert(&list.get_value(), None, &[]);
    };
    view! {
        <div id="field-Documents" tabindex="-1">
            <GraphHelp graph="10"/>
            {move || {
                items()
                    .is_empty()
                    .then(|| {
                        view! {
                            <EmptyState title=tr!(lang, "Документов пока нет", "No documents yet")>
                                <p>
                                    {tr!(
                                        lang,
                                        "Укажите договор и счёт (инвойс), по которым перемещены товары.",
                                        "Name the contract and the invoice under which the goods were moved."
                                    )}
                                </p>
                            </EmptyState>
                        }
                    })
            }}
            <For each=items key=|item| *item let(item)>
                <DocumentFields item list/>
            </For>
            <Button icon=IconName::Plus disabled=form.readonly() on_click=add>
                {tr!(lang, "Добавить документ", "Add a document")}
            </Button>
        </div>
    }
}

#[component]
fn DocumentFields(item: ItemId, list: StoredValue<Path>) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let path = list.get_value().item(item);
    let number = move || {
        let items = form.editing.items(&list.get_value());
        items.iter().position(|other| *other == item).map_or(0, |at| at + 1)
    };
    let at = |rest: &str| Place::below(&path, rest);
    view! {
        <fieldset class="document" id=place::control_id(&path) tabindex="-1">
            <legend>{move || tr!(lang, "Документ {n}", "Document {n}", n = number())}</legend>
            <BoundEntry
                code=at("PresentedDocumentModeCode")
                name=at("PrDocumentName")
                list=List::Documents
                label=tr!(lang, "Вид документа", "Kind of document")
                graph="10"
                required=true
            />
            <Bound
                place=at("PrDocumentName")
                label=tr!(lang, "Наименование", "Name")
                graph="10"
                maxlength=250
                width="medium"
            />
            <Bound
                place=at("PrDocumentNumber")
                label=tr!(lang, "Номер", "Number")
                graph="10"
                required=true
                maxlength=50
                width="short"
            />
            <Bound
                place=at("PrDocumentDate")
                label=tr!(lang, "Дата", "Date")
                control=Control::Date
                graph="10"
                required=true
                width="short"
            />
            <Button
                kind=ButtonKind::Quiet
                icon=IconName::Trash
                disabled=form.readonly()
                on_click=move |_| form.editing.remove(&list.get_value(), &[item])
            >
                {tr!(lang, "Удалить документ", "Delete the document")}
            </Button>
        </fieldset>
    }
}
