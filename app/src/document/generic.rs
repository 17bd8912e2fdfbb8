//! A form for any element of any kind of document, made from its schema: groups, repeats, choices
//! and fields, each with what the schema says of it. Tailored screens use it for what they have no
//! control for.

use domain::lang::Lang;
use edoc::{
    form::{FormNode, Hint, Widget, form},
    patch::ItemId,
    path::Path,
    schema::Schema,
    tree::Element,
};
use leptos::prelude::*;

use super::editing::Editing;
use crate::{
    tr,
    ui::{
        Button, ButtonKind, Choice, DateField, Field, IconName, MoneyField, MonthField, Select,
        TextArea, TextInput, i18n::use_lang,
    },
};

/// What is said about a control: an error, a warning.
pub type Said = (Option<String>, Option<String>);

/// What all parts of a generic form share.
#[derive(Clone, Copy)]
pub struct Generic {
    pub editing: Editing,
    pub schema: &'static Schema,
    /// The words about the control with this id.
    pub remark: Callback<String, Signal<Said>>,
}

/// Id on the page of the control or the group for a path. Unlike ids of tailored screens it names
/// every item on the way.
pub fn control_id(path: &Path) -> String {
    let mut id = String::from("generic");
    for step in path.steps() {
        id.push('-');
        id.extend(step.text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }));
        if let Some(item) = step.item {
            id.push('-');
            id.push_str(&item.to_string());
        }
    }
    id
}

impl Generic {
    fn lang(self) -> Lang {
        use_lang().get_untracked()
    }

    fn readonly(self) -> Signal<bool> {
        let can_edit = self.editing.can_edit;
        Signal::derive(move || !can_edit.get())
    }

    /// Whether the element is there; tracks every change of the draft.
    fn present(self, path: Path) -> Memo<bool> {
        Memo::new(move |_| {
            self.editing.revision().track();
            self.editing.with_draft(|draft| draft.is_present(&path))
        })
    }

    fn erase_button(self, label: &str, path: Path, after: Callback<()>) -> AnyView {
        let lang = self.lang();
        view! {
            <Button
                kind=ButtonKind::Quiet
                icon=IconName::Trash
                disabled=self.readonly()
                label=tr!(lang, "Удалить: {label}", "Delete: {label}", label = label)
                on_click=move |_| {
                    self.editing.erase(&path, self.schema);
                    after.run(());
                }
            >
                {tr!(lang, "Удалить", "Delete")}
            </Button>
        }
        .into_any()
    }
}

/// One element with all that may stand in it, and a way to take it away. `around` says where it
/// belongs: «Покупатель». An element that the schema does not know can only be read and deleted.
#[component]
pub fn GenericElement(
    generic: Generic,
    path: Path,
    #[prop(into)] around: String,
    /// The element was deleted.
    on_erase: Callback<()>,
) -> impl IntoView {
    let lang = generic.lang();
    let named = |label: &str| match around.as_str() {
        "" => label.to_owned(),
        around => format!("{around}: {label}"),
    };
    let Some(mut node) = form(generic.schema, &path, lang) else {
        let local = path.last().map(|step| step.local.to_owned()).unwrap_or_default();
        return unknown(generic, path, &named(&local), on_erase);
    };
    node.label = named(&node.label);
    let erase = generic.erase_button(&node.label, path.clone(), on_erase);
    match node.widget {
        Widget::Group => {
            let id = control_id(&path);
            view! {
                <fieldset class="generic" id=id tabindex="-1">
                    <legend>{node.label.clone()}</legend>
                    {group_body(generic, node, path)}
                    <div class="actions">{erase}</div>
                </fieldset>
            }
            .into_any()
        }
        _ => view! {
            <div class="row generic-leaf">
                {leaf(generic, node, path)}
                {erase}
            </div>
        }
        .into_any(),
    }
}

