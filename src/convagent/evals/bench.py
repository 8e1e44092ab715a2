"""One case after another on one opened shop, each in a storage and a back office of its own."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from convagent.agent import Agent
from convagent.conversation import Attachment, Message, Turn
from convagent.errors import ConvagentError, EvalError, Place
from convagent.evals.calls import FinalState, as_plain
from convagent.evals.cases import Case, CaseTurn, ExpectedState, duration
from convagent.evals.checkpoint import Checkpoint, WatchedRegistry
from convagent.evals.expect import Likeness, judge
from convagent.evals.judging import judgements
from convagent.evals.model_use import AskedModels, ModelUse, open_models
from convagent.evals.results import CaseResult, Retrieved, engine_fault, verdict_of
from convagent.guidance.codec import to_json
from convagent.models import ChatModel, Mask
from convagent.models.exchanges import labelled
from convagent.shop import OpenShop, open_shop, read_actions
from convagent.storage import MemoryStorage

if TYPE_CHECKING:
    from convagent.evals.hearing_again import Hearing

__all__ = ["DEFAULT_CLOCK", "Bench", "Speaker"]

DEFAULT_CLOCK = (2026, 1, 7, 10, 30)
"""The moment of a case that gives none, in a shop whose clock isn't fixed: a Wednesday morning in the shop's zone."""

OWN_PREFIX = "eval-state"

PASSAGES = 20
"""How many passages are searched for to rank articles by."""

Speaker = Callable[[Sequence[Turn]], CaseTurn | None]
"""Who says what happens next in a conversation."""


class _Overtime(BaseException):
    """The time of a case is up. No `except Exception` on the way takes it for a fault of the engine."""


class Bench:
    """Runs cases on an opened shop.

    A case gets its own storage and ledger in memory, its own clock, and look-ups and actions as they were when they were
    loaded, so that none sees what another did. What they remember is put back after each case (`checkpoint`). Where that
    can't be done, they are loaded anew after each case that called a write: look-ups only read.

    Args:
        agent: Of the shop; its own storage is never touched.
        likeness: For phrases that are to be meant.
    """

    def __init__(self, agent: Agent, *, likeness: Likeness | None = None) -> None:
        self.agent = agent
        self.likeness = likeness
        self.models = AskedModels()
        """Chat models that are asked: the agent's, and who judges."""
        self.hearings: list[Hearing] | None = None
        """What was heard in the case that ran last; None unless somebody listens."""
        self._fresh: WatchedRegistry | None = None
        self._checkpoint: Checkpoint | None = None

    @classmethod
    def open(cls, shop: str | Path, *, model: str | ChatModel | ModelUse | None = "") -> Self:
        """Opens a shop for evaluation.

        Args:
            shop: The shop's folder.
            model: A chat model that serves the agent: `openai:NAME`, an object, None for what the shop's settings name; or
                all that can be said of models. None is asked unless one is named here, so that a run costs nothing by
                accident.

        Raises:
            ConvagentError: The shop or a model can't be opened.
        """
        opened = open_shop(shop)
        return cls.of(opened, models=open_models(ModelUse.of(model), opened.settings.model))

    @classmethod
    def of(cls, shop: OpenShop, *, after: Bench | None = None, models: AskedModels | None = None) -> Self:
        """A shop that was opened already, for evaluation.

        Args:
            shop: The shop.
            models: Chat models that are asked; none by default.
            after: A bench of the same shop before it was reopened: look-ups and actions that are the same needn't be loaded
                again.

        Raises:
            ConvagentError: It can't be used.
        """
        models = models or AskedModels()
        agent = Agent(shop, storage=MemoryStorage(), model=models.agent, verifier=models.verifier)
        bench = cls(agent, likeness=_likeness(shop))
        bench.models = models
        if after is not None and after.agent.shop.registry is shop.registry:
            bench._fresh, bench._checkpoint = after._fresh, after._checkpoint  # noqa: SLF001 - one of us
        return bench

    @property
    def stamp(self) -> str:
        """Hash of the shop that decides."""
        return self.agent.stamp

    def listen(self) -> None:
        """From now on keeps what is heard in a case: see `convagent.evals.hearing_again`."""
        from convagent.evals.hearing_again import listen

        self.hearings = listen(self.agent)

    def run(self, case: Case, *, trial: int = 0) -> CaseResult:
        """Runs one case and judges it. Nothing is raised for what breaks: it is the result's error.

        Args:
            case: The case.
            trial: From 0; added to the case's seed.
        """
        turns_of_the_case = iter(case.turns)
        return self.converse(case, lambda _: next(turns_of_the_case, None), trial=trial)

    def foresee(self, cases: Sequence[Case]) -> None:
        """Has the agent read ahead what customers say in the next cases; results are the same without it."""
        said = [turn.customer for case in cases for turn in case.turns if turn.customer]
        with suppress(Exception):  # what breaks here breaks in its own case, which tells of it
            self.agent.foresee(said)

    def converse(self, case: Case, speak: Speaker, *, trial: int = 0) -> CaseResult:
        """Runs a conversation that comes about on the way, and judges it by what the case expects.

        Args:
            case: Facts, clock and expectations; its own turns are not played.
            speak: Says what happens next, given the turns so far; None ends the conversation.
            trial: From 0; added to the case's seed.
        """
        started = time.perf_counter()
        turns: list[Turn] = []
        state: list[FinalState] = []
        error = None
        if self.hearings is not None:
            self.hearings.clear()
        drawn = random.getstate()
        random.seed(case.seed + trial)
        try:
            with _time_limit(case.limit_seconds), labelled(f"{case.id}#{trial}"):
                self._play(case, speak, turns, state)
        except _Overtime:
            error, self._fresh = f"it took longer than {case.limit_seconds:g} seconds", None
        except ConvagentError as broken:
            error, self._fresh = str(broken), None
        except Exception as broken:  # noqa: BLE001 - whatever a shop's actions raise, the other cases go on
            error, self._fresh = f"{type(broken).__name__}: {broken}"[:500], None
        finally:
            random.setstate(drawn)
        error = error or engine_fault(case, turns)
        checks = judge(case, turns, state, likeness=self.likeness) if error is None or turns else ()
        with labelled(f"{case.id}#{trial}"):
            judged = judgements(case, turns, self.models.judge, mask=self._mask(case)) if turns else ()
        return CaseResult(
            case=case, trial=trial, stamp=self.stamp, verdict=verdict_of(checks, error=error), checks=checks,
            turns=tuple(turns), state=tuple(state), error=error, retrieved=self._retrieved(case, turns),
            stock=self._stock(turns), judged=judged, took_seconds=round(time.perf_counter() - started, 6),
        )  # fmt: skip

    def _mask(self, case: Case) -> Mask | None:
        """Hides from who judges what is personal in the conversation, as it is hidden from the agent's own model."""
        if self.models.judge is None:
            return None
        from convagent.evals.judging.masking import mask_for

        return mask_for(self.agent.shop.settings.shop, case.facts)

    def _retrieved(self, case: Case, turns: Sequence[Turn]) -> tuple[Retrieved, ...]:
        """What the articles' index finds for the customer's words, of each turn that expects citations."""
        wanted = [number for number, turn in enumerate(case.turns[: len(turns)], 1) if turn.expect.cites]
        base = self.agent.shop.knowledge if wanted else None
        if base is None:
            return ()
        found = []
        for number in wanted:
            turn = turns[number - 1]
            language = turn.reply.language if turn.reply is not None else self.agent.shop.settings.shop.language
            with suppress(ConvagentError):
                hits = base.search(turn.message.text, PASSAGES, language=language)
                articles = tuple(dict.fromkeys(hit.article_id for hit in hits))
                found.append(Retrieved(turn=number, articles=articles))
        return tuple(found)

    def _stock(self, turns: Sequence[Turn]) -> dict[str, bool | None]:
        """Whether the products that were shown can be bought, by the catalog."""
        shown = dict.fromkeys(p.product_id for turn in turns if turn.reply for p in turn.reply.products)
        catalog = self.agent.shop.catalog if shown else None
        if catalog is None:
            return {}
        products = ((name, catalog.product(name)) for name in shown)
        return {name: product.in_stock for name, product in products if product is not None}

    def _play(self, case: Case, speak: Speaker, turns: list[Turn], state: list[FinalState]) -> None:
        shop = self.agent.shop
        clock = _Clock(
            (case.clock or shop.settings.clock.fixed or datetime(*DEFAULT_CLOCK, tzinfo=shop.zone)).astimezone(
                shop.zone
            )
        )
        registry = self._registry(case)
        with MemoryStorage() as storage:
            agent = self.agent.afresh(storage=storage, clock=clock, actions=registry)
            registry.touched = False
            while (turn := speak(turns)) is not None:
                if turn.after is not None:
                    clock.moment += duration(turn.after)
                if turn.give_back:
                    agent.give_back(case.id)
                turns.append(_said(agent, case, turn, len(turns), clock.moment))
            state.extend(_looked(agent, expected, case, number) for number, expected in enumerate(case.expect.state))
        if registry.touched or case.state is not None:
            self._put_back(wrote=any(record.kind == "write" for turn in turns for record in turn.actions))

    def _registry(self, case: Case) -> WatchedRegistry:
        shop = self.agent.shop
        if self._fresh is None:
            self._fresh = WatchedRegistry(read_actions(shop.path, shop.settings))
            self._checkpoint = Checkpoint(self._fresh)
        if case.state is None:
            return self._fresh
        known = self._fresh if self._checkpoint is not None and self._checkpoint.plain else None
        return WatchedRegistry(read_actions(shop.path, shop.settings, state=case.state, loaded=known))

    def _put_back(self, *, wrote: bool) -> None:
        if self._checkpoint is not None and self._checkpoint.plain:
            self._checkpoint.restore()
        elif wrote:
            self._fresh = None


