"""What a case of evaluation is: a conversation from the customer's side, and what it should come to. Data only."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from convagent.conversation import HandoverReason, Priority
from convagent.facts import Moment

__all__ = [
    "Case",
    "CaseFile",
    "CaseTurn",
    "Expect",
    "ExpectedAction",
    "ExpectedState",
    "OutcomeName",
    "Phrase",
    "duration",
]

OutcomeName = Literal["Answered", "Asked", "HandedOver", "Silent"]
ActionStatus = Literal["done", "failed", "refused", "uncertain", "proposed"]

_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) (second|minute|hour|day)s?")


class CaseData(BaseModel):
    """Base of the format: immutable, and a key that it doesn't know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


def _listed(value: Any) -> Any:
    """One thing stands for a list of one."""
    return value if isinstance(value, (list, tuple)) or value is None else [value]


def _listed_names(value: Any) -> Any:
    """One name stands for a list of one; a yes or no stays one."""
    return [value] if isinstance(value, str) and value.casefold() not in _YES_OR_NO else value


_YES_OR_NO = frozenset({"true", "false", "yes", "no", "on", "off"})


Names = Annotated[tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])]


def duration(text: str) -> timedelta:
    """A stretch of time such as `90 minutes`, `2 hours`, `3 days`.

    Raises:
        ValueError: It reads as none.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError("write it like “2 hours”: a number and seconds, minutes, hours or days")
    return timedelta(**{f"{found[2]}s": float(found[1])})


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"this is no regular expression: {error}") from None
    return text


Pattern = Annotated[str, Field(min_length=1, max_length=2_000), BeforeValidator(lambda text: _pattern(str(text)))]


class Phrase(CaseData):
    """What a reply should or should not say: exactly one of the three ways."""

    text: str | None = Field(default=None, min_length=1, description="Words; case and spacing don't count")
    pattern: Pattern | None = Field(default=None, description="A regular expression of Python, case doesn't count")
    means: str | None = Field(
        default=None, min_length=1, description="A sentence of that meaning; unscored where the shop has no embedder"
    )
    at_least: float = Field(default=0.6, ge=-1, le=1, description="For `means`: the similarity from which it counts")

    @model_validator(mode="after")
    def _one_way(self) -> Phrase:
        if sum(way is not None for way in (self.text, self.pattern, self.means)) != 1:
            raise ValueError("give exactly one of text, pattern, means")
        return self


def _phrases(value: Any) -> Any:
    return [each if isinstance(each, (dict, Phrase)) else {"text": str(each)} for each in _listed(value) or ()]


Phrases = Annotated[
    tuple[Phrase, ...], BeforeValidator(_phrases, json_schema_input_type=str | Phrase | list[str | Phrase])
]


class ExpectedAction(CaseData):
    """A call of an action or look-up that should happen.

    An argument is a value, or `{pattern: …}`, `{one_of: […]}`, `{given: true}`. Arguments that aren't named may be anything.
    """

    action: str = Field(min_length=1)
    arguments: dict[str, Any] = Field(default_factory=dict)
    status: Annotated[
        tuple[ActionStatus, ...],
        BeforeValidator(_listed, json_schema_input_type=ActionStatus | list[ActionStatus]),
    ] = Field(default=("done",), min_length=1, description="What became of it: one of these")
    times: int | None = Field(default=None, ge=1, le=100, description="Exactly so often; at least once by default")

    @field_validator("arguments")
    @classmethod
    def _readable_arguments(cls, value: dict[str, Any]) -> dict[str, Any]:
        for each in value.values():
            if isinstance(each, dict) and set(each) == {"pattern"}:
                _pattern(str(each["pattern"]))
            if isinstance(each, dict) and set(each) == {"one_of"} and not isinstance(each["one_of"], list):
                raise ValueError("one_of takes a list")
        return value


def _actions(value: Any) -> Any:
    return [{"action": each} if isinstance(each, str) else each for each in _listed(value) or ()]


class ExpectedState(CaseData):
    """What the shop's systems should know at the end, seen through a look-up that is called after the last turn."""

    lookup: str = Field(min_length=1, description="A look-up of the shop")
    arguments: dict[str, Any] = Field(default_factory=dict)
    holds: dict[str, Any] = Field(
        default_factory=dict,
        description="By path in the result, such as status or items.0.quantity: a value, {pattern: …}, {one_of: […]}",
    )
    found: bool = Field(default=True, description="Whether the look-up finds anything")