/// What the schema has no place for: its texts, and the way to be rid of it.
fn unknown(generic: Generic, path: Path, label: &str, on_erase: Callback<()>) -> AnyView {
    let lang = generic.lang();
    let held = generic.editing.with_draft(|draft| {
        let element = draft.element(&path, generic.schema);
        element.map_or_else(
            || draft.text(&path).map(str::to_owned).unwrap_or_default(),
            |element| texts(&element).join("; "),
        )
    });
    let erase = generic.erase_button(label, path.clone(), on_erase);
    view! {
        <fieldset class="generic" id=control_id(&path) tabindex="-1">
            <legend>{label.to_owned()}</legend>
            <p>
                {tr!(lang, "Такого элемента в этой редакции формата нет.", "This edition of the format has no such element.")}
                " "
                <q>{held}</q>
            </p>
            <div class="actions">{erase}</div>
        </fieldset>
    }
    .into_any()
}

fn texts(element: &Element) -> Vec<String> {
    let own = element.text().filter(|text| !text.is_empty()).map(str::to_owned);
    own.into_iter().chain(element.children().iter().flat_map(texts)).collect()
}

/// The children of a group; those of one that lies deep are asked for.
fn group_body(generic: Generic, node: FormNode, path: Path) -> AnyView {
    if !node.more {
        let children = node.children.into_iter().map(|child| below(generic, child, &path));
        return children.collect_view().into_any();
    }
    let lang = generic.lang();
    let open = RwSignal::new(generic.editing.with_draft(|draft| draft.is_present(&path)));
    let body = move || {
        if !open.get() {
            return view! {
                <Button kind=ButtonKind::Quiet icon=IconName::ChevronDown on_click=move |_| open.set(true)>
                    {tr!(lang, "Показать поля", "Show the fields")}
                </Button>
            }
            .into_any();
        }
        form(generic.schema, &path, lang)
            .filter(|node| !node.more)
            .map(|node| group_body(generic, node, path.clone()))
            .into_any()
    };
    body.into_any()
}

/// A node in its group.
fn below(generic: Generic, node: FormNode, path: &Path) -> AnyView {
    if node.step.is_empty() {
        return match node.widget {
            Widget::Choice => choice(generic, node, path.clone()),
            Widget::Any => foreign(generic),
            _ => group_body(generic, node, path.clone()),
        };
    }
    let at = path.join(&node.step);
    match node.widget {
        _ if node.repeats => repeat(generic, node, at),
        Widget::Group => group(generic, node, at),
        _ => leaf(generic, node, at),
    }
}

/// A group inside another one; one that may be absent is shown when it is there or asked for.
fn group(generic: Generic, node: FormNode, path: Path) -> AnyView {
    let lang = generic.lang();
    let opened = RwSignal::new(node.required);
    let present = generic.present(path.clone());
    let shown = Memo::new(move |_| opened.get() || present.get());
    let node = StoredValue::new(node);
    let path = StoredValue::new(path);
    let body = move || {
        let (node, path) = (node.get_value(), path.get_value());
        let (label, id) = (node.label.clone(), control_id(&path));
        if !shown.get() {
            return view! {
                <Button
                    kind=ButtonKind::Quiet
                    icon=IconName::Plus
                    disabled=generic.readonly()
                    on_click=move |_| opened.set(true)
                >
                    {tr!(lang, "Добавить: {label}", "Add: {label}", label = label)}
                </Button>
            }
            .into_any();
        }
        let erase = (!node.required).then(|| {
            let close = Callback::new(move |()| opened.set(false));
            generic.erase_button(&label, path.clone(), close)
        });
        view! {
            // The group stays while its last text is typed anew.
            <fieldset
                class="generic"
                id=id
                tabindex="-1"
                on:focusin=move |_| opened.set(true)
            >
                <legend>{label}</legend>
                {group_body(generic, node, path)}
                {erase.map(|erase| view! { <div class="actions">{erase}</div> })}
            </fieldset>
        }
        .into_any()
    };
    body.into_any()
}

