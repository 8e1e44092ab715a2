"""An MCP server over standard input and output: `python -m convagent.integrations.mcp.stdio SHOP [ACTION …]`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from convagent.agent import Agent
from convagent.errors import ConvagentError
from convagent.integrations.mcp.extra import needed
from convagent.integrations.mcp.serving import mcp_server

__all__ = ["main", "serve_stdio"]


async def serve_stdio(agent: Agent, *, only: Sequence[str] | None = None) -> None:
    """Serves a shop's actions until standard input ends.

    Args:
        agent: Whose shop it is.
        only: Names of the actions to offer; all of them by default.
    """
    server = mcp_server(agent, only=only)
    async with needed("mcp.server.stdio").stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 2 when the shop can't be opened."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help"):
        sys.stderr.write("python -m convagent.integrations.mcp.stdio SHOP [ACTION …]\n")
        return 2
    try:
        with Agent.open(given[0]) as agent:
            asyncio.run(serve_stdio(agent, only=given[1:] or None))
    except ConvagentError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
