//! Where the person is signed in.

use domain::{date::format_moscow, view::session::SessionRow};
use leptos::prelude::*;

use crate::{
    error_page::Refused,
    session::api::{self, End, EndOthers},
    tr,
    ui::{Badge, Button, ButtonKind, Skeleton, Table, Tone, use_lang},
};

#[component]
pub fn Sessions() -> impl IntoView {
    let lang = use_lang();
    let end = ServerAction::<End>::new();
    let end_others = ServerAction::<EndOthers>::new();
    let sessions =
        Resource::new(move || (end.version().get(), end_others.version().get()), |_| api::list());
    let list = move || {
        sessions.get().map(|sessions| match sessions {
            Ok(rows) => {
                let others = rows.len() > 1;
                view! {
                    <SessionTable rows end/>
                    {others
                        .then(|| {
                            view! {
                                <ActionForm action=end_others>
                                    <Button type_="submit" busy=end_others.pending()>
                                        {tr!(lang, "Завершить все другие сеансы", "End all other sessions")}
                                    </Button>
                                </ActionForm>
                            }
                        })}
                }
                .into_any()
            }
            Err(error) => view! { <Refused error/> }.into_any(),
        })
    };
    view! {
        <section class="card" aria-labelledby="sessions">
            <h2 id="sessions">{tr!(lang, "Сеансы", "Sessions")}</h2>
            <p class="muted">
                {tr!(
                    lang,
                    "Устройства, на которых вы вошли. Незнакомый сеанс завершите.",
                    "Devices on which you are signed in. End a session you do not know."
                )}
            </p>
            <Transition fallback=|| view! { <Skeleton lines=3/> }>{list}</Transition>
        </section>
    }
    .into_any()
}

#[component]
fn SessionTable(rows: Vec<SessionRow>, end: ServerAction<End>) -> impl IntoView {
    let lang = use_lang();
    let device = tr!(lang, "Устройство", "Device");
    let address = tr!(lang, "Адрес", "Address");
    let started = tr!(lang, "Вход", "Signed in");
    let seen = tr!(lang, "Последняя активность", "Last seen");
    let body = rows
        .into_iter()
        .map(|row| {
            let name = if row.device.is_empty() {
                tr!(lang, "Неизвестное устройство", "Unknown device").to_owned()
            } else {
                row.device
            };
            let label =
                tr!(lang, "Завершить сеанс: {name}", "End session: {name}", name = name.clone());
            view! {
                <tr>
                    <td data-label=device data-cell="main">{name}</td>
                    <td data-label=address>{row.address}</td>
                    <td data-label=started class="nowrap">{format_moscow(row.started)}</td>
                    <td data-label=seen class="nowrap">{format_moscow(row.seen)}</td>
                    <td data-cell="actions">
                        {if row.current {
                            view! {
                                <Badge tone=Tone::Accent>{tr!(lang, "Этот сеанс", "This session")}</Badge>
                            }
                            .into_any()
                        } else {
                            view! {
                                <ActionForm action=end>
                                    <input type="hidden" name="session" value=row.id.to_string()/>
                                    <Button kind=ButtonKind::Quiet type_="submit" label>
                                        {tr!(lang, "Завершить", "End")}
                                    </Button>
                                </ActionForm>
                            }
                            .into_any()
                        }}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption=tr!(lang, "Сеансы", "Sessions").to_owned() quiet_caption=true>
            <thead>
                <tr>
                    <th scope="col">{device}</th>
                    <th scope="col">{address}</th>
                    <th scope="col">{started}</th>
                    <th scope="col">{seen}</th>
                    <th scope="col">
                        <span class="visually-hidden">{tr!(lang, "Действия", "Actions")}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </Table>
    }
    .into_any()
}
