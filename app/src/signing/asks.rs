//! What the ways of signing ask for: a key container and its password, the PIN of a kept one, a
//! signature file. A refusal keeps all that was entered.

use leptos::{prelude::*, task::spawn_local};
use web_sys::File;

use super::{Given, Kept, Trouble, chooser::Download};
use crate::{
    document::device,
    tr,
    ui::{
        Alert, Button, ButtonKind, Checkbox, Choice, Field, FileDrop, Icon, IconName, RadioGroup,
        TextInput, Tone, use_lang,
    },
};

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Read {
    name: String,
    bytes: Vec<u8>,
}

/// Reads the first of the files chosen.
fn read(files: &[File], into: RwSignal<Option<Read>>) {
    let Some(file) = files.first().cloned() else { return };
    spawn_local(async move {
        let read = device::read_file(&file).await.ok();
        // The form may have gone meanwhile.
        into.try_set(read.map(|bytes| Read { name: file.name(), bytes }));
    });
}

/// Why the last try was refused.
#[component]
pub(super) fn Refused(failure: RwSignal<Option<Trouble>>) -> impl IntoView {
    move || {
        failure.get().map(|trouble| {
            view! {
                <Alert tone=Tone::Danger title=trouble.cause live=true>
                    <p>{trouble.remedy}</p>
                </Alert>
            }
        })
    }
}

/// A key container: the file, its password, and whether to keep it.
#[component]
pub fn ContainerForm(
    give: Callback<Given>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Trouble>>,
    /// The operator takes signatures made so for qualified ones.
    qualified: bool,
) -> impl IntoView {
    let lang = use_lang();
    let file = RwSignal::new(None::<Read>);
    let password = RwSignal::new(String::new());
    let keep = RwSignal::new(false);
    let pin = RwSignal::new(String::new());
    let open = move || {
        let Some(file) = file.get_untracked() else { return };
        let pin = keep.get_untracked().then(|| pin.get_untracked());
        give.run(Given::Container { file: file.bytes, password: password.get_untracked(), pin });
    };
    let note = if qualified {
        tr!(
            lang,
            "Ключ открывается прямо в браузере и стирается, когда вы закроете это окно или страницу; на сервер он не попадает.",
            "The key is opened in the browser and wiped when you close this window or page; it never reaches the server."
        )
    } else {
        tr!(
            lang,
            "Ключ открывается прямо в браузере и стирается, когда вы закроете это окно или страницу; на сервер он не попадает. Это не сертифицированное средство ЭП: оператор кабинета не считает такую подпись квалифицированной.",
            "The key is opened in the browser and wiped when you close this window or page; it never reaches the server. This is no certified means: the operator of the cabinet does not count such a signature as qualified."
        )
    };
    view! {
        <div class="signing-form" on:keydown=on_enter(open)>
            <p class="small muted">{note}</p>
            <FileDrop
                id="signing-container"
                label=tr!(lang, "Ключевой контейнер", "Key container")
                hint=tr!(lang, "Файл .pfx или .p12.", "A .pfx or .p12 file.")
                accept=".pfx,.p12,application/x-pkcs12"
                busy
                on_files=Callback::new(move |files: Vec<File>| read(&files, file))
            />
            {move || file.get().map(|file| view! { <ChosenFile name=file.name/> })}
            <Field id="signing-password" label=tr!(lang, "Пароль контейнера", "Password of the container")>
                <TextInput type_="password" value=password on_input=Callback::new(move |text| password.set(text))/>
            </Field>
            <Checkbox
                id="signing-keep"
                label=tr!(lang, "Хранить на этом устройстве под ПИН-кодом", "Keep on this device under a PIN")
                hint=tr!(lang, "В следующий раз файл и пароль не понадобятся. Только на своём компьютере.", "Next time neither the file nor the password is needed. Only on your own computer.")
                checked=keep
                on_change=Callback::new(move |on| keep.set(on))
            />
            {move || {
                keep.get()
                    .then(|| {
                        view! {
                            <Field
                                id="signing-new-pin"
                                label=tr!(lang, "Новый ПИН-код", "New PIN")
                                hint=tr!(lang, "Не меньше шести знаков. Восстановить его нельзя.", "Six characters or more. It cannot be recovered.")
                            >
                                <TextInput
                                    type_="password"
                                    autocomplete="new-password"
                                    value=pin
                                    on_input=Callback::new(move |text| pin.set(text))
                                />
                            </Field>
                        }
                    })
            }}
            <Refused failure/>
            <div class="actions">
                <Button busy disabled=Signal::derive(move || file.with(Option::is_none)) on_click=move |_| open()>
                    {tr!(lang, "Открыть контейнер", "Open the container")}
                </Button>
            </div>
        </div>
    }
}

