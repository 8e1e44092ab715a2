"""Names within a reading: what they stand for, reckoned when it is needed, looked up or asked for, and frozen by a write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from convagent.guidance.codec import canonical, digest, from_json
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.binding import Former, sources_of
from convagent.guidance.interpreter.draft import Draft
from convagent.guidance.interpreter.endings import End, Missing, Unfit
from convagent.guidance.interpreter.evaluate import Names, evaluate
from convagent.guidance.interpreter.known import with_fields
from convagent.guidance.interpreter.world import GuideState, Result, Want, World
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.syntax import LookUp
from convagent.guidance.values import UNKNOWN, attribute, normal, unwrap

if TYPE_CHECKING:
    from convagent.guidance.interpreter.needs import NeedReader

__all__ = ["Naming"]

_ASKS = (Missing, Unfit)


class Naming:
    """The names of one reading and the values that they have so far.

    Args:
        world: What can be seen.
        state: What is remembered: the values that a write froze.
    """

    guide: k.Guide
    needs: NeedReader

    def __init__(self, world: World, state: GuideState) -> None:
        self.world, self.state = world, Draft(state)
        self.lets: dict[str, k.Let] = {}
        self.values: dict[str, Any] = {}
        self.closures: dict[str, dict[str, Former]] = {}
        """By a name, what the names it is reckoned from stood for where it stands, if they were given anew since."""
        self.within: Mapping[str, Former] = {}
        self.touched: dict[str, Any] = {}
        self.fields: dict[str, dict[str, Any]] = {}
        """What the guide `set` of records, by root name and field."""
        self.pending: set[str] = set()
        """Names that only an action ahead, or an answer behind it, will give."""
        self.suffix = ""
        self.pick_suffixes: dict[str, str] = {}
        self.frozen: Mapping[str, Any] = {} if state.frozen is None else state.frozen
        self.now: datetime = from_json(self.frozen["now"]) if "now" in self.frozen else world.now
        self.busy: set[str] = set()
        self.reason = ""

    # ---- expressions
    def attempt(
        self, node: ex.Expression, element: Any = UNKNOWN, *, look_up: bool = True
    ) -> tuple[Any, Names, Missing | Unfit | None]:
        """A value without asking for anything, and what would have to be asked for first.

        Look-ups are not put off, since `x is known` can't be answered before them, unless `look_up` says so.
        """

        def resolve(name: str) -> Any:
            try:
                return self.resolve(name)
            except (Missing, Unfit) as lack:
                names.lacks.append(lack)
            except End:
                if look_up:
                    raise
            return UNKNOWN

        def missing_field(value: Any, name: str) -> Any:
            return self.missing_field(value, name) if look_up else UNKNOWN

        names = Names(resolve, self.now, self.judge, missing_field, _ASKS if look_up else (*_ASKS, End))
        value = evaluate(node, names, element)
        first = names.lacks[0] if names.lacks else None
        return value, names, first if isinstance(first, (Missing, Unfit)) else None

    def evaluate(self, node: ex.Expression, element: Any = UNKNOWN) -> Any:
        """A value; what it lacks is looked up or asked for."""
        value, _, missing = self.attempt(node, element)
        if value is UNKNOWN and missing is not None:
            raise missing
        return value

    def judge(self, text: str) -> bool | None:
        """A judgement of the customer's words; None when unsure."""
        value = self.world.judge(text)
        if value is None:
            self.reason = "low_confidence"
        return value

    # ---- names
    def let_be(self, statement: k.Let) -> None:
        """Notes what a name stands for from here on; nothing is reckoned yet."""
        self.given_anew(statement.name, statement)
        self.lets[statement.name] = statement
        self.values.pop(statement.name, None)
        self.pending.discard(statement.name)

    def given_anew(self, name: str, by: k.Statement) -> None:
        """Keeps what a name stood for, for those that are reckoned from it: each sees it as it was where it stands."""
        let = self.lets.get(name)
        if let is by:
            return
        bindings: dict[str, k.Let | k.Need] = {**self.needs.declarations, **self.lets}
        users = [
            other for other, node in bindings.items()
            if other != name and name in sources_of(node) and name not in self.closures.get(other, {})
        ]  # fmt: skip
        own = isinstance(by, k.Let) and name in sources_of(by)
        if not users and not own:
            self.closures.pop(name, None)
            return
        kept = self.frozen_key(name) if isinstance(by, k.Let) or let is not None else None
        former = Former(
            name, f"{self.scoped(name)} until {by.address}", kept, let, self.needs.declarations.get(name),
            self.values.get(name, UNKNOWN), self.closures.get(name, {}), name in self.pending,
        )  # fmt: skip
        for other in users:
            self.closures[other] = {**self.closures.get(other, {}), name: former}
        self.closures.pop(name, None)
        if own:
            self.closures[name] = {name: former}

    def formers(self) -> list[Former]:
        """What names stood for that something may still be reckoned from."""
        found: dict[int, Former] = {}
        queue = [former for closure in self.closures.values() for former in closure.values()]
        while queue:
            former = queue.pop()
            if id(former) not in found:
                found[id(former)] = former
                queue.extend(former.closure.values())
        return list(found.values())

    def former(self, former: Former) -> Any:
        """The value of a name as it stood before it was given anew."""
        if former.value is not UNKNOWN:
            return former.value
        for key in (former.key, former.kept):
            if key is not None and key in self.frozen:
                former.value = self.needs.with_extras(former.name, from_json(self.frozen[key]))
                return former.value
        if former.pending or former.busy:
            return UNKNOWN
        former.busy, outer, self.within = True, self.within, former.closure
        try:
            if former.let is not None:
                value = self.value_of(former.let)
            elif former.need is not None:
                value = self.needs.former(former.need)
            else:
                value = self.touched[former.name] = self.fact(former.name)
        finally:
            former.busy, self.within = False, outer
        if not self.pending:
            former.value = value
        return value

    def names(self, name: str) -> bool:
        """Whether the guide gives something that name here."""
        return name in self.values or name in self.lets or self.needs.declared(name)

    def resolve(self, name: str) -> Any:
        """What a root name stands for: what the guide names, what it needs, what is known; with what the guide `set` of it."""
        value = self.named(name)
        return with_fields(value, self.fields[name]) if name in self.fields else value

    def set_to(self, path: str, value: Any, by: k.Statement) -> None:
        """Keeps what a guide `set`s: it counts from here on, as a fact of the conversation."""
        root, _, field = path.partition(".")
        if field:
            self.fields = {**self.fields, root: {**self.fields.get(root, {}), field: value}}
        else:
            self.given_anew(root, by)
            self.values[root] = value

    def named(self, name: str) -> Any:
        """What a root name stands for, without what the guide `set` of it."""
        if name in self.within:
            return self.former(self.within[name])
        if name in self.pending:
            return UNKNOWN
        if name in self.values:
            return self.values[name]
        if self.frozen and (key := self.frozen_key(name)) in self.frozen and not self.needs.is_fresh(name):
            self.values[name] = self.needs.with_extras(name, from_json(self.frozen[key]))
            return self.values[name]
        if name in self.lets:
            return self.let(self.lets[name])
        if self.needs.declared(name):
            return self.needs.value(name)
        value = self.fact(name)
        self.touched[name] = value
        return value

    def scoped(self, name: str) -> str:
        """A name with the pick that its value hangs on, so that every pick has its own."""
        if not self.pick_suffixes:
            return name
        reach = self.needs.reach({name})
        suffixes = [suffix for pick, suffix in self.pick_suffixes.items() if pick in reach]
        return name + max(suffixes, key=len, default="")

    def scoped_for_each(self, name: str, tag: str) -> str:
        """The name of what is needed for one element of a list."""
        return f"{name}[{tag}]{self.scoped(name)[len(name) :]}"

    def frozen_key(self, name: str) -> str:
        """What a value is frozen under. A name may be given anew, so that a `Let` counts by its place too."""
        let = self.lets.get(name)
        return self.scoped(name) + (f" = {let.address}" if let is not None else "")

    def fact(self, name: str) -> Any:
        """What is known by that name; the clock is a fact."""
        if name == "now":
            return self.now
        if name == "today":
            return self.now.date()
        return normal(self.world.facts.get(name, UNKNOWN))

    def let(self, statement: k.Let) -> Any:
        """The value of a `Let`, reckoned now."""
        if statement.name in self.busy:
            return UNKNOWN
        self.busy.add(statement.name)
        outer, self.within = self.within, self.closures.get(statement.name, {})
        try:
            value = self.value_of(statement)
        finally:
            self.busy.discard(statement.name)
            self.within = outer
        if not self.pending or not self.needs.reach({statement.name}) & self.pending:
            self.values[statement.name] = value
        return value

    def value_of(self, statement: k.Let) -> Any:
        """What a `Let` comes to, on what its names stand for there."""
        if isinstance(statement.value, LookUp):
            return self.look_up(statement, statement.value)
        return self.evaluate(statement.value)

    def look_up(self, statement: k.Let, call: LookUp) -> Any:
        """What a look-up gives; unknown when it failed or one of its arguments is."""
        found: dict[str, Any] = {}
        places = {name: place for place, name in enumerate(self.needs.declarations)}
        for argument in sorted(  # what is missing is asked for in the order of the Needs, not of the arguments
            call.arguments,
            key=lambda one: min((places[name] for name in ex.roots(one.value) & places.keys()), default=-1),
        ):
            value = self.evaluate(argument.value)
            if value is UNKNOWN:
                return UNKNOWN
            found[argument.name] = value
        arguments = {argument.name: found[argument.name] for argument in call.arguments}
        result = self.looked_up(call.action, arguments, statement.address)
        return normal(result.value) if result.status == "done" else UNKNOWN

    def looked_up(self, action: str, arguments: Mapping[str, Any], address: str) -> Result:
        """What a look-up came to in this turn.

        Raises:
            End: It has to be run first.
        """
        key = digest(f"{action}:{canonical(arguments)}")
        result = self.world.results.get(key)
        if result is None:
            raise End(status="wants", want=Want("lookup", action, arguments, key, address))
        if result.status != "done":
            self.reason = result.reason or "action_failed"
        return result

    def missing_field(self, value: Any, name: str) -> Any:
        """A field that a record doesn't know, from a look-up that gives it."""
        record = unwrap(value)
        resolver = self.world.resolvers.get((type(record).__name__, name))
        key = attribute(record, resolver.attribute) if resolver is not None else UNKNOWN
        if resolver is None or key is UNKNOWN or key is None:
            return UNKNOWN
        result = self.looked_up(resolver.action, {resolver.parameter: key}, self.guide.title)
        return normal(result.value) if result.status == "done" else UNKNOWN
