"""Who a simulated customer is: what they want and know, how they write, and how much they bear. Data only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from convagent.errors import EvalError, Place
from convagent.evals.cases import CaseData, Expect, ExpectedAction, ExpectedState, Names, Phrase
from convagent.evals.checked import checked
from convagent.evals.faults import CaseFault
from convagent.evals.yaml_source import read_yaml_file
from convagent.facts import Moment

__all__ = ["Manner", "Mood", "Persona", "PersonaFile", "read_personas"]

Mood = Literal["calm", "annoyed", "angry"]
Manner = Literal["terse", "chatty", "typos", "shouting", "lower_case"]


def _listed(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) or value is None else [value]


Answers = Annotated[
    tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str]), Field(min_length=1)
]


class Persona(CaseData):
    """A customer: a goal, what they know, and how they are.

    Attributes:
        name: Unique among the personas.
        goal: What they want, in words for readers.
        language: What they write.
        opens: Ways to say what they want. The seed chooses one; the others follow when they aren't understood.
        knows: What they answer to a need, by its name. Several answers are given one after the other: they correct themselves.
        agrees: Whether they say yes to what they are asked to confirm.
        asides: Questions that they put in between, each at most once.
        manner: How they write.
        mood: In which they come; each disappointment makes it worse.
        patience: How many disappointments they bear: an answer that isn't one, a question that they have answered.
        gives_up: What they do then.
        reaches: What has come about when they have what they want.
        facts, state, clock: As of a case.
    """

    name: str = Field(min_length=1, max_length=100, pattern=r"^[\w-]+$")
    goal: str = Field(min_length=1, max_length=300, description="What they want, for readers")
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    opens: Answers = Field(description="Ways to say what they want")
    knows: dict[str, Answers] = Field(default_factory=dict, description="Answers by the name of the need")
    agrees: bool = Field(default=True, description="Whether they say yes to what they are asked to confirm")
    asides: Names = Field(default=(), description="Questions that they put in between")
    manner: Annotated[tuple[Manner, ...], BeforeValidator(_listed, json_schema_input_type=Manner | list[Manner])] = (
        Field(default=(), description="How they write")
    )
    mood: Mood = "calm"
    patience: int = Field(default=2, ge=0, le=20, description="How many disappointments they bear")
    gives_up: Literal["asks_for_a_person", "leaves"] = "asks_for_a_person"
    reaches: Expect = Field(description="What has come about when they have what they want, as `expect` of a case")
    facts: dict[str, Any] = Field(default_factory=dict)
    state: dict[str, Any] | None = None
    clock: Moment | None = None

    def knows_of(self, need: str) -> tuple[str, ...] | None:
        """What they know of a need: by its name, or else by the last word of it (`second_email` is an `email`)."""
        return self.knows.get(need) or next(
            (self.knows[part] for part in reversed(need.split("_")) if part in self.knows), None
        )


LEAST = """\
      personas:
        - name: asks-for-order
          goal: Know where the order is
          opens: ["where is my order?"]
          knows: {order: "#1042", email: ada@example.com}
          reaches: {outcome: Answered}
    docs/evals.md tells of manner, mood, patience and what else there is."""
"""A file of personas that can be copied."""


class PersonaFile(CaseData):
    """A file of personas."""

    personas: tuple[Persona, ...] = Field(min_length=1)


_BELOW: dict[str, type[BaseModel]] = {
    "personas": Persona, "reaches": Expect, "actions": ExpectedAction, "state": ExpectedState, "says": Phrase,
    "says_not": Phrase,
}  # fmt: skip


def read_personas(paths: Iterable[str | Path]) -> tuple[tuple[Persona, ...], tuple[CaseFault, ...]]:
    """The personas of YAML files, and every fault with its place.

    Raises:
        EvalError: `eval-missing`: a path is no file.
    """
    personas: dict[str, Persona] = {}
    faults: list[CaseFault] = []
    for path in map(Path, paths):
        if not path.is_file():
            raise EvalError(
                "there is no such file of personas", code="eval-missing", place=path,
                remedy="Write one, here or elsewhere, and name it. The least that it holds:\n" + LEAST,
            )  # fmt: skip
        source = read_yaml_file(path)
        faults += source.faults
        if source.data is None and source.faults:
            continue
        file, found = checked(PersonaFile, source.data, source, below=_BELOW)
        faults += found
        for number, persona in enumerate(file.personas if file is not None else ()):
            if persona.name in personas:
                at: Place = source.place(("personas", number, "name"))
                faults.append(
                    CaseFault("eval-twice", at, f"there are two personas called {persona.name}", "Rename one.")
                )
            personas.setdefault(persona.name, persona)
    return tuple(personas.values()), tuple(faults)