class _Clock:
    """A clock that goes when the case says so."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


def _said(agent: Agent, case: Case, turn: CaseTurn, number: int, now: datetime) -> Turn:
    facts: dict[str, Any] = {**case.facts, **turn.facts}
    if turn.event is not None:
        seconds = duration(turn.lasts) if turn.lasts is not None else timedelta()
        return agent.event(turn.event, conversation=case.id, facts=facts, seconds=seconds.total_seconds())
    author, text = ("customer", turn.customer) if turn.customer is not None else ("person", turn.person or "")
    message = Message(
        author=author, text=text or "", at=now, id=f"{number + 1}",
        attachments=tuple(Attachment(name=name, media_type="image/jpeg") for name in turn.pictures),
    )  # fmt: skip
    return agent.reply(message, conversation=case.id, facts=facts)


def _looked(agent: Agent, expected: ExpectedState, case: Case, number: int) -> FinalState:
    """What a look-up gives after the last turn. It is asked as a verified customer's: the harness may see everything.

    Raises:
        EvalError: `eval-state`: it is no look-up but a write.
    """
    who = _owner(expected.arguments, case)
    if (spec := agent.shop.registry.get(expected.lookup)) is not None and spec.kind != "lookup":
        raise EvalError(
            f"{expected.lookup} is a write, no look-up", code="eval-state", place=Place(case.file, case.line or None),
            remedy="`expect.state` is looked at through look-ups only.",
        )  # fmt: skip
    try:
        call = agent.act(
            expected.lookup, expected.arguments, conversation=OWN_PREFIX, effect=f"{OWN_PREFIX}-{number}",
            facts={"customer": who},
        )  # fmt: skip
    except ConvagentError as error:
        return FinalState(lookup=expected.lookup, arguments=expected.arguments, status="failed", error=error.message)
    value = as_plain(to_json(call.result.value)) if call.result.status == "done" else None
    return FinalState(
        lookup=expected.lookup, arguments=expected.arguments, status=call.result.status, value=value,
        error=call.result.error or None,
    )  # fmt: skip


def _owner(arguments: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """Whom the harness pretends to be: the customer that the look-up asks for."""
    known = {**(case.facts.get("customer") or {})}
    if "customer" in arguments:
        known["id"] = arguments["customer"]
    if "email" in arguments:
        known["email"] = arguments["email"]
    return {**known, "verification": "verified"}


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Ends what runs in it when the time is up: in a main thread, on systems with alarms. Elsewhere nothing is ended."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: object) -> None:
        raise _Overtime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _likeness(shop: OpenShop) -> Likeness | None:
    """Likeness by the shop's embedder, None where it has none."""
    embedder = shop.embedder
    if embedder is None:
        return None

    def alike(one: str, other: str) -> float:
        vectors = embedder.embed([one, other], kind="example")
        return float(vectors[0] @ vectors[1])

    return alike
