"""Text to syntax tree and back: layout, grammar, slips, formatting, texts and their translations."""
