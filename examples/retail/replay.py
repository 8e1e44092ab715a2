"""Replays scenarios of a retail support desk: a scripted customer talks to the agent, which follows the guides.

    python examples/retail/replay.py TASKS.json [--db DB.json] [--json] [--no-identification] [--no-confirmation]
        [--chaos SEED [--ledger URL] [--receiver idempotent|plain]]

For each scenario it says whether everything that its expected actions ask for was permitted, whether the database ended as
the expected actions would leave it, what was refused and why, and whether every write was proposed by a guide. Expected
actions are never called: the customer asks for them in words, and the agent does what its guides say. The exit code is 0
when the replay ran, whatever came of it, and 2 when it couldn't, or when the engine broke in a scenario: what then was
refused, or reached, says nothing about the guides.

`writes` counts what the turns that answered the customer tell of as done. With --chaos, `effects_once` counts what the
back office carried out exactly once, by its own log: also what a process did that was killed before it could answer.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
for _folder in (HERE, HERE / "actions", HERE.parents[1] / "src"):
    if str(_folder) not in sys.path:
        sys.path.append(str(_folder))

import plain_actions  # noqa: E402 - these lie beside this file
from chaos import Chaos, Truth, bring_up_to_date  # noqa: E402
from retail import RetailOffice, database_path  # noqa: E402
from scripted_customer import IDENTITY, Wish, identities, wish_for  # noqa: E402

from convagent import Agent  # noqa: E402
from convagent.actions import ActionRegistry  # noqa: E402
from convagent.conversation import Answered, Asked, HandedOver, Silent, Turn  # noqa: E402
from convagent.errors import ConvagentError  # noqa: E402
from convagent.shop import open_shop  # noqa: E402
from convagent.storage import open_storage  # noqa: E402

__all__ = ["Refusal", "Replay", "Result"]

YES = "Yes, please."
"""How the customer confirms."""

MOST_TURNS = 25
"""Messages for one wish; an order of a dozen items needs a dozen replacements."""

REASONS = {
    "order": "not_own_order",
    "account": "not_own_order",
    "items": "not_in_order",
    "replacement": "other_product",
    "method": "payment_not_allowed",
    "reason": "reason_not_accepted",
    "address": "address_incomplete",
    "product": "no_such_product",
}
"""Why a wish is refused, by the Need that has no place for it; guides give other reasons with `tag`."""

PRECONDITIONS = {"identity": "not_identified", "own record": "not_own_order", "confirmation": "not_confirmed"}


@dataclass(frozen=True)
class Refusal:
    """Something that was refused: the expected action, a stable word for why, and the agent's own words."""

    action_id: str
    action: str
    reason: str
    words: str = ""


@dataclass
class Result:
    """What a scenario came to.

    Attributes:
        id: The scenario's.
        permitted: Nothing that it asks to be done was refused.
        reached: Everything was done, the database is as the expected actions would leave it, and a person was brought in
            where one is expected.
        refusals: Writes and hand-overs that were not done.
        proposed_by_guides: Every write that was done was proposed by a guide.
        writes: Each write that was done, with the guide's statement that proposed it.
        unanswered: Look-ups that the agent did not answer: nobody's records, or somebody else's.
        turns: Messages that the customer wrote.
        broken: What broke in the engine: the notes of its handovers. Empty when nothing did.
    """

    id: str
    permitted: bool = True
    reached: bool = False
    refusals: list[Refusal] = field(default_factory=list)
    proposed_by_guides: bool = True
    writes: list[dict[str, str | None]] = field(default_factory=list)
    unanswered: list[Refusal] = field(default_factory=list)
    turns: int = 0
    broken: list[str] = field(default_factory=list)


