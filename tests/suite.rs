//! Cases, samples and tidiness.
