"""The command line: `convagent --help`."""

from convagent.cli.app import main

__all__ = ["main"]
