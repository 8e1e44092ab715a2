"""The interpreter agrees with a naive reading of the kernel; no guide makes it crash, and it is the same each time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.guidance.reader import NOW, LabelReader, eur, make_customer, make_line, make_order
from tests.guidance.reference import NOTHING_KNOWN, read_each_naively, read_naively
from tests.guidance.strategies import guides

from convagent.facts import Customer
from convagent.guidance.codec import canonical
from convagent.guidance.findings.finding import Span
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.decide import decide
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.interpreter.interpret import read_guide
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.guidance.interpreter.world import GuideState, Reading, Result, World
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.syntax import Choice, Text

NOWHERE = Span(1, 1, 1, 1)
FACTS = ("f1", "f2", "f3")
NEEDS = ("n1", "n2", "n3")
LETS = ("l1", "l2", "l3")
LIST = "list"
"""A Need that is picked from the fact `all`."""
FOR_EACH = ("e1", "e2")
"""Needs for each element of the list."""
SLOW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
STATUSES = {"done", "refused", "asked", "handed_over", "wants", "gave"}


def values() -> st.SearchStrategy[Any]:
    return st.one_of(st.integers(-2, 3).map(Decimal), st.booleans(), st.none(), st.sampled_from(("a", "B", "")))


def facts() -> st.SearchStrategy[Mapping[str, Any]]:
    """What is known of some names; the others are unknown, and Needs mostly are."""
    return st.dictionaries(st.sampled_from((*FACTS, *FACTS, NEEDS[0], "m1")), values(), max_size=4)


@st.composite
def with_lists(draw: st.DrawFn) -> Mapping[str, Any]:
    """What is known, with a list to pick from, what was picked of it, and what is needed for each, as far as that is known."""
    known = dict(draw(facts()))
    sizes = st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True).map(tuple)
    there = tuple({"id": letter, "sizes": draw(sizes)} for letter in "pqr"[: draw(st.integers(1, 3))])
    if draw(st.integers(0, 5)):
        known["all"] = there
    if draw(st.integers(0, 3)):
        known[LIST] = there[: draw(st.integers(1, len(there)))]
    if draw(st.integers(0, 3)) == 0:
        known[draw(st.sampled_from(FOR_EACH))] = draw(st.sampled_from("ab"))
    return known


@st.composite
def of_elements(draw: st.DrawFn, names: tuple[str, ...], path: str) -> ex.Expression:
    """Whether some or all elements of a list have something, what is needed for each of them among it."""
    source, its = path.split(".")
    own = ex.Its(NOWHERE, (its,))
    where: ex.Expression = draw(
        st.sampled_from(
            (
                own,
                ex.Compare(NOWHERE, "is", own, ex.Literal_(NOWHERE, "a")),
                ex.IsKnown(NOWHERE, own),
                ex.Not(NOWHERE, own),
            )
        )
    )
    if draw(st.booleans()):
        other = ex.Path(NOWHERE, draw(st.sampled_from([name for name in names if "." not in name])))
        items = draw(st.permutations((where, other)))
        where = draw(st.sampled_from((ex.Or, ex.And)))(NOWHERE, tuple(items))
    return ex.Quantified(NOWHERE, draw(st.sampled_from(("any", "all"))), ex.Path(NOWHERE, source), where)


@st.composite
def expressions(draw: st.DrawFn, names: tuple[str, ...], depth: int = 2) -> ex.Expression:
    """Conditions and sums over a few names."""
    if depth == 0 or draw(st.booleans()):
        if draw(st.integers(0, 3)) == 0:
            return ex.Literal_(NOWHERE, draw(values().filter(lambda value: value is not None)))
        name = draw(st.sampled_from(names))
        return draw(of_elements(names, name)) if "." in name else ex.Path(NOWHERE, name)
    inner = expressions(names, depth - 1)
    kind = draw(st.sampled_from(("not", "and", "or", "known", "none", "compare", "reckon")))
    if kind == "not":
        return ex.Not(NOWHERE, draw(inner))
    if kind in {"and", "or"}:
        items = tuple(draw(st.lists(inner, min_size=2, max_size=3)))
        return ex.And(NOWHERE, items) if kind == "and" else ex.Or(NOWHERE, items)
    if kind in {"known", "none"}:
        node = ex.IsKnown if kind == "known" else ex.IsNone
        return node(NOWHERE, draw(inner), draw(st.booleans()))
    if kind == "compare":
        return ex.Compare(
            NOWHERE, draw(st.sampled_from(("is", "is not", "<", "<=", ">", ">="))), draw(inner), draw(inner)
        )
    return ex.Arithmetic(NOWHERE, draw(st.sampled_from("+-*/")), draw(inner), draw(inner))


@st.composite
def kernels(draw: st.DrawFn, title: str = "G", *, asks: bool = True, lists: bool = False) -> k.Guide:
    """Guides of the small kernel. Every name is declared once, before it is used; with `lists`, also Needs `for each`.

    Nothing is done behind an `Ask`: what such a write would need is gathered before the first, whatever is asked between,
    and the naive reading doesn't look past its end.
    """
    state = {"needs": list(NEEDS), "for each": list(FOR_EACH), "number": 0, "asked": False}
    kinds_of = ("if", "if", "let", "say", "need", "do", "do", "hand over", "refuse", "ask", *(["for each"] * lists))

    def block(names: tuple[str, ...], depth: int) -> tuple[k.Block, tuple[str, ...]]:
        out: list[k.Statement] = []
        for _ in range(draw(st.integers(1, 4))):
            state["number"] += 1  # type: ignore[operator]
            at = (f"{title}/{state['number']}", NOWHERE)
            kind = draw(st.sampled_from(kinds_of))
            if kind == "ask" and asks and draw(st.integers(0, 2)) == 0:
                state["asked"] = True
                choices = tuple(Choice(value) for value in ("a", "b")) if draw(st.booleans()) else ()
                kinds: Literal["one", "yes_no"] = "one" if choices else "yes_no"
                name = f"a{state['number']}"
                out.append(k.Need(*at, name, kinds, choices=choices, ask=Text("Which?", NOWHERE), fresh=True))
                names = (*names, name)
            elif kind == "if" and depth:
                condition = None if draw(st.integers(0, 5)) == 0 else draw(expressions(names))
                goes_on = draw(st.booleans())
                body, inner = block(names, depth - 1)
                out.append(k.If(*at, condition, body, goes_on))
                names = inner if goes_on else names
            elif kind == "let":
                name = draw(st.sampled_from(LETS))  # a name may be given anew
                out.append(k.Let(*at, name, draw(expressions(names))))
                names = tuple(dict.fromkeys((*names, name)))
            elif kind == "need" and state["needs"]:
                name = state["needs"].pop(0)  # type: ignore[attr-defined]
                picked = draw(st.booleans())
                choices = tuple(Choice(value) for value in ("a", "b", Decimal(1))) if picked else ()
                out.append(k.Need(*at, name, "one" if picked else "value", choices=choices))
                names = (*names, name)
            elif kind == "for each" and state["for each"]:
                name = state["for each"].pop(0)  # type: ignore[attr-defined]
                out.append(draw(needs_for_each(at, name)))
                names = (*names, f"{LIST}.{name}")
            elif kind == "do" and not state["asked"]:
                lists_of = [ex.Path(NOWHERE, *_split(name)) for name in names if "." in name]
                value = st.one_of(expressions(names, 1), *([st.sampled_from(lists_of)] if lists_of else []))
                arguments = tuple(
                    sx.Argument(letter, draw(value), NOWHERE) for letter in "xy"[: draw(st.integers(0, 2))]
                )
                out.append(k.Do(*at, draw(st.sampled_from(("pay", "send"))), arguments))
            elif kind == "hand over" and draw(st.integers(0, 3)) == 0:
                out.append(k.HandOver(*at, reason="guidance"))
            else:
                ends: Literal["", "refused"] = "refused" if kind == "refuse" and draw(st.integers(0, 2)) == 0 else ""
                marks = draw(st.lists(st.sampled_from(names), max_size=2))
                words = " ".join([f"say {state['number']}", *(f"{{{{ {m} }}}}" for m in marks)])
                out.append(k.Say(*at, Text(words, NOWHERE), ends=ends))
        return tuple(out), names

    needs = tuple(
        k.Need(f"{title}/{name}", NOWHERE, name, "value")
        for name in draw(st.permutations(NEEDS))[: draw(st.integers(0, 3))]
    )
    for need in needs:
        state["needs"].remove(need.name)  # type: ignore[attr-defined]
    names = (*FACTS, *(need.name for need in needs))
    if lists:
        pick = k.Need(f"{title}/{LIST}", NOWHERE, LIST, "some", source=ex.Path(NOWHERE, "all"))
        needs = (*draw(st.permutations((*needs, pick))), draw(needs_for_each((f"{title}/each", NOWHERE), FOR_EACH[0])))
        state["for each"].remove(FOR_EACH[0])  # type: ignore[attr-defined]
        names = (*names, *[f"{LIST}.{FOR_EACH[0]}"] * 3)
    body, _ = block(names, 2)
    return k.Guide(title, "g.md", NOWHERE, (*needs, *body))


def _split(path: str) -> tuple[str, tuple[str, ...]]:
    root, *parts = path.split(".")
    return root, tuple(parts)


@st.composite
def needs_for_each(draw: st.DrawFn, at: tuple[str, Span], name: str) -> k.Need:
    """`Need NAME for each item in list`: any value, one of written choices, or one of what the element itself offers."""
    kind = draw(st.sampled_from(("value", "written", "own")))
    return k.Need(
        *at, name, "value" if kind == "value" else "one", each_name="item", each_source=ex.Path(NOWHERE, LIST),
        choices=(Choice("a"), Choice("b")) if kind == "written" else (),
        source=ex.Path(NOWHERE, "item", ("sizes",)) if kind == "own" else None,
    )  # fmt: skip


@st.composite
def givers(draw: st.DrawFn) -> tuple[k.Guide, ...]:
    """Guides that give some of the Needs: a plain value, or what a Need of their own says, which another may give."""
    out = []
    for name in sorted(draw(st.sets(st.sampled_from((*NEEDS, "m1"))))):
        title = f"Give {name}"
        own = "m2" if name == "m1" else "m1"
        plain = k.GoTo(
            f"{title}/4",
            NOWHERE,
            gives=name,
            value=ex.Literal_(NOWHERE, draw(values().filter(lambda v: v is not None))),
        )
        passed_on = k.GoTo(f"{title}/3", NOWHERE, gives=name, value=ex.Path(NOWHERE, own))
        body: k.Block = (
            k.Need(f"{title}/1", NOWHERE, own, "value"),
            k.If(f"{title}/2", NOWHERE, draw(expressions((own,), 1)), (passed_on,)),
            plain,
        )
        out.append(k.Guide(title, "g.md", NOWHERE, body if draw(st.booleans()) else (plain,), gives=name))
    return tuple(out)


@st.composite
def chains(draw: st.DrawFn) -> tuple[k.Guide, k.Guide]:
    """A guide that goes on in another at its end, and that one."""
    first, second = draw(kernels(asks=False)), draw(kernels("H"))
    return replace(first, body=(*first.body, k.GoTo("G/99", NOWHERE, "H"))), second


def read_through(
    guide: k.Guide, known: Mapping[str, Any], *others: k.Guide
) -> tuple[Reading, list[tuple[str, dict[str, Any]]]]:
    """One turn: read until nothing has to be done."""
    kernel, state = k.Kernel((guide, *others)), GuideState("G", "r1").heard("hello there")
    effects: dict[str, Result] = {}
    done: list[tuple[str, dict[str, Any]]] = []
    while True:
        world = World(known, NOW, "en", LabelReader(), effects=dict(effects))
        reading = read_guide(guide, kernel, world, state)
        if reading.want is None:
            return reading, done
        assert reading.want.key not in effects
        done.append((reading.want.action, dict(reading.want.arguments)))
        effects[reading.want.key] = Result("done")


def assert_agrees(guide: k.Guide, known: Mapping[str, Any], *others: k.Guide) -> None:
    expected = read_naively(guide, known, *others)
    reading, done = read_through(guide, known, *others)
    assert reading.status == expected.status
    assert [step.text for step in reading.steps if step.kind == "say"] == expected.said
    assert done == expected.done
    assert reading.needs == expected.asked
    if expected.status == "handed_over":
        assert reading.hand_over is not None
        assert reading.hand_over.reason == expected.reason


@SLOW
@given(kernels(), facts())
def test_the_interpreter_agrees_with_the_naive_reading(guide: k.Guide, known: Mapping[str, Any]) -> None:
    assert_agrees(guide, known)


@settings(SLOW, max_examples=250)
@given(kernels(lists=True), with_lists())
def test_the_interpreter_agrees_with_the_naive_reading_of_what_is_needed_for_each_element(
    guide: k.Guide, known: Mapping[str, Any]
) -> None:
    assert_agrees(guide, known)


@st.composite
def guides_for_each(draw: st.DrawFn) -> k.Guide:
    """Guides that go through what was picked: they say, do, refuse and hand over by it, with no branch ahead of the first use."""
    source = ex.Path(NOWHERE, "list")
    out: list[k.Statement] = [k.Need("G/0", NOWHERE, "e", "each", source=source)]
    for number in range(1, draw(st.integers(2, 6))):
        at, name = (f"G/{number}", NOWHERE), draw(st.sampled_from(("e", "e", "f1")))
        say = k.Say(*at, Text(f"{number} {{{{ {name} }}}}", NOWHERE))
        kind = draw(st.sampled_from(("say", "do", "if", "if")))
        if kind == "do":
            out.append(k.Do(*at, "pay", (sx.Argument("x", ex.Path(NOWHERE, name), NOWHERE),)))
        elif kind == "if":
            ends: k.Statement = draw(
                st.sampled_from((say, replace(say, ends="refused"), k.HandOver(*at, reason="guidance")))
            )
            out.append(k.If(*at, is_a("e"), (ends,), goes_on=draw(st.booleans()) and ends is say))
        else:
            out.append(say)
    return k.Guide("G", "g.md", NOWHERE, tuple(out))


@settings(SLOW, max_examples=60)
@given(guides_for_each(), st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True), st.sampled_from("ab"))
def test_the_interpreter_agrees_with_the_naive_reading_of_what_is_done_for_each(
    guide: k.Guide, picks: list[str], f1: str
) -> None:
    expected = read_each_naively(guide, "e", picks, {"f1": f1})
    reading, done = read_through(guide, {"list": ("a", "b", "c"), "e": tuple(picks), "f1": f1})
    assert reading.status == expected.status
    assert [step.text for step in reading.steps if step.kind == "say"] == expected.said
    assert done == expected.done


@settings(SLOW, max_examples=60)
@given(kernels(), givers(), facts())
def test_the_interpreter_agrees_with_the_naive_reading_where_guides_give_what_others_need(
    guide: k.Guide, giving: tuple[k.Guide, ...], known: Mapping[str, Any]
) -> None:
    assert_agrees(guide, known, *giving)


@SLOW
@given(chains(), facts())
def test_the_interpreter_agrees_with_the_naive_reading_of_a_guide_that_goes_on_in_another(
    guides_: tuple[k.Guide, k.Guide], known: Mapping[str, Any]
) -> None:
    assert_agrees(guides_[0], known, guides_[1])


@SLOW
@given(kernels(), facts(), facts())
def test_what_is_unknown_opens_nothing_that_every_way_of_knowing_it_would_not_open(
    guide: k.Guide, known: Mapping[str, Any], more: Mapping[str, Any]
) -> None:
    """Promise 4, as a law: whatever was done on less knowledge is done on more, in the same order."""
    _, less = read_through(guide, known)
    _, all_of_it = read_through(guide, {**more, **known})
    asks_about_knowledge = any(
        isinstance(part, ex.IsKnown)
        for statement in k.statements_within(guide.body)
        for whole in _expressions_of(statement)
        for part in ex.walk(whole)
    )
    if not asks_about_knowledge:
        assert all_of_it[: len(less)] == less


# ---- conversations: what is asked, agreed to and done from turn to turn
def is_a(name: str) -> ex.Expression:
    return ex.Compare(NOWHERE, "is", ex.Path(NOWHERE, name), ex.Literal_(NOWHERE, "a"))


@st.composite
def asking_guides(draw: st.DrawFn) -> k.Guide:
    """Guides that ask, confirm and do, on facts that are known in every turn but change between them."""
    number = 0

    def block(names: tuple[str, ...], depth: int) -> k.Block:
        nonlocal number
        out: list[k.Statement] = []
        for _ in range(draw(st.integers(2, 6))):
            number += 1
            at, name = (f"G/{number}", NOWHERE), draw(st.sampled_from(names))
            kind = draw(st.sampled_from(("if", "let", "say", "do", "do", "confirm", "ask", "need")))
            if kind == "if" and depth:
                out.append(k.If(*at, is_a(name), block(names, depth - 1), goes_on=draw(st.booleans())))
            elif kind == "let":
                out.append(k.Let(*at, f"l{number}", ex.Path(NOWHERE, name)))
                names = (*names, f"l{number}")
            elif kind == "do":
                arguments = (sx.Argument("x", ex.Path(NOWHERE, name), NOWHERE),)
                out.append(k.Do(*at, "pay", arguments))
            elif kind == "confirm":
                out.append(
                    k.Need(
                        *at, f"c{number}", "confirmation", ask=Text(f"{number}: {{{{ {name} }}}}?", NOWHERE), fresh=True
                    )
                )
            elif kind in {"ask", "need"}:
                fresh, choices = kind == "ask", (Choice("a"), Choice("b"))
                out.append(k.Need(*at, f"q{number}", "one", choices=choices, ask=Text("Which?", NOWHERE), fresh=fresh))
                names = (*names, f"q{number}")
            else:
                out.append(k.Say(*at, Text(f"{number} {{{{ {name} }}}}", NOWHERE)))
        return tuple(out)

    return k.Guide("G", "g.md", NOWHERE, block(("f1", "f2"), 2))


LETTERS = st.sampled_from(("a", "b"))
TURNS = st.lists(
    st.tuples(st.sampled_from(("yes", "yes", "no", "a", "b", "hm", "yes, but a")), st.fixed_dictionaries({"f1": LETTERS, "f2": LETTERS})),
    min_size=4, max_size=9,
)  # fmt: skip


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(asking_guides(), TURNS)
def test_every_write_is_done_once_and_confirmed_only_as_it_was_shown(
    guide: k.Guide, turns_of: list[tuple[str, Mapping[str, Any]]]
) -> None:
    """Points 4 and 5, whatever the customer says and however the facts change from turn to turn."""
    kernel, state = k.Kernel((guide,)), GuideState("G", "r1")
    done: list[str] = []
    shown: list[str] = []
    for message, known in turns_of:
        state = state.heard(message)
        effects: dict[str, Result] = {}
        while True:
            world = World(known, NOW, "en", LabelReader(), effects=dict(effects))
            reading = read_guide(guide, kernel, world, state)
            if reading.want is None:
                break
            want = reading.want
            assert want.address not in done, "one statement is done once"
            done.append(want.address)
            if want.confirmed:
                value = canonical(want.arguments["x"])
                agreed = [
                    json.loads(calls)
                    for place, calls in reading.state.confirmed.items()
                    if place.startswith("calls at")
                ]
                assert any([want.address, "pay", {"x": value}] in calls for calls in agreed)
                assert any(json.dumps([want.address, "pay", {"x": value}]) in text for text in shown), (
                    "nobody said yes to it"
                )
            effects[want.key] = Result("done")
        state = GuideState.from_json(json.loads(json.dumps(reading.state.to_json())))
        if reading.status != "asked":
            break
        if reading.needs[0].startswith("confirm:"):
            shown.append(json.dumps(_calls_ahead(guide, kernel, known, state)))


def _calls_ahead(guide: k.Guide, kernel: k.Kernel, known: Mapping[str, Any], state: GuideState) -> Any:
    """What a yes now would agree to."""
    reading = read_guide(guide, kernel, World(known, NOW, "en", LabelReader()), state.heard("yes"))
    return [json.loads(calls) for place, calls in reading.state.confirmed.items() if place.startswith("calls at")]


def _expressions_of(statement: k.Statement) -> list[ex.Expression]:
    match statement:
        case k.If(condition=condition) if condition is not None:
            return [condition]
        case k.Let(value=value) if isinstance(value, ex.Expression):
            return [value]
        case k.Do(arguments=arguments):
            return [argument.value for argument in arguments]
    return []


def test_the_naive_reading_knows_the_unknown() -> None:
    assert NOTHING_KNOWN not in (None, False, True)
    guide = k.Guide("G", "g.md", NOWHERE, (k.If("G/1", NOWHERE, ex.Path(NOWHERE, "f1"), ()),))
    assert read_naively(guide, {}).reason == "missing_knowledge"
    assert read_naively(guide, {"f1": True}).status == "done"


# ---- whatever is written
LINES = (make_line("boots", price="80", quantity=2, variant="red / M"), make_line("lamp", price="20"))
SOME_FACTS: Mapping[str, Any] = {
    "customer": make_customer(make_order("#1", "pending", LINES, total=eur(180)), make_order("#2", "shipped")),
    "order": make_order("#1", "pending", LINES, total=eur(180)), "items": LINES, "item": LINES[0], "refund": eur(20),
    "amount": eur(30), "count": 3, "x": None, "method": {"id": "visa", "label": "Visa"}, "found": Customer(id="C2"),
    "email": "ada@example.com", "first": 2.5, "cart": {"items": [], "total": eur(5)},
}  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """What is known and what look-ups and actions come to, the same for the same call."""
    known = {name: SOME_FACTS[name] for name in draw(st.sets(st.sampled_from(sorted(SOME_FACTS))))}
    return World(known, NOW, draw(st.sampled_from(("en", "de", "xx"))), LabelReader(), judge=draw(
        st.sampled_from((lambda _text: None, lambda _text: True, lambda _text: False))
    ))  # fmt: skip


RESULTS = (
    Result("done", SOME_FACTS["customer"]), Result("done", None), Result("done", [1, 2.5, {"a": "b"}]), Result("done", True),
    Result("failed", None, "broken"), Result("uncertain", None, "no answer", "action_failed"),
)  # fmt: skip


def turns(guide: k.Guide, kernel: k.Kernel, world: World, messages: list[str], results: list[Result]) -> None:
    """Reads a guide over some messages; checks what must hold of every reading."""
    state = GuideState(guide.title, "r1")
    calls = 0
    for message in messages:
        state = state.heard(message)
        done: dict[str, Result] = {}
        looked: dict[str, Result] = {}
        while True:
            seen = World(
                world.facts,
                world.now,
                world.language,
                world.reader,
                world.judge,
                dict(looked),
                dict(done),
                lookups=frozenset({"count"}),
            )
            reading = read_guide(guide, kernel, seen, state)
            again = read_guide(guide, kernel, seen, state)
            assert repr(reading) == repr(again)
            assert reading.status in STATUSES
            kept = GuideState.from_json(json.loads(json.dumps(reading.state.to_json())))
            assert kept == reading.state
            if reading.want is None:
                break
            assert reading.want.key not in {**done, **looked}, "the same is wanted twice"
            calls += 1
            (done if reading.want.kind == "write" else looked)[reading.want.key] = results[calls % len(results)]
        assert (reading.status == "handed_over") == (reading.hand_over is not None)
        assert (reading.status == "asked") == bool(reading.needs)
        state = kept


MESSAGES = st.lists(
    st.sampled_from(("hello", "yes", "no", "boots", "all", "#1", "ada@example.com 20 EUR", "red or blue?", "")),
    min_size=1,
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(guides(), min_size=1, max_size=3), worlds(), MESSAGES, st.permutations(RESULTS))
def test_no_guide_crashes_the_interpreter_and_its_state_is_json(
    trees: list[sx.Guide], world: World, messages: list[str], results: list[Result]
) -> None:
    kernel = desugar(trees)
    for guide in kernel.guides:
        turns(guide, kernel, world, messages, results)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(guides(), min_size=1, max_size=4), worlds(), MESSAGES, st.data())
def test_no_guides_crash_a_decision_and_its_memory_is_json(
    trees: list[sx.Guide], world: World, messages: list[str], data: st.DataObject
) -> None:
    kernel = desugar(trees)
    titles = [guide.title for guide in kernel.guides] or ["none"]
    memory = Memory()
    for message in messages:
        wanted = data.draw(st.lists(st.sampled_from(titles), max_size=3))
        requests = tuple(Request(message, title, 0.9, ((title, 0.9),)) for title in wanted)
        heard = Heard(message, world.language, requests, safeguards=dict.fromkeys(titles[:1], True))
        done: dict[str, Result] = {}
        looked: dict[str, Result] = {}
        for _ in range(100):
            seen = World(world.facts, world.now, world.language, world.reader, world.judge, dict(looked), dict(done))
            decision = decide(kernel, heard, seen, memory)
            if decision.want is None:
                break
            (done if decision.want.kind == "write" else looked)[decision.want.key] = RESULTS[
                len({**done, **looked}) % len(RESULTS)
            ]
        assert decision.want is None
        kept = Memory.from_json(json.loads(json.dumps(decision.memory.to_json())))
        assert kept == decision.memory
        memory = kept