/// An element that may stand several times.
fn repeat(generic: Generic, node: FormNode, list: Path) -> AnyView {
    let lang = generic.lang();
    let editing = generic.editing;
    let max = node.max.map(|max| max as usize);
    let label = node.label.clone();
    let node = StoredValue::new(node);
    let id = control_id(&list);
    let list = StoredValue::new(list);
    let items = Memo::new(move |_| list.with_value(|list| editing.items(list)));
    let full = move || max.is_some_and(|max| items.with(Vec::len) >= max);
    let one = move |item: ItemId| {
        let number = items.with_untracked(|items| items.iter().position(|known| *known == item));
        let mut node = node.get_value();
        node.label = format!("{} {}", node.label, number.unwrap_or_default() + 1);
        let path = list.with_value(|list| list.item(item));
        let erase = generic.erase_button(&node.label, path.clone(), Callback::new(|()| ()));
        let id = control_id(&path);
        match node.widget {
            Widget::Group => view! {
                <fieldset class="generic" id=id tabindex="-1">
                    <legend>{node.label.clone()}</legend>
                    {group_body(generic, node, path)}
                    <div class="actions">{erase}</div>
                </fieldset>
            }
            .into_any(),
            _ => view! { <div class="row generic-leaf">{leaf(generic, node, path)} {erase}</div> }
                .into_any(),
        }
    };
    view! {
        <div class="generic-list" id=id tabindex="-1">
            <For each=move || items.get() key=|item| *item let(item)>
                {one(item)}
            </For>
            <Button
                kind=ButtonKind::Quiet
                icon=IconName::Plus
                disabled=Signal::derive(move || generic.readonly().get() || full())
                on_click=move |_| {
                    list.with_value(|list| {
                        let last = editing.items_untracked(list).last().copied();
                        editing.insert(list, last, &[]);
                    });
                }
            >
                {tr!(lang, "Добавить: {label}", "Add: {label}", label = label)}
            </Button>
        </div>
    }
    .into_any()
}

/// One of several: the branch that is there, or the one that was chosen.
fn choice(generic: Generic, node: FormNode, path: Path) -> AnyView {
    let lang = generic.lang();
    let editing = generic.editing;
    let options: Vec<Choice> = node
        .children
        .iter()
        .enumerate()
        .map(|(at, branch)| Choice::new(at.to_string(), branch.label.clone()))
        .collect();
    let branches: Vec<Vec<Path>> = node.children.iter().map(|b| branch_paths(b, &path)).collect();
    let branches = StoredValue::new(branches);
    let chosen = RwSignal::new(None::<usize>);
    let shown = Memo::new(move |_| {
        editing.revision().track();
        let present = branches.with_value(|branches| {
            editing.with_draft(|draft| {
                branches.iter().position(|paths| paths.iter().any(|path| draft.is_present(path)))
            })
        });
        present.or(chosen.get())
    });
    let choose = Callback::new(move |key: String| {
        let wanted = key.parse::<usize>().ok();
        branches.with_value(|branches| {
            for (at, paths) in branches.iter().enumerate() {
                if Some(at) != wanted {
                    paths.iter().for_each(|path| editing.erase(path, generic.schema));
                }
            }
        });
        chosen.set(wanted);
    });
    let select = format!("{}-choice-{}", control_id(&path), first_step(&node));
    let required = node.required;
    let children = StoredValue::new(node.children);
    let path = StoredValue::new(path);
    let body = move || {
        let at = shown.get()?;
        let branch = children.with_value(|children| children.get(at).cloned())?;
        Some(below(generic, branch, &path.get_value()))
    };
    view! {
        <Field
            id=select
            label=tr!(lang, "Одно из", "One of")
            required
            width="medium"
        >
            <Select
                options=Signal::stored(options)
                value=Signal::derive(move || shown.get().map_or_else(String::new, |at| at.to_string()))
                on_change=choose
                empty="—"
                disabled=generic.readonly()
            />
        </Field>
        {body}
    }
    .into_any()
}

/// The elements of a branch of a choice.
fn branch_paths(branch: &FormNode, path: &Path) -> Vec<Path> {
    match branch.step.is_empty() {
        true => branch.children.iter().flat_map(|child| branch_paths(child, path)).collect(),
        false => vec![path.join(&branch.step)],
    }
}

/// The name of the first element in a node, by which one choice of a group differs from another.
fn first_step(node: &FormNode) -> String {
    match node.step.is_empty() {
        true => node.children.first().map(first_step).unwrap_or_default(),
        false => node.step.chars().filter(char::is_ascii_alphanumeric).collect(),
    }
}

/// Where the format admits elements of other formats.
fn foreign(generic: Generic) -> AnyView {
    let lang = generic.lang();
    view! {
        <p class="quiet">
            {tr!(
                lang,
                "Здесь могут стоять сведения другого формата. Они остаются такими, какими пришли из файла.",
                "Data of another format may stand here. It stays as it came with the file."
            )}
        </p>
    }
    .into_any()
}

