"""Doing: confirmations of exact arguments, what must be known before the first write, actions and what they came to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from convagent.guidance.codec import canonical, digest, from_json, to_json
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.answers import confirmation
from convagent.guidance.interpreter.endings import Missing
from convagent.guidance.interpreter.foresight import (
    Call,
    Foresight,
    argument_of,
    identity,
    names_as_they_stand,
    put_back,
)
from convagent.guidance.interpreter.world import Agreed, HandOverStep, Result, Step, Want
from convagent.guidance.values import UNKNOWN, Line, normal
from convagent.guidance.wording import label
from convagent.why import and_because, because

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
        self.agreed: list[tuple[Call, Agreed]] = []
        """Writes that the customer said yes to."""
        self.given: set[str] = set()
        """Names that actions gave."""
        self.met: list[str] = []
        """Keys of the effects that this reading has come to, in order."""

    # ---- confirmations
    def confirm(self, statement: k.Need, rest: k.Block) -> None:
        """Asks for a yes to exactly the writes ahead, or takes the one that was given."""
        run = self.run
        calls = self.foresee(rest)
        begun = [effect for key, effect in run.state.effects.items() if key not in self.met]
        place, scope = f"calls at {run.place(statement)}", run.scope(statement)
        if any(call.is_begun_by(effect, scope) for call in calls for effect in begun):
            # what was agreed to then, not what would be agreed to now
            then = [Call(*call) for call in json.loads(run.state.confirmed.get(place, "[]"))]
            self.agree(then, json.loads(run.state.confirmed.get(f"when {place}", '["", ""]')))
            run.note("confirmation", statement, "yes: it was begun", answer="yes")
            return
        text = run.text(statement, statement.ask.template if statement.ask else "")
        shown = canonical([call.to_json() for call in calls])
        key = digest(f"{statement.address}{run.suffix}:{shown}:{text}")
        times, shown_at, answered_at = self.moments(key)
        # Each showing has a name of its own: an old yes never answers a question that was asked again.
        name = f"confirm:{key}{f'~{times}' if times > 1 else ''}"
        answer = run.state.confirmed.get(key) or confirmation(run, name, about=f"{text} {shown}")
        expired = answer == "yes" and self.expired(shown_at)
        if expired:
            times, shown_at, answered_at, answer = times + 1, "", "", None
            name = f"confirm:{key}~{times}"
        now = run.world.now.isoformat()
        moments = (str(times), shown_at if answer and shown_at else now, answered_at or (now if answer else ""))
        run.state.confirmed = {**run.state.confirmed, f"when {key}": json.dumps(moments)}
        if answer in {"yes", "no"}:
            agreed = json.dumps([call.to_json() for call in calls])
            kept = {key: answer, place: agreed, f"when {place}": json.dumps(moments[1:])}
            run.state.confirmed = {**run.state.confirmed, **kept}
        elif expired:
            kept = {name: value for name, value in run.state.confirmed.items() if name != key}
            run.state.confirmed = kept
        told = answer or ("asked again, since the yes came too late" if expired else "asked")
        run.note("confirmation", statement, f"{told}: {text}", answer=answer or "asked")
        if answer == "yes":
            self.agree(calls, moments[1:])
            return
        if answer == "no":
            run.once(Step("say", statement.address, run.world.phrase("nothing_done")), key)
            raise run.end(status="refused")
        if not expired and run.in_vain((name,)) >= MAX_UNCLEAR:
            why = because("at", place=statement.address, what=because("neither_yes_nor_no", count=MAX_UNCLEAR))
            raise run.end(status="handed_over", hand_over=HandOverStep("no_progress", why=why))
        run.steps.append(Step("ask", statement.address, text, data={"buttons": ("yes", "no")}))
        raise run.end(status="asked", needs=(name,))

    def moments(self, key: str) -> tuple[int, str, str]:
        """How often a question was shown, when it was last, and when it was answered; empty where it wasn't."""
        kept = self.run.state.confirmed.get(f"when {key}")
        if kept is None:
            return 1, "", ""
        times, shown_at, answered_at = json.loads(kept)
        return int(times), shown_at, answered_at

    def expired(self, shown_at: str) -> bool:
        """Whether a yes to what was shown then counts no longer; nor does one whose moment is not known or lies ahead."""
        run = self.run
        if not shown_at:
            return True
        return not timedelta(0) <= run.world.now - datetime.fromisoformat(shown_at) <= run.world.confirmation_lasts

    def agree(self, calls: Iterable[Call], moments: Sequence[str]) -> None:
        """Notes the writes that the customer said yes to, with the moments of the question and of the answer."""
        self.agreed.extend((call, Agreed(call.arguments, moments[0], moments[1])) for call in calls)

    # ---- what lies ahead
    def foresee(self, rest: k.Block) -> tuple[Call, ...]:
        """The writes ahead up to the next confirmation. Everything that any write ahead needs is known afterwards.

        The statements are read as they will be, on what is known now; then everything is put back as it was.

        Raises:
            Missing: Something must be asked for before the first write.
        """
        run = self.run
        saved = names_as_they_stand(run)
        calls: list[Call] = []
        foresight = Foresight(run, calls)
        try:
            foresight.block(rest)
        except Missing as missing:
            raise run.needs.first_in_writing(missing, foresight.at) from None
        finally:
            put_back(run, saved)
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
        identity(run, statement)
        place, shown = run.place(statement), {name: canonical(value) for name, value in arguments.items()}
        key = self.key(statement, shown)
        effect = self.effect(key, statement, shown)
        if effect is None:
            self.all_met(statement)
            if len(run.state.effects) >= MAX_EFFECTS:
                run.stuck(statement, because("too_many_effects", most=MAX_EFFECTS), "no_progress")
            call = Call(place, statement.action, shown)
            agreed = next((yes for shown, yes in self.agreed if shown.covers(call)), None)
            want = Want("write", statement.action, arguments, key, statement.address, agreed is not None, agreed)
            raise run.end(status="wants", want=want)
        self.met.append(key)
        self.freeze()
        self.done(
            statement, Result(effect["status"], from_json(effect["value"]), effect["error"], effect["reason"]), effect
        )

    def key(self, statement: k.Do, shown: Mapping[str, str]) -> str:
        """What tells a write from every other one: the run, guide, pick, action, exact arguments, and which of equal ones.

        Where it stands is no part of it: a line that somebody inserts above makes no new write of it.
        """
        run = self.run
        same = f"{run.state.run}:{run.scope(statement)}:{statement.action}:{canonical(shown)}"
        times = 1
        while (key := digest(f"{same}:{times}")) in self.met:
            times += 1
        return key

    def all_met(self, statement: k.Do) -> None:
        """Hands over rather than write on where the guide no longer comes to what was done: it was changed meanwhile."""
        run = self.run
        gone = [effect["action"] for key, effect in run.state.effects.items() if key not in self.met]
        if gone:
            run.stuck(statement, because("changed_since", actions=gone), "guidance")

    def effect(self, key: str, statement: k.Do, shown: Mapping[str, str]) -> Mapping[str, Any] | None:
        """What a write came to, in an earlier turn or in this one."""
        run = self.run
        if key in run.state.effects:
            found: Mapping[str, Any] = run.state.effects[key]
            return found
        result = run.world.effects.get(key)
        if result is None:
            return None
        effect = _effect(result, statement.action, run.place(statement))
        effect = {**effect, "of": run.scope(statement), "with": dict(shown)}
        run.state.effects = {**run.state.effects, key: effect}
        return effect

    def freeze(self) -> None:
        """Keeps the values that the guide had at a write; what an earlier write froze stays."""
        run = self.run
        old = run.state.frozen or {}
        new = {"now": to_json(run.now)}
        for name, value in {**run.touched, **run.values}.items():
            if value is not UNKNOWN and name not in _LASTING:
                new[run.frozen_key(name)] = to_json(_bare(value))
        for former in run.formers():
            if former.value is not UNKNOWN:
                new[former.key] = to_json(_bare(former.value))
        new.update(run.needs.frozen_picks())
        run.state.frozen = {**new, **old}

    def done(self, statement: k.Do, result: Result, effect: Mapping[str, Any]) -> None:
        """Goes on behind an action, or hands over when it was not done."""
        run = self.run
        run.note("action", statement, f"{statement.action}: {result.status}", status=result.status, error=result.error)
        if result.status == "done":
            if statement.name:
                run.given_anew(statement.name, statement)
                run.values[statement.name] = normal(result.value)
                self.given.add(statement.name)
            return
        if result.status == "failed" and statement.failure is not None:
            run.ahead = ()
            run.block(statement.failure)
            raise run.end(status="done")
        took = [done["action"] for done in run.state.effects.values() if done["status"] == "done"]
        came_to = because(f"action_{result.status}", action=statement.action, error=str(result.error))
        why = and_because(came_to, because("already_done", actions=took) if took else because("nothing_done"))
        reason = effect.get("reason") or "action_failed"
        raise run.end(status="handed_over", hand_over=HandOverStep(reason, why=why))

    def built_in(self, statement: k.Do) -> None:
        """An action of the language's own, within the conversation."""
        run = self.run
        values: dict[str, Any] = {}
        for argument in statement.arguments:
            value = argument_of(run, statement, argument.value)
            values[argument.name] = (*values.get("article", ()), value) if argument.name == "article" else value
        if run.once(Step(statement.action, statement.address, data=values), canonical(values)):
            shown = {name: label(value) for name, value in values.items()}
            run.note("built-in", statement, f"{statement.action} {', '.join(shown.values())}".strip(), **shown)
            if statement.action == "set":  # one of an earlier turn is among the facts, or was set anew since
                path = str(values["path"])
                run.known[path] = values["value"]
                run.set_to(path, values["value"], statement)


def _effect(result: Result, action: str, place: str) -> dict[str, Any]:
    return {"status": result.status, "value": to_json(result.value), "error": result.error, "reason": result.reason,
            "action": action, "at": place}  # fmt: skip


def _bare(value: Any) -> Any:
    """A picked list without what was needed for each element, which is frozen by itself."""
    if isinstance(value, tuple):
        return tuple(item.value if isinstance(item, Line) else item for item in value)
    return value.value if isinstance(value, Line) else value
