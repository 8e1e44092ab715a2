"""Random guides: well-formed syntax trees of the whole language, bounded in depth, for property tests.

`guides()` draws trees, `guide_texts()` trees with their canonical text; every tree here is one that parsing can give, so
that `parse(text)` is the tree again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from convagent.conversation import HANDOVER_REASONS
from convagent.facts import Money
from convagent.guidance.findings.finding import Span
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.format import format_guides
from convagent.guidance.language.judgements import judgement_key
from convagent.guidance.language.line_faults import RESERVED
from convagent.guidance.values import Duration, Percent

__all__ = [
    "PATH", "conditions", "expressions", "full_expressions", "guide_files", "guide_texts", "guides", "names", "needs",
    "operands", "statements", "texts", "words",
]  # fmt: skip

PATH = "guidance.md"
"""The file that the guides are said to come from."""


def pick(*options: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One of several strategies, each as likely as the others: `one_of` weighs them by all that is within them."""
    return st.integers(0, len(options) - 1).flatmap(lambda at: options[at])


NOWHERE = Span(0, 0, 0, 0)

_NAMES = ("order", "items", "item", "customer", "cart", "refund", "method", "amount", "found", "email", "waiting", "count",
          "first", "last", "sum", "offer", "answer", "tag", "look_up", "x", "order_number", "Days")  # fmt: skip
_WORDS = (*_NAMES, "is", "of", "by", "to", "not", "and", "id", "price", "total", "status", "label", "kind", "where")
_LETTERS = "abcdefghij ABC  .,;:!?'’“”„«»()[]{}|/\\+-=*#>_~@%&€éßñ日本🎈1234567890\u00a0"


@cache
def names() -> st.SearchStrategy[str]:
    """Names that an author may give: no words of the language."""
    made = st.text("abcdefgxyz_0129ABZ", min_size=1, max_size=8).map(lambda text: f"n{text}")
    return st.sampled_from(_NAMES) | made.filter(lambda name: name.lower() not in RESERVED)


@cache
def words() -> st.SearchStrategy[str]:
    """Names behind a dot, of arguments and reasons: any word will do."""
    return st.sampled_from(_WORDS) | names()


def _is_text(text: str) -> bool:
    return bool(text.strip()) and "<!--" not in text