/// The PIN of a kept container.
#[component]
pub fn PinForm(
    kept: Vec<Kept>,
    give: Callback<Given>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Trouble>>,
) -> impl IntoView {
    let lang = use_lang();
    let id = RwSignal::new(kept.first().map(|kept| kept.id.clone()).unwrap_or_default());
    let pin = RwSignal::new(String::new());
    let open = move || {
        give.run(Given::Pin { id: id.get_untracked(), pin: pin.get_untracked() });
    };
    let options = kept.into_iter().map(|kept| Choice::new(kept.id, kept.title)).collect();
    view! {
        <div class="signing-form" on:keydown=on_enter(open)>
            <RadioGroup
                name="signing-kept"
                legend=tr!(lang, "Контейнеры на этом устройстве", "Containers on this device")
                options
                value=id
                on_change=Callback::new(move |chosen| id.set(chosen))
            />
            <Field id="signing-pin" label=tr!(lang, "ПИН-код", "PIN")>
                <TextInput type_="password" value=pin on_input=Callback::new(move |text| pin.set(text))/>
            </Field>
            <Refused failure/>
            <div class="actions">
                <Button busy disabled=Signal::derive(move || pin.with(String::is_empty)) on_click=move |_| open()>
                    {tr!(lang, "Открыть контейнер", "Open the container")}
                </Button>
                <Button disabled=busy on_click=move |_| give.run(Given::Another)>
                    {tr!(lang, "Взять файл", "Take a file")}
                </Button>
                <Button
                    kind=ButtonKind::Danger
                    disabled=busy
                    on_click=move |_| give.run(Given::Forget { id: id.get_untracked() })
                >
                    {tr!(lang, "Удалить с устройства", "Remove from the device")}
                </Button>
            </div>
        </div>
    }
}

/// The document to be signed elsewhere, and the signature that comes back.
#[component]
pub fn UploadForm(
    download: Signal<Option<Download>>,
    give: Callback<Given>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Trouble>>,
) -> impl IntoView {
    let lang = use_lang();
    let upload = move |files: Vec<File>| {
        let Some(file) = files.into_iter().next() else { return };
        spawn_local(async move {
            if let Ok(bytes) = device::read_file(&file).await {
                give.run(Given::Signature(bytes));
            }
        });
    };
    view! {
        <ol class="signing-steps">
            <li>
                {tr!(lang, "Скачайте файл и не меняйте его.", "Download the file and do not change it.")}
                {move || {
                    download
                        .get()
                        .map(|Download { name, href }| {
                            view! {
                                <a class="button" rel="external" href=href download=name>
                                    <Icon name=IconName::Download/>
                                    <span class="button-text">
                                        {tr!(lang, "Скачать для подписания", "Download for signing")}
                                    </span>
                                </a>
                            }
                        })
                }}
            </li>
            <li>
                {tr!(
                    lang,
                    "Подпишите его отсоединённой подписью (CAdES-BES) в своей программе.",
                    "Sign it with a detached signature (CAdES-BES) in your program."
                )}
            </li>
            <li>
                <FileDrop
                    id="signing-upload"
                    label=tr!(lang, "Файл подписи", "Signature file")
                    hint=tr!(lang, "Файл .sig или .p7s: DER, PEM или Base64.", "A .sig or .p7s file: DER, PEM or Base64.")
                    accept=".sig,.p7s,.sgn,.pem,.p7b,application/pkcs7-signature"
                    busy
                    on_files=Callback::new(upload)
                />
            </li>
        </ol>
        <Refused failure/>
    }
}

/// The name of a file that was taken.
#[component]
fn ChosenFile(name: String) -> impl IntoView {
    let lang = use_lang();
    view! {
        <p class="signing-file" role="status">
            <Icon name=IconName::Check/>
            {tr!(lang, "Выбран файл {name}", "The file {name} is chosen", name = name)}
        </p>
    }
}

/// Enter in a field does what the button does.
fn on_enter(act: impl Fn() + 'static) -> impl FnMut(leptos::ev::KeyboardEvent) + 'static {
    move |event| {
        use wasm_bindgen::JsCast;
        let in_field = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
            .is_some_and(|input| input.type_() == "password");
        if event.key() == "Enter" && in_field {
            event.prevent_default();
            act();
        }
    }
}
