//! Goods from elsewhere: rows pasted from a spreadsheet, or a CSV or XLSX file, with the columns
//! matched to graphs before anything is added.

use leptos::{prelude::*, task::spawn_local};

use super::{
    api,
    form::use_form,
    goods::Lines,
    sheet::{self, Column, Sheet},
};
use crate::{
    signing::base64,
    tariff::lists::List,
    tr,
    ui::{
        Alert, Button, ButtonKind, Checkbox, Choice, Dialog, Field, FileDrop, IconName, Select,
        Table, TextArea, Tone, count, i18n::use_lang, toast,
    },
};

/// Rows that the dialog shows as a sample.
const SAMPLE: usize = 5;

/// The button and its dialog.
#[component]
pub fn ImportButton() -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let open = RwSignal::new(false);
    view! {
        <Button icon=IconName::Table disabled=form.readonly() on_click=move |_| open.set(true)>
            {tr!(lang, "Вставить из таблицы или файла", "Paste from a table or a file")}
        </Button>
        <Dialog
            id="import"
            open
            wide=true
            title=Signal::derive(move || tr!(lang, "Товары из таблицы", "Goods from a spreadsheet").to_owned())
        >
            <ImportBody open/>
        </Dialog>
    }
}

#[component]
fn ImportBody(open: RwSignal<bool>) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let pasted = RwSignal::new(String::new());
    let table = RwSignal::new(None::<Sheet>);
    let has_head = RwSignal::new(false);
    let columns = RwSignal::new(Vec::<Column>::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);
    // The book that was chosen, as it is sent, and the names of its sheets.
    let book = RwSignal::new(String::new());
    let sheets = RwSignal::new(Vec::<String>::new());
    let sheet_number = RwSignal::new(0u32);

    let take = move |sheet: Sheet| {
        let (head, guessed) = sheet.guess();
        has_head.set(head);
        columns.set(guessed);
        failure.set(None);
        table.set((!sheet.rows.is_empty()).then_some(sheet));
    };
    let take_text = Callback::new(move |text: String| {
        pasted.set(text.clone());
        sheets.set(Vec::new());
        take(Sheet::parse(&text));
    });
    let read_sheet = move |number: u32| {
        busy.set(true);
        spawn_local(async move {
            let read = api::sheet(book.get_untracked(), number).await;
            busy.set(false);
            match read {
                Ok(read) => {
                    sheets.set(read.names);
                    sheet_number.set(read.number);
                    take(Sheet::new(read.rows));
                }
                Err(error) => {
                    sheet_number.set(number);
                    table.set(None);
                    failure.set(Some(error.0.text(lang.get_untracked())));
                }
            }
        });
    };
    let take_files = Callback::new(move |files: Vec<web_sys::File>| {
        let Some(file) = files.into_iter().next() else { return };
        busy.set(true);
        sheets.set(Vec::new());
        spawn_local(async move {
            match crate::document::device::read_file(&file).await {
                Ok(bytes) => {
                    book.set(base64::encode(&bytes));
                    read_sheet(0);
                }
                Err(error) => {
                    busy.set(false);
                    failure.set(Some(error.to_string()));
                }
            }
        });
    });
    let sheet_choice = move || {
        let names = sheets.get();
        (names.len() > 1).then(|| {
            let options = (0u32..).zip(names).map(|(at, name)| Choice::new(at.to_string(), name));
            view! {
                <Field id="import-sheet" label=tr!(lang, "Лист книги", "Sheet of the book") width="medium">
                    <Select
                        options=Signal::stored(options.collect())
                        value=Signal::derive(move || sheet_number.get().to_string())
                        on_change=Callback::new(move |key: String| {
                            if let Ok(number) = key.parse() {
                                read_sheet(number);
                            }
                        })
                        disabled=busy
                    />
                </Field>
            }
        })
    };
    let lines = move || {
        table.with(|table| {
            let table = table.as_ref()?;
            let find = |list: List| {
                move |text: &str| form.lists.find(list, text).map(|entry| (entry.code, entry.name))
            };
            let lines = sheet::lines(
                table,
                has_head.get(),
                &columns.get(),
                find(List::Countries),
                find(List::Units),
            );
            (!lines.is_empty()).then_some(lines)
        })
    };
    let finish = move |_| {
        let Some(lines) = untrack(lines) else { return };
        let wanted = lines.len();
        let added = Lines(form).append(lines);
        open.set(false);
        table.set(None);
        pasted.set(String::new());
        book.set(String::new());
        sheets.set(Vec::new());
        let rows = count(lang, added as u64, ["строка", "строки", "строк"], ["line", "lines"]);
        if added < wanted {
            toast(
                Tone::Warning,
                tr!(
                    lang,
                    "Добавлено: {rows}. Остальные не поместились: в форме не больше 999 строк",
                    "Added: {rows}. The rest did not fit: a form has at most 999 lines",
                    rows = rows
                ),
            );
        } else {
            toast(Tone::Success, tr!(lang, "Добавлено: {rows}", "Added: {rows}", rows = rows));
        }
    };
    view! {
        <div class="import">
            <Field
                id="import-text"
                label=tr!(lang, "Строки из таблицы", "Rows of a spreadsheet")
                hint=tr!(
                    lang,
                    "Скопируйте строки в Excel или другой таблице и вставьте сюда.",
                    "Copy rows in Excel or another spreadsheet and paste them here."
                )
            >
                <TextArea value=pasted on_input=take_text rows=4/>
            </Field>
            <FileDrop
                id="import-file"
                label=tr!(lang, "Или файл CSV, XLSX", "Or a CSV or XLSX file")
                accept=".csv,.txt,.tsv,.xlsx,.xls,.ods"
                busy
                on_files=take_files
            />
            {sheet_choice}
            {move || {
                failure
                    .get()
                    .map(|text| view! { <Alert tone=Tone::Danger live=true><p>{text}</p></Alert> })
            }}
            {move || table.get().map(|sheet| view! { <Mapping sheet has_head columns/> })}
            <footer class="actions">
                <Button
                    kind=ButtonKind::Primary
                    disabled=Signal::derive(move || lines().is_none())
                    on_click=finish
                >
                    {move || match lines() {
                        Some(lines) => {
                            let rows = count(
                                lang,
                                lines.len() as u64,
                                ["строку", "строки", "строк"],
                                ["line", "lines"],
                            );
                            tr!(lang, "Добавить {rows}", "Add {rows}", rows = rows)
                        }
                        None => tr!(lang, "Добавить", "Add").to_owned(),
                    }}
                </Button>
                <Button on_click=move |_| open.set(false)>{tr!(lang, "Отмена", "Cancel")}</Button>
            </footer>
        </div>
    }
}

