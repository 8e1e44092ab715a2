"""Help for authors while they write: a language server for guidance files, for any editor that speaks the protocol."""
