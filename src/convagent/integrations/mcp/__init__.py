"""The Model Context Protocol: a shop's actions served as tools, and other servers' tools as actions. Extra: `mcp`.

docs/mcp.md shows both.
"""

from convagent.integrations.mcp.imported import McpTools, mcp_actions, pin_tools
from convagent.integrations.mcp.serving import mcp_server

__all__ = ["McpTools", "mcp_actions", "mcp_server", "pin_tools"]
