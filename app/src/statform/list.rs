//! The list of statistical forms. Filters, order and pages are in the address, so it works without
//! JavaScript and every view of it can be kept and sent.

use domain::{
    date::format_date,
    lang::Lang,
    money::{format_decimal, parse_decimal},
    state::DocumentState,
    view::{
        Page,
        statform::{Query, Row, Sort},
    },
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use super::{
    api,
    help::Help,
    picks::{PickPage, PickedBar, Picks, picked},
    row::FormRow,
};
use crate::{
    document::refusal::Refusal,
    session::use_who,
    signing::Holder,
    tr,
    ui::{
        Button, ButtonKind, Checkbox, Choice, EmptyState, Field, IconName, LinkButton, NavTab,
        NavTabs, Order, PageHead, PageTitle, Pagination, Select, Skeleton, SortHeader, Table,
        TextInput, count, i18n::use_lang,
    },
};

/// Rows a page when the address does not say.
const SIZE: u64 = 20;
/// Rows a page that one may choose.
const SIZES: [u64; 3] = [SIZE, 50, 100];

/// What the address asks for. What cannot be read is left out.
pub fn query_of(params: &ParamsMap) -> Query {
    let text = |name: &str| params.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let filled = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let number = |name: &str| text(name).parse::<u64>().ok();
    Query {
        search: text("search"),
        states: filled("state").and_then(|state| state.parse().ok()).into_iter().collect(),
        direction: filled("direction"),
        period_from: filled("from").filter(|month| is_month(month)),
        period_to: filled("to").filter(|month| is_month(month)),
        attention: params.get("attention").is_some(),
        sort: sort_of(&text("sort")),
        descending: text("order") != "up",
        page: number("page").unwrap_or(1).max(1),
        size: number("size").filter(|size| SIZES.contains(size)).unwrap_or(SIZE),
    }
}

fn is_month(text: &str) -> bool {
    text.parse::<domain::deadline::YearMonth>().is_ok()
}

const SORTS: [(Sort, &str); 7] = [
    (Sort::Updated, ""),
    (Sort::Number, "number"),
    (Sort::Period, "period"),
    (Sort::Partner, "partner"),
    (Sort::Amount, "amount"),
    (Sort::State, "state"),
    (Sort::Due, "due"),
];

fn sort_of(key: &str) -> Sort {
    SORTS.into_iter().find(|(_, known)| *known == key).map_or(Sort::Updated, |(sort, _)| sort)
}

fn sort_key(sort: Sort) -> &'static str {
    SORTS.into_iter().find(|(known, _)| *known == sort).map_or("", |(_, key)| key)
}

