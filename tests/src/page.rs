//! Pages of the manual, as blocks that are run and the prose between them.
//!
//! What a block is stands behind its fence:
//!
//! | fence | what happens to the block |
//! |---|---|
//! | `interplay` | rules and questions: checked, its tests run, its questions answered |
//! | `interplay fails` | rules or questions with a problem: what is said of it is shown |
//! | `interplay fails alone` | the same, as if nothing else stood on the page |
//! | `given` | rows as in a test, on which the page's questions are answered |
//! | `console` | commands of a terminal, each behind `$`, with what they print |
//! | `console exit=1` | the same, where the last command ends with 1 |
//! | `LANGUAGE file=NAME` | a file of the page's folder, for the commands; `windows-1252` may follow |
//! | `result` | what the block above it brings |
//! | `sql`, `r`, `excel`, `math` | other languages, for comparison |
//!
//! Only the standard library is used here: the tests of the command line read this file too.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The pages of problems have a form of their own: their rules are run by `problem_page`.
const PROBLEMS: &str = "problems/";

/// Languages whose blocks are shown for comparison and are not run.
const COMPARED: &[&str] = &["excel", "math", "r", "sql"];

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it lies, from the root of the manual.
    pub name: String,
    /// In order.
    pub parts: Vec<Part>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The lines between blocks.
    Prose(String),
    /// A fenced block.
    Block(Block),
}

/// A fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The sign of the fence: three or more ticks.
    pub fence: String,
    /// The words behind the fence: `interplay`, `fails`
    pub info: Vec<String>,
    /// The lines inside, each with its end.
    pub text: String,
    /// The line of the fence, from 1.
    pub line: usize,
}

/// What is to be done with a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Rules and questions that hold.
    Rules,
    /// Rules or questions with a problem.
    Fails,
    /// Rules with a problem, without those of the page.
    FailsAlone,
    /// Rows on which questions are answered.
    Given,
    /// What the block above brings.
    Result,
    /// Commands, the last of which ends with this code.
    Console(i32),
    /// A file of this name.
    File(String),
    /// Another language.
    Compared,
}

impl Block {
    /// What is to be done with it; none when its fence says nothing that is known.
    pub fn role(&self) -> Option<Role> {
        let words: Vec<&str> = self.info.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["interplay"] => Some(Role::Rules),
            ["interplay", "fails"] => Some(Role::Fails),
            ["interplay", "fails", "alone"] => Some(Role::FailsAlone),
            ["given"] => Some(Role::Given),
            ["result"] => Some(Role::Result),
            ["console"] => Some(Role::Console(0)),
            ["console", exit] => exit.strip_prefix("exit=")?.parse().ok().map(Role::Console),
            [_, file] | [_, file, "windows-1252"] => {
                file.strip_prefix("file=").map(|name| Role::File(name.to_owned()))
            }
            [language] if COMPARED.contains(language) => Some(Role::Compared),
            _ => None,
        }
    }

    /// The bytes of a file block.
    pub fn bytes(&self) -> Vec<u8> {
        if self.info.last().is_some_and(|word| word == "windows-1252") {
            let letters = self.text.chars().map(|letter| u8::try_from(u32::from(letter)));
            return letters.map(|byte| byte.expect("a letter of windows-1252")).collect();
        }
        self.text.as_bytes().to_vec()
    }

    /// A block that shows what came out.
    pub fn result(text: &str) -> Self {
        let text = format!("{}\n", text.trim_end());
        Self { fence: "```".to_owned(), info: vec!["result".to_owned()], text, line: 0 }
    }
}

impl Page {
    /// Reads a page.
    pub fn read(name: &str, text: &str) -> Self {
        let (mut parts, mut prose) = (Vec::new(), String::new());
        let mut lines = text.split_inclusive('\n').enumerate();
        while let Some((at, line)) = lines.next() {
            let ticks = line.len() - line.trim_start_matches('`').len();
            if ticks < 3 {
                prose.push_str(line);
                continue;
            }
            let fence = "`".repeat(ticks);
            let info = line.trim_start_matches('`').split_whitespace().map(str::to_owned);
            let mut block =
                Block { info: info.collect(), text: String::new(), line: at + 1, fence };
            let mut is_closed = false;
            for (_, line) in lines.by_ref() {
                is_closed = line.trim_end() == block.fence;
                if is_closed {
                    break;
                }
                block.text.push_str(line);
            }
            assert!(is_closed, "{name}:{} opens a block that nothing closes", block.line);
            parts.push(Part::Prose(std::mem::take(&mut prose)));
            parts.push(Part::Block(block));
        }
        parts.push(Part::Prose(prose));
        Self { name: name.to_owned(), parts }
    }

