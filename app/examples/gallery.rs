//! Renders every page in every state into static files, for `end2end/tests/states.spec.ts` and to
//! look at them.
//!
//! `cargo run -p app --features ssr --example gallery -- FOLDER`; the style sheet is expected as
//! `FOLDER/assets/main.css`.

use std::path::Path;

#[path = "../tests/scripted/mod.rs"]
mod scripted;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned());
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    for (name, scene) in scripted::scenes() {
        for theme in app::Theme::ALL {
            let sent = scene.clone().theme(theme).render().await;
            let html = sent.html.replace("\"/assets/", "\"assets/");
            std::fs::write(folder.join(format!("{name}-{}.html", theme.word())), html)?;
        }
    }
    Ok(())
}