/// The address of a view of the list, below `path`.
pub fn address(path: &str, query: &Query) -> String {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    let mut put = |name, value: String| {
        if !value.is_empty() {
            pairs.push((name, value));
        }
    };
    put("search", query.search.clone());
    put("state", query.states.first().map(|state| state.as_str().to_owned()).unwrap_or_default());
    put("direction", query.direction.clone().unwrap_or_default());
    put("from", query.period_from.clone().unwrap_or_default());
    put("to", query.period_to.clone().unwrap_or_default());
    put("attention", if query.attention { "true".to_owned() } else { String::new() });
    put("sort", sort_key(query.sort).to_owned());
    put("order", if query.descending { String::new() } else { "up".to_owned() });
    put("page", if query.page > 1 { query.page.to_string() } else { String::new() });
    put("size", if query.size == SIZE { String::new() } else { query.size.to_string() });
    let pairs: Vec<String> =
        pairs.into_iter().map(|(name, value)| format!("{name}={}", encode(&value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// Percent-encodes everything but unreserved characters (RFC 3986, 2.3).
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The page `/statforms`.
#[component]
pub fn ListPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(query_of));
    let is_help =
        Memo::new(move |_| params.with(|params| params.get("tab").as_deref() == Some("help")));
    let found = Resource::new(
        move || (query.get(), is_help.get()),
        |(query, is_help)| async move {
            if is_help { Ok(None) } else { api::list(query).await.map(Some) }
        },
    );
    let again = Callback::new(move |()| found.refetch());
    let who = use_who();
    let signer = Memo::new(move |_| {
        who.with(|who| {
            let who = who.as_ref()?;
            let role = who.role.as_ref().filter(|role| role.rights.sign)?;
            Some(Holder { person: who.person, participant: role.participant })
        })
    });
    let picks = Picks::new();
    let title = tr!(lang, "Статформы", "Statforms");
    view! {
        <PageTitle text=title/>
        <PageHead title=Signal::stored(title.to_owned())>
            <LinkButton kind=ButtonKind::Primary icon=IconName::Plus href="/statforms/new">
                {tr!(lang, "Создать", "Create")}
            </LinkButton>
            <LinkButton icon=IconName::Upload href="/statforms/new?upload=1">
                {tr!(lang, "Загрузить файл", "Upload a file")}
            </LinkButton>
        </PageHead>
        {move || {
            let tabs = vec![
                NavTab {
                    href: "/statforms".to_owned(),
                    label: tr!(lang, "Мои формы", "My forms").to_owned(),
                    current: !is_help.get(),
                },
                NavTab {
                    href: "/statforms?tab=help".to_owned(),
                    label: tr!(
                        lang,
                        "Статистические формы учёта взаимной торговли ЕАЭС",
                        "Statistical forms of mutual trade in the EAEU"
                    )
                        .to_owned(),
                    current: is_help.get(),
                },
            ];
            view! { <NavTabs label=tr!(lang, "Разделы", "Sections") tabs/> }
        }}
        <Suspense fallback=move || view! { <Skeleton lines=8/> }>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(Some(page)) => {
                        let query = query.get_untracked();
                        let picks = signer.get_untracked().map(|_| picks);
                        view! { <Filters query=query.clone()/> <Found page query picks on_deleted=again/> }.into_any()
                    }
                    Ok(None) => view! { <Help/> }.into_any(),
                    Err(error) => view! { <Refusal error/> }.into_any(),
                }
            })}
        </Suspense>
        {move || signer.get().map(|holder| view! { <PickedBar picks holder on_sent=again/> })}
    }
}

/// Search and filters, one GET form.
#[component]
fn Filters(query: Query) -> impl IntoView {
    let lang = use_lang();
    let states: Vec<Choice> = DocumentState::ALL
        .into_iter()
        .map(|state| Choice::new(state.as_str(), state.name(lang.get_untracked())))
        .collect();
    let directions = vec![
        Choice::new("ЭК", tr!(lang, "ЭК — вывоз", "ЭК: export")),
        Choice::new("ИМ", tr!(lang, "ИМ — ввоз", "ИМ: import")),
    ];
    let sizes: Vec<Choice> =
        SIZES.iter().map(|size| Choice::new(size.to_string(), size.to_string())).collect();
    let state = query.states.first().map(|state| state.as_str().to_owned()).unwrap_or_default();
    let is_narrowed = query
        != Query {
            sort: query.sort,
            descending: query.descending,
            size: query.size,
            page: query.page,
            ..query_of(&ParamsMap::new())
        };
    view! {
        <form class="filters" method="get" action="/statforms" role="search">
            <Field id="filter-search" label=tr!(lang, "Поиск", "Search") hint=tr!(lang, "Номер, партнёр или товар", "Number, partner or goods")>
                <TextInput name="search" type_="search" value=Signal::stored(query.search.clone())/>
            </Field>
            <Field id="filter-state" label=tr!(lang, "Состояние", "State")>
                <Select name="state" options=Signal::stored(states) value=Signal::stored(state) empty=tr!(lang, "Любое", "Any")/>
            </Field>
            <Field id="filter-direction" label=tr!(lang, "Направление", "Direction")>
                <Select
                    name="direction"
                    options=Signal::stored(directions)
                    value=Signal::stored(query.direction.clone().unwrap_or_default())
                    empty=tr!(lang, "Любое", "Any")
                />
            </Field>
            <Field id="filter-from" label=tr!(lang, "Период с", "Period from")>
                <TextInput name="from" type_="month" value=Signal::stored(query.period_from.clone().unwrap_or_default()) placeholder="2026-01"/>
            </Field>
            <Field id="filter-to" label=tr!(lang, "по", "to")>
                <TextInput name="to" type_="month" value=Signal::stored(query.period_to.clone().unwrap_or_default()) placeholder="2026-12"/>
            </Field>
            <Field id="filter-size" label=tr!(lang, "Строк на странице", "Rows a page") width="short">
                <Select name="size" options=Signal::stored(sizes) value=Signal::stored(query.size.to_string())/>
            </Field>
            <Checkbox
                name="attention"
                label=tr!(lang, "Ждут моих действий", "Waiting for me")
                checked=Signal::stored(query.attention)
            />
            <input type="hidden" name="sort" value=sort_key(query.sort)/>
            <input type="hidden" name="order" value=if query.descending { "" } else { "up" }/>
            <div class="actions">
                <Button type_="submit" icon=IconName::Filter>{tr!(lang, "Показать", "Show")}</Button>
                {is_narrowed
                    .then(|| {
                        view! {
                            <LinkButton kind=ButtonKind::Quiet href="/statforms">
                                {tr!(lang, "Сбросить", "Reset")}
                            </LinkButton>
                        }
                    })}
            </div>
        </form>
    }
}

