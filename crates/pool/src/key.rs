//! The key under which identifiers become pseudonyms.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Whoever has the key can try identifiers until a pseudonym fits, so it lies outside the
/// project.
#[derive(Clone, PartialEq, Eq)]
pub enum Key {
    /// Built in, for samples: it protects nobody, and every output says so.
    Demonstration,
    /// The coalition's own.
    Bytes(Vec<u8>),
}

impl Key {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Demonstration => b"interplay demonstration key, known to everybody",
            Self::Bytes(bytes) => bytes,
        }
    }

    /// HMAC-SHA-256 of `message`, its first 16 bytes in hexadecimal.
    pub(crate) fn keyed(&self, message: &[u8]) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.bytes()) else {
            // A key of any length is taken.
            return String::new();
        };
        mac.update(message);
        hex(&mac.finalize().into_bytes(), 16)
    }

    /// What tells one key from another, and does not give it away.
    pub(crate) fn fingerprint(&self) -> String {
        self.keyed(b"interplay: the fingerprint of a key")
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Demonstration => "Demonstration",
            Self::Bytes(_) => "Bytes(…)",
        })
    }
}

/// The first `count` bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8], count: usize) -> String {
    bytes.iter().take(count).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn a_key_is_never_shown_and_each_gives_its_own_pseudonyms() {
        let key = Key::Bytes(b"secret".to_vec());
        assert_eq!(format!("{key:?}"), "Bytes(…)");
        assert_ne!(key.keyed(b"a"), Key::Demonstration.keyed(b"a"));
        assert_eq!(key.keyed(b"a").len(), 32);
    }

    #[test]
    fn the_keyed_hash_is_the_published_one() {
        // RFC 4231, test case 2.
        let key = Key::Bytes(b"Jefe".to_vec());
        assert_eq!(key.keyed(b"what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c7");
    }
}
