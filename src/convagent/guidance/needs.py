"""Needs: what must be known, taken from facts, from what the customer wrote, from providing guides, or asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convagent.facts import Fact
from convagent.guidance import kernel as k
from convagent.guidance.codec import from_json, to_json
from convagent.guidance.evaluate import truth
from convagent.guidance.expressions import roots
from convagent.guidance.phrases import phrase
from convagent.guidance.unparse import unparse
from convagent.guidance.values import UNKNOWN, Line, equal, unwrap
from convagent.guidance.wording import aliases, label
from convagent.guidance.world import Choice, GuideState, HandOverStep, Read, Step, Utterance, Wanted

if TYPE_CHECKING:
    from convagent.guidance.interpret import Run

__all__ = ["Missing", "NeedReader", "Unfit"]

MAX_SHOWN = 8
"""Choices that a question lists; more would not be read."""


class Missing(Exception):  # noqa: N818 - nothing is wrong: something must be asked for
    """Something must be asked for."""

    def __init__(self, names: tuple[str, ...], text: str, address: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(names)
        self.names, self.text, self.address, self.data = names, text, address, data or {}


class Unfit(Exception):  # noqa: N818 - an ending that the guide foresees
    """The customer's answer fits no choice, and the guide says what follows."""

    def __init__(self, **parts: Any) -> None:
        super().__init__()
        self.parts = parts


class _Extras(Mapping[str, Any]):
    """What was needed for each element of a list, found when it is asked for."""

    def __init__(self, needs: NeedReader, declarations: Mapping[str, k.Need], position: int, element: Any) -> None:
        self.needs, self.declarations, self.position, self.element = needs, declarations, position, element

    def __getitem__(self, name: str) -> Any:
        return self.needs.value_for_each(self.declarations[name], self.position, self.element)

    def __iter__(self) -> Iterator[str]:
        """The names that were found so far: going through them asks for nothing."""
        return (name for name in self.declarations if self.needs.has_for_each(name, self.position))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return name in self.declarations


