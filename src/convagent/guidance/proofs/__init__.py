"""Proofs on the kernel: what holds for every customer, or the customer for whom it doesn't."""
