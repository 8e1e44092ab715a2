"""Cases to start from, for branches and conditions that no case reached.

Three ways are tried for each, the best first: a customer whom the prover finds, played on the shop itself; the conversation of
the log that came closest, which read the guide but went another way; the guide's first example. What reaches the branch when
it is played is a case that holds. Anything else is a sketch, tagged `open`, that says what would have to be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from convagent.conversation import Turn
from convagent.errors import ConvagentError
from convagent.evals.bench import Bench
from convagent.evals.cases import Case, CaseTurn
from convagent.evals.coverage import Coverage
from convagent.evals.found_customers import answer_of, plain_facts
from convagent.evals.imports import to_yaml
from convagent.evals.outline import Branch, GuideOutline
from convagent.evals.results import CaseResult
from convagent.guidance.interpreter import kernel as k

if TYPE_CHECKING:
    from convagent.guidance.proofs.counterexample import Case as Found

__all__ = ["Starter", "starters", "starters_yaml"]

SUITE = "start-from"
"""The suite that cases to start from belong to."""

_MOST_TURNS = 12
"""Messages of one case."""

_PATH = re.compile(r"\b[a-z_]+(?:\.[a-z_]+)+\b")
"""A fact in a condition, such as `order.status`."""

_CUSTOMER = {"customer": {"email": "customer@example.com", "verified": True}}
"""Who writes where nothing else is known: most guides need a customer first."""


@dataclass(frozen=True, slots=True)
class Starter:
    """A case to start from.

    Attributes:
        address: The branch; for a guide without branches, its title.
        wanted: Whether its condition should hold (`opens`), or not to (`closes`) because it always held so far.
        how: Where the case comes from: the prover, the closest conversation, the guide's example.
        reached: Whether it comes there when it is played.
        case: The case.
    """

    address: str
    wanted: Literal["opens", "closes"]
    how: Literal["prover", "closest", "example"]
    reached: bool
    case: Case

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "address": self.address, "wanted": self.wanted, "how": self.how, "reached": self.reached, "case": self.case.id,
        }  # fmt: skip


def starters(found: Coverage, results: Sequence[CaseResult], bench: Bench) -> Iterator[Starter]:
    """A case for each branch and condition that no case reached, in the order of the guides; for one without branches, itself.

    Args:
        found: What was reached; branches that the shop has no more are left out.
        results: Of the same run: conversations to begin from.
        bench: The shop; each case is played on it, in a back office of its own.
    """
    kernel = bench.agent.shop.kernel
    there = {each.address for guide in kernel.guides for each in k.statements_within(guide.body)}
    for guide in found.guides:
        node = kernel.guide(guide.guide.title)
        if node is not None and not guide.turns and not guide.branches:
            yield _read(bench, node)
        for each in guide.branches:
            wanted: Literal["opens", "closes"] = "closes" if each.opened else "opens"
            if (
                node is None
                or each.branch.address not in there
                or (each.opened and (each.no or not each.branch.condition))
            ):
                continue
            yield _Search(bench, node, guide.guide, each.branch, wanted).best(results)


def starters_yaml(made: Sequence[Starter]) -> str:
    """The cases as a suite that `convagent eval` reads."""
    head = (
        "# Cases to start from, made by `convagent eval coverage --write`: one for each branch that no case reached.\n"
        "# Say what you expect before you keep one. What is tagged `open` doesn't come there yet: its notes say why.\n"
    )
    kept_out = {"suite", "id", "file", "line"}
    shown = (
        {
            "id": each.case.id.removeprefix(f"{SUITE}/"),
            **each.case.model_dump(mode="json", exclude_unset=True, exclude=kept_out),
        }
        for each in made
    )
    return head + to_yaml(list(shown), suite=SUITE)


def _read(bench: Bench, guide: k.Guide) -> Starter:
    """A guide without branches that no case read: its first example."""
    data: dict[str, Any] = {
        "suite": SUITE, "id": _name(guide.title), "title": f"{guide.title} is read", "tags": ["coverage"], "facts": _CUSTOMER,
        "turns": [{"customer": (_examples(guide) or ["Hello"])[0]}], "expect": {"guides": [guide.title]},
    }  # fmt: skip
    case = Case.model_validate(data)
    if bench.run(case).verdict == "pass":
        return Starter(guide.title, "opens", "example", True, case)
    data |= {"tags": ["coverage", "open"], "notes": "Something else comes before the guide at its own first example."}
    return Starter(guide.title, "opens", "example", False, Case.model_validate(data))


def _examples(guide: k.Guide) -> list[str]:
    return [each.text for each in guide.when.examples if not each.negative] if guide.when else []


def _name(words: str) -> str:
    """An id out of words."""
    return re.sub(r"[^a-z0-9.]+", "-", words.casefold()).strip("-")


class _Search:
    """One branch, and the ways to it."""

    def __init__(
        self, bench: Bench, guide: k.Guide, outline: GuideOutline, branch: Branch, wanted: Literal["opens", "closes"]
    ) -> None:
        self.bench, self.guide, self.outline, self.branch, self.wanted = bench, guide, outline, branch, wanted
        self.asked_at = branch.address if branch.condition else branch.after
        """The condition that decides: an `Otherwise` has that of the branch before it."""
        self.result = "yes" if (wanted == "opens") is bool(branch.condition) else "no"

    def best(self, results: Sequence[CaseResult]) -> Starter:
        """The first way that comes there, else the best sketch."""
        customer = _customer_who(self.bench, self.guide, self.asked_at, self.result)
        sketches: list[Starter] = []
        for how, case in self._tries(customer, results):
            starter = self._starter(how, case, customer)
            if starter.reached:
                return starter
            sketches.append(starter)
        return next((each for each in sketches if each.how == "closest"), sketches[-1])

    def _tries(
        self, customer: Found | None, results: Sequence[CaseResult]
    ) -> Iterator[tuple[Literal["prover", "closest", "example"], dict[str, Any]]]:
        examples = _examples(self.guide)
        if customer is not None and examples:
            facts = plain_facts(customer.facts)
            data = {"facts": facts, "clock": customer.now.isoformat()}
            yield "prover", self._converse(examples[0], data, customer.answers)
        closest = self._closest(results)
        if closest is not None:
            yield "closest", closest
        yield "example", {"facts": _CUSTOMER, "turns": [{"customer": examples[0] if examples else "Hello"}]}

    def _closest(self, results: Sequence[CaseResult]) -> dict[str, Any] | None:
        """The shortest conversation in which the condition was asked, else one in which the guide was read."""
        best: tuple[int, int, dict[str, Any]] | None = None
        for result in results:
            if result.error or "final" in result.case.tags:
                continue
            for number, turn in enumerate(result.turns, 1):
                marks = {str(event.data.get("guide") or "") for event in turn.trace if event.kind == "condition"}
                near = (
                    0
                    if self.asked_at in marks
                    else 1
                    if self.guide.title in {m.rpartition("/")[0] for m in marks}
                    else 2
                )
                if near == 2 or (best is not None and best[:2] <= (near, number)):
                    continue
                given = result.case.model_dump(mode="json", exclude_unset=True)
                turns = [
                    {name: value for name, value in each.items() if name != "expect"}
                    for each in given["turns"][:number]
                ]
                kept: dict[str, Any] = {each: given[each] for each in ("facts", "state", "clock") if each in given}
                best = near, number, {**kept, "turns": turns}
        return best[2] if best is not None else None

    def _converse(self, first: str, data: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
        """The conversation that comes about when whatever is asked is answered as the customer would."""
        texts = [first]

        def speak(turns: Sequence[Turn]) -> CaseTurn | None:
            if turns:
                answer = answer_of(turns[-1], answers) if len(turns) < _MOST_TURNS else None
                if answer is None:
                    return None
                texts.append(answer)
            return CaseTurn(customer=texts[-1])

        try:
            begun = Case.model_validate(
                {**data, "suite": SUITE, "id": "x", "title": "x", "turns": [{"customer": first}]}
            )
            self.bench.converse(begun, speak)
        except (ConvagentError, ValueError):
            pass  # the facts that were made up are none that a case can have: the example alone is left
        return {**data, "turns": [{"customer": text} for text in texts]}

    def _starter(
        self, how: Literal["prover", "closest", "example"], tried: Mapping[str, Any], customer: Found | None
    ) -> Starter:
        """The case with what is expected of it, played once."""
        title = f"{self.branch.address} {self.wanted}"
        data: dict[str, Any] = {
            "id": _name(title), "title": f"{title}: {self.branch.words}"[:200], "tags": ["coverage"], **tried,
            "expect": self._expect(),
        }  # fmt: skip
        reached = False
        try:
            played = self.bench.run(Case.model_validate({**data, "suite": SUITE}))
            number = self._reached_in(played)
            if number is not None:
                data["turns"] = data["turns"][:number]  # what comes after it, a write perhaps, is none of its business
                reached = self.bench.run(Case.model_validate({**data, "suite": SUITE})).verdict == "pass"
        except (ConvagentError, ValueError):
            data["facts"] = dict(_CUSTOMER)  # those that were made up are none that a case can have
            data.pop("clock", None)
        if not reached:
            data |= {"tags": ["coverage", "open"], "notes": self._missing(customer)}
        return Starter(self.branch.address, self.wanted, how, reached, Case.model_validate({**data, "suite": SUITE}))

    def _expect(self) -> dict[str, Any]:
        if not self.branch.condition:
            return {"guides": [self.guide.title], "not_branches": [self.branch.after]}
        if self.wanted == "opens":
            return {"branches": [self.branch.address]}
        return {"guides": [self.guide.title], "not_branches": [self.branch.address]}

    def _reached_in(self, result: CaseResult) -> int | None:
        """The number of the turn that comes there first."""
        for number, turn in enumerate(result.turns, 1):
            for event in turn.trace:
                seen = event.data.get("guide"), event.data.get("result")
                if event.kind == "condition" and seen == (self.asked_at, self.result):
                    return number
        return None

    def _missing(self, customer: Found | None) -> str:
        """What would have to be known, for whoever finishes the case."""
        told = f"Not reached yet. {self.outline.file}:{self.branch.line} "
        told += f"{'opens' if self.wanted == 'opens' else 'is passed by'}: {self.branch.words}."
        names = dict.fromkeys(_PATH.findall(re.sub(r'"[^"]*"', "", self.branch.condition)))
        told += f" It hangs on {', '.join(names)}." if names else ""
        if customer is not None:
            told += f" A customer for whom it does: {'; '.join(customer.story())}."
        return told[:2_000]


def _customer_who(bench: Bench, guide: k.Guide, address: str, result: str) -> Found | None:
    """A customer for whom a condition comes out so, by the prover; None where it finds none or isn't installed."""
    if find_spec("z3") is None:
        return None
    from convagent.guidance.proofs.paths import SymbolicReading
    from convagent.guidance.proofs.prover import Prover
    from convagent.guidance.proofs.replay import Played
    from convagent.guidance.proofs.report import ProofSettings

    shop = bench.agent.shop
    prover = Prover(shop.kernel, shop.vocabulary, shop.settings.shop.currency, shop.zone, {}, ProofSettings())
    reading = SymbolicReading(guide, shop.kernel, prover.symbols())
    branch = next((each for each in reading.branches if each.statement.address == address), None)
    if branch is None:
        return None

    def really(played: Played) -> bool:
        return any(
            note.kind == "condition" and note.address == address and note.data.get("result") == result
            for note in played.reading.trace
        )

    wanted = [branch.opens] if result == "yes" else [branch.asked, branch.closed]
    answer = prover.search(guide, reading, wanted, really)
    return answer.played.case if answer.played is not None else None
