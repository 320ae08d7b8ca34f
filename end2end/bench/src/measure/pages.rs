//! What pages weigh on the wire, with everything they load.

use std::collections::BTreeSet;

use anyhow::Context as _;
use client::portal::{Answer, Browser, attribute, elements};
use http::{Method, header};

use super::Stage;
use crate::report::{Figure, Target};

/// What browsers of today take.
const ENCODINGS: &str = "gzip, deflate, br, zstd";
/// Where everything lies that pages load.
const ASSETS: &str = "/assets/";
/// The most for the first page, and for the one with a terminal, in kB (1,000 bytes).
const FIRST: f64 = 100.0;
const TERMINAL: f64 = 300.0;

pub(super) async fn measure(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let stranger = Browser::new()?;
    let sign_in = weight(stage, &stranger, "/sign-in").await?;
    let first = weight(stage, stage.ana.browser(), "/").await?;
    let (session, _screen) = stage.shorepass().await?;
    let terminal = weight(stage, stage.ana.browser(), &format!("/sessions/{session}")).await?;
    stage.ana.end(session).await?;
    Ok(vec![
        Figure::of("page: sign in", "kB", sign_in).should(Target::AtMost(FIRST)),
        Figure::of("page: namespaces", "kB", first).should(Target::AtMost(FIRST)),
        Figure::of("page: terminal", "kB", terminal).should(Target::AtMost(TERMINAL)),
    ])
}

/// Heads and bodies of a page and of what it loads with empty caches, in kB.
async fn weight(stage: &Stage, browser: &Browser, path: &str) -> anyhow::Result<f64> {
    let page = stage.ana.url(path)?;
    let (mut bytes, mut loaded) = (0, BTreeSet::new());
    let mut wanted = vec![page.to_string()];
    while let Some(url) = wanted.pop() {
        if !loaded.insert(url.clone()) {
            continue;
        }
        let url = page.join(&url)?;
        let request = browser.request(Method::GET, url.clone());
        let packed = browser.send(request.header(header::ACCEPT_ENCODING, ENCODINGS)).await?;
        bytes += on_the_wire(&packed.good()?);
        // Again as plain text, to read what it loads in turn.
        let plain = browser.get(url).await?.good()?;
        wanted.extend(loads(&plain)?);
    }
    #[expect(clippy::cast_precision_loss, reason = "pages are below 2^53 bytes")]
    Ok(bytes as f64 / 1_000.0)
}

/// What an answer takes with HTTP/1.1, but for the frame of a chunked body.
fn on_the_wire(answer: &Answer) -> usize {
    let status = "HTTP/1.1 200 OK\r\n\r\n".len();
    let line = |name: &http::HeaderName, value: &http::HeaderValue| {
        name.as_str().len() + ": \r\n".len() + value.len()
    };
    let headers: usize = answer.headers.iter().map(|(name, value)| line(name, value)).sum();
    status + headers + answer.body.len()
}

/// The addresses of what this loads.
fn loads(answer: &Answer) -> anyhow::Result<Vec<String>> {
    let kind = answer.headers.get(header::CONTENT_TYPE).context("an answer has no type")?;
    let text = answer.text();
    Ok(match kind.to_str()?.split(';').next() {
        Some("text/html") => in_page(&text),
        Some("text/css" | "text/javascript") => in_file(&text),
        _ => Vec::new(),
    })
}

fn in_page(html: &str) -> Vec<String> {
    let links = elements(html, "link").into_iter().filter_map(|link| attribute(link, "href"));
    let scripts = elements(html, "script").into_iter();
    let scripts = scripts.filter_map(|script| attribute(script, "src"));
    links.chain(scripts).map(str::to_owned).collect()
}

/// Whatever is named in it.
fn in_file(text: &str) -> Vec<String> {
    let name = |rest: &str| {
        let ends = |letter: char| !letter.is_ascii_alphanumeric() && !"._-".contains(letter);
        rest.split(ends).next().unwrap_or_default().to_owned()
    };
    text.split(ASSETS).skip(1).map(|rest| format!("{ASSETS}{}", name(rest))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_and_its_files_load_is_found() {
        let html = r#"<link rel="stylesheet" href="/assets/main.css"><script src="/assets/a.js"></script>"#;
        assert_eq!(in_page(html), ["/assets/main.css", "/assets/a.js"]);
        let script = r#"load("/assets/b.1f.wasm");url(/assets/c.woff2)"#;
        assert_eq!(in_file(script), ["/assets/b.1f.wasm", "/assets/c.woff2"]);
    }
}
