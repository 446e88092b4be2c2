//! Progress on standard error, while somebody looks.

use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex};

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use interplay::{Progress, ProgressFn};

/// The bar of a session; there while it loads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bar {
    shown: Arc<Mutex<Option<ProgressBar>>>,
}

impl Bar {
    /// What the engine calls while it loads; none when standard error is no terminal.
    pub(crate) fn listener(&self) -> Option<ProgressFn> {
        if !io::stderr().is_terminal() {
            return None;
        }
        let bar = self.clone();
        Some(Arc::new(move |progress| match progress {
            Progress::Loading { done, total, what } => bar.show(done, total, what),
            Progress::Done => bar.clear(),
        }))
    }

    /// Takes the bar off the terminal, whatever became of the load.
    pub(crate) fn clear(&self) {
        if let Ok(mut shown) = self.shown.lock()
            && let Some(bar) = shown.take()
        {
            bar.finish_and_clear();
        }
    }

    fn show(&self, done: usize, total: usize, what: String) {
        let Ok(mut shown) = self.shown.lock() else { return };
        let bar = shown.get_or_insert_with(new_bar);
        bar.set_message(what);
        bar.update(|state| {
            state.set_len(total as u64);
            state.set_pos(done as u64);
        });
    }
}

fn new_bar() -> ProgressBar {
    let bar = ProgressBar::new(0).with_finish(ProgressFinish::AndClear);
    let style = ProgressStyle::with_template("loading {bar:24} {pos}/{len} {wide_msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
