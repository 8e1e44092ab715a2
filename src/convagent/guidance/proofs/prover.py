"""Putting questions: to the solver first, then to the interpreter with the customer that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

import z3  # type: ignore[import-untyped]

from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.finding import Finding, Span
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.proofs.counterexample import Case, NotConcreteError, case_of, with_products
from convagent.guidance.proofs.paths import SymbolicReading
from convagent.guidance.proofs.replay import Played, play
from convagent.guidance.proofs.report import Proof, ProofSettings
from convagent.guidance.proofs.symbols import Symbols
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import Vocabulary

__all__ = ["Answer", "Prover"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question.

    Attributes:
        kind: `never`: proven that no customer does. `found`: one really does. `open`: neither.
        played: How that customer fared.
        why: Why it stays open.
    """

    kind: Literal["never", "found", "open"]
    played: Played | None = None
    why: str = ""

    def story(self) -> str:
        """The customer in words."""
        told = "; ".join(self.played.case.story()) if self.played is not None else ""
        return told or "whoever writes"


class Prover:
    """Puts questions about a shop's guides and gathers what comes of them.

    Args:
        kernel: The guides.
        vocabulary: What names mean, with the shop's actions.
        currency: The shop's, ISO 4217.
        zone: The shop's.
        lines: The lines of each file, so that findings show them.
        settings: Bounds.
    """

    def __init__(
        self, kernel: k.Kernel, vocabulary: Vocabulary, currency: str, zone: ZoneInfo, lines: Mapping[str, Sequence[str]],
        settings: ProofSettings,
    ) -> None:  # fmt: skip
        self.kernel, self.vocabulary, self.currency, self.zone = kernel, vocabulary, currency, zone
        self.lines, self.settings = lines, settings
        self.found: list[Proof] = []
        self.open: list[str] = []
        self.bounded: list[str] = []
        self.proven = 0
        self.told: set[tuple[str, str, str]] = set()

    def symbols(self) -> Symbols:
        """The symbols of one more proof."""
        return Symbols(self.vocabulary, self.currency)

    # ---- the solver
    def ask(
        self,
        symbols: Symbols,
        formulas: Iterable[Any],
        wishes: Iterable[Any] = (),
        *,
        also: frozenset[str] = frozenset(),
    ) -> tuple[str, Any]:
        """Puts one question: `sat` with a model, `unsat`, or `unknown`. Wishes are dropped where they can't be had."""
        asked = z3.And(*formulas)
        wanted = symbols.unknowns.of([asked]) | also
        solver = z3.SimpleSolver()
        solver.set("rlimit", self.settings.effort, "random_seed", 0)
        solver.add(asked, *symbols.that_matter(wanted))
        result = str(solver.check())
        if result != "sat":
            return result, None
        model = solver.model()
        kept: list[Any] = []
        for wish in wishes:
            if str(solver.check(*kept, wish)) == "sat":
                kept.append(wish)
                model = solver.model()
        return "sat", model

    # ---- the interpreter
    def search(
        self, guide: k.Guide, reading: SymbolicReading, formulas: list[Any], really: Callable[[Played], bool], *,
        until: str | None = None,
    ) -> Answer:  # fmt: skip
        """Asks for a customer, and lets the interpreter try the one who is found.

        Args:
            guide: What the conversation begins with.
            reading: The same, for all customers.
            formulas: What holds of the customer.
            really: Whether the replay does what is asked for.
            until: Address of the action that the replay goes up to; to the end where it is None.
        """
        symbols, why = reading.symbols, ""
        named = (*reading.usual, *reading.named)
        for more, several in ((tuple(reading.usual), False), (named, False), (named, True)):
            used = symbols.unknowns.of([*formulas, *more])
            used |= symbols.unknowns.of(symbols.that_matter(used))
            wishes = (*_short(symbols, used), *more, *symbols.hopes, *_wishes(symbols, used, several=several))
            result, model = self.ask(symbols, formulas, wishes, also=used)
            if result == "unsat":
                return Answer("never")
            if result != "sat":
                return Answer("open", why="it takes the solver too long")
            played, why = self.replay(guide, symbols, model, used, really, until)
            if played is not None:
                return Answer("found", played)
        return Answer("open", why=why)

    def replay(
        self, guide: k.Guide, symbols: Symbols, model: Any, used: frozenset[str], really: Callable[[Played], bool],
        until: str | None,
    ) -> tuple[Played | None, str]:  # fmt: skip
        """Lets the interpreter try the customer that a model describes. Returns None and why where it comes to nothing."""
        try:
            case = case_of(model, symbols, used, self.zone)
        except NotConcreteError:
            return None, _why(symbols, used)
        try:
            stocked = with_products(case)
            for tried in (case, replace(case, volunteers=True), *((stocked,) if stocked != case else ())):
                played = self.play(guide, tried, until)
                if really(played):
                    return played, ""
            return None, _why(symbols, used)
        except Exception as error:  # noqa: BLE001 - a made-up customer proves nothing where reading them fails
            return None, f"the customer that was found could not be replayed ({type(error).__name__})"

    def play(self, guide: k.Guide, case: Case, until: str | None) -> Played:
        """Reads a guide with a case's customer."""
        return play(guide, self.kernel, case, vocabulary=self.vocabulary, currency=self.currency, until=until)

    # ---- what comes of it
    def note(self, answer: Answer, question: str) -> bool:
        """Counts a question. Returns whether a customer was found."""
        if answer.kind == "never":
            self.proven += 1
        elif answer.kind == "open":
            self.open.append(f"{question}: {answer.why}")
        return answer.kind == "found"

    def tell(
        self, code: str, guide: k.Guide, span: Span, address: str, message: str, remedy: str, *,
        case: Case | None = None, rule: str = "",
    ) -> None:  # fmt: skip
        """Notes what was found, once for each statement and rule."""
        if (code, address, rule) in self.told:
            return
        self.told.add((code, address, rule))
        owner = self.kernel.guide(address.rpartition("/")[0]) or guide
        lines = self.lines.get(owner.file, ())
        source = lines[span.line - 1] if 0 < span.line <= len(lines) else ""
        width = span.end_column - span.column if span.end_line == span.line else max(1, len(source) - span.column + 1)
        finding = Finding(
            code, CODES[code].severity, message, owner.file, span.line, span.column, remedy, source, max(1, width), owner.title
        )  # fmt: skip
        self.found.append(Proof(finding, address, case, rule, guide.title))