@cache
def texts(*, most: int = 40) -> st.SearchStrategy[str]:
    """What may stand between straight quotes on one line."""
    marks = st.sampled_from(("{{ order.id }}", "{{ refund | money }}", "Hello", "it's", "“quoted”"))
    plain = st.text(_LETTERS, min_size=1, max_size=most)
    return pick(plain, st.lists(marks | st.text(_LETTERS, max_size=8), min_size=1, max_size=4).map(" ".join)).filter(
        _is_text
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


@cache
def _single_spaced(*, most: int = 30) -> st.SearchStrategy[str]:
    return texts(most=most).map(_one_line).filter(_is_text)


@cache
def titles() -> st.SearchStrategy[str]:
    """Titles of guides."""
    usual = st.sampled_from(
        ("Return items", "Find the customer", "C#", "#1 question", "A (b) “c”", "1. x", "- y", "> z")
    )
    return usual | _single_spaced().filter(lambda text: text.rstrip("#") == text)


@cache
def _blocks() -> st.SearchStrategy[str]:
    line = st.text(_LETTERS + '"', max_size=20).map(str.rstrip)
    return st.lists(line, min_size=1, max_size=4).map("\n".join).map(str.strip).map(_trimmed_lines).filter(_is_text)


def _trimmed_lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n"))


@cache
def text_nodes() -> st.SearchStrategy[sx.Text]:
    """Texts for the customer, in quotes or as a block."""
    quoted = texts().map(lambda text: sx.Text(text, NOWHERE))
    return quoted | _blocks().map(lambda text: sx.Text(text, NOWHERE, block=True))


# ---- expressions
@cache
def _number() -> st.SearchStrategy[Decimal]:
    return pick(
        st.integers(0, 999_999_999_999).map(Decimal),
        st.integers(0, 10**9).flatmap(lambda n: st.integers(1, 6).map(lambda k: Decimal(n).scaleb(-k))),
    )


@cache
def _money() -> st.SearchStrategy[Money]:
    currency = st.sampled_from(("EUR", "USD", "JPY", "KWD"))
    return st.builds(lambda minor, code: Money(minor=minor, currency=code), st.integers(0, 10**11), currency)


@cache
def _durations() -> st.SearchStrategy[Duration]:
    units = ("minutes", "hours", "days", "calendar days", "business days", "weeks", "months", "years")
    return st.builds(lambda n, unit: Duration(Decimal(n), unit), st.integers(0, 99_999), st.sampled_from(units))


@cache
def _percents() -> st.SearchStrategy[Percent]:
    return st.integers(0, 9_999_999).map(lambda n: Percent(Decimal(n).scaleb(-4)))


@cache
def _dates() -> st.SearchStrategy[date]:
    return st.dates(date(1, 1, 1), date(9999, 12, 31))


def _literal(value: Any) -> ex.Literal_:
    return ex.Literal_(NOWHERE, value)


@cache
def literals() -> st.SearchStrategy[ex.Literal_]:
    """Every kind of literal."""
    kinds = pick(
        texts(most=12), _number(), _money(), _durations(), _percents(), _dates(), st.booleans(), st.none()
    )  # fmt: skip
    return kinds.map(_literal)


@cache
def paths() -> st.SearchStrategy[ex.Path]:
    """Names with what follows their dots."""
    return st.builds(lambda root, parts: ex.Path(NOWHERE, root, tuple(parts)), names(), st.lists(words(), max_size=3))


@cache
def its() -> st.SearchStrategy[ex.Its]:
    """`it` and `its …`."""
    return st.lists(words(), max_size=2).map(lambda parts: ex.Its(NOWHERE, tuple(parts)))


Drawn = st.SearchStrategy[ex.Expression]


@cache
def operands(depth: int = 2) -> Drawn:
    """What may stand in a sum, bracketed where it must be."""
    leaf = pick(paths(), its(), literals())
    if depth <= 0:
        return leaf
    inner = full_expressions(depth - 1)
    return pick(leaf, leaf, _arithmetic(depth), _percent_of(depth), _aggregates(inner), _takes(inner))


@cache
def _arithmetic(depth: int) -> Drawn:
    inner = full_expressions(depth - 1)
    return st.builds(
        lambda op, left, right: ex.Arithmetic(NOWHERE, op, left, right), st.sampled_from("+-*/"), inner, inner
    )


@cache
def _percent_of(depth: int) -> Drawn:
    percent = _percents().map(_literal)
    return st.builds(lambda share, item: ex.PercentOf(NOWHERE, share, item), percent, full_expressions(depth - 1))


def _sources(inner: Drawn) -> Drawn:
    return pick(paths(), its(), inner)


def _aggregates(inner: Drawn) -> Drawn:
    over = _sources(inner)
    return pick(
        over.map(lambda source: ex.Aggregate(NOWHERE, "count", None, source)),
        st.builds(
            lambda kind, item, source: ex.Aggregate(NOWHERE, kind, item, source),
            st.sampled_from(("sum", "lowest", "highest")), inner, over,
        ),
    )  # fmt: skip


def _takes(inner: Drawn) -> Drawn:
    return st.builds(
        lambda which, count, source: ex.Take(NOWHERE, which, count, source),
        st.sampled_from(("first", "last")), st.none() | st.integers(0, 99), _sources(inner),
    )  # fmt: skip


@cache
def conditions(depth: int = 2) -> Drawn:
    """What may stand as a condition: all but a text or a figure alone."""
    return full_expressions(depth).filter(is_condition)


def is_condition(node: ex.Expression) -> bool:
    """Whether the node may stand where a condition is meant."""
    return not isinstance(node, ex.Literal_) or isinstance(node.value, bool)


def _comparisons(inner: Drawn) -> list[Drawn]:
    flag = st.booleans()
    not_none = inner.filter(lambda node: not (isinstance(node, ex.Literal_) and node.value is None))
    days = _dates().map(_literal)
    return [
        st.builds(lambda op, a, b: ex.Compare(NOWHERE, op, a, b), st.sampled_from(("<", "<=", ">", ">=")), inner, inner),
        st.builds(lambda op, a, b: ex.Compare(NOWHERE, op, a, b), st.sampled_from(("is", "is not")), inner, not_none),
        st.builds(
            lambda item, options, no: ex.OneOf(NOWHERE, item, tuple(options), no), inner,
            st.lists(inner, min_size=1, max_size=3), flag,
        ),
        st.builds(lambda item, low, high: ex.Between(NOWHERE, item, low, high), inner, inner, inner),
        st.builds(lambda item, no: ex.IsKnown(NOWHERE, item, no), inner, flag),
        st.builds(lambda item, no: ex.IsNone(NOWHERE, item, no), inner, flag),
        st.builds(lambda item, no: ex.IsEmpty(NOWHERE, item, no), inner, flag),
        st.builds(lambda item, part, no: ex.Contains(NOWHERE, item, part, no), inner, inner, flag),
        st.builds(lambda start, end: ex.Period(NOWHERE, start, end), days, st.none() | days),
        days.map(lambda end: ex.Period(NOWHERE, None, end)),
        _single_spaced(most=20).map(lambda text: ex.Seems(NOWHERE, text)),
    ]  # fmt: skip


def _logic(inner: Drawn) -> list[Drawn]:
    parts = st.lists(inner.filter(is_condition), min_size=2, max_size=3).map(tuple)
    return [
        inner.filter(is_condition).map(lambda item: ex.Not(NOWHERE, item)),
        parts.map(lambda items: ex.And(NOWHERE, items)),
        parts.map(lambda items: ex.Or(NOWHERE, items)),
    ]


def _queries(inner: Drawn) -> list[Drawn]:
    where = inner.filter(is_condition)
    source = _sources(inner)
    return [
        st.builds(
            lambda src, test, by, down: ex.Query(NOWHERE, src, test, by, down if by is not None else False),
            source, where, pick(st.none(), inner), st.booleans(),
        ),
        st.builds(lambda src, by, down: ex.Query(NOWHERE, src, None, by, down), source, inner, st.booleans()),
        st.builds(
            lambda kind, src, test: ex.Quantified(NOWHERE, kind, src, test), st.sampled_from(("any", "all")), source, where
        ),
    ]  # fmt: skip


@cache
def full_expressions(depth: int = 2) -> Drawn:
    """Any expression."""
    if depth <= 0:
        return operands(0)
    inner = st.deferred(lambda: full_expressions(depth - 1))
    return pick(operands(depth), *_comparisons(inner), *_logic(inner), *_queries(inner))


@cache
def expressions(depth: int = 2) -> Drawn:
    """Any expression; the usual name."""
    return full_expressions(depth)


# ---- statements
@cache
def _choices() -> st.SearchStrategy[sx.Choice]:
    described = st.just("") | st.text("abc ,.;:!'é“", max_size=12).map(_one_line).filter(lambda text: "“" not in text)
    return st.builds(sx.Choice, texts(most=10) | _number(), described)


@cache
def need_types(depth: int) -> st.SearchStrategy[sx.NeedType]:
    """Every kind of Need."""
    source = _sources(full_expressions(depth))
    listed = st.lists(_choices(), min_size=1, max_size=3).map(tuple)
    return pick(
        names().map(lambda name: sx.NeedType("value", name)),
        st.just(sx.NeedType("yes_no")),
        listed.map(lambda choices: sx.NeedType("one", choices=choices)),
        st.builds(lambda kind, src: sx.NeedType(kind, source=src), st.sampled_from(("one", "some", "each")), source),
    )


@cache
def _simple_types() -> st.SearchStrategy[sx.NeedType | None]:
    return pick(st.none(), names().map(lambda name: sx.NeedType("value", name)), st.just(sx.NeedType("yes_no")))


def _items(types: st.SearchStrategy[Any]) -> st.SearchStrategy[sx.NeedItem]:
    plain = st.builds(lambda name, kind: sx.NeedItem(name, kind, NOWHERE), names(), types)
    each = st.builds(
        lambda name, kind, one, source: sx.NeedItem(name, kind, NOWHERE, one, source), names(), types, names(), paths()
    )
    return pick(plain, each)


@cache
def _else(depth: int) -> st.SearchStrategy[Any]:
    said = pick(
        text_nodes().map(lambda text: sx.Refuse(NOWHERE, "", text)),
        st.builds(lambda text, free: sx.Say(NOWHERE, "", text, free), text_nodes(), st.booleans()),
        hand_overs(),
    )
    return pick(st.none(), said, full_expressions(depth))


@cache
def hand_overs() -> st.SearchStrategy[sx.HandOver]:
    """Hand-overs with and without their parts."""
    return st.builds(
        lambda team, urgent, reason, text: sx.HandOver(NOWHERE, "", team, urgent, reason, text),
        st.none() | texts(most=10), st.booleans(), st.none() | st.sampled_from(HANDOVER_REASONS), st.none() | text_nodes(),
    )  # fmt: skip


@cache
def _within() -> st.SearchStrategy[sx.Within | None]:
    seconds = st.builds(lambda n, unit: n * unit, st.integers(0, 99_999), st.sampled_from((60, 3600, 86_400, 604_800)))
    return st.none() | st.builds(
        lambda length, then: sx.Within(length, then, NOWHERE), seconds, st.sampled_from(("close", "hand over"))
    )


@cache
def _musts(depth: int) -> st.SearchStrategy[tuple[sx.Must, ...]]:
    must = st.builds(lambda test, text: sx.Must(test, text, NOWHERE), conditions(depth), text_nodes())
    return st.lists(must, max_size=2).map(tuple)


@cache
def needs(depth: int = 1) -> st.SearchStrategy[sx.Need]:
    """Needs with alternatives and properties."""
    together = st.lists(_items(_simple_types()), min_size=1, max_size=2).map(tuple)
    several = st.lists(together, min_size=1, max_size=3).map(tuple)
    single = _items(need_types(depth)).map(lambda item: ((item,),))
    return st.builds(
        lambda alternatives, ask, musts, other, within: sx.Need(NOWHERE, "", alternatives, ask, musts, other, within),
        pick(several, single), st.none() | text_nodes(), _musts(depth), _else(depth), _within(),
    )  # fmt: skip


@cache
def asks(depth: int = 1) -> st.SearchStrategy[sx.Ask]:
    """Questions asked where they stand."""
    item = st.builds(lambda name, kind: sx.NeedItem(name, kind, NOWHERE), names(), need_types(depth))
    return st.builds(
        lambda text, what, musts, other, within: sx.Ask(NOWHERE, "", text, what, musts, other, within),
        text_nodes(), item, _musts(depth), _else(depth), _within(),
    )  # fmt: skip


@cache
def _arguments(depth: int) -> st.SearchStrategy[tuple[sx.Argument, ...]]:
    argument = st.builds(lambda name, value: sx.Argument(name, value, NOWHERE), words(), full_expressions(depth))
    return st.lists(argument, max_size=3).map(tuple)


@cache
def _lets(depth: int) -> st.SearchStrategy[sx.Let]:
    look_up = st.builds(lambda name, given: sx.LookUp(name, given, NOWHERE), names(), _arguments(depth))
    return st.builds(
        lambda name, value: sx.Let(NOWHERE, "", name, value), names(), pick(look_up, full_expressions(depth))
    )


@cache
def _built_in(depth: int) -> st.SearchStrategy[sx.Statement]:
    value = full_expressions(depth)
    path = paths().map(str)
    return pick(
        st.lists(texts(most=12), max_size=2).map(lambda articles: sx.Answer(NOWHERE, "", tuple(articles))),
        value.map(lambda products: sx.Recommend(NOWHERE, "", products)),
        st.builds(lambda code, of: sx.Offer(NOWHERE, "", code, of), texts(most=8), pick(st.none(), value)),
        texts(most=12).map(lambda label: sx.Tag(NOWHERE, "", label)),
        st.just(sx.Close(NOWHERE, "")),
        st.builds(lambda where, what: sx.Set(NOWHERE, "", where, what), path, value),
        value.map(lambda length: sx.Snooze(NOWHERE, "", length)),
    )


@cache
def nevers(depth: int = 1) -> st.SearchStrategy[sx.Never]:
    """Rules that bind the whole shop; no judgement stands in them."""
    action = pick(names(), st.sampled_from(("any write", "any action")))
    test = conditions(depth).filter(lambda node: not any(isinstance(part, ex.Seems) for part in ex.walk(node)))
    said = st.lists(texts(most=12), min_size=1, max_size=3).map(lambda parts: sx.Never(NOWHERE, "", words=tuple(parts)))
    done = st.builds(lambda name, when: sx.Never(NOWHERE, "", name, when=when), action, st.none() | test)
    kept = st.builds(lambda name, unless: sx.Never(NOWHERE, "", name, unless=unless), action, test)
    return pick(said, done, kept)


@cache
def _simple(depth: int) -> st.SearchStrategy[sx.Statement]:
    return pick(
        needs(depth), needs(depth), asks(depth), _lets(depth), hand_overs(), _built_in(depth), _built_in(depth),
        st.builds(lambda text, free: sx.Say(NOWHERE, "", text, free), text_nodes(), st.booleans()),
        text_nodes().map(lambda text: sx.Refuse(NOWHERE, "", text)),
        text_nodes().map(lambda text: sx.Confirm(NOWHERE, "", text)),
        titles().map(lambda title: sx.GoTo(NOWHERE, "", title.replace('"', ""))),
        st.builds(lambda name, value: sx.Give(NOWHERE, "", name, value), names(), full_expressions(depth)),
    )  # fmt: skip


@cache
def _dos(depth: int, nesting: int) -> st.SearchStrategy[sx.Do]:
    failure: st.SearchStrategy[Any] = st.none()
    if nesting > 0:
        failure = pick(st.none(), _bodies(depth, nesting - 1, ends=False))
    return st.builds(
        lambda action, given, name, steps: sx.Do(NOWHERE, "", action, given, name, steps),
        names(), _arguments(depth), st.none() | names(), failure,
    )  # fmt: skip


@cache
def statements(depth: int = 1, nesting: int = 2) -> st.SearchStrategy[sx.Statement]:
    """Any statement that may stand in a branch."""
    simple = pick(_simple(depth), _simple(depth), _simple(depth), _dos(depth, nesting))
    if nesting <= 0:
        return simple
    branch = st.builds(
        lambda test, body: sx.If(NOWHERE, "", test, body), conditions(depth), _bodies(depth, nesting - 1, ends=True)
    )
    return pick(simple, simple, branch)


@cache
@st.composite
def _bodies(draw: Callable[[Any], Any], depth: int, nesting: int, *, ends: bool) -> tuple[sx.Statement, ...]:
    out: list[sx.Statement] = []
    for _ in range(draw(st.integers(1, 3))):
        out.append(draw(statements(depth, nesting)))
        if nesting > 0 and isinstance(out[-1], sx.If) and draw(st.booleans()):
            out.append(sx.Otherwise(NOWHERE, "", draw(_bodies(depth, nesting - 1, ends=True))))
    if ends and draw(st.integers(0, 4)) == 0:
        out.append(sx.GoOn(NOWHERE, ""))
    return tuple(out)


# ---- guides
@cache
def _examples(*, fewest: int = 0) -> st.SearchStrategy[tuple[sx.Example, ...]]:
    example = st.builds(lambda text, no: sx.Example(text, NOWHERE, no), _single_spaced(), st.booleans())
    return st.lists(example, min_size=fewest, max_size=3).map(tuple)


def _judgements() -> st.SearchStrategy[tuple[sx.Judgement, ...]]:
    one = st.builds(lambda text, given: sx.Judgement(text, given, NOWHERE), _single_spaced(), _examples(fewest=1))
    return st.lists(one, min_size=1, max_size=2, unique_by=lambda judgement: judgement_key(judgement.text)).map(tuple)


@cache
def _whens() -> st.SearchStrategy[sx.When]:
    examples = _examples()
    told = _single_spaced().filter(_is_description).map(lambda text: f"the customer {text}".rstrip(": "))
    return pick(
        st.builds(lambda text, given: sx.When(text, False, given, NOWHERE), told, examples),
        st.builds(lambda text, given: sx.When(text, True, given, NOWHERE), _single_spaced(), examples),
    )


def _is_description(text: str) -> bool:
    return not text.rstrip().endswith(":")


def _notes(before: st.SearchStrategy[str]) -> st.SearchStrategy[sx.Note]:
    return st.builds(lambda text, number: sx.Note(text, NOWHERE, number), st.just("") | _single_spaced(), before)


@cache
def _front_matter() -> st.SearchStrategy[tuple[tuple[str, Any], ...]]:
    value = pick(st.text("abc: #é-", max_size=8), st.integers(-999, 999), st.booleans(), st.none(), _dates())
    key = st.text("abcxyz_", min_size=1, max_size=6)
    return st.dictionaries(key, value | st.lists(value, max_size=2), max_size=2).map(lambda data: tuple(data.items()))


@cache
@st.composite
def guides(draw: Callable[[Any], Any], *, depth: int = 2, nesting: int = 2) -> sx.Guide:
    """A well-formed guide.

    Args:
        draw: Hypothesis's own.
        depth: Of expressions within expressions.
        nesting: Of branches within branches.
    """
    body = draw(_bodies(depth, nesting, ends=False))
    if draw(st.integers(0, 3)) == 0:
        body = (*body, *draw(st.lists(nevers(depth), min_size=1, max_size=2)))
    safeguard = draw(st.booleans())
    optional = draw(st.sets(st.sampled_from(("gives", "when", "judgements", "on", "only_for", "at_most", "after"))))
    parts: dict[str, Any] = {
        "gives": draw(names()) if "gives" in optional else None,
        "when": draw(_whens()) if "when" in optional else None,
        "judgements": draw(_judgements()) if "judgements" in optional else (),
        "on": draw(_ons()) if "on" in optional else None,
        "only_for": draw(conditions(depth)) if "only_for" in optional else None,
        "at_most": draw(_at_most()) if "at_most" in optional else None,
        "after": draw(st.lists(_single_spaced(most=12), min_size=1, max_size=2).map(tuple))
        if "after" in optional
        else (),
    }
    head = draw(st.lists(_notes(st.just("")), max_size=2))
    below = draw(st.lists(_notes(st.integers(1, len(body) + 1).map(str)), max_size=2))
    below.sort(key=lambda note: int(note.before))
    return sx.Guide(
        draw(titles()), PATH, NOWHERE, safeguard=safeguard, each_time=safeguard and draw(st.booleans()), statements=body,
        notes=tuple(head + below), **parts,
    )  # fmt: skip


@cache
def _ons() -> st.SearchStrategy[sx.On]:
    seconds = st.builds(lambda n, unit: n * unit, st.integers(0, 99_999), st.sampled_from((1, 60, 3600, 86_400)))
    return st.builds(lambda event, length: sx.On(event, length, NOWHERE), names(), seconds)


@cache
def _at_most() -> st.SearchStrategy[sx.AtMost]:
    per = st.sampled_from(("conversation", "day", "week", "month", "year"))
    return st.builds(lambda times, unit: sx.AtMost(times, unit, NOWHERE), st.integers(1, 9999), per)


@cache
@st.composite
def guide_files(draw: Callable[[Any], Any], *, depth: int = 2, nesting: int = 2, most: int = 2) -> sx.GuideFile:
    """A file of guides with front matter."""
    front = draw(_front_matter())
    drawn = draw(st.lists(guides(depth=depth, nesting=nesting), min_size=1, max_size=most))
    return sx.GuideFile(PATH, tuple(replace(guide, front_matter=front) for guide in drawn), front)


@cache
def guide_texts(*, depth: int = 2, nesting: int = 2, most: int = 2) -> st.SearchStrategy[tuple[sx.GuideFile, str]]:
    """Files with their canonical texts: parsing the text gives the file again."""
    return guide_files(depth=depth, nesting=nesting, most=most).map(lambda file: (file, format_guides(file)))