/// The rows found.
#[component]
fn Found(
    page: Page<Row>,
    query: Query,
    #[prop(optional_no_strip)] picks: Option<Picks>,
    on_deleted: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    if page.rows.is_empty() {
        let empty = query_of(&ParamsMap::new());
        let title = if query == empty {
            tr!(lang, "Форм пока нет", "No forms yet")
        } else {
            tr!(lang, "Ничего не найдено", "Nothing was found")
        };
        return view! {
            <EmptyState title>
                <p>
                    {tr!(
                        lang,
                        "Создайте форму, скопируйте прежнюю или загрузите XML из другой программы.",
                        "Create a form, copy an earlier one, or upload XML from another program."
                    )}
                </p>
            </EmptyState>
        }
        .into_any();
    }
    let of_file = query.clone();
    let file = move |format: &str| {
        address(&format!("/files/statforms.{format}"), &Query { page: 1, ..of_file.clone() })
    };
    let of_head = query.clone();
    let head = move |label: &'static str, sort: Sort, number: bool| {
        let query = &of_head;
        let is_current = query.sort == sort;
        let order = match (is_current, query.descending) {
            (true, true) => Some(Order::Descending),
            (true, false) => Some(Order::Ascending),
            (false, _) => None,
        };
        let descending = if is_current { !query.descending } else { number };
        let href = address("/statforms", &Query { sort, descending, page: 1, ..query.clone() });
        view! { <SortHeader label href order number/> }
    };
    let pages = page.pages();
    let current = page.page;
    let total = count(lang, page.total, ["форма", "формы", "форм"], ["form", "forms"]);
    let pick_all = picks.map(|picks| {
        let lang = lang.get_untracked();
        let drafts = page.rows.iter().filter_map(|row| picked(row, lang)).collect::<Vec<_>>();
        view! { <PickPage picks drafts/> }
    });
    let pick_head = picks.map(|_| {
        view! {
            <th scope="col">
                <span class="visually-hidden">{tr!(lang, "Выбор", "Choice")}</span>
            </th>
        }
    });
    let rows =
        page.rows.into_iter().map(|row| view! { <FormRow row picks on_deleted/> }).collect_view();
    let of_page = query.clone();
    view! {
        <div class="toolbar">
            <p class="muted">{total}</p>
            {pick_all}
            <div class="actions">
                <LinkButton kind=ButtonKind::Quiet icon=IconName::Download external=true href=file("csv")>
                    {tr!(lang, "Выгрузить CSV", "Export CSV")}
                </LinkButton>
                <LinkButton kind=ButtonKind::Quiet icon=IconName::Download external=true href=file("xlsx")>
                    {tr!(lang, "Выгрузить XLSX", "Export XLSX")}
                </LinkButton>
            </div>
        </div>
        <Table caption=tr!(lang, "Статистические формы", "Statistical forms") quiet_caption=true>
            <thead>
                <tr>
                    {pick_head}
                    {head(tr!(lang, "Номер", "Number"), Sort::Number, false)}
                    {head(tr!(lang, "Период", "Period"), Sort::Period, false)}
                    <th scope="col">{tr!(lang, "Направление", "Direction")}</th>
                    {head(tr!(lang, "Партнёр", "Partner"), Sort::Partner, false)}
                    {head(tr!(lang, "Сумма", "Sum"), Sort::Amount, true)}
                    {head(tr!(lang, "Состояние", "State"), Sort::State, false)}
                    {head(tr!(lang, "Срок", "Deadline"), Sort::Due, false)}
                    <th scope="col">{tr!(lang, "Действия", "Actions")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
        <Pagination
            page=current
            pages
            href=move |page| address("/statforms", &Query { page, ..of_page.clone() })
        />
    }
    .into_any()
}

