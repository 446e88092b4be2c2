//! Progress on standard error, while somebody looks.

use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex};

use indicatif::{ProgressBar, ProgressStyle};
use interplay::Progress;

/// What the engine calls while it loads; none when standard error is no terminal.
pub(crate) fn listener() -> Option<Arc<dyn Fn(Progress) + Send + Sync>> {
    if !io::stderr().is_terminal() {
        return None;
    }
    let bar: Mutex<Option<ProgressBar>> = Mutex::new(None);
    Some(Arc::new(move |progress| {
        let Ok(mut bar) = bar.lock() else { return };
        match progress {
            Progress::Loading { done, total, what } => {
                let bar = bar.get_or_insert_with(new_bar);
                bar.set_length(total as u64);
                bar.set_position(done as u64);
                bar.set_message(what);
            }
            Progress::Done => {
                if let Some(bar) = bar.take() {
                    bar.finish_and_clear();
                }
            }
        }
    }))
}

fn new_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("loading {bar:24} {pos}/{len} {wide_msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
