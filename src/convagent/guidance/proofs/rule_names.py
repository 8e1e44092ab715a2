"""What the names of a `Never` stand for, where a call is checked."""

from __future__ import annotations

import z3  # type: ignore[import-untyped]

from convagent.guidance.proofs.paths import SymbolicReading
from convagent.guidance.proofs.reached import Reached
from convagent.guidance.proofs.symbols import Symbol
from convagent.guidance.proofs.terms import day_of
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import ActionSignature

__all__ = ["RuleNames"]


class RuleNames:
    """What the names of a rule stand for, where a call is checked: who writes, the call's arguments, what is known."""

    def __init__(self, reached: Reached, reading: SymbolicReading, signature: ActionSignature | None) -> None:
        self.reached, self.reading, self.signature = reached, reading, signature

    def __call__(self, name: str) -> Symbol | None:
        """The symbol of a root name."""
        names, symbols = self.reached.names, self.reading.symbols
        if name != "customer" and name in self.reached.arguments:
            given = self.reached.arguments[name]
            here = names.get(name)
            if here is not None and here.key and given.key == f"{here.key}.id":
                return here
            parameter = self.signature.parameter(name) if self.signature is not None else None
            return given if parameter is None or _fits(given.type, t.plain(parameter.type)) else None
        if name in names and name not in {"now", "today"}:
            return names[name]
        parameter = self.signature.parameter(name) if self.signature is not None and name != "customer" else None
        if parameter is not None:
            return Symbol(t.NOTHING, z3.BoolVal(False), z3.BoolVal(False))  # not given: nothing is known by that name
        if name in {"now", "today"}:
            now = symbols.leaf("fact:now", t.MOMENT, optional=False, known=True)
            return now if name == "now" else Symbol(t.DAY, z3.BoolVal(True), z3.BoolVal(False), day_of(now.term))
        return self.reading.fact(name)


def _fits(given: t.Type, wanted: t.Type) -> bool:
    """Whether an argument is taken as it is, so that a rule sees what the guide gave."""
    texts = (t.Text, t.OneOf)
    if isinstance(wanted, t.Anything) or type(given) is type(wanted):
        return True
    return isinstance(given, texts) and isinstance(wanted, texts)
