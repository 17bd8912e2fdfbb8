//! Pages of the sandbox: plain HTML with a little style, no script.

use axum::response::Html;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f6f8;color:#17202a}\
main{max-width:64rem;margin:0 auto;padding:1.5rem}h1{font-size:1.6rem}h2{font-size:1.2rem}\
section{background:#fff;border:1px solid #c8d0d8;border-radius:8px;padding:1rem;margin:1rem 0}\
button{font:inherit;min-height:44px;padding:.5rem 1rem;border:1px solid #0b5cab;border-radius:6px;\
background:#0b5cab;color:#fff;cursor:pointer}button.plain{background:#fff;color:#0b4a8a}\
button:focus-visible,a:focus-visible,input:focus-visible{outline:3px solid #f2a900;outline-offset:2px}\
ul.persons{list-style:none;padding:0}ul.persons button{width:100%;text-align:left;margin:.25rem 0}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem;border-bottom:1px solid #c8d0d8;\
vertical-align:top}form.row{display:inline-flex;gap:.5rem;flex-wrap:wrap;margin:.15rem 0}\
input{font:inherit;padding:.4rem;border:1px solid #6b7785;border-radius:6px}pre{white-space:pre-wrap;overflow-wrap:anywhere}\
.muted{color:#4a5561}.scroll{overflow-x:auto}";

/// Escapes text for element content and quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// A whole page; `title` is text, `body` is HTML.
pub(crate) fn page(title: &str, body: &str) -> Html<String> {
    let title = escape(title);
    Html(format!(
        "<!DOCTYPE html><html lang=\"ru\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"data:,\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1>{body}</main></body></html>"
    ))
}
