"""Laws of the checker: it takes any guide, gives the same findings every time, and finds a slip wherever it stands."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.guidance.checks.check import check
from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.finding import Finding
from convagent.guidance.findings.vocabulary import EXAMPLE_ARTICLES, EXAMPLE_TEAMS, example_vocabulary
from convagent.guidance.language.parse import parse_text

VOCABULARY = example_vocabulary()

names = st.sampled_from(
    "order orders customer customer.orders order.items items order.total refund now order.status x product.price catalog nobody "
    "order.nowhere items.replacement it".split()
)
literals = st.sampled_from(
    ['"pending"', "5", "5 EUR", "5 USD", "3 days", "10%", "2026-06-16", "yes", "none", '"x"', "0"]
)
atoms = names | literals | names.map(lambda name: f"first of {name}") | names.map(lambda name: f"count of {name}")
sums = atoms | st.tuples(atoms, st.sampled_from("+-*/"), literals).map(" ".join)
conditions = st.recursive(
    st.tuples(sums, st.sampled_from(["is", "is not", "<", ">=", "contains", "is one of"]), atoms).map(" ".join)
    | names.map(lambda name: f"{name} is known") | names.map(lambda name: f"{name} is none")
    | names.map(lambda name: f"(any of {name} where its price > 5 EUR)") | st.just('it seems "they are angry"'),
    lambda inner: inner.map(lambda part: f"not ({part})") | st.lists(inner, min_size=2, max_size=3).map(
        lambda parts: " and ".join(f"({part})" for part in parts)
    ),
    max_leaves=4,
)  # fmt: skip
pieces = (
    "Hello ", "{{ order.id }} ", "{{ x }} ", "{{ refund | money }} ", "{{ items | pairs }}", "!! ", "TODO ",
    "We will refund you. ", "{{ a b }} ", "cаncel ",
)  # fmt: skip
texts = st.lists(st.sampled_from(pieces), max_size=4).map("".join)
simple = st.one_of(
    texts.map(lambda text: f'say "x{text}"'),
    texts.map(lambda text: f'refuse "x{text}"'),
    texts.map(lambda text: f'confirm "x{text}"'),
    names.filter(lambda name: "." not in name and name != "it").map(lambda name: f"Need {name}"),
    st.tuples(st.sampled_from(["one", "some", "each"]), names).map(lambda part: f"Need x: {part[0]} of {part[1]}"),
    names.map(lambda name: f"Need replacement for each item in {name}: one of item.product.variants"),
    sums.map(lambda value: f"Let refund be {value}"),
    names.map(lambda name: f"Let found be look up find_order with order_number = {name}"),
    st.tuples(names, literals).map(lambda part: f"do refund_order with order = {part[0]}, amount = {part[1]} as refund"),
    st.just("do cancel_order with order = order.id"),
    st.just('go to "Guide 1 of them"'),
    st.just("hand over because guidance"),
    st.just("Ask \"Really?\" for x: yes or no"),
    names.map(lambda name: f"recommend {name}"),
    names.map(lambda name: f"give x = {name}"),
    st.just('offer "A" of 10%'),
    conditions.map(lambda condition: f"Never do refund_order when {condition}"),
)  # fmt: skip


def branch(part: tuple[str, list[str], bool]) -> str:
    condition, steps, goes_on = part
    lines = [*steps, *(["go on"] if goes_on else [])]
    return f"If {condition}:" + "".join(f"\n   - {line}" for line in lines)


statements = simple | st.tuples(conditions, st.lists(simple, min_size=1, max_size=3), st.booleans()).map(branch)
headers = st.sampled_from(["", "Safeguard\n", "Gives x\n", "When the customer asks for it:\n- \"a\"\n", "On product_viewed\n",
                           "After \"Guide 0 of them\"\n", "At most once a day\n"])  # fmt: skip
guides = st.lists(st.tuples(headers, st.lists(statements, min_size=1, max_size=6)), min_size=1, max_size=3)


def as_file(parts: list[tuple[str, list[str]]]) -> str:
    return "\n".join(
        f"# Guide {number} of them\n\n{header}\n" + "".join(f"1. {line}\n" for line in lines)
        for number, (header, lines) in enumerate(parts)
    )


def found(text: str) -> tuple[Finding, ...]:
    file, faults = parse_text(text)
    return check([file], VOCABULARY, articles=EXAMPLE_ARTICLES, teams=EXAMPLE_TEAMS, faults=faults)


@settings(max_examples=300, deadline=None)
@given(guides)
def test_any_guide_is_checked_and_always_alike(parts: list[tuple[str, list[str]]]) -> None:
    text = as_file(parts)
    findings = found(text)
    assert findings == found(text)
    lines = text.split("\n")
    for finding in findings:
        assert finding.code in CODES
        assert finding.message
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        assert finding.source == lines[finding.line - 1]
        assert finding.remedy


@settings(max_examples=60, deadline=None)
@given(guides)
def test_where_a_guide_stands_changes_only_the_places(parts: list[tuple[str, list[str]]]) -> None:
    text = as_file(parts)
    shifted = found("<!-- a remark -->\n\n" + text)
    assert [(f.code, f.line - 2, f.column, f.width) for f in shifted] == [
        (f.code, f.line, f.column, f.width) for f in found(text)
    ]


@settings(max_examples=60, deadline=None)
@given(guides)
def test_guides_alone_have_the_findings_that_they_have_in_their_file(parts: list[tuple[str, list[str]]]) -> None:
    file, _ = parse_text(as_file(parts))
    in_file = {replace(finding, source="") for finding in check([file], VOCABULARY)}
    alone = {replace(finding, source="") for finding in check(file.guides, VOCABULARY)}
    letters = "G412"
    assert {f for f in in_file if f.code != letters} == {f for f in alone if f.code != letters}