/// «1 234,56 RUB», or nothing.
pub fn amount_text(row: &Row) -> String {
    let Some(amount) = &row.amount else { return String::new() };
    let amount =
        parse_decimal(amount).map_or_else(|_| amount.clone(), |sum| format_decimal(sum, 2));
    format!("{amount}\u{a0}{}", row.currency.as_deref().unwrap_or_default()).trim().to_owned()
}

/// «октябрь 2026», or as it stands.
pub fn period_text(period: Option<&str>, lang: Lang) -> String {
    let Some(period) = period else { return String::new() };
    period
        .parse::<domain::deadline::YearMonth>()
        .map_or_else(|_| period.to_owned(), |month| month.text(lang))
}

/// «10.11.2026», or nothing.
pub fn date_text(date: Option<chrono::NaiveDate>) -> String {
    date.map(format_date).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> ParamsMap {
        let mut params = ParamsMap::new();
        for (name, value) in pairs {
            params.insert((*name).to_owned(), (*value).to_owned());
        }
        params
    }

    #[test]
    fn an_address_says_what_is_shown() {
        let query = Query {
            search: "чай & кофе".into(),
            states: vec![DocumentState::Registered],
            direction: Some("ЭК".into()),
            period_from: Some("2026-01".into()),
            attention: true,
            sort: Sort::Amount,
            descending: false,
            page: 3,
            ..query_of(&ParamsMap::new())
        };
        let address = address("/statforms", &query);
        assert_eq!(
            address,
            "/statforms?search=%D1%87%D0%B0%D0%B9%20%26%20%D0%BA%D0%BE%D1%84%D0%B5&state=registered\
             &direction=%D0%AD%D0%9A&from=2026-01&attention=true&sort=amount&order=up&page=3"
        );
        let read = query_of(&params(&[
            ("search", "чай & кофе"),
            ("state", "registered"),
            ("direction", "ЭК"),
            ("from", "2026-01"),
            ("attention", "true"),
            ("sort", "amount"),
            ("order", "up"),
            ("page", "3"),
        ]));
        assert_eq!(read, query);
    }

    #[test]
    fn rubbish_in_an_address_is_passed_over() {
        let query = query_of(&params(&[
            ("state", "nonsense"),
            ("from", "2026-13"),
            ("page", "0"),
            ("size", "7000"),
            ("sort", "weather"),
        ]));
        assert_eq!(query, query_of(&ParamsMap::new()));
        assert_eq!(address("/statforms", &query), "/statforms");
    }
}
