"""The kernel and its reading: requests and facts to steps, pure and deterministic."""
