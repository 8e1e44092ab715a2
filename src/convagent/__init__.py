"""convagent."""
