"""The shopping conversation: what a shopper wants, one good question, a short list with reasons, and when to stop selling."""