class NeedReader:
    """Finds the values of a run's Needs."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.declarations: dict[str, k.Need] = {}
        self.settled: set[str] = set()
        self.busy: set[str] = set()

    # ---- declarations
    def declare(self, need: k.Need) -> None:
        """Notes a Need; nothing is asked yet."""
        self.declarations[need.name] = need
        if need.fresh:
            self.run.values.pop(need.name, None)

    def declared(self, name: str) -> bool:
        """Whether a Need of that name was declared."""
        return name in self.declarations

    def is_fresh(self, name: str) -> bool:
        """Whether it is asked where it stands, never taken from earlier messages."""
        need = self.declarations.get(name)
        return need is not None and need.fresh

    def forget_declarations(self) -> None:
        """Another guide goes on: its own Needs count."""
        self.declarations.clear()

    def forget_dependents(self, name: str) -> None:
        """Values that hang on `name` are found anew for the next pick."""
        stale = {name}
        grown = True
        while grown:
            grown = False
            for other, need in self.declarations.items():
                sources = [source for source in (need.source, need.each_source) if source is not None]
                sources += [must.condition for must in need.musts]
                if other not in stale and any(roots(source) & stale for source in sources):
                    stale.add(other)
                    grown = True
            for other, let in self.run.lets.items():
                value = let.value
                used = (
                    frozenset().union(*(roots(a.value) for a in value.arguments))
                    if hasattr(value, "arguments")
                    else roots(value)
                )
                if other not in stale and used & stale:
                    stale.add(other)
                    grown = True
        for other in stale - {name}:
            self.run.values.pop(other, None)

    # ---- `each of`
    def pending_each(self, statement: k.Statement) -> str | None:
        """The `each of` Need that a statement depends on and that has not been split yet."""
        pending = [name for name, need in self.declarations.items() if need.kind == "each" and name not in self.settled]
        if not pending or isinstance(statement, k.Let) or (isinstance(statement, k.Need) and not statement.fresh):
            return None
        used = self._reach(k.depends_on(statement))
        if isinstance(statement, k.Need) and statement.kind == "confirmation":
            return pending[0]
        return next((name for name in pending if name in used), None)

    def _reach(self, names: frozenset[str]) -> set[str]:
        """Names with all that they depend on."""
        out, queue = set(), list(names)
        while queue:
            name = queue.pop()
            if name in out:
                continue
            out.add(name)
            if name in self.declarations:
                need = self.declarations[name]
                for source in (need.source, need.each_source):
                    queue.extend(roots(source) if source is not None else ())
            if name in self.run.lets:
                value = self.run.lets[name].value
                queue.extend(
                    root for a in value.arguments for root in roots(a.value)
                ) if hasattr(value, "arguments") else queue.extend(roots(value))  # fmt: skip
        return out

    def picks_of(self, name: str) -> list[tuple[str, Any]]:
        """Key and value of each pick."""
        value = self.value(name)
        picks = value if isinstance(value, tuple) else (value,)
        return [(_key(pick, position), pick) for position, pick in enumerate(picks)]

    def settle_each(self, name: str) -> None:
        """Notes that the guide was split at this Need."""
        self.settled.add(name)

    # ---- values
    def value(self, name: str) -> Any:
        """The value of a declared Need.

        Raises:
            Missing: It must be asked for.
        """
        need = self.declarations[name]
        if name in self.busy:
            return UNKNOWN
        self.busy.add(name)
        try:
            value = self._group(need) if need.group is not None else self._find(need, name + self.run.suffix)
        finally:
            self.busy.discard(name)
        if value is not UNKNOWN:
            if not need.fresh and need.kind not in {"yes_no", "each"} and not self.run.suffix:
                self.run.known[name] = unwrap(value)
            value = self._with_extras(name, value)
            self.run.values[name] = value
        return value

    def has_for_each(self, name: str, position: int) -> bool:
        """Whether a Need `for each` was found for the element in that place."""
        return f"{name}[{position}]{self.run.suffix}" in self.run.values

    def value_for_each(self, need: k.Need, position: int, element: Any) -> Any:
        """The value of a Need `for each`, for one element."""
        name = f"{need.name}[{position}]{self.run.suffix}"
        if name in self.run.values:
            return self.run.values[name]
        saved = self.run.values.get(need.each_name or "", UNKNOWN)
        if need.each_name:
            self.run.values[need.each_name] = element
        try:
            value = self._find(need, name, about=label(element))
        finally:
            if need.each_name:
                self.run.values.pop(need.each_name, None)
                if saved is not UNKNOWN:
                    self.run.values[need.each_name] = saved
        if value is not UNKNOWN:
            self.run.values[name] = value
        return value

    def _with_extras(self, name: str, value: Any) -> Any:
        if not isinstance(value, tuple):
            return value
        each = {
            other.name: other
            for other in self.declarations.values()
            if other.each_source is not None and roots(other.each_source) == {name}
        }
        if not each:
            return value
        return tuple(Line(unwrap(item), _Extras(self, each, n, unwrap(item))) for n, item in enumerate(value))

    def _group(self, need: k.Need) -> Any:
        """One of several alternatives suffices; the names of the others are then absent."""
        group = [other for other in self.declarations.values() if other.group == need.group]
        found: dict[str, Any] = {}
        for other in group:
            try:
                found[other.name] = self._find(other, other.name + self.run.suffix, ask=False)
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
            texts = [self._default_text(self.declarations[name], (), None) for name in lacking]
            raise Missing(lacking, " ".join(texts), need.address)
        names = tuple(dict.fromkeys(other.name for other in group))
        raise Missing(names, self._ask_text(need, (), None), need.address)

    def _find(self, need: k.Need, name: str, *, about: str | None = None, ask: bool = True) -> Any:
        choices = self._choices(need)
        if choices is None:
            return UNKNOWN
        wanted = Wanted(need.name, need.kind, need.type_name, choices, about)
        read = self._read(need, name, wanted)
        if read.value is not UNKNOWN:
            value = self._accept(need, name, wanted, read)
            if value is not UNKNOWN:
                return value
        if not need.fresh and not read.other:
            value = self._from_known(need, name, choices)
            if value is not UNKNOWN:
                return value
        if not ask:
            return UNKNOWN
        if (value := self._misfit(need, name, read, choices)) is not UNKNOWN:
            return value
        data = {"choices": tuple(choice.labels[0] for choice in choices[:MAX_SHOWN])}
        if read.unclear:
            listed = self._listed(read.unclear)
            raise Missing((name,), phrase("unclear", self.run.world.language, choices=listed), need.address, data)
        raise Missing((name,), self._ask_text(need, self._offered(need, choices), about), need.address, data)

    def _misfit(self, need: k.Need, name: str, read: Read, choices: tuple[Choice, ...]) -> Any:
        """What follows when an answer fits no choice, or there is nothing to choose from."""
        nothing = need.kind in {"one", "some", "each"} and not choices
        if need.otherwise is None:
            if nothing:
                why = f"{need.address}: there is nothing to pick {need.name} from"
                raise Unfit(status="handed_over", hand_over=HandOverStep("guidance", why=why))
            return UNKNOWN
        if need.otherwise.value is not None and (read.misfit or nothing or name not in self.run.state.asked):
            return self.run.evaluate(need.otherwise.value)
        if not read.misfit and not nothing:
            return UNKNOWN
        if need.otherwise.hand_over is not None:
            self.run.hand_over(need.otherwise.hand_over)
        text = need.otherwise.refuse or need.otherwise.say
        if text is None:
            return UNKNOWN
        self.run.note("misfit", need, f"the answer for {name} is none of the choices", need=need.name)
        self.run.steps.append(Step("say", need.address, self.run.text(need, text.template)))
        raise Unfit(status="refused" if need.otherwise.refuse is not None else "done")

    # ---- choices
    def _choices(self, need: k.Need) -> tuple[Choice, ...] | None:
        if need.choices:
            return tuple(
                Choice(str(c.value), c.value, (str(c.value), c.description) if c.description else (str(c.value),))
                for c in need.choices
            )
        if need.source is None:
            return ()
        value = unwrap(self.run.evaluate(need.source))
        if not isinstance(value, tuple):
            return () if value is None else None
        return tuple(Choice(_key(item, n), unwrap(item), (label(item),), aliases(item)) for n, item in enumerate(value))

    def _offered(self, need: k.Need, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """The choices that fulfil every `must`."""
        if not need.musts:
            return choices
        kept = tuple(choice for choice in choices if self._failed_must(need, choice.value) is None)
        return kept or choices

    def _failed_must(self, need: k.Need, value: Any) -> Any:
        for must in need.musts:
            held, _, _ = self.run.attempt(must.condition, value)
            if truth(held) is False:
                return must
        return None

    # ---- reading
    def _read(self, need: k.Need, name: str, wanted: Wanted) -> Read:
        state, reader = self.run.state, self.run.world.reader
        utterances = state.utterances
        last = utterances[-1] if utterances else None
        direct = last is not None and (name in last.answers or need.name in last.answers)
        if direct and last is not None:
            read = reader.read(wanted, last, direct=True)
            if read.value is not UNKNOWN or read.unclear or read.misfit:
                return read
        kept = self._kept(need, name, wanted)
        if need.fresh:
            return kept
        found = Read()
        latest = utterances[-1:] if kept.value is not UNKNOWN else utterances
        for utterance in reversed(latest):
            if self._answers_confirmation(utterance) or self._answers_another(need, name, utterance):
                continue
            read = reader.read(wanted, utterance, direct=name in utterance.answers)
            if read.value is not UNKNOWN:
                return read
            if read.other and not found.other:
                found = Read(other=True)
        return kept if kept.value is not UNKNOWN else found

    @staticmethod
    def _answers_another(need: k.Need, name: str, utterance: Utterance) -> bool:
        """Whether an utterance was the answer for another element of the list, or one word that answered another Need."""
        if name in utterance.answers or need.name in utterance.answers:
            return False
        if need.each_name is not None and any(answer.startswith(f"{need.name}[") for answer in utterance.answers):
            return True
        return bool(utterance.answers) and "request" not in utterance.answers and len(utterance.text.split()) == 1

    @staticmethod
    def _answers_confirmation(utterance: Utterance) -> bool:
        return any(answer.startswith("confirm:") for answer in utterance.answers) and len(utterance.text) < 12

    def _kept(self, need: k.Need, name: str, wanted: Wanted) -> Read:
        """What was answered before, if it still is a choice."""
        if name not in self.run.state.answers:
            return Read()
        value = from_json(self.run.state.answers[name])
        if need.kind in {"one", "some", "each"}:
            keys = {choice.key for choice in wanted.choices}
            if not isinstance(value, tuple) or not all(key in keys for key in value):
                return Read()
        return Read(value)

    def _accept(self, need: k.Need, name: str, wanted: Wanted, read: Read) -> Any:
        """The value of what was read, if it fulfils every `must`; it is kept for the next turns."""
        value: Any = read.value
        if need.kind in {"one", "some", "each"}:
            chosen = [choice for key in read.value for choice in wanted.choices if choice.key == key]
            if not chosen:
                return UNKNOWN
            value = chosen[0].value if need.kind == "one" else tuple(choice.value for choice in chosen)
        for pick in value if isinstance(value, tuple) else (value,):
            must = self._failed_must(need, pick)
            if must is not None:
                why = unparse(must.condition)
                self.run.note("must", need, f"{name} can't be {label(pick)}: {why}: no", need=need.name, condition=why)
                text = (
                    self.run.text(need, must.otherwise.template, pick)
                    if "{{" in must.otherwise.template
                    else must.otherwise.template
                )
                kept = {key: part for key, part in self.run.state.answers.items() if key != name}
                self.run.state = replace(self.run.state, answers=kept)
                raise Missing((name,), self._with_choices(text, need, wanted.choices), need.address)
        if self.run.state.frozen is None:
            self.run.state = replace(self.run.state, answers={**self.run.state.answers, name: to_json(read.value)})
        if read.source:
            self.run.note("need", need, f"{name} is {label(value)}, from “{read.source}”")
        return value

    def _with_choices(self, text: str, need: k.Need, choices: tuple[Choice, ...]) -> str:
        return self.run.world.translate(need.address.rsplit("/", 1)[0], text) if choices or text else text

    def _from_known(self, need: k.Need, name: str, choices: tuple[Choice, ...]) -> Any:
        """From facts and earlier guides; from a providing guide; the only choice there is."""
        known = self.run.fact(need.name)
        if need.kind in {"one", "some", "each"}:
            return self._known_pick(need, name, choices, known)
        provider = next(
            (g for g in self.run.kernel.guides if g.gives == need.name and g.title != self.run.guide.title), None
        )
        if provider is not None and not _identified(known):
            return self._provided(need, provider)
        if need.kind == "value" and known is not UNKNOWN and known is not None:
            return known
        return UNKNOWN

    def _known_pick(self, need: k.Need, name: str, choices: tuple[Choice, ...], known: Any) -> Any:
        if known is not UNKNOWN and known is not None:
            wanted = known if isinstance(known, tuple) else (known,)
            found = [choice for item in wanted for choice in choices if equal(choice.value, item) is True]
            if found and len(found) >= len(wanted):
                return found[0].value if need.kind == "one" else tuple(choice.value for choice in found)
        offered = [choice for choice in choices if self._failed_must(need, choice.value) is None]
        if len(offered) == 1 and need.source is not None and name not in self.run.state.asked:
            self.run.note("need", need, f"{name} is {offered[0].labels[0]}: the only choice there is")
            return offered[0].value if need.kind == "one" else (offered[0].value,)
        return UNKNOWN

    def _provided(self, need: k.Need, provider: k.Guide) -> Any:
        from convagent.guidance.interpret import MAX_DEPTH, read_guide

        run = self.run
        if run.depth >= MAX_DEPTH:
            return UNKNOWN
        inner = run.state.inner.get(need.name) or GuideState(
            provider.title, f"{run.state.run}.{need.name}", run.state.utterances
        )
        if run.state.frozen is None and not inner.asked:
            inner = replace(inner, utterances=run.state.utterances)
        reading = read_guide(provider, run.kernel, run.world, inner, depth=run.depth + 1)
        run.trace.extend(reading.trace)
        run.state = replace(run.state, inner={**run.state.inner, need.name: reading.state})
        if reading.status == "gave":
            run.steps.extend(step for step in reading.steps if step.kind == "say")
            run.known[need.name] = reading.gave
            return reading.gave
        if reading.status == "asked":
            run.steps.extend(step for step in reading.steps if step.kind != "ask")
            asks = [step for step in reading.steps if step.kind == "ask"]
            raise Missing(reading.needs, asks[-1].text if asks else "", asks[-1].address if asks else need.address)
        if reading.status == "done":
            return UNKNOWN
        run.steps.extend(reading.steps)
        raise run.end(status=reading.status, want=reading.want, hand_over=reading.hand_over)

    # ---- confirmations
    def confirmation(self, name: str) -> str | None:
        """Yes or no to the confirmation of that name, when the customer's last words answer it."""
        utterances = self.run.state.utterances
        if not utterances or name not in utterances[-1].answers:
            return None
        read = self.run.world.reader.read(Wanted(name, "confirmation"), utterances[-1], direct=True)
        return None if read.value is UNKNOWN else "yes" if read.value is True else "no"

    # ---- texts
    def _ask_text(self, need: k.Need, choices: tuple[Choice, ...], about: str | None) -> str:
        if need.ask is not None:
            choices_value = tuple(choice.value for choice in choices)
            saved = self.run.values.get("choices", UNKNOWN)
            self.run.values["choices"] = choices_value
            try:
                return self.run.text(need, need.ask.template)
            finally:
                self.run.values.pop("choices", None)
                if saved is not UNKNOWN:
                    self.run.values["choices"] = saved
        return self._default_text(need, choices, about)

    def _default_text(self, need: k.Need, choices: tuple[Choice, ...], about: str | None) -> str:
        language, name = self.run.world.language, need.name.replace("_", " ")
        if choices:
            listed = self._listed(choices)
            if about is not None:
                return phrase("ask_about", language, name=name, choices=listed, about=about)
            key = "ask_order" if need.name == "order" else "ask_one" if need.kind == "one" else "ask_some"
            return phrase(key, language, name=name, choices=listed)
        if need.kind == "yes_no":
            return phrase("ask_yes_no", language, name=name)
        key = {"email": "ask_email", "order_number": "ask_order_number"}.get(need.type_name or need.name, "ask_value")
        return phrase(key, language, name=name)

    def _listed(self, choices: tuple[Choice, ...]) -> str:
        names = [self._described(choice) for choice in choices[:MAX_SHOWN]]
        conjunction = phrase("or", self.run.world.language)
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {conjunction} {names[-1]}"

    def _described(self, choice: Choice) -> str:
        words = choice.labels[0]
        items = getattr(choice.value, "items", None)
        if isinstance(choice.value, Fact) and isinstance(items, tuple) and items and words.startswith("#"):
            return f"{words} ({', '.join(label(item) for item in items[:3])})"
        return f"{words} ({choice.labels[1]})" if len(choice.labels) > 1 else words


def _key(value: Any, position: int) -> str:
    """What tells a choice from the others; lines of an order may share an id, so their place is part of it."""
    value = unwrap(value)
    key = getattr(value, "id", None) or (value.get("id") if isinstance(value, Mapping) else None)
    if key is None:
        return label(value) or str(position)
    return f"{key}" if not hasattr(value, "quantity") else f"{key}/{position}"


def _identified(known: Any) -> bool:
    """Whether a known value is a record of the shop's, not only what somebody says."""
    if known is UNKNOWN or known is None:
        return False
    return not isinstance(known, Fact) or getattr(known, "id", None) is not None
