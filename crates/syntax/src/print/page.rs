//! The text that is being printed, with comments beside lines in one column.

/// Spaces between a line and the comment beside it.
const GAP: usize = 2;

/// Text, and where in it comments stand beside something.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
    /// The bytes after which a comment stands, in order.
    beside: Vec<usize>,
}

impl Page {
    /// Adds `text` at the end.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Takes the spaces at the end away.
    pub(super) fn trim(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
    }

    /// What is added next is a comment beside the line so far.
    pub(super) fn comment_beside(&mut self) {
        self.beside.push(self.text.len());
    }

    /// Adds another page at the end.
    pub(super) fn append(&mut self, page: &Self) {
        self.beside.extend(page.beside.iter().map(|at| at + self.text.len()));
        self.text.push_str(&page.text);
    }

    /// How many lines it has.
    pub(super) fn line_count(&self) -> usize {
        self.text.lines().count()
    }

    /// How many letters the last line has so far.
    pub(super) fn column(&self) -> usize {
        self.text.chars().rev().take_while(|letter| *letter != '\n').count()
    }

    /// The text, with the comments of lines that follow each other in one column.
    pub(super) fn aligned(self) -> String {
        let mut beside = self.beside.into_iter().peekable();
        let mut start = 0;
        let mut lines = Vec::new();
        for line in self.text.split_inclusive('\n') {
            let comment = beside.next_if(|at| (start..start + line.len()).contains(at));
            lines.push(line.split_at_checked(comment.map_or(line.len(), |at| at - start)));
            start += line.len();
        }
        let lines: Vec<(&str, &str)> = lines.into_iter().flatten().collect();
        let mut printed = String::new();
        for run in lines.chunk_by(|one, next| one.1.is_empty() == next.1.is_empty()) {
            let widest = run.iter().map(|(code, _)| code.chars().count()).max().unwrap_or(0);
            for (code, comment) in run {
                printed.push_str(code);
                if !comment.is_empty() {
                    let gap = widest + GAP - code.chars().count();
                    printed.push_str(&" ".repeat(gap));
                    printed.push_str(comment);
                }
            }
        }
        printed
    }
}
