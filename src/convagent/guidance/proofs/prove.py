"""Proofs: what holds for every customer, and for whom it doesn't.

Three questions are put to the solver. Can a branch open at all? Can a guide come to an action that a `Never` blocks? Can it come
to a write without the customer's yes? Each ends in one of three ways: proven, found with a customer for whom the interpreter
really does it, or not proven, which is told and never taken for fine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

import z3  # type: ignore[import-untyped]

from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.finding import Finding, Span
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.unparse import unparse
from convagent.guidance.proofs.counterexample import Case, NotConcreteError, case_of, names_in
from convagent.guidance.proofs.paths import Reached, SymbolicReading
from convagent.guidance.proofs.replay import Played, blocks, play
from convagent.guidance.proofs.rule_names import RuleNames
from convagent.guidance.proofs.symbols import LIST_LENGTH, Symbols, Truth
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import ActionSignature, Vocabulary

__all__ = ["ASSUMPTIONS", "Proof", "ProofReport", "ProofSettings", "prove"]

ASSUMPTIONS = (
    "facts, answers and what look-ups give have the types that the vocabulary says; moments lie between 1900 and 2100",
    "all amounts are in the shop's currency, spans of days are 24 hours each, and the clock is not put back or forward",
    "where a guide runs once for each of several picks, one of them stands for all",
    f"the first {LIST_LENGTH} elements of a list are told apart; of what lies beyond, anything may be true",
    "a judgement may come out either way, and so may whatever the solver can't reckon with",
)
"""What every proof rests on."""


@dataclass(frozen=True, slots=True)
class ProofSettings:
    """Bounds of a proof.

    Attributes:
        effort: Steps of the solver for one question; beyond, it is not proven. Counted, not timed: the same on every machine.
    """

    effort: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Proof:
    """Something that doesn't hold.

    Attributes:
        finding: As `check` tells them.
        address: The statement.
        case: The customer for whom it doesn't; None where no customer ever comes there.
        rule: Address of the `Never`, empty for other questions.
    """

    finding: Finding
    address: str
    case: Case | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class ProofReport:
    """What came of all questions.

    Attributes:
        found: What doesn't hold.
        proven: How many questions were answered for every customer.
        not_proven: Questions that stay open, each with why.
        bounded: Where the reading of guides stopped.
    """

    found: tuple[Proof, ...]
    proven: int
    not_proven: tuple[str, ...]
    bounded: tuple[str, ...] = ()


def prove(
    kernel: k.Kernel, vocabulary: Vocabulary, *, currency: str, zone: ZoneInfo, lines: Mapping[str, Sequence[str]] | None = None,
    settings: ProofSettings | None = None,
) -> ProofReport:  # fmt: skip
    """Proves what can be proven of a shop's guides.

    Args:
        kernel: The guides.
        vocabulary: What names mean, with the shop's actions.
        currency: The shop's, ISO 4217.
        zone: The shop's.
        lines: The lines of each file, so that findings show them.
        settings: Bounds.
    """
    prover = _Prover(kernel, vocabulary, currency, zone, lines or {}, settings or ProofSettings())
    for guide in kernel.guides:
        prover.guide(guide)
    found = sorted(prover.found, key=lambda proof: (proof.finding.file, proof.finding.line, proof.finding.code))
    return ProofReport(
        tuple(found), prover.proven, tuple(dict.fromkeys(prover.open)), tuple(dict.fromkeys(prover.bounded))
    )


class _Prover:
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
        parts = (part for guide in kernel.guides for part in k.statements_within(guide.body))
        self.targets = {part.title.strip().casefold() for part in parts if isinstance(part, k.GoTo)}
        self.told: set[tuple[str, str, str]] = set()

    # ---- one guide
    def guide(self, guide: k.Guide) -> None:
        """All questions about one guide."""
        symbols = Symbols(self.vocabulary, self.currency)
        reading = SymbolicReading(guide, self.kernel, symbols)
        self.bounded += reading.bounded
        self.branches(guide, reading, symbols)
        if guide.when or guide.on or guide.gives or guide.safeguard or guide.title.casefold() not in self.targets:
            for reached in reading.reached:
                self.action(guide, reached, reading, symbols)

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
        wanted = names_in([asked]) | also
        solver = z3.SimpleSolver()
        solver.set("rlimit", self.settings.effort, "random_seed", 0)
        solver.add(asked, *_that_matter(symbols.demands, wanted))
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

    # ---- branches
    def branches(self, guide: k.Guide, reading: SymbolicReading, symbols: Symbols) -> None:
        """Branches that no customer opens."""
        dead: set[int] = set()
        for branch in reading.branches:
            node = branch.statement
            if node.guide != guide.title or branch.block in dead:
                continue  # it is asked about where it stands, or all that is left of its block is told
            result, _ = self.ask(symbols, [branch.opens])
            if result == "sat":
                self.proven += 1
                continue
            entered = self.ask(symbols, [branch.entered])[0] if result == "unsat" else result
            if entered == "unsat":
                continue  # the branch around it is told
            if entered != "sat":
                self.open.append(f"{node.address}: whether `{reading.told(node)}` can ever hold")
                continue
            if self.ask(symbols, [branch.asked])[0] != "sat":
                dead.add(branch.block)
            self.tell(
                "G702", guide, node.condition.span if node.condition is not None else node.span, node.address,
                f"this branch never opens, whatever is known and answered: `{reading.told(node)}` can't hold here",
                "Take it away, or change it or the branches before it.",
            )  # fmt: skip

    # ---- actions
    def action(self, guide: k.Guide, reached: Reached, reading: SymbolicReading, symbols: Symbols) -> None:
        """What no guide may come to, for one action."""
        node = reached.statement
        signature = (self.vocabulary.actions or {}).get(node.action)
        is_write = signature is None or signature.kind == "write"
        for never in self.kernel.nevers:
            covers = {node.action, "any action"} | ({"any write"} if is_write else set())
            if never.action in covers:
                self.never(guide, reached, never, reading, symbols, signature)
        if signature is not None and is_write and signature.confirm:
            self.confirmation(guide, reached, reading)

    def never(
        self, guide: k.Guide, reached: Reached, never: k.Never, reading: SymbolicReading, symbols: Symbols,
        signature: ActionSignature | None,
    ) -> None:  # fmt: skip
        """Whether a guide comes to an action where a rule blocks it."""
        node = reached.statement
        rule = f"Never do {never.action}"
        condition = never.when if never.when is not None else never.unless
        broken: Any = z3.BoolVal(True)
        names = RuleNames(reached, reading, signature)
        if condition is not None:
            rule += f" {'when' if never.when is not None else 'unless'} {unparse(condition)}"
            held: Truth = reading.encoder.truth(condition, names)
            broken = held.true if never.when is not None else z3.Not(held.true)
        formulas = [reached.condition, broken]
        customer = names("customer")
        if signature is not None and signature.requires != "anonymous" and customer is not None:
            formulas.append(symbols.at_least(customer, signature.requires))  # asked for before the rule
        question = f"{node.address}: whether `{rule}` can block `{node.action}`"

        def really(played: Played) -> bool:
            want = played.want
            return want is not None and want.action == node.action and blocks(
                never, want.arguments, played.facts, played.case.now
            )  # fmt: skip

        self.question(
            guide, node, reading, formulas, question, really, "G701", rule=never.address,
            message=f"`{rule}` ({never.address}) is broken by some customers who come here: {{case}}",
            remedy="Ask for it before: an `If` that refuses or hands over, or a `must` on what the customer gives.",
        )  # fmt: skip

    def confirmation(self, guide: k.Guide, reached: Reached, reading: SymbolicReading) -> None:
        """Whether a guide comes to a write to which the customer didn't say yes."""
        node = reached.statement
        self.question(
            guide, node, reading, [reached.condition, z3.Not(reached.confirmed)],
            f"{node.address}: whether `{node.action}` is always confirmed",
            lambda played: played.want is not None and not played.want.confirmed, "G703",
            message=f"`{node.action}` runs without the customer's yes: {{case}}",
            remedy="Put `confirm` before it on every way that leads here.",
        )  # fmt: skip

    def question(
        self, guide: k.Guide, node: k.Do, reading: SymbolicReading, formulas: list[Any], question: str,
        really: Callable[[Played], bool], code: str, *, message: str, remedy: str, rule: str = "",
    ) -> None:  # fmt: skip
        """Puts a question that a customer answers, and lets the interpreter try that customer."""
        symbols, symbols_named = reading.symbols, reading.named
        why = ""
        for more in ((), tuple(symbols_named)):
            used = names_in([*formulas, *more])
            used |= names_in(_that_matter(symbols.demands, used))
            result, model = self.ask(symbols, formulas, (*more, *_wishes(symbols, used)), also=used)
            if result == "unsat":
                self.proven += 1
                return
            if result != "sat":
                self.open.append(f"{question}: it takes the solver too long")
                return
            played, why = self.replay(guide, node, symbols, model, used, really)
            if played is not None:
                break
        else:
            self.open.append(f"{question}: {why}")
            return
        story = "; ".join(played.case.story()) or "whoever writes"
        self.tell(code, guide, node.span, node.address, message.format(case=story), remedy, played.case, rule)

    def replay(
        self, guide: k.Guide, node: k.Do, symbols: Symbols, model: Any, used: frozenset[str], really: Callable[[Played], bool]
    ) -> tuple[Played | None, str]:  # fmt: skip
        """Lets the interpreter try the customer that a model describes. Returns None and why where it comes to nothing."""
        try:
            case = case_of(model, symbols, used, self.zone)
        except NotConcreteError:
            return None, _why(symbols, used)
        try:
            played = play(
                guide, self.kernel, case, vocabulary=self.vocabulary, currency=self.currency, until=node.address
            )  # fmt: skip
            return (played, "") if really(played) else (None, _why(symbols, used))
        except Exception as error:  # noqa: BLE001 - a made-up customer proves nothing where reading them fails
            return None, f"the customer that was found could not be replayed ({type(error).__name__})"

    def tell(
        self, code: Literal["G701", "G702", "G703"] | str, guide: k.Guide, span: Span, address: str, message: str, remedy: str,
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
        self.found.append(Proof(finding, address, case, rule))


def _that_matter(demands: Sequence[Any], wanted: frozenset[str]) -> list[Any]:
    """The demands on what a question speaks of, and on what those speak of."""
    left = [(demand, names_in([demand])) for demand in demands]
    known, out = set(wanted), []
    grown = True
    while grown:
        grown = False
        for demand, names in list(left):
            if names & known:
                left.remove((demand, names))
                out.append(demand)
                known |= names
                grown = True
    return out


def _wishes(symbols: Symbols, used: frozenset[str]) -> Iterator[Any]:
    """What makes a customer an everyday one: short lists, one piece a line, amounts that aren't below nothing."""
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
            yield z3.Not(symbol.elements[1].present)
            yield z3.Not(symbol.overflow)
        if symbol.term is None:
            continue
        if key.endswith(".quantity"):
            yield symbol.term == 1
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
