//! The document around the page: language, colours, style, and the script that wakes the page up.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;
use serde::Deserialize;

use crate::{App, context::Reader};

/// A file of the client that the page refers to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Asset {
    /// Path at the root of the site, with the hash of the content in its name.
    pub href: String,
    /// Subresource Integrity metadata, `sha384-…`.
    pub integrity: String,
}

/// What the build of the client left behind: `pkg/assets.json`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FrontendAssets {
    pub js: Asset,
    pub wasm: Asset,
    pub styles: Vec<Asset>,
    /// Further modules that the script imports.
    #[serde(default)]
    pub preloads: Vec<Asset>,
    /// The script of the signing engine's worker, fetched when somebody signs.
    pub worker: Asset,
    /// Identifies the build; a page of another build is asked to reload.
    pub build: String,
}

/// The whole document of a page.
pub fn shell(assets: &FrontendAssets) -> impl IntoView + use<> {
    let reader = use_context::<Reader>().unwrap_or_default();
    let nonce = use_nonce();
    let FrontendAssets { js, wasm, styles, preloads, worker, build } = assets.clone();
    let script = format!(
        "import init,{{hydrate}} from {js};\
         await init({{module_or_path:fetch({wasm},{{integrity:{integrity}}})}});\
         hydrate();",
        js = literal(&js.href),
        wasm = literal(&wasm.href),
        integrity = literal(&wasm.integrity),
    );
    let modules = std::iter::once(js).chain(preloads);
    view! {
        <!DOCTYPE html>
        <html lang=reader.lang.tag() data-theme=theme(&reader)>
            <head>
                <Common version=build styles/>
                <meta name="signer" content=worker.href/>
                {modules
                    .map(|module| {
                        view! {
                            <link
                                rel="modulepreload"
                                href=module.href
                                integrity=module.integrity
                                nonce=nonce.clone()
                            />
                        }
                    })
                    .collect_view()}
                <link
                    rel="preload"
                    href=wasm.href
                    integrity=wasm.integrity
                    r#as="fetch"
                    r#type="application/wasm"
                    crossorigin="anonymous"
                />
                <MetaTags/>
                <script type="module" nonce=nonce.clone()>
                    {script}
                </script>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// A document that stands by itself: no script, nothing that could fail again.
pub fn plain_shell<V: IntoView>(
    assets: &FrontendAssets,
    reader: &Reader,
    title: String,
    body: V,
) -> impl IntoView + use<V> {
    let FrontendAssets { styles, build, .. } = assets.clone();
    view! {
        <!DOCTYPE html>
        <html lang=reader.lang.tag() data-theme=theme(reader)>
            <head>
                <Common version=build styles/>
                <title>{title}</title>
            </head>
            <body>{body}</body>
        </html>
    }
}

/// What every document of the cabinet has in its head.
#[component]
fn Common(version: String, styles: Vec<Asset>) -> impl IntoView {
    view! {
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
        <meta name="color-scheme" content="light dark"/>
        <meta name="app-version" content=version/>
        <link rel="manifest" href="/manifest.webmanifest"/>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
        {styles
            .into_iter()
            .map(|style| {
                view! { <link rel="stylesheet" href=style.href integrity=style.integrity/> }
            })
            .collect_view()}
    }
}

/// The value of `data-theme`; absent means "as the device says".
fn theme(reader: &Reader) -> Option<&'static str> {
    use domain::view::session::Theme;
    match reader.theme {
        Theme::Auto => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    }
}

/// A JavaScript string literal that is safe inside `<script>`.
fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_cannot_end_the_script() {
        assert_eq!(literal("/pkg/a.js"), "\"/pkg/a.js\"");
        assert_eq!(literal("</script>\"\\"), "\"\\u003c/script>\\\"\\\\\"");
    }

    #[test]
    fn the_manifest_of_the_build_is_read() {
        let assets: FrontendAssets = serde_json::from_str(
            r#"{"js":{"href":"/pkg/a.js","integrity":"sha384-a"},
                "wasm":{"href":"/pkg/a.wasm","integrity":"sha384-b"},
                "styles":[{"href":"/pkg/a.css","integrity":"sha384-c"}],
                "worker":{"href":"/pkg/signer.js","integrity":"sha384-d"},"build":"1"}"#,
        )
        .unwrap();
        assert_eq!(assets.preloads, []);
        assert_eq!(assets.styles[0].href, "/pkg/a.css");
    }
}