def _short(symbols: Symbols, used: frozenset[str]) -> Iterator[Any]:
    """That no list holds more than is told apart: of what lies beyond no record can be made."""
    for key, leaf in symbols.leaves.items():
        if leaf.symbol.overflow is not None and not used.isdisjoint((key, f"{key} length")):
            yield z3.Not(leaf.symbol.overflow)


def _wishes(symbols: Symbols, used: frozenset[str], *, several: bool) -> Iterator[Any]:
    """What makes a customer an everyday one: short lists, one piece a line, amounts that aren't below nothing.

    Of a list with one element nothing is left to pick. Who isn't found so is looked for among customers with two of everything.
    """
    for place, (key, leaf) in enumerate(symbols.leaves.items()):
        symbol = leaf.symbol
        if used.isdisjoint((key, f"{key} length", f"{key} none")):
            continue
        if f"{key} none" in used:
            yield z3.Not(symbol.none)
        if isinstance(symbol.type, t.Text):
            yield symbol.term == 1000 + place  # a text of its own rather than one that the guide names
            continue
        if symbol.overflow is not None and symbol.elements:
            yield symbol.elements[1].present if several else z3.Not(symbol.elements[1].present)
            yield z3.Not(symbol.overflow)
        if symbol.term is None:
            continue
        if key.endswith(".quantity"):
            yield symbol.term == 1
        elif isinstance(symbol.type, t.OneOf) and key in used:
            # the first that is possible, so that the same question finds the same customer each time
            yield from (symbol.term == symbols.word(value) for value in symbol.type.values)
        elif isinstance(symbol.type, (t.MoneyType, t.Number, t.DurationType)):
            yield symbol.term >= 0


def _why(symbols: Symbols, used: frozenset[str]) -> str:
    """Why a customer that the solver found is not taken for one."""
    told = [told for key, told in symbols.opaque.items() if any(f"opaque:{key}" in name for name in used)]
    if told:
        return "it hangs on what the solver can't reckon with: " + ", ".join(
            f"`{each}`" for each in dict.fromkeys(told[:3])
        )
    return "the interpreter does not come there with the customer that was found"
