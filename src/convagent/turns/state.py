"""What a turn works with: what the agent has opened, what the turn knows and did so far, and what it came to."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from convagent.actions import Confirmation, Ledger
from convagent.actions.identity.proof import Proof
from convagent.actions.preconditions import Never
from convagent.conversation import ActionRecord, Message, Outcome, Reply, TraceEvent, Turn
from convagent.effects import Effects
from convagent.facts import Customer, Facts
from convagent.guidance.interpreter.decision import DecideSettings, Memory
from convagent.guidance.interpreter.world import Resolver, Result
from convagent.guidance.word_forms import ForbiddenWords
from convagent.guidance.wording import Wording
from convagent.handover import HandoverSettings
from convagent.hidden import secret_values
from convagent.models import ChatModel, ModelCalls
from convagent.run_counts import RunCounts
from convagent.search import base_language
from convagent.shop import OpenShop
from convagent.storage import Storage, StoredConversation
from convagent.storage.port import Runs
from convagent.understanding.home_country import country_of_zone
from convagent.understanding.understand import Understander

if TYPE_CHECKING:
    import asyncio

    from convagent.knowledge import Hit
    from convagent.privacy import Placeholders
    from convagent.shopping.assistant import ShoppingAssistant

__all__ = ["AgentParts", "TurnParts", "TurnWork", "stamp_with"]

_NOBODYS = frozenset({"shop", "catalog", "product", "discounts"})
"""Names that hold nothing of the customer."""


@dataclass(frozen=True)
class AgentParts:
    """What an agent has opened: everything a turn works with."""

    shop: OpenShop
    storage: Storage
    clock: Callable[[], datetime]
    understander: Understander
    settings: DecideSettings
    handover: HandoverSettings
    nevers: tuple[Never, ...]
    forbidden: ForbiddenWords
    resolvers: Mapping[tuple[str, str], Resolver]
    ledger: Ledger
    proofs: tuple[Proof, ...] = ()
    assistant: ShoppingAssistant | None = None
    """Advises shoppers; None in a shop without a catalog, or that has it switched off."""
    about_own: frozenset[str] = frozenset()
    """Titles of the guides that deal with the customer's own records."""
    secret: frozenset[str] = frozenset()
    """Needs whose answers no trace and no note may show."""
    model: ChatModel | None = None
    """Serves understanding and composing; None: the embedded parts alone."""
    verifier: ChatModel | None = None
    """Looks at what the first one worded, where nothing is streamed; None: no second look."""

    @property
    def stamp(self) -> str:
        """Hash of all that decides: the shop, and the model that serves it."""
        return stamp_with(self.shop.stamp, self.model)


def stamp_with(shop: str, model: ChatModel | None) -> str:
    """The stamp of a shop and the model that serves it; the shop's own without one."""
    if model is None:
        return shop
    return hashlib.sha256(f"{shop}\0{model.name}".encode()).hexdigest()[:16]


@dataclass
class TurnParts:
    """What a turn came to, before it is kept."""

    outcome: Outcome
    reply: Reply | None
    memory: Memory
    trace: list[TraceEvent]
    runs: Runs | None = None


