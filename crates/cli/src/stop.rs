//! Why a command ends before its end.

use std::error::Error;

/// The reason, each with its exit code.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Problems of the author, already told: 1
    Problems,
    /// Faults of a session, each already told: the gravest code
    Told(u8),
    /// Words on the command line that mean nothing here: 2
    Usage(String),
    /// A fault of the world: 3
    World(String),
    /// What the engine met, by its own code
    Engine(interplay::Error),
    /// Ctrl-C: 130
    Cancelled,
    /// Nobody reads on: success
    Closed,
}

impl Stop {
    /// A fault of the world: what was tried, and what it said.
    pub(crate) fn world(tried: &str, error: &dyn Error) -> Self {
        Self::World(format!("{tried}: {}", chain(error)))
    }

    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Closed => 0,
            Self::Problems => 1,
            Self::Told(code) => *code,
            Self::Usage(_) => 2,
            Self::World(_) => 3,
            Self::Engine(error) => error.exit_code(),
            Self::Cancelled => 130,
        }
    }

    /// What is still to be told.
    pub(crate) fn message(&self) -> Option<String> {
        match self {
            Self::Closed | Self::Problems | Self::Told(_) => None,
            Self::Usage(message) | Self::World(message) => Some(message.clone()),
            Self::Engine(error) => Some(chain(error)),
            Self::Cancelled => Some("cancelled".to_owned()),
        }
    }
}

impl From<interplay::Error> for Stop {
    fn from(error: interplay::Error) -> Self {
        Self::Engine(error)
    }
}

/// An error and what lies behind it: `cannot read a.csv: no such file`. What a message repeats
/// of the one before is said once.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let next = error.to_string();
        if !text.contains(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{Stop, chain};

    #[test]
    fn each_fault_has_its_own_code() {
        let stops = [
            Stop::Closed,
            Stop::Problems,
            Stop::Usage(String::new()),
            Stop::World(String::new()),
            Stop::Cancelled,
        ];
        assert_eq!(stops.map(|stop| stop.code()), [0, 1, 2, 3, 130]);
    }

    #[test]
    fn a_cause_that_is_told_already_is_not_told_twice() {
        let error = io::Error::other("disk full");
        assert_eq!(chain(&io::Error::other(error)), "disk full");
    }
}
