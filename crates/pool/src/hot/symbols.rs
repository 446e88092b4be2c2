//! Texts as numbers, in the order of the texts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use datafusion::arrow::array::{Array, Int32Array, StringArray};

/// Every distinct text of the hot form, sorted; a symbol is a place in it.
#[derive(Clone, Debug)]
pub(crate) struct Symbols {
    // Invariant: sorted by bytes, each text once, none null.
    texts: StringArray,
    /// Texts that no row holds: a rule may say them, and they differ from one another all the same.
    further: Arc<Mutex<Interner>>,
}

impl Symbols {
    /// `None` when the texts are not sorted, or one stands twice.
    pub(crate) fn new(texts: StringArray) -> Option<Self> {
        let sorted = (1..texts.len()).all(|place| texts.value(place - 1) < texts.value(place));
        (sorted && texts.null_count() == 0).then(|| Self::of(texts))
    }

    fn of(texts: StringArray) -> Self {
        Self { texts, further: Arc::default() }
    }

    pub(crate) fn texts(&self) -> &StringArray {
        &self.texts
    }

    pub(crate) fn find(&self, text: &str) -> Option<i32> {
        let (mut low, mut high) = (0, self.texts.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.texts.value(middle).cmp(text) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return i32::try_from(middle).ok(),
            }
        }
        None
    }

    pub(crate) fn text(&self, symbol: i32) -> Option<&str> {
        let place = usize::try_from(symbol).ok()?;
        (place < self.texts.len()).then(|| self.texts.value(place))
    }

    /// The symbol of a text; of one that no row holds a further one, the same each time.
    pub(crate) fn number(&self, text: &str) -> i32 {
        let first = i32::try_from(self.texts.len()).unwrap_or(i32::MAX);
        self.find(text).unwrap_or_else(|| first.saturating_add(self.further().number(text)))
    }

    /// What a symbol or a further one stands for.
    pub(crate) fn said(&self, number: i32) -> Option<String> {
        if let Some(text) = self.text(number) {
            return Some(text.to_owned());
        }
        let place = usize::try_from(number).ok()?.checked_sub(self.texts.len())?;
        let further = self.further();
        further.texts.get(place).map(|text| text.to_string())
    }

    fn further(&self) -> MutexGuard<'_, Interner> {
        self.further.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives texts provisional numbers, in the order they are met.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    numbers: HashMap<Arc<str>, i32>,
    texts: Vec<Arc<str>>,
}

impl Interner {
    pub(crate) fn number(&mut self, text: &str) -> i32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = i32::try_from(self.texts.len()).unwrap_or(i32::MAX);
        let text: Arc<str> = Arc::from(text);
        self.numbers.insert(Arc::clone(&text), number);
        self.texts.push(text);
        number
    }

    /// The number of a text that was met.
    pub(crate) fn find(&self, text: &str) -> Option<i32> {
        self.numbers.get(text).copied()
    }

    pub(crate) fn text(&self, number: i32) -> &str {
        usize::try_from(number).ok().and_then(|place| self.texts.get(place)).map_or("", |text| text)
    }

    /// The sorted table, and the symbol of each provisional number.
    pub(crate) fn finish(&self) -> (Symbols, Vec<i32>) {
        let mut order: Vec<usize> = (0..self.texts.len()).collect();
        order.sort_unstable_by(|one, other| self.texts[*one].cmp(&self.texts[*other]));
        let mut ranks = vec![0; order.len()];
        for (rank, number) in (0_i32..).zip(&order) {
            ranks[*number] = rank;
        }
        let texts = order.iter().map(|number| Some(&*self.texts[*number]));
        (Symbols::of(texts.collect()), ranks)
    }
}

/// `numbers` with each provisional number replaced by its symbol.
pub(crate) fn ranked(numbers: &Int32Array, ranks: &[i32]) -> Int32Array {
    numbers.unary(|number| {
        usize::try_from(number).ok().and_then(|place| ranks.get(place)).copied().unwrap_or(0)
    })
}

#[cfg(test)]
mod tests {
    use super::Interner;

    #[test]
    fn symbols_are_ordered_as_their_texts() {
        let mut interner = Interner::default();
        let met = ["temporary", "emergency", "", "été", "housed", "emergency"];
        let numbers = met.map(|text| interner.number(text));
        let (symbols, ranks) = interner.finish();
        assert_eq!(symbols.texts().iter().count(), 5);
        for (text, number) in met.iter().zip(numbers) {
            let symbol = ranks[usize::try_from(number).unwrap()];
            assert_eq!(symbols.find(text), Some(symbol));
            assert_eq!(symbols.text(symbol), Some(*text));
        }
        assert_eq!(symbols.find("harbour"), None);
        assert_eq!(symbols.text(5), None);
        assert_eq!(symbols.text(-1), None);
    }

    #[test]
    fn texts_that_no_row_holds_differ_and_stand_behind_the_others() {
        let mut interner = Interner::default();
        interner.number("housed");
        let (symbols, _) = interner.finish();
        let [one, two] = ["harbour", "canal"].map(|text| symbols.number(text));
        assert_eq!([symbols.number("housed"), one, two], [0, 1, 2]);
        assert_eq!(symbols.clone().number("harbour"), one);
        assert_eq!(
            [one, two].map(|it| symbols.said(it)),
            ["harbour", "canal"].map(|it| Some(it.to_owned()))
        );
        assert_eq!(symbols.said(0), Some("housed".to_owned()));
        assert_eq!([symbols.said(3), symbols.said(-2)], [None, None]);
    }
}