fn hint_text(hint: Option<Hint>, lang: Lang) -> Option<String> {
    hint.map(|hint| match lang {
        Lang::Ru => hint.ru,
        Lang::En => hint.en,
    })
}

/// A field with its control.
fn leaf(generic: Generic, node: FormNode, path: Path) -> AnyView {
    let lang = generic.lang();
    let editing = generic.editing;
    let id = control_id(&path);
    let said = generic.remark.run(id.clone());
    let error = Signal::derive(move || said.with(|(error, _)| error.clone()));
    let warning = Signal::derive(move || said.with(|(_, warning)| warning.clone()));
    let readonly = generic.readonly();
    let value = {
        let path = path.clone();
        Signal::derive(move || editing.text(&path))
    };
    let write = Callback::new(move |typed: String| editing.set(&path, &typed));
    let maxlength = node.max_length.unwrap_or(4000);
    let width = match &node.widget {
        // A text of a known shape is short, though its type may not bound it.
        Widget::Text { multiline: true } if node.hint.is_none() => "full",
        Widget::Bool | Widget::Date | Widget::Month => "short",
        _ => "medium",
    };
    let widget = node.widget;
    // Made within the field, which ties its label and remarks to the control.
    let input = move || {
        let choices = |options: Vec<Choice>| {
            view! { <Select options=Signal::stored(options) value on_change=write empty="—" disabled=readonly/> }
                .into_any()
        };
        match widget {
            Widget::Text { .. } if width == "full" => {
                view! { <TextArea value on_input=write maxlength readonly/> }.into_any()
            }
            Widget::Select { options } => {
                let options = options.into_iter().map(|option| {
                    let label = match option.label.is_empty() {
                        true => option.value.to_string(),
                        false => format!("{} — {}", option.value, option.label),
                    };
                    Choice::new(option.value.to_string(), label)
                });
                choices(options.collect())
            }
            Widget::Bool => choices(vec![
                Choice::new("true", tr!(lang, "Да", "Yes")),
                Choice::new("false", tr!(lang, "Нет", "No")),
            ]),
            Widget::Date => view! { <DateField value on_input=write readonly/> }.into_any(),
            Widget::Month => view! { <MonthField value on_input=write readonly/> }.into_any(),
            Widget::Number { whole: false, .. } => {
                view! { <MoneyField value on_input=write readonly/> }.into_any()
            }
            Widget::Number { whole: true, .. } => {
                view! { <TextInput value on_input=write inputmode="numeric" maxlength readonly/> }
                    .into_any()
            }
            Widget::Fixed { value } => {
                view! { <TextInput value=Signal::stored(value) readonly=Signal::stored(true)/> }
                    .into_any()
            }
            // A group or a choice is no field; what is left are texts, moments and times.
            _ => view! { <TextInput value on_input=write maxlength readonly/> }.into_any(),
        }
    };
    view! {
        <Field
            id
            label=node.label
            hint=hint_text(node.hint, lang)
            error
            warning
            required=node.required
            width
        >
            {input()}
        </Field>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_every_item_apart() {
        let id = |text: &str| control_id(&text.parse().unwrap());
        let item = |n| ItemId::file(n);
        let [a, b] = [0, 1].map(item);
        assert_ne!(id(&format!("A[{a}]/B")), id(&format!("A[{b}]/B")));
        assert_eq!(id(&format!("{{urn:x y}}A[{a}]")), format!("generic-_urn_x_y_A-{a}"));
    }

    #[test]
    fn a_branch_is_present_by_any_of_its_elements() {
        let schema = edoc::statform::schema().unwrap();
        let path: Path = "Consignor".parse().unwrap();
        let node = form(&schema, &path, Lang::Ru).unwrap();
        let choice = node.children.iter().find(|child| child.widget == Widget::Choice).unwrap();
        let paths: Vec<String> = choice
            .children
            .iter()
            .flat_map(|branch| branch_paths(branch, &path))
            .map(|path| path.to_string())
            .collect();
        assert_eq!(paths.len(), 5);
        assert!(paths.contains(&"Consignor/RKOrganizationFeatures".to_owned()));
        assert_eq!(first_step(choice), "RFOrganizationFeatures");
    }
}
