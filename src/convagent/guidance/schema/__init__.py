"""Types, units and the vocabulary that guides may speak of."""
