"""The effects of one conversation as a turn sees them: what the ledger knows, what is begun now, what a crash left open."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from convagent.actions import ActionCall, ActionRegistry, ActionSpec, CallContext, Intent, Ledger, LedgerEntry
from convagent.actions.call import issue_again, recorded_arguments, recorded_result, shown_argument
from convagent.actions.ledger import NOT_KNOWN
from convagent.conversation import ActionRecord
from convagent.facts import Customer
from convagent.guidance.codec import canonical, from_json, to_json
from convagent.guidance.interpreter.world import Result, Want

if TYPE_CHECKING:
    import asyncio

__all__ = ["UNKNOWN_ACTION", "Effects", "key_of", "recovered"]

UNKNOWN_ACTION = "unknown"
"""The action of effects that were done before there was a ledger."""

MAX_KEPT = 500
"""Effects of a conversation that a turn looks back on."""

MAX_LOOKED_UP = 300_000
"""Characters of look-ups that are kept with an intent."""

MAX_ISSUED = 5
"""How often an effect is issued under its key before a person looks after it: whatever it does may be what kills us."""

_log = logging.getLogger("convagent")


class _Met(Mapping[str, Result]):
    """Results by effect, which notes what was asked for."""

    def __init__(self) -> None:
        self.known: dict[str, Result] = {}
        self.seen: set[str] = set()

    def __getitem__(self, key: str) -> Result:
        found = self.known[key]
        self.seen.add(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


@dataclass
class Effects:
    """What is known of a conversation's effects in one turn.

    Args:
        ledger: Where they are written down.
        conversation: The conversation's id.
        clock: Gives the ledger's moments: the agent's own clock, which no message can set.
        told: Keys of effects that a turn which was kept has dealt with.
    """

    ledger: Ledger
    conversation: str
    clock: Callable[[], datetime]
    told: frozenset[str] = frozenset()
    entries: dict[str, LedgerEntry] = field(default_factory=dict)
    """By the key that guidance knows an effect by."""
    results: _Met = field(default_factory=_Met)
    """What effects came to, for the reading; it notes which of them were read."""
    lookups: Mapping[str, Result] = field(default_factory=dict)
    """What the turn has looked up: kept with an intent, so that a turn that breaks off can be read again as it was."""
    mine: set[str] = field(default_factory=set)
    """Keys of effects that this turn began, and has to end."""

    def load(self) -> None:
        """Reads what the ledger knows of the conversation."""
        for entry in self.ledger.entries(conversation=self.conversation, last=MAX_KEPT):
            self.note(entry)

    def note(self, entry: LedgerEntry) -> None:
        """Takes up an entry as it stands now. One that was refused was never issued: nothing is known to come of it."""
        self.entries[entry.effect] = entry
        if entry.status != "refused":
            self.results.known[entry.effect] = _result(entry)

    # ---- one effect
    def begin(self, spec: ActionSpec, want: Want, context: CallContext) -> Result | None:
        """Writes an effect down before it is issued.

        Returns:
            None when it is to be issued now; else what it came to before, or why it may not be.

        Raises:
            StorageError: It can't be written down, so that it must not be issued.
        """
        intent = self.intent(spec, want, context)
        for entry in self.loose("done", "uncertain"):
            # a turn that was not kept did this very thing; the same message may have come again under another run
            if entry.action == intent.action and entry.arguments_hash == intent.arguments_hash:
                self.results.seen.add(entry.effect)
                return _result(entry)
        begun = self.ledger.begin(intent, at=self.clock(), limits=spec.limits, amounts=spec.amounts)
        if begun.exceeded is not None:
            return Result("refused", error=begun.exceeded, reason="not_permitted")
        if begun.fresh:
            self.mine.add(intent.key)
            self.entries[want.key] = begun.entry
            return None
        entry = begun.entry
        if entry.status == "intended":
            why = "another worker is doing it, or died while it did"
            return Result("uncertain", error=why, reason="action_failed")
        if entry.arguments_hash and entry.arguments_hash != intent.arguments_hash:
            return Result("refused", error="it was done before, with other arguments", reason="not_permitted")
        return _result(entry)

    def end(self, spec: ActionSpec, want: Want, context: CallContext, result: Result) -> None:
        """Writes down what an effect came to.

        Raises:
            StorageError: It can't be written down: the ledger goes on saying that it was begun.
        """
        key = context.idempotency_key
        if key in self.mine:
            self.ledger.end(
                key, status=result.status, at=self.clock(), error=result.error or None,
                result=recorded_result(spec, want.arguments, result.value), reason=result.reason or None,
            )  # fmt: skip
            self.mine.discard(key)
        elif result.status == "refused":
            self.ledger.refuse(
                self.intent(spec, want, context), error=result.error, reason=result.reason or None, at=self.clock()
            )

    def would_exceed(self, spec: ActionSpec, want: Want, context: CallContext) -> Result | None:
        """The limit that would refuse an effect; nothing is written."""
        intent = self.intent(spec, want, context)
        exceeded = self.ledger.exceeded(intent, at=self.clock(), limits=spec.limits, amounts=spec.amounts)
        return None if exceeded is None else Result("refused", error=exceeded, reason="not_permitted")

    def intent(self, spec: ActionSpec, want: Want, context: CallContext) -> Intent:
        """An effect as the ledger writes it down."""
        who, said = context.customer, context.confirmation
        again: dict[str, Any] = {"results": _kept(self.lookups)}
        if spec.idempotent:
            again["arguments"] = {name: to_json(value) for name, value in sorted(want.arguments.items())}
            again |= {"customer": to_json(who), "now": context.now.isoformat()}
        return Intent(
            key=context.idempotency_key, effect=want.key, conversation=self.conversation, action=spec.name,
            arguments=recorded_arguments(spec, want.arguments),
            arguments_hash=hashlib.sha256(canonical(dict(want.arguments)).encode()).hexdigest(), guide=want.address,
            customer=_named(who), confirmed_by=None if said is None else said.by,
            confirmed_at=None if said is None else said.at, issue=again,
        )  # fmt: skip

    # ---- what a crash left
    def recover(
        self, registry: ActionRegistry, *, loop: asyncio.AbstractEventLoop | None = None
    ) -> tuple[ActionRecord, ...]:
        """Ends what a worker that died has begun. The caller holds the conversation's lock, so that nobody is at it.

        Returns:
            What was issued again, or marked uncertain.

        Raises:
            StorageError: The ledger can't be written.
        """
        records: list[ActionRecord] = []
        for entry in [entry for entry in self.entries.values() if entry.status == "intended"]:
            records.append(_recovered(self.ledger, entry, registry, self.clock, loop))
            ended = self.ledger.get(entry.key)
            if ended is not None:
                self.note(ended)
        return tuple(records)

    def loose(self, *status: str) -> list[LedgerEntry]:
        """Effects of turns that were not kept, which no turn has dealt with."""
        return [
            entry
            for entry in self.entries.values()
            if entry.status in status
            and entry.key not in self.told
            and entry.key not in self.mine
            and entry.effect not in self.results.seen
            and entry.settled_by is None
        ]

    def put_before_a_person(self, entries: Iterable[LedgerEntry]) -> None:
        """These stand in the handover that the turn makes."""
        self.results.seen.update(entry.effect for entry in entries)

    def seen_before(self) -> dict[str, Result]:
        """What turns had looked up that did something and were not kept: their guides are read again as they were."""
        found: dict[str, Result] = {}
        for entry in self.loose("done"):
            for key, kept in (entry.issue or {}).get("results", {}).items():
                found[key] = Result(kept["status"], from_json(kept["value"]), kept["error"], kept["reason"])
        return found

    def kept(self) -> None:
        """The turn is kept: what it takes to read a turn again that broke off is needed no more."""
        done = [entry.key for entry in self.entries.values() if entry.status == "intended" or entry.issue]
        self.ledger.forget_issues(key for key in done if key in self.to_keep())

    def to_keep(self) -> list[str]:
        """Keys of effects that are dealt with once the turn is kept."""
        dealt = [
            entry.key for entry in self.entries.values() if entry.key in self.told or entry.effect in self.results.seen
        ]
        return dealt[-MAX_KEPT:]


def _kept(results: Mapping[str, Result]) -> dict[str, Any]:
    """What was looked up, in JSON; nothing where it is too much to be written down with each effect."""
    kept = {
        key: {"status": result.status, "value": to_json(result.value), "error": result.error, "reason": result.reason}
        for key, result in results.items()
    }
    return kept if len(repr(kept)) <= MAX_LOOKED_UP else {}


def key_of(conversation: str, want: Want, spec: ActionSpec) -> str:
    """An effect's idempotency key: of the conversation's run, or of what alone makes it one, whatever the conversation."""
    if spec.once_per:
        of = canonical({name: shown_argument(want.arguments.get(name)) for name in spec.once_per})
        text = f"once\0{spec.name}\0{of}"
    else:
        text = f"{conversation}\0{want.key}"
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def recovered(entries: Sequence[LedgerEntry]) -> str:
    """What a person has to look after, in one line."""
    told = [f"{entry.action} ({_words(entry)})" if entry.arguments else entry.action for entry in entries]
    return "; ".join(told)[:500]


def _words(entry: LedgerEntry) -> str:
    shown = [value.get("v", value) if isinstance(value, dict) else value for value in entry.arguments.values()]
    return ", ".join(str(value) for value in shown)[:120]


def _recovered(
    ledger: Ledger,
    entry: LedgerEntry,
    registry: ActionRegistry,
    clock: Callable[[], datetime],
    loop: asyncio.AbstractEventLoop | None,
) -> ActionRecord:
    spec = registry.get(entry.action)
    if spec is None or not spec.idempotent or "arguments" not in (entry.issue or {}) or entry.attempts >= MAX_ISSUED:
        ledger.end(entry.key, status="uncertain", at=clock(), error=NOT_KNOWN, reason="action_failed")
        _log.warning("an effect is uncertain after a crash: %s, key %s", entry.action, entry.key)
        return ActionRecord(
            action=entry.action, kind="write", arguments=dict(entry.arguments), status="uncertain", guide=entry.guide,
            key=entry.key, error=NOT_KNOWN,
        )  # fmt: skip
    ledger.again(entry.key)
    call = _issued(spec, entry, loop)
    result = call.result
    ledger.end(
        entry.key, status=result.status, at=clock(), result=to_json(result.value), error=result.error or None,
        reason=result.reason or None,
    )  # fmt: skip
    _log.warning("an effect was issued again after a crash: %s, key %s, %s", entry.action, entry.key, result.status)
    return call.record


def _issued(spec: ActionSpec, entry: LedgerEntry, loop: asyncio.AbstractEventLoop | None) -> ActionCall:
    """Issues an effect once more under its key. Its preconditions held when it was begun; it may have changed them since."""
    issue = entry.issue or {}
    who = from_json(issue.get("customer"))
    arguments = {name: from_json(value) for name, value in issue.get("arguments", {}).items()}
    context = CallContext(
        entry.conversation, who if isinstance(who, Customer) else None, datetime.fromisoformat(issue["now"]),
        idempotency_key=entry.key,
    )  # fmt: skip
    return issue_again(spec, arguments, context, guide=entry.guide, loop=loop)


def _named(customer: Customer | None) -> str | None:
    """Whom an effect is done for: by id, else by e-mail address, else nobody who can be told from others."""
    if customer is None:
        return None
    return customer.id or (customer.email.casefold() if customer.email else None)


def _result(entry: LedgerEntry) -> Result:
    if entry.status == "intended":
        return Result("uncertain", error=NOT_KNOWN, reason="action_failed")
    return Result(entry.status, from_json(entry.result), entry.error or "", entry.reason or "")
