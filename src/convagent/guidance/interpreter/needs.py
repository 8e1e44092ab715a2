"""Needs: what must be known, taken from facts, from what the customer wrote, from providing guides, or asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convagent.guidance.codec import from_json, to_json
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.answers import read_need
from convagent.guidance.interpreter.asking import MAX_SHOWN, ask_text, default_text, listed
from convagent.guidance.interpreter.declarations import Declarations
from convagent.guidance.interpreter.endings import Missing, Unfit
from convagent.guidance.interpreter.picks import (
    PICKED,
    broken_must,
    choices_of,
    in_another_unit,
    in_words,
    known_picks,
    must_text,
    offered,
    tags,
)
from convagent.guidance.interpreter.providing import Providing
from convagent.guidance.interpreter.world import Choice, HandOverStep, Read, Step, Wanted
from convagent.guidance.language.expressions import roots
from convagent.guidance.language.unparse import unparse
from convagent.guidance.parts import joined
from convagent.guidance.values import UNKNOWN, Line, unwrap
from convagent.guidance.wording import aliases, label
from convagent.why import because

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["NeedReader"]


class _Extras(Mapping[str, Any]):
    """What was needed for each element of a list, found when it is asked for."""

    def __init__(self, needs: NeedReader, declarations: Mapping[str, k.Need], tag: str, element: Any) -> None:
        self.needs, self.declarations, self.tag, self.element = needs, declarations, tag, element

    def __getitem__(self, name: str) -> Any:
        return self.needs.value_for_each(self.declarations[name], self.tag, self.element)

    def __iter__(self) -> Iterator[str]:
        """The names that were found so far: going through them asks for nothing."""
        return (name for name in self.declarations if self.needs.has_for_each(name, self.tag))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return name in self.declarations


class NeedReader(Declarations):
    """Finds the values of a run's Needs."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.busy: set[str] = set()
        self.providing = Providing(run)
        self.picks: dict[str, list[tuple[str, Any]]] = {}

    def declare(self, need: k.Need) -> None:
        """Notes a Need; nothing is asked yet."""
        super().declare(need)
        for root in roots(need.each_source) if need.each_source is not None else ():
            if root in self.run.values:
                self.run.values[root] = self.with_extras(root, self.run.values[root])

    def picks_of(self, name: str) -> list[tuple[str, Any]]:
        """Key and value of each pick; those of the first write once there was one."""
        key = f"each {self.run.scoped(name)}"
        if key in self.run.frozen:
            picks = [(str(tag), from_json(value)) for tag, value in self.run.frozen[key]]
        else:
            value = self.value(name)
            values = [unwrap(item) for item in (value if isinstance(value, tuple) else (value,))]
            picks = list(zip(tags(values), values, strict=True))
        self.picks[key] = picks
        return picks

    def frozen_picks(self) -> dict[str, Any]:
        """The picks of all `each of` Needs in JSON."""
        return {key: [[tag, to_json(value)] for tag, value in picks] for key, picks in self.picks.items()}

    # ---- values
    def value(self, name: str) -> Any:
        """The value of a declared Need.

        Raises:
            Missing: It must be asked for.
        """
        need = self.declarations[name]
        if name in self.busy:
            return UNKNOWN
        value = self._reckoned(need)
        if value is not UNKNOWN:
            if not need.fresh and need.kind not in {"yes_no", "each"} and not self.run.suffix:
                self.run.known[name] = value
            value = self.with_extras(name, value)
            self.run.values[name] = value
        return value

    def _reckoned(self, need: k.Need) -> Any:
        """A Need's value, on what the names that it hangs on stood for where it stands."""
        run, name = self.run, need.name
        self.busy.add(name)
        outer, run.within = run.within, run.closures.get(name, {})
        try:
            return self._group(need) if need.group is not None else self._find(need, run.scoped(name))
        finally:
            self.busy.discard(name)
            run.within = outer

    def former(self, need: k.Need) -> Any:
        """The value of a Need whose name was given anew since."""
        if need.name in self.busy:
            return UNKNOWN
        self.busy.add(need.name)
        try:
            value = self._group(need) if need.group is not None else self._find(need, self.run.scoped(need.name))
        finally:
            self.busy.discard(need.name)
        return value if value is UNKNOWN else self.with_extras(need.name, value)

    def in_words(self, name: str, value: Any) -> Any:
        """A value as texts name it: a choice that the guide writes out by its words in the customer's language."""
        need = self.declarations.get(name)
        if need is None or not need.choices or not isinstance(value, str):
            return value
        found = next((choice for choice in choices_of(self.run, need) or () if choice.value == value), None)
        return value if found is None else in_words(found)

    def has_for_each(self, name: str, tag: str) -> bool:
        """Whether a Need `for each` was found for an element."""
        return self.run.scoped_for_each(name, tag) in self.run.values

    def value_for_each(self, need: k.Need, tag: str, element: Any) -> Any:
        """The value of a Need `for each`, for one element."""
        run = self.run
        name = run.scoped_for_each(need.name, tag)
        if name not in run.values and name in run.frozen:
            run.values[name] = from_json(run.frozen[name])
        if name in run.values:
            return run.values[name]
        saved = run.values.get(need.each_name or "", UNKNOWN)
        if need.each_name:
            run.values[need.each_name] = element
        outer, run.within = run.within, run.closures.get(need.name, {})
        try:
            value = self._find(need, name, about=label(element))
        finally:
            run.within = outer
            if need.each_name:
                run.values.pop(need.each_name, None)
                if saved is not UNKNOWN:
                    run.values[need.each_name] = saved
        if value is not UNKNOWN:
            run.values[name] = value
        return value

    def with_extras(self, name: str, value: Any) -> Any:
        """A picked list with what is needed for each of its elements."""
        if not isinstance(value, tuple):
            return value
        each = {
            other.name: other
            for other in self.declarations.values()
            if other.each_source is not None and roots(other.each_source) == {name}
        }
        if not each:
            return value
        items = [unwrap(item) for item in value]
        return tuple(Line(item, _Extras(self, each, tag, item)) for tag, item in zip(tags(items), items, strict=True))

    def _group(self, need: k.Need) -> Any:
        """One of several alternatives suffices; the names of the others are then absent."""
        group = self.mates(need)
        found: dict[str, Any] = {}
        for other in group:
            if other.name in found:
                continue
            try:
                found[other.name] = self._find(other, self.run.scoped(other.name), ask=False)
            except Missing:
                found[other.name] = UNKNOWN
        by_alternative: dict[int, list[k.Need]] = {}
        for other in group:
            by_alternative.setdefault(other.alternative, []).append(other)
        complete = [
            items for items in by_alternative.values() if all(found[item.name] is not UNKNOWN for item in items)
        ]
        if complete:
            for other in group:
                if found[other.name] is UNKNOWN:
                    self.run.values[other.name] = None
                elif other.name != need.name:
                    self.run.values[other.name] = found[other.name]
            value = found[need.name]
            return None if value is UNKNOWN else value
        begun = [items for items in by_alternative.values() if any(found[item.name] is not UNKNOWN for item in items)]
        if begun:
            lacking = tuple(item.name for item in begun[0] if found[item.name] is UNKNOWN)
            raise Missing(lacking, self._questions(lacking), need.address)
        names = tuple(dict.fromkeys(other.name for other in group))
        raise Missing(names, ask_text(self.run, need, (), None), need.address)

    def _questions(self, names: Iterable[str]) -> str:
        return joined(default_text(self.run, self.declarations[name], (), None) for name in names)

    def _find(self, need: k.Need, name: str, *, about: str | None = None, ask: bool = True) -> Any:
        choices = choices_of(self.run, need)
        if choices is None:
            return UNKNOWN
        wanted = Wanted(need.name, need.kind, need.type_name, choices, about, self._taken(need))
        read = read_need(self.run, need, name, wanted, [self.run.scoped(mate.name) for mate in self.mates(need)])
        if read.value is not UNKNOWN:
            value = self._accept(need, name, wanted, read)
            if value is not UNKNOWN:
                return value
        if not need.fresh and not read.other:
            value = self._from_known(need, name, choices)
            if value is not UNKNOWN and broken_must(self.run, need, value) is None:
                return value
        if not ask:
            return UNKNOWN
        if (value := self._misfit(need, name, read, choices)) is not UNKNOWN:
            return value
        data = {"choices": tuple(choice.labels[0] for choice in choices[:MAX_SHOWN])}
        if read.unclear:
            unclear = self.run.world.phrase("unclear", choices=listed(self.run, read.unclear))
            raise Missing((name,), unclear, need.address, data)
        beside = self.of_one_statement(need)
        if len(beside) > 1:
            raise self._together(need, beside)
        text = ask_text(self.run, need, offered(self.run, need, choices), about)
        raise Missing((name,), text, need.address, data)

    def _together(self, need: k.Need, beside: list[k.Need]) -> Missing:
        """One question for all names of a statement that are missing; once some were given, for the rest by name."""
        run = self.run
        lacking = [
            other for other in beside
            if other is need or self._find(other, run.scoped(other.name), ask=False) is UNKNOWN
        ]  # fmt: skip
        names = tuple(run.scoped(other.name) for other in lacking)
        text = ask_text(run, need, (), None) if len(lacking) == len(beside) else ""
        return Missing(names, text or self._questions(other.name for other in lacking), need.address)

    def _taken(self, need: k.Need) -> tuple[str, ...]:
        """What the elements are called that a Need `for each` is about."""
        if need.each_source is None:
            return ()
        elements = unwrap(self.run.attempt(need.each_source)[0])
        return tuple(name for item in (elements if isinstance(elements, tuple) else ()) for name in aliases(item))

    def _misfit(self, need: k.Need, name: str, read: Read, choices: tuple[Choice, ...]) -> Any:
        """What follows when an answer fits no choice, or there is nothing to choose from."""
        nothing = need.kind in PICKED and not choices
        if need.otherwise is None:
            if nothing:
                why = because("at", place=need.address, what=because("nothing_to_pick", name=need.name))
                raise Unfit(status="handed_over", hand_over=HandOverStep("guidance", why=why))
            return UNKNOWN
        if need.otherwise.value is not None and (read.misfit or nothing or name not in self.run.state.asked):
            value = self.run.evaluate(need.otherwise.value)
            return value if value is UNKNOWN or broken_must(self.run, need, value) is None else UNKNOWN
        if not read.misfit and not nothing:
            return UNKNOWN
        if need.otherwise.hand_over is not None:
            raise Unfit(status="handed_over", hand_over=self.run.hand_over_step(need.otherwise.hand_over))
        text = need.otherwise.refuse or need.otherwise.say
        if text is None:
            return UNKNOWN
        self.run.note("misfit", need, f"the answer for {name} is none of the choices", need=need.name)
        step = Step("say", need.address, self.run.text(need, text.template))
        raise Unfit(step, status="refused" if need.otherwise.refuse is not None else "done")

    # ---- reading
    def _accept(self, need: k.Need, name: str, wanted: Wanted, read: Read) -> Any:
        """The value of what was read, if it fulfils every `must`; it is kept for the next turns."""
        run = self.run
        value: Any = read.value
        if need.kind in PICKED:
            by_key = {choice.key: choice.value for choice in wanted.choices}
            chosen = tuple(by_key[key] for key in read.value if key in by_key)
            if not chosen:
                return UNKNOWN
            value = chosen[0] if need.kind == "one" else chosen
        broken = broken_must(run, need, value)
        if broken is not None and (meant := in_another_unit(run, need, read)) is not None:
            value, broken, read = meant, None, replace(read, value=meant)
        if broken is not None:
            must, pick = broken
            why = unparse(must.condition)
            run.note("must", need, f"{name} can't be {label(pick)}: {why}: no", need=need.name, condition=why)
            text = must_text(run, need, must, pick, wanted.choices)
            kept = {key: part for key, part in run.state.answers.items() if key != name}
            run.state.answers = kept
            shown = offered(run, need, wanted.choices)[:MAX_SHOWN]
            raise Missing((name,), text, need.address, {"choices": tuple(choice.labels[0] for choice in shown)})
        run.state.answers = {**run.state.answers, name: to_json(read.value)}
        if read.source:
            run.note("need", need, f"{name} is {label(value)}, from “{read.source}”")
        return value

    def _from_known(self, need: k.Need, name: str, choices: tuple[Choice, ...]) -> Any:
        """From facts and earlier guides; from a providing guide; the only choice there is."""
        known = self.run.fact(need.name)
        if need.kind in PICKED:
            return self._known_pick(need, name, choices, known)
        provider = self.run.kernel.giver(need.name, other_than=self.run.guide.title)
        if provider is not None:
            found = self.providing.value(need, provider, known)
            if found is not known:
                return found
        if known is None or (need.kind == "yes_no" and not isinstance(known, bool)):
            return UNKNOWN
        return known

    def _known_pick(self, need: k.Need, name: str, choices: tuple[Choice, ...], known: Any) -> Any:
        found = known_picks(choices, known)
        if not found:
            left = offered(self.run, need, choices)
            if len(left) != 1 or need.source is None or name in self.run.state.asked:
                return UNKNOWN
            self.run.note("need", need, f"{name} is {left[0].labels[0]}: the only choice there is")
            found = left
        return found[0].value if need.kind == "one" else tuple(choice.value for choice in found)
