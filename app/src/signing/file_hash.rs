//! The hashes of a file of any size: to compare with what a document shows before it is signed, or
//! with what another program says. The file is read as a stream in the worker and goes nowhere.

use leptos::{prelude::*, task::spawn_local};
use web_sys::File;

use super::{Hashes, Trouble};
use crate::{
    tr,
    ui::{Alert, FileDrop, Progress, Tone, use_lang},
};

/// Computes SHA-256 and GOST R 34.11-2012 of a file.
#[component]
pub fn FileHash() -> impl IntoView {
    let lang = use_lang();
    let busy = RwSignal::new(false);
    let percent = RwSignal::new(0_u64);
    let found = RwSignal::new(None::<(String, Result<Hashes, Trouble>)>);
    let hash = move |files: Vec<File>| {
        let Some(file) = files.into_iter().next() else { return };
        busy.set(true);
        percent.set(0);
        found.set(None);
        spawn_local(async move {
            let progress = move |part: f64| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "0 to 100"
                )]
                percent.try_set((part * 100.0) as u64);
            };
            let hashes = super::hashes_of_file(&file, progress).await;
            busy.try_set(false);
            let hashes = hashes.map_err(|error| error.trouble(lang.get_untracked()));
            found.try_set(Some((file.name(), hashes)));
        });
    };
    let row = |label: &'static str, value: String| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>
                    <code class="hash">{value}</code>
                </dd>
            </div>
        }
    };
    view! {
        <section class="card" aria-labelledby="file-hash">
            <h2 id="file-hash">{tr!(lang, "Хеш файла", "Hash of a file")}</h2>
            <p>
                {tr!(
                    lang,
                    "Сравните файл с тем, что показано перед подписанием. Файл читается здесь и никуда не отправляется; размер — до гигабайта и больше.",
                    "Compare a file with what is shown before signing. It is read here and sent nowhere; a gigabyte and more will do."
                )}
            </p>
            <FileDrop
                id="file-to-hash"
                label=tr!(lang, "Файл для хеширования", "File to hash")
                busy
                on_files=Callback::new(hash)
            />
            {move || {
                busy.get()
                    .then(|| {
                        view! {
                            <Progress
                                label=tr!(lang, "Хешируем, %", "Hashing, %").to_owned()
                                done=percent
                                total=Signal::stored(100)
                            />
                        }
                    })
            }}
            <div role="status">
                {move || {
                    found
                        .get()
                        .map(|(name, hashes)| match hashes {
                            Ok(hashes) => view! {
                                <dl class="facts file-hashes">
                                    <div>
                                        <dt>{tr!(lang, "Файл", "File")}</dt>
                                        <dd>{name}</dd>
                                    </div>
                                    {row(tr!(lang, "Размер, байт", "Size, bytes"), hashes.size.to_string())}
                                    {row(tr!(lang, "Хеш SHA-256", "SHA-256 hash"), hashes.sha256)}
                                    {row(tr!(lang, "Хеш ГОСТ Р 34.11-2012", "GOST R 34.11-2012 hash"), hashes.gost)}
                                </dl>
                            }
                            .into_any(),
                            Err(trouble) => view! {
                                <Alert tone=Tone::Danger title=trouble.cause>
                                    <p>{trouble.remedy}</p>
                                </Alert>
                            }
                            .into_any(),
                        })
                }}
            </div>
        </section>
    }
}
