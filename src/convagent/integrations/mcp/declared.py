"""The file in which a shop says which tools of an MCP server it takes, and under which preconditions."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from convagent.actions import AmountLimit, Limit
from convagent.actions.limits import Per
from convagent.errors import ActionError
from convagent.facts import Verification

__all__ = ["Declaration", "DeclaredServer", "DeclaredTool", "read_declaration"]

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
_TIME = re.compile(r"\s*(\d{1,6})\s*(minute|hour|day)s?\s*")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DeclaredServer(_Part):
    """The section `[server]`: a command that is started for each call, or an address."""

    command: str | None = None
    args: tuple[str, ...] = ()
    env: tuple[Name, ...] = Field(default=(), description="Names of environment variables that are passed on")
    url: str | None = Field(default=None, pattern=r"^https?://")
    token: Name | None = Field(default=None, description="Environment variable with a bearer token for `url`")
    timeout_seconds: float = Field(default=20.0, gt=0, le=300)

    @model_validator(mode="after")
    def _one_way(self) -> DeclaredServer:
        if (self.command is None) == (self.url is None):
            raise ValueError("a server has a command or a url")
        return self


class DeclaredLimit(_Part):
    """How often: `{ count = 3, within = "1 day" }`."""

    count: int = Field(ge=0)
    within: str | None = None
    per: Per = "customer"

    def as_limit(self) -> Limit:
        """The limit that `@action` takes."""
        return Limit(self.count, _time(self.within), self.per)


class DeclaredAmount(_Part):
    """How much: `{ parameter = "amount", at_most = "50" }`."""

    parameter: Name
    at_most: str | int
    within: str | None = None
    per: Per = "customer"

    def as_limit(self) -> AmountLimit:
        """The limit that `@action` takes."""
        return AmountLimit(self.parameter, self.at_most, _time(self.within), self.per)


class DeclaredTool(_Part):
    """A section `[tools.NAME]`; NAME is the server's own. What isn't listed is not taken."""

    kind: Literal["lookup", "write"]
    name: Name | None = Field(default=None, description="As guidance writes it; the tool's own name by default")
    requires: Verification | None = None
    confirm: bool = True
    own: dict[str, str] = Field(default_factory=dict)
    limits: tuple[DeclaredLimit, ...] = ()
    amounts: tuple[DeclaredAmount, ...] = ()
    key: Name | None = Field(
        default=None, description="The tool's argument that takes the idempotency key, if it honours one"
    )
    errors: Literal["not done", "unknown"] = Field(
        default="unknown", description="What the server's own errors say of a write: that it was not done, or nothing"
    )


class Declaration(_Part):
    """The whole file."""

    server: DeclaredServer
    tools: dict[str, DeclaredTool] = Field(min_length=1)


def read_declaration(path: Path) -> Declaration:
    """Reads the file.

    Raises:
        ActionError: `mcp-declaration`: it is missing, is no TOML, or says what can't be; all faults are named together.
    """
    try:
        data: Any = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        declared = Declaration.model_validate(data)
        for tool in declared.tools.values():
            _ = [each.as_limit() for each in tool.limits], [each.as_limit() for each in tool.amounts]
    except ValidationError as error:
        faults = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()[:10]]
        raise _fault("; ".join(faults), path) from None
    except ActionError as error:
        raise _fault(error.message, path) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _fault(str(error), path) from None
    return declared


def _fault(what: str, path: Path) -> ActionError:
    return ActionError(
        f"these tools can't be declared: {what}", code="mcp-declaration", place=path, remedy="docs/mcp.md shows one."
    )


def _time(words: str | None) -> timedelta | None:
    if words is None:
        return None
    found = _TIME.fullmatch(words)
    if found is None:
        raise ActionError(f"{words!r} is no time such as 1 day or 30 minutes", code="mcp-declaration")
    return timedelta(**{f"{found[2]}s": int(found[1])})