/// Which column is which graph, over a sample of the rows.
#[component]
fn Mapping(
    sheet: Sheet,
    has_head: RwSignal<bool>,
    columns: RwSignal<Vec<Column>>,
) -> impl IntoView {
    let lang = use_lang();
    let choices: Vec<Choice> = Column::ALL
        .into_iter()
        .map(|column| Choice::new(column.key(), column.name(lang.get_untracked())))
        .collect();
    let heads = (0..sheet.columns)
        .map(|index| {
            let value = Signal::derive(move || {
                columns.with(|columns| {
                    columns.get(index).copied().unwrap_or_default().key().to_owned()
                })
            });
            let change = Callback::new(move |key: String| {
                let wanted = Column::from_key(&key);
                columns.update(|columns| {
                    for column in columns.iter_mut().filter(|column| **column == wanted) {
                        *column = Column::Ignored;
                    }
                    if let Some(column) = columns.get_mut(index) {
                        *column = wanted;
                    }
                });
            });
            view! {
                <th scope="col">
                    <Select
                        id=format!("import-column-{index}")
                        label=tr!(lang, "Столбец {n}", "Column {n}", n = index + 1)
                        options=Signal::stored(choices.clone())
                        value
                        on_change=change
                    />
                </th>
            }
        })
        .collect_view();
    let rows = sheet
        .rows
        .iter()
        .take(SAMPLE)
        .map(|row| {
            let cells = row.iter().map(|cell| view! { <td>{cell.clone()}</td> }).collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! {
        <Checkbox
            id="import-head"
            label=tr!(lang, "Первая строка — названия столбцов", "The first row names the columns")
            checked=has_head
            on_change=Callback::new(move |on| has_head.set(on))
        />
        <Table caption=tr!(lang, "Столбцы таблицы и графы формы", "Columns and graphs")>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}