class Expect(CaseData):
    """What a turn, or the conversation at its end, should come to. What isn't named may be anything.

    At the end, `outcome` and what belongs to it mean the last turn; guides, actions, phrases and the rest mean the whole
    conversation. A write that no expectation of the case names is always a failure.
    """

    outcome: Annotated[
        tuple[OutcomeName, ...], BeforeValidator(_listed, json_schema_input_type=OutcomeName | list[OutcomeName])
    ] = Field(default=(), description="One of these")
    refused: bool | None = Field(default=None, description="Whether the rules refused it")
    asks: Names = Field(default=(), description="Needs that it asks for; `confirm` for a yes")
    why: Names = Field(default=(), description="Why it is silent: one of these")
    reason: Annotated[
        tuple[HandoverReason, ...],
        BeforeValidator(_listed, json_schema_input_type=HandoverReason | list[HandoverReason]),
    ] = Field(default=(), description="Why a person takes over: one of these")
    team: str | None = Field(default=None, description="Who takes over")
    priority: Priority | None = None
    guide: str | None = Field(default=None, description="Title of the guide that reads the message; null: none does")
    guides: Names = Field(default=(), description="Titles of guides that are read, among others")
    not_guides: Names = ()
    branches: Names = Field(default=(), description="Addresses whose condition holds, such as Cancel an order/9")
    not_branches: Names = ()
    actions: Annotated[
        tuple[ExpectedAction, ...],
        BeforeValidator(_actions, json_schema_input_type=str | ExpectedAction | list[str | ExpectedAction]),
    ] = Field(default=(), description="Calls, in any order unless `in_order`")
    in_order: bool = Field(default=False, description="The actions come in the order in which they stand here")
    not_actions: Names = Field(default=(), description="Never called, whatever comes of it")
    state: Annotated[
        tuple[ExpectedState, ...],
        BeforeValidator(_listed, json_schema_input_type=ExpectedState | list[ExpectedState]),
    ] = Field(default=(), description="At the end only")
    cites: Names = Field(default=(), description="Ids of articles that are cited, among others")
    not_cites: Names = ()
    says: Phrases = ()
    says_not: Phrases = ()
    language: str | None = Field(default=None, min_length=2, max_length=12, description="Of the reply")
    shows: Annotated[
        bool | tuple[str, ...] | None,
        BeforeValidator(_listed_names, json_schema_input_type=bool | str | list[str] | None),
    ] = Field(default=None, description="Whether products are shown; or their ids or titles, among others")
    shows_not: Names = Field(default=(), description="Ids or titles of products that are not shown")
    judge: Names = Field(
        default=(),
        description="Statements about the reply, at the end about the conversation, that a chat model judges; no verdict of the "
        "case hangs on them",
    )
    model_calls: int | None = Field(default=None, ge=0, description="At most so many")
    seconds: float | None = Field(default=None, gt=0, description="At most so long, each turn")

    @property
    def says_nothing(self) -> bool:
        """Whether nothing at all is expected."""
        return not (self.model_fields_set - {"in_order"})


class CaseTurn(CaseData):
    """One thing that happens: exactly one of customer, person, event."""

    customer: str | None = Field(default=None, description="What the customer writes")
    person: str | None = Field(default=None, description="What a colleague writes; the agent is silent from then on")
    event: str | None = Field(default=None, description="What happens in the storefront, such as product_viewed")
    lasts: str | None = Field(default=None, description="For an event: how long, such as 45 seconds")
    after: str | None = Field(default=None, description="How long after the turn before, such as 2 days")
    facts: dict[str, Any] = Field(default_factory=dict, description="On top of the case's own")
    pictures: Names = Field(default=(), description="Names of pictures that come with the message")
    give_back: bool = Field(default=False, description="A colleague gives the conversation back first")
    expect: Expect = Expect()

    @field_validator("lasts", "after")
    @classmethod
    def _is_duration(cls, value: str | None) -> str | None:
        if value is not None:
            duration(value)
        return value

    @model_validator(mode="after")
    def _one_author(self) -> CaseTurn:
        if sum(each is not None for each in (self.customer, self.person, self.event)) != 1:
            raise ValueError("give exactly one of customer, person, event")
        return self


class CaseBody(CaseData):
    """What a case says of itself, in a file and out of it."""

    title: str = Field(min_length=1, max_length=300)
    tags: Names = ()
    seed: int = Field(default=0, ge=0, le=2**31)
    clock: Moment | None = Field(
        default=None, description="The moment of the first turn; the shop's fixed clock by default"
    )
    facts: dict[str, Any] = Field(default_factory=dict, description="What the caller knows, see convagent.facts.Facts")
    state: dict[str, Any] | None = Field(
        default=None, description="What the shop's systems know before; handed to actions(shop_folder, state)"
    )
    limit_seconds: float = Field(default=60, gt=0, le=3600, description="The whole case may take so long")
    turns: tuple[CaseTurn, ...] = Field(min_length=1, max_length=200)
    expect: Expect = Field(default=Expect(), description="At the end")
    notes: str = ""


class CaseEntry(CaseBody):
    """A case as it stands in a file."""

    id: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        pattern=r"^[^\s\[\]]+$",
        description="Made from the title by default",
    )
    table: tuple[dict[str, Any], ...] = Field(
        default=(), description="One case for each row; {column} in any text of the case stands for the row's value"
    )


class CaseFile(CaseData):
    """A file of cases: a suite."""

    suite: str | None = Field(default=None, min_length=1, max_length=100, description="Its name; the file's by default")
    include: Names = Field(default=(), description="Other files, relative to this one, in the same folder or below")
    tags: Names = Field(default=(), description="Of every case")
    clock: Moment | None = Field(default=None, description="Of every case that gives none")
    facts: dict[str, Any] = Field(default_factory=dict, description="Of every case; a case's own come on top")
    cases: tuple[CaseEntry, ...] = ()


class Case(CaseBody):
    """A case that is ready to run: rows of tables are spread out, what a suite says of all its cases is in it."""

    id: str
    suite: str
    file: str = ""
    line: int = 0

    @property
    def digest(self) -> str:
        """A hash of all that it says, wherever it stands."""
        data = self.model_dump(mode="json", exclude={"file", "line"}, exclude_unset=True)
        return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=True).encode()).hexdigest()[:16]

    @property
    def guides(self) -> frozenset[str]:
        """Titles of the guides that its expectations name."""
        every = [*(turn.expect for turn in self.turns), self.expect]
        named = {title for each in every for title in (each.guide, *each.guides, *each.not_guides) if title}
        return frozenset(
            named | {address.split("/")[0] for each in every for address in (*each.branches, *each.not_branches)}
        )
