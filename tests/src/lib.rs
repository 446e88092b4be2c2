//! What the suites of the whole stand on: case files, the oracle, and random programs and data.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on stops, and says where"
)]

pub mod attacker;
pub mod case;
pub mod editor;
pub mod engine;
pub mod generated;
pub mod manual;
pub mod mutation;
pub mod oracle;
pub mod page;
pub mod plain;
pub mod problem_page;
pub mod random;
pub mod sample;
pub mod text;
pub mod tidy;
pub mod unread;
pub mod vocabulary;