    /// The text of the page.
    pub fn print(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Prose(prose) => text.push_str(prose),
                Part::Block(block) => {
                    let Block { fence, info, text: inside, line: _ } = block;
                    let _infallible = writeln!(text, "{fence}{}\n{inside}{fence}", info.join(" "));
                }
            }
        }
        text
    }

    /// Its blocks with what is to be done with them.
    pub fn blocks(&self) -> impl Iterator<Item = (&Block, Role)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Block(block) => Some((block, block.role()?)),
            Part::Prose(_) => None,
        })
    }

    /// Whether it is one of the pages of problems.
    pub fn is_problem(&self) -> bool {
        self.name.starts_with(PROBLEMS)
    }

    /// The words of its title: `# any, no, every` has three, `# Dates: start of` one.
    pub fn titles(&self) -> Vec<&str> {
        let title = self.prose().next().and_then(|line| line.strip_prefix("# "));
        let title = title.unwrap_or_default();
        let words = title.split_once(": ").map_or(title, |(_, words)| words);
        words.split(", ").collect()
    }

    /// The first sentence under its title.
    pub fn first_sentence(&self) -> String {
        let line = self.prose().skip(1).find(|line| !line.is_empty()).unwrap_or_default();
        let end = line.find(". ").map_or(line.len(), |at| at + 1);
        line.get(..end).unwrap_or(line).to_owned()
    }

    fn prose(&self) -> impl Iterator<Item = &str> {
        let first = self.parts.first().map_or("", |part| match part {
            Part::Prose(text) => text,
            Part::Block(_) => "",
        });
        first.lines()
    }

    /// Whether commands are run on it.
    pub fn has_commands(&self) -> bool {
        self.blocks().any(|(_, role)| matches!(role, Role::Console(_)))
    }

    /// Links to files that are not there, or to headings that they do not have.
    fn dead_links(&self, prose: &str) -> Vec<String> {
        let here = folder().join(&self.name);
        let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let inside = targets.filter(|target| !target.contains("://") && !target.is_empty());
        let is_dead = |target: &&str| {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = match file {
                "" => here.clone(),
                file => here.parent().map(|folder| folder.join(file)).unwrap_or_default(),
            };
            let is_page = file.extension().is_some_and(|ending| ending == "md");
            let text = if is_page { fs::read_to_string(&file).ok() } else { None };
            let has_heading = heading.is_empty()
                || text.is_some_and(|text| text.lines().any(|line| anchor(line) == heading));
            !file.exists() || !has_heading
        };
        inside.filter(is_dead).map(|to| format!("{}: nothing lies at {to}", self.name)).collect()
    }

    /// What is wrong with links and fences: blocks that nothing would run, results of nothing, files
    /// that the reader is not told the name of.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut before = String::new();
        let mut brings = false;
        for part in &self.parts {
            let block = match part {
                Part::Prose(prose) => {
                    faults.extend(self.dead_links(prose));
                    prose.clone_into(&mut before);
                    brings &= prose.trim().is_empty();
                    continue;
                }
                Part::Block(block) => block,
            };
            let place = format!("{}:{}", self.name, block.line);
            match block.role() {
                Some(Role::Rules) => {}
                Some(_) if self.is_problem() => {
                    faults.push(format!("{place}: only rules run here"));
                }
                None => faults.push(format!("{place}: nothing runs `{}`", block.info.join(" "))),
                Some(Role::Result) if !brings => {
                    faults.push(format!("{place}: a result without a block that brings it"));
                }
                Some(Role::File(name)) => {
                    if !before.contains(&format!("`{name}`")) {
                        faults.push(format!("{place}: the reader is not told of `{name}`"));
                    }
                    if !self.has_commands() {
                        faults.push(format!("{place}: no command of the page reads `{name}`"));
                    }
                }
                Some(_) => {}
            }
            brings = matches!(block.role(), Some(Role::Rules | Role::Fails | Role::FailsAlone));
        }
        faults
    }
}

/// What a link calls a heading: `## Rows and time` is `rows-and-time`.
fn anchor(line: &str) -> String {
    let heading = line.trim_start_matches('#').trim().to_lowercase();
    let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

/// The folder of the manual.
pub fn folder() -> PathBuf {
    // Both crates whose tests read pages lie below the root.
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = crate_folder.ancestors().find(|folder| folder.join("docs").is_dir());
    root.expect("the manual lies below the root").join("docs")
}

/// Every page of the manual, by name.
pub fn all() -> Vec<Page> {
    let (mut folders, mut pages) = (vec![folder()], Vec::new());
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(inside).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                let text = fs::read_to_string(&path).expect("a page is text");
                let name = path.strip_prefix(folder()).expect("a page of the manual");
                pages.push(Page::read(&name.display().to_string(), &text));
            }
        }
    }
    pages.sort_by(|one, other| one.name.cmp(&other.name));
    pages
}

/// Pages beside the index that the index does not name.
pub fn orphans(pages: &[Page]) -> Vec<String> {
    let index = pages.iter().find(|page| page.name == "README.md").map(Page::print);
    let index = index.unwrap_or_default();
    let beside = pages.iter().filter(|page| !page.name.contains('/') && page.name != "README.md");
    let names = beside.map(|page| page.name.clone());
    names.filter(|name| !index.contains(&format!("]({name})"))).collect()
}

/// Holds each page to what `found` makes of it; `UPDATE=1` rewrites it instead.
///
/// # Panics
///
/// When a page differs, with the first line that does.
pub fn hold(pages: &[Page], found: impl Fn(&Page) -> Page) {
    let is_update = std::env::var_os("UPDATE").is_some();
    let filter = std::env::var("FILTER").unwrap_or_default();
    let mut differences = String::new();
    let chosen = |page: &&Page| page.name.contains(&filter) && !page.is_problem();
    for page in pages.iter().filter(chosen) {
        let (written, found) = (page.print(), found(page).print());
        if written == found {
            continue;
        }
        if is_update {
            fs::write(folder().join(&page.name), &found).expect("a page can be written");
            continue;
        }
        let mut lines = written.lines().zip(found.lines()).enumerate();
        let first = lines.find(|(_, (written, found))| written != found);
        let (at, (old, new)) = first.unwrap_or_default();
        let name = &page.name;
        let _infallible = writeln!(differences, "docs/{name}:{}\n- {old}\n+ {new}", at + 1);
    }
    assert!(differences.is_empty(), "{differences}\n(UPDATE=1 rewrites the pages)");
}
