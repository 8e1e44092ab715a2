"""Doing: confirmations of exact arguments, what must be known before the first write, actions and what they came to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convagent.guidance.codec import canonical, digest, from_json, to_json
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.answers import confirmation
from convagent.guidance.interpreter.endings import Missing
from convagent.guidance.interpreter.foresight import Call, Foresight, argument_of
from convagent.guidance.interpreter.world import HandOverStep, Result, Step, Want
from convagent.guidance.phrases import phrase
from convagent.guidance.values import UNKNOWN, Line, normal
from convagent.guidance.wording import label

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["MAX_EFFECTS", "Acting"]

MAX_EFFECTS = 20
"""Effects of one run; the next one hands over: no loop of our own making."""

MAX_UNCLEAR = 3
"""Answers to a confirmation that are neither yes nor no; at the third a person takes over."""

_LASTING = frozenset({"catalog", "shop"})
"""Facts that belong to the shop rather than to the customer's case: they are not frozen with it."""


class Acting:
    """The actions of one reading."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.agreed: list[Call] = []
        """Writes that the customer said yes to."""
        self.given: set[str] = set()
        """Names that actions gave."""

    # ---- confirmations
    def confirm(self, statement: k.Need, rest: k.Block) -> None:
        """Asks for a yes to exactly the writes ahead, or takes the one that was given."""
        run = self.run
        calls = self.foresee(rest)
        begun = {effect.get("at") for effect in run.state.effects.values()}
        place = f"calls at {run.place(statement)}"
        if any(call.place in begun for call in calls):
            # what was agreed to then, not what would be agreed to now
            self.agreed.extend(Call(*call) for call in json.loads(run.state.confirmed.get(place, "[]")))
            run.note("confirmation", statement, "yes: it was begun", answer="yes")
            return
        text = run.text(statement, statement.ask.template if statement.ask else "")
        shown = canonical([call.to_json() for call in calls])
        key = digest(f"{statement.address}{run.suffix}:{shown}:{text}")
        name = f"confirm:{key}"
        answer = run.state.confirmed.get(key) or confirmation(run, name)
        if answer in {"yes", "no"}:
            agreed = json.dumps([call.to_json() for call in calls])
            run.state = replace(run.state, confirmed={**run.state.confirmed, key: answer, place: agreed})
        run.note("confirmation", statement, f"{answer or 'asked'}: {text}", answer=answer or "asked")
        if answer == "yes":
            self.agreed.extend(calls)
            return
        if answer == "no":
            run.once(Step("say", statement.address, phrase("nothing_done", run.world.language)), key)
            raise run.end(status="refused")
        if run.in_vain((name,)) >= MAX_UNCLEAR:
            why = f"{statement.address}: {MAX_UNCLEAR} answers to the confirmation were neither yes nor no"
            raise run.end(status="handed_over", hand_over=HandOverStep("no_progress", why=why))
        run.steps.append(Step("ask", statement.address, text, data={"buttons": ("yes", "no")}))
        raise run.end(status="asked", needs=(name,))

    # ---- what lies ahead
    def foresee(self, rest: k.Block) -> tuple[Call, ...]:
        """The writes ahead up to the next confirmation. Everything that any write ahead needs is known afterwards.

        The statements are read as they will be, on what is known now; then everything is put back as it was.

        Raises:
            Missing: Something must be asked for before the first write.
        """
        run = self.run
        saved = dict(run.lets), dict(run.values), set(run.pending), dict(run.needs.declarations), run.guide, run.reason
        calls: list[Call] = []
        foresight = Foresight(run, calls)
        try:
            foresight.block(rest)
        except Missing as missing:
            raise run.needs.first_in_writing(missing, foresight.at) from None
        finally:
            run.lets, run.values, run.pending, run.needs.declarations, run.guide, run.reason = saved
        return tuple(calls)

    # ---- actions
    def do(self, statement: k.Do, rest: k.Block) -> None:
        """Runs an action, or takes what it came to."""
        if statement.action in k.BUILT_IN_ACTIONS:
            self.built_in(statement)
            return
        run = self.run
        if statement.action in run.world.lookups:
            arguments = {argument.name: argument_of(run, statement, argument.value) for argument in statement.arguments}
            result = run.looked_up(statement.action, arguments, statement.address)
            self.done(statement, result, _effect(result, statement.action, run.place(statement)))
            return
        self.foresee((statement, *rest))
        arguments = {argument.name: argument_of(run, statement, argument.value) for argument in statement.arguments}
        place, shown = run.place(statement), {name: canonical(value) for name, value in arguments.items()}
        key = digest(f"{run.state.run}:{place}:{statement.action}:{canonical(shown)}")
        effect = self.effect(key, statement.action, place)
        if effect is None:
            if len(run.state.effects) >= MAX_EFFECTS:
                run.stuck(statement, f"more than {MAX_EFFECTS} effects in one run", "no_progress")
            call = Call(place, statement.action, shown)
            confirmed = any(agreed.covers(call) for agreed in self.agreed)
            raise run.end(
                status="wants", want=Want("write", statement.action, arguments, key, statement.address, confirmed)
            )
        self.freeze()
        self.done(
            statement, Result(effect["status"], from_json(effect["value"]), effect["error"], effect["reason"]), effect
        )

    def effect(self, key: str, action: str, place: str) -> Mapping[str, Any] | None:
        """What a write came to, in an earlier turn or in this one."""
        run = self.run
        if key in run.state.effects:
            found: Mapping[str, Any] = run.state.effects[key]
            return found
        result = run.world.effects.get(key)
        if result is None:
            return None
        effect = _effect(result, action, place)
        run.state = replace(run.state, effects={**run.state.effects, key: effect})
        return effect

    def freeze(self) -> None:
        """Keeps the values that the guide had at a write; what an earlier write froze stays."""
        run = self.run
        old = run.state.frozen or {}
        new = {"now": to_json(run.now)}
        for name, value in {**run.touched, **run.values}.items():
            if value is not UNKNOWN and name not in _LASTING:
                new[run.frozen_key(name)] = to_json(_bare(value))
        new.update(run.needs.frozen_picks())
        run.state = replace(run.state, frozen={**new, **old})

    def done(self, statement: k.Do, result: Result, effect: Mapping[str, Any]) -> None:
        """Goes on behind an action, or hands over when it was not done."""
        run = self.run
        run.note("action", statement, f"{statement.action}: {result.status}", status=result.status, error=result.error)
        if result.status == "done":
            if statement.name:
                run.values[statement.name] = normal(result.value)
                self.given.add(statement.name)
            return
        if result.status == "failed" and statement.failure is not None:
            run.ahead = ()
            run.block(statement.failure)
            raise run.end(status="done")
        took = [done["action"] for done in run.state.effects.values() if done["status"] == "done"]
        why = f"{statement.action} {result.status}: {result.error}"
        why += f"; already done: {', '.join(took)}" if took else "; nothing was done before it"
        reason = effect.get("reason") or "action_failed"
        raise run.end(status="handed_over", hand_over=HandOverStep(reason, why=why))

    def built_in(self, statement: k.Do) -> None:
        """An action of the language's own, within the conversation."""
        run = self.run
        values: dict[str, Any] = {}
        for argument in statement.arguments:
            value = argument_of(run, statement, argument.value)
            values[argument.name] = (*values.get("article", ()), value) if argument.name == "article" else value
        if statement.action == "set":
            run.known[str(values["path"])] = values["value"]
        if run.once(Step(statement.action, statement.address, data=values), canonical(values)):
            shown = {name: label(value) for name, value in values.items()}
            run.note("built-in", statement, f"{statement.action} {', '.join(shown.values())}".strip(), **shown)


def _effect(result: Result, action: str, place: str) -> dict[str, Any]:
    return {"status": result.status, "value": to_json(result.value), "error": result.error, "reason": result.reason,
            "action": action, "at": place}  # fmt: skip


def _bare(value: Any) -> Any:
    """A picked list without what was needed for each element, which is frozen by itself."""
    if isinstance(value, tuple):
        return tuple(item.value if isinstance(item, Line) else item for item in value)
    return value.value if isinstance(value, Line) else value
