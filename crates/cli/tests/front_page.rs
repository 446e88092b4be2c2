//! What README.md and the pages of the manual show of a terminal is what comes out.
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use page::{Block, Page, Part, Role};

#[expect(dead_code, unreachable_pub, reason = "the suite of the whole reads the same pages")]
#[path = "../../../tests/src/page.rs"]
mod page;

/// The sample, as the front page names it.
const SAMPLE: &str = "samples/youth-homelessness";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Copies a folder without what runs have left in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_name() == ".interplay" {
            continue;
        }
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Line ends mean nothing: the page wraps what a terminal does not.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The questions of the page, each with all that is shown in its block.
fn shown(page: &str) -> Vec<(String, String)> {
    let blocks = page.split("```text\n").skip(1).filter_map(|block| block.split("```").next());
    let mut shown = Vec::new();
    for block in blocks {
        for line in block.lines() {
            let asked = line.strip_prefix("interplay> ").map(str::to_owned);
            let asked = asked.or_else(|| {
                let query = line.strip_prefix("$ interplay query ")?.split('\'').nth(1)?;
                Some(query.to_owned())
            });
            shown.extend(asked.map(|query| (query, words(block))));
        }
    }
    shown
}

#[test]
fn the_front_page_shows_what_comes_out() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&root().join(SAMPLE), &folder.path().join(SAMPLE));
    let page = fs::read_to_string(root().join("README.md")).expect("the front page");
    let shown = shown(&page);
    assert!(shown.len() >= 4, "{shown:?}");
    for (query, block) in shown {
        let output = Command::new(env!("CARGO_BIN_EXE_interplay"))
            .args(["query", "--project", SAMPLE, &query])
            .current_dir(folder.path())
            .output()
            .expect("the program runs");
        let results = String::from_utf8_lossy(&output.stdout).into_owned();
        // A session does not repeat what was typed.
        let results = words(results.split_once('\n').map_or("", |(_, rest)| rest));
        assert!(block.contains(&results), "{query}\n{results}\n{block}");
        let problems = String::from_utf8_lossy(&output.stderr).into_owned();
        let first = problems.lines().next().unwrap_or_default();
        assert!(block.contains(&words(first)), "{query}\n{problems}\n{block}");
    }
}

#[test]
fn the_rule_on_the_front_page_is_the_sample_s() {
    let page = fs::read_to_string(root().join("README.md")).expect("the front page");
    let rule = page.split("```interplay\n").nth(1).and_then(|rest| rest.split("```").next());
    let rules = root().join(SAMPLE).join("rules/indicators.interplay");
    let rules = fs::read_to_string(rules).expect("the rules");
    assert!(rules.contains(rule.expect("a rule")));
}

#[test]
fn the_commands_of_the_manual_print_what_it_shows() {
    let pages: Vec<Page> = page::all().into_iter().filter(Page::has_commands).collect();
    page::hold(&pages, commands_run);
}

/// The page as it should be, its commands run in order in a folder of their own.
fn commands_run(page: &Page) -> Page {
    let folder = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal { folder: folder.path().join("coalition"), ..Terminal::default() };
    fs::create_dir(&terminal.folder).expect("a folder");
    let mut found = page.clone();
    for part in &mut found.parts {
        let Part::Block(block) = part else { continue };
        let place = format!("docs/{}:{}", page.name, block.line);
        match block.role() {
            Some(Role::File(name)) => terminal.save(&name, &block.bytes()),
            Some(Role::Console(exit)) => {
                let shown = terminal.shown(block, &place);
                assert_eq!(terminal.exit, exit, "{place}\n{shown}");
                if without_snapshots(&shown) != without_snapshots(&block.text) {
                    block.text = shown;
                }
            }
            _ => {}
        }
    }
    found
}

/// A terminal of somebody who follows a page.
#[derive(Default)]
struct Terminal {
    folder: PathBuf,
    exit: i32,
}

impl Terminal {
    fn save(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file is written");
    }

    /// The text of a file, or of every one where its name is `*.csv`.
    fn read(&self, name: &str) -> String {
        let path = self.folder.join(name);
        let Some((folder, ending)) = name.split_once("*.") else {
            return fs::read_to_string(path).expect("a file");
        };
        let files = fs::read_dir(self.folder.join(folder)).expect("a folder");
        let files = files.map(|file| file.expect("a file").path());
        let mut files: Vec<PathBuf> =
            files.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
        files.sort();
        files.iter().map(|path| fs::read_to_string(path).expect("a file")).collect()
    }

    /// The commands of a block, each with what it prints.
    fn shown(&mut self, block: &Block, place: &str) -> String {
        let lines = block.text.lines().filter(|line| line.starts_with("$ "));
        let mut shown = String::new();
        for line in lines {
            let words = shell_words(line.trim_start_matches("$ "));
            let printed = match words.split_first() {
                Some((program, arguments)) if program == "interplay" => self.run(arguments),
                Some((program, [folder])) if program == "cd" => {
                    self.folder.push(folder);
                    String::new()
                }
                Some((program, [file])) if program == "cat" => self.read(file),
                _ => unreachable!("{place}: `{line}` is no command of the manual"),
            };
            shown.extend([line, "\n", &laid_out(&printed)]);
        }
        shown
    }

    /// Standard output and standard error together, in the order in which they came.
    fn run(&mut self, arguments: &[String]) -> String {
        let (mut reader, writer) = std::io::pipe().expect("a pipe");
        let mut command = Command::new(env!("CARGO_BIN_EXE_interplay"));
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null());
        command.stdout(writer.try_clone().expect("a pipe")).stderr(writer);
        let mut child = command.spawn().expect("the program runs");
        // The command holds the writing ends.
        drop(command);
        let mut printed = String::new();
        reader.read_to_string(&mut printed).expect("text");
        self.exit = child.wait().expect("the program ends").code().expect("an exit code");
        printed
    }
}

/// Printed text as it stands on a page: it ends with a line end and brings no spaces at line ends.
fn laid_out(printed: &str) -> String {
    printed.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The name of a snapshot is a hash of all that was loaded, and of how: which one makes no
/// difference to a reader.
fn without_snapshots(text: &str) -> String {
    let is_part = |letter: char| !letter.is_ascii_alphanumeric();
    let is_name = |word: &str| {
        word.len() == 16 && word.bytes().all(|letter| b"0123456789abcdef".contains(&letter))
    };
    let words = text.split_inclusive(is_part).map(|word| {
        let end = word.trim_end_matches(is_part);
        if is_name(end) { word.replace(end, "-") } else { word.to_owned() }
    });
    words.collect()
}

/// The words of a command: those in quotation marks are one.
fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut open) = (vec![String::new()], None);
    for letter in line.chars() {
        let word = words.last_mut().expect("a word");
        match (open, letter) {
            (Some(quote), letter) if quote == letter => open = None,
            (None, '\'' | '"') => open = Some(letter),
            (None, ' ') => words.push(String::new()),
            _ => word.push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