class Replay:
    """Replays scenarios against one agent; the database starts afresh for each.

    Args:
        database: The `db.json`.
        identifies: Whether the customer says who they are.
        confirms: Whether the customer says yes to a confirmation that shows what they want.
        chaos: A seed: the agent runs in processes that are killed at random; see `chaos`.
        ledger: The database that outlives them.
        receiver: Whether the back office honours idempotency keys: `idempotent` or `plain`.
    """

    def __init__(
        self,
        database: Path,
        *,
        identifies: bool = True,
        confirms: bool = True,
        chaos: str | None = None,
        ledger: str | None = None,
        receiver: str = "idempotent",
    ) -> None:
        self._database = database.read_text(encoding="utf-8")
        self._office = RetailOffice(database)
        registry = ActionRegistry()
        registry.add_from(self._office)
        shop = replace(open_shop(HERE), registry=registry)
        self._agent: Agent | Chaos = Agent(shop, storage=open_storage("memory:"))
        if chaos is not None:
            self._agent = Chaos(shop, self._office, seed=chaos, url=ledger, receiver=receiver)
        self._identifies, self._confirms = identifies, confirms
        self._conversations = 0

    def run(self, task: Mapping[str, Any]) -> Result:
        """Replays one scenario, in one conversation."""
        expected = (task.get("evaluation_criteria") or {}).get("actions") or []
        self._office.reset(json.loads(self._database))
        self._conversations += 1
        conversation = f"scenario-{task['id']}-{self._conversations}"
        if isinstance(self._agent, Chaos):
            self._agent.begin(conversation)
        talk = _Talk(
            self._agent, conversation,
            identities(_known(task), expected) if self._identifies else [], confirms=self._confirms,
        )  # fmt: skip
        result = Result(str(task["id"]))
        handed_over = 0
        wishes = [wish_for(str(action["name"]), dict(action.get("arguments") or {})) for action in expected]
        for place, (action, wish) in enumerate(zip(expected, wishes, strict=True)):
            name = str(action["name"])
            if wish is None:
                if name not in plain_actions.READS:
                    result.refusals.append(Refusal(str(action["action_id"]), name, "unknown_action"))
                continue
            refused = talk.pursue(wish, then=next((later for later in wishes[place + 1 :] if later is not None), None))
            if refused is not None:
                refusal = Refusal(str(action["action_id"]), name, *refused)
                (result.unanswered if name in plain_actions.READS else result.refusals).append(refusal)
            handed_over += name == "transfer_to_human_agents" and refused is None
        if isinstance(self._agent, Chaos):  # the books were changed in other processes
            bring_up_to_date(self._office, self._agent.effects(conversation))
        wanted = sum(action["name"] == "transfer_to_human_agents" for action in expected)
        result.permitted = not result.refusals
        done = result.permitted and handed_over == wanted
        result.reached = done and self._office.data == self._expected(expected)
        result.writes = [{"action": name, "guide": guide} for name, guide in talk.writes]
        result.proposed_by_guides = all(guide is not None for _, guide in talk.writes)
        result.turns, result.broken = talk.turns, talk.broken
        return result

    def truth(self) -> Truth | None:
        """What was done in all scenarios, and what the ledger knows of it; None without chaos."""
        return self._agent.truth() if isinstance(self._agent, Chaos) else None

    def close(self) -> None:
        """Gives up processes and files."""
        self._agent.close()

    def _expected(self, expected: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
        """The database that the expected actions leave, None when they can't be applied at all."""
        database: dict[str, Any] = json.loads(self._database)
        try:
            for action in expected:
                plain_actions.apply(database, action["name"], action["arguments"])
        except (KeyError, ValueError, TypeError, StopIteration):
            return None
        return database


class _Talk:
    """One conversation."""

    def __init__(self, agent: Agent | Chaos, conversation: str, ways: list[str], *, confirms: bool) -> None:
        self._agent, self._conversation, self._confirms = agent, conversation, confirms
        self._ways = list(ways)
        self.writes: list[tuple[str, str | None]] = []
        self.broken: list[str] = []
        self.turns = 0
        self._ahead: Turn | None = None
        """The answer to what the customer went on to ask for before they had an answer."""

    def pursue(self, wish: Wish, *, then: Wish | None = None) -> tuple[str, str] | None:
        """Asks for something and answers until it is done; the reason and words when it is refused.

        Args:
            wish: What is asked for.
            then: What the customer wants next; one in a hurry asks for it right after a yes, before they have an answer.
        """
        text, answered = wish.request, Counter[tuple[str, str]]()
        ahead, self._ahead = self._ahead, None
        for _ in range(MOST_TURNS):
            turn, ahead = ahead or self._said(text, then), None
            words = turn.reply.text if turn.reply else ""
            done = [record for record in turn.actions if record.kind == "write" and record.status == "done"]
            self.writes += [(record.action, record.guide) for record in done]
            if isinstance(turn.outcome, HandedOver):
                self._agent.give_back(self._conversation)
                brought = wish.action == "transfer_to_human_agents"
                return None if brought else (_reason(turn) or f"handed_over_{turn.outcome.handover.reason}", words)
            if done or (isinstance(turn.outcome, Answered) and not turn.outcome.refused):
                return None
            reason = _reason(turn)
            if reason == "not_identified" and self._ways:
                text = f"{self._ways.pop(0)} {wish.request}"
                continue
            if not isinstance(turn.outcome, Asked):
                return reason or "not_done", words
            if reason is not None:
                return self._drop(reason, words)
            need = _asked_for(turn)
            if need.startswith("confirm:"):
                missing = wish.missing(words)
                if missing is not None or not self._confirms:
                    return self._drop(REASONS[missing] if missing else "not_confirmed", words)
                text = YES
            elif need in IDENTITY:
                if not self._ways:
                    return self._drop("not_identified", words)
                text = self._ways.pop(0)
            else:
                answer = wish.answer(need, words, answered)
                if answer is None:
                    return self._drop(
                        "not_understood" if need in wish.answers or wish.replacements else "not_said", words
                    )
                text = answer
        return "not_understood", "too many questions"

    def _drop(self, reason: str, words: str) -> tuple[str, str]:
        """Gives a wish up: what was asked for is withdrawn, so that the next one starts afresh."""
        turn = self._say("No, never mind, leave it.")
        if isinstance(turn.outcome, HandedOver):
            self._agent.give_back(self._conversation)
        return reason, words

    def _said(self, text: str, then: Wish | None) -> Turn:
        """The answer to a text. A customer in a hurry adds who they are to what they want, or what they want next to a yes.

        Both are two messages in a row, of which either may be delivered first.
        """
        agent = self._agent
        if not isinstance(agent, Chaos) or not agent.in_a_hurry():
            return self._say(text)
        if text == YES and then is not None:
            turn, after = self._in_a_row(agent, text, then.request)
            # Nobody reads on where a person is in charge: the customer says it again once they are back.
            self._ahead = None if isinstance(after.outcome, Silent) else after
            return turn
        if self.turns == 0 and self._ways:
            turn, after = self._in_a_row(agent, text, self._ways[0])
            if not isinstance(turn.outcome, Asked) or _asked_for(turn) not in IDENTITY:
                return turn  # nobody needed to know; they say it again when somebody does
            self._ways.pop(0)
            return after
        return self._say(text)

    def _in_a_row(self, agent: Chaos, first: str, second: str) -> tuple[Turn, Turn]:
        self.turns += 2
        before, after = agent.reply_in_a_row(first, second, conversation=self._conversation)
        return self._checked(before), self._checked(after)

    def _say(self, text: str) -> Turn:
        self.turns += 1
        return self._checked(self._agent.reply(text, conversation=self._conversation))

    def _checked(self, turn: Turn) -> Turn:
        if turn.handover is not None and turn.handover.reason == "engine_error":
            self.broken.append(next((event.text for event in turn.trace if event.kind == "error"), "something broke"))
        return turn


def _asked_for(turn: Turn) -> str:
    """The first Need that a turn asks for."""
    needs = turn.outcome.needs if isinstance(turn.outcome, Asked) else ()
    return needs[0].partition("[")[0].partition("@")[0] if needs else ""


def _known(task: Mapping[str, Any]) -> str:
    instructions = (task.get("user_scenario") or {}).get("instructions") or {}
    return str(instructions.get("known_info") or "") if isinstance(instructions, Mapping) else str(instructions)


def _reason(turn: Turn) -> str | None:
    """Why a turn refused, from what its trace says; None when nothing was refused."""
    for event in turn.trace:
        if event.kind == "built-in" and event.text.startswith("tag "):
            return event.text.removeprefix("tag ")
        if event.kind == "must":
            condition = str(event.data.get("condition", ""))
            if "balance" in condition:
                return "gift_card_too_small"
            if "available" in condition:
                return "not_available"
            return REASONS.get(str(event.data.get("need")), "not_permitted")
        if event.kind == "misfit":
            return REASONS.get(str(event.data.get("need")), "not_permitted")
        if event.kind == "confirmation" and event.data.get("answer") == "no":
            return "not_confirmed"
    for record in turn.actions:
        if record.status in {"refused", "failed"} and record.error:
            word = record.error.partition(":")[0]
            return PRECONDITIONS.get(word, word if word in REASONS.values() else "not_permitted")
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description="Replays scenarios of a retail support desk through the guides.",
        epilog="Of the totals, `writes` counts what was done in the turns that answered the customer; with --chaos, "
        "`effects_once` counts what the back office carried out exactly once, by its own log: also what a process did "
        "that died before it could answer. Exit code 2: the replay couldn't run, or the engine broke in a scenario.",
    )
    parser.add_argument("tasks", type=Path, help="A file of the format of tasks-train.json")
    parser.add_argument("--db", type=Path, help="The database; by default $CONVAGENT_SHARED_DATA/retail-policy/db.json")
    parser.add_argument("--json", action="store_true", help="Print JSON")
    parser.add_argument("--no-identification", action="store_true", help="The customer never says who they are")
    parser.add_argument("--no-confirmation", action="store_true", help="The customer says no to every confirmation")
    parser.add_argument(
        "--chaos", metavar="SEED", help="Kill the agent's processes at random, deliver twice and out of order"
    )
    parser.add_argument("--ledger", metavar="URL", help="With --chaos: sqlite:///FILE or postgresql://…")
    parser.add_argument("--receiver", choices=("idempotent", "plain"), default="idempotent", help="With --chaos")
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        tasks = json.loads(given.tasks.read_text(encoding="utf-8"))
        replay = Replay(
            given.db or database_path(HERE), identifies=not given.no_identification, confirms=not given.no_confirmation,
            chaos=given.chaos, ledger=given.ledger, receiver=given.receiver,
        )  # fmt: skip
        try:
            results = [replay.run(task) for task in tasks]
            truth = replay.truth()
        finally:
            replay.close()
    except (OSError, ValueError, KeyError, TypeError, ConvagentError) as error:
        print(f"the replay couldn't run: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    totals = {
        "scenarios": len(results), "permitted": sum(r.permitted for r in results), "reached": sum(r.reached for r in results),
        "refused": sum(not r.permitted for r in results), "writes": sum(len(r.writes) for r in results),
        "writes_proposed_by_guides": sum(w["guide"] is not None for r in results for w in r.writes),
        "turns": sum(r.turns for r in results), "seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip
    if truth is not None:
        totals |= asdict(truth)
    if given.json:
        print(json.dumps({"results": [asdict(result) for result in results], **totals}, indent=1))
    else:
        _print(results, totals)
    broken = [result for result in results if result.broken]
    for result in broken:
        print(f"the engine broke in scenario {result.id} (engine_error): {result.broken[0]}", file=sys.stderr)
    return 2 if broken else 0


def _print(results: Sequence[Result], totals: Mapping[str, object]) -> None:
    for result in results:
        said = "reached" if result.reached else "not reached"
        print(f"{result.id:>4}  {'permitted' if result.permitted else 'refused':9}  {said}")
        for refusal in result.refusals:
            print(f"      {refusal.action_id} {refusal.action}: {refusal.reason}: {refusal.words}")
    print(", ".join(f"{name.replace('_', ' ')} {number}" for name, number in totals.items()))


if __name__ == "__main__":
    sys.exit(main())