@dataclass
class TurnWork:
    """One turn at work: what it was set to, what it knows by now, what it looked up, did and noticed."""

    parts: AgentParts
    message: Message
    conversation: str
    dry: bool = False
    loop: asyncio.AbstractEventLoop | None = None
    """Where asynchronous actions run: the caller's, which must be running in another thread."""
    guide: str | None = None
    """Title of a guide that is read whatever the message means."""
    event: tuple[str, float] | None = None
    """What the storefront tells of, and for how many seconds."""
    overdue: bool = False
    """No answer came in time."""
    recovering: bool = False
    """Only what a crash left is looked after."""
    drafting: bool = False
    """For a person who answers: it doesn't matter who is in charge."""
    stored: StoredConversation | None = None
    counts: RunCounts | None = None
    writer: Customer | None = None
    """Who writes by the facts of the call, proofs among them read."""
    right: set[str] = field(default_factory=set)
    """Hashes of what was tried in this turn and proved somebody."""
    records: list[ActionRecord] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)
    """What look-ups came to, by what guidance asked for."""
    effects: Effects = field(init=False)
    given: Mapping[str, Any] = field(default_factory=dict)
    """What guidance may name before anything is looked up."""
    known: Mapping[str, Any] = field(default_factory=dict)
    """What the last reading knew."""
    memory: Memory = field(default_factory=Memory)
    trace: list[TraceEvent] = field(default_factory=list)
    now: datetime | None = None
    started: float = field(default_factory=time.perf_counter)
    said: Confirmation | None = None
    """The yes that the caller of a single action brings."""
    language: str = "en"
    mood: int = 0
    looked_up: dict[Any, tuple[float, Sequence[Hit]]] = field(default_factory=dict)
    """What the articles had for a question, by all that was asked."""
    near: dict[Any, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Which articles may answer a text, likewise."""
    calls: ModelCalls | None = None
    """What the turn may ask its chat model; None without one."""
    release: Callable[[str], None] | None = None
    """Takes what may be sent of the reply as soon as it is certain; None: nobody listens before the end."""
    sent: list[str] = field(default_factory=list)
    """What was released so far; the reply that is kept begins with it."""
    beside_a_guide: bool = False
    """An answer would stand beside a guide's words, so that it has to be in their language."""

    def __post_init__(self) -> None:
        self.effects = Effects(self.parts.ledger, self.conversation, self.parts.clock, lookups=self.results)

    @property
    def before(self) -> tuple[Turn, ...]:
        """The conversation's turns before this one."""
        return self.stored.conversation.turns if self.stored is not None else ()

    @property
    def moment(self) -> datetime:
        """The turn's moment; nothing is acted on, composed or proven before it has one."""
        if self.now is None:
            raise RuntimeError("the turn has no moment yet")
        return self.now

    @property
    def wording(self) -> Wording:
        """How the turn's reply words values, and how it addresses the customer."""
        return Wording(self.language, self.moment, self.familiar)

    @property
    def familiar(self) -> bool:
        """Whether the customer is addressed as du and tu in the reply's language."""
        return base_language(self.language) in self.parts.shop.settings.familiar_languages

    def secrets(self, *memories: Memory) -> tuple[str, ...]:
        """What the customer answered to questions for secrets, as far as it is known."""
        return secret_values(self.parts.secret, self.memory, *memories, known=self.known)

    def _calls(self) -> ModelCalls | None:
        """What the turn may ask its model, if it has one and a customer wrote."""
        model, settings = self.parts.model, self.parts.shop.settings.model
        if model is None or self.event is not None or self.overdue or self.recovering:
            return None
        return ModelCalls(model, seconds=settings.turn_seconds, mask=self._mask(), verifier=self.parts.verifier)

    def _mask(self) -> Placeholders:
        """Hides from the model what the facts say of people by then, and what texts hold of the kind."""
        from convagent.privacy import Placeholders
        from convagent.privacy.contacts import own_addresses

        shop = self.parts.shop.settings.shop
        return Placeholders(
            country=shop.country or country_of_zone(shop.timezone),
            facts=lambda: (
                {name: value for name, value in {**self.given, **self.known}.items() if name not in _NOBODYS},
                self.writer,
                [result.value for result in self.results.values()],
            ),
            keep=own_addresses(shop.email, shop.url),
        )

    def note(self, kind: str, text: str) -> None:
        """Adds a line to the turn's trace."""
        self.trace.append(TraceEvent(kind=kind, text=text))

    def begin(self, facts: Facts) -> None:
        """Sets the turn's moment, its message's, and the language until the message is understood."""
        shop = self.parts.shop
        self.now = (facts.now or self.message.at or self.parts.clock()).astimezone(shop.zone)
        self.message = self.message if self.message.at else self.message.model_copy(update={"at": self.now})
        self.calls = self._calls()
        answered = (turn.reply.language for turn in reversed(self.before) if turn.reply is not None)
        self.language = self.message.language or next(answered, None) or shop.settings.shop.language
