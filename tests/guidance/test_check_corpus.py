"""A bicycle shop's guides, written as an author would: nothing is found wrong with them.

They are the files of the good corpus that have a name; the numbered ones show the syntax and have no vocabulary.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent.guidance.checks.check import check
from convagent.guidance.findings.finding import Finding
from convagent.guidance.language.parse import parse_file
from convagent.guidance.language.syntax import GuideFile
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import ActionSignature, Parameter, Vocabulary

GOOD = Path(__file__).parent / "corpus" / "good"


def _action(name: str, **parameters: t.Type) -> ActionSignature:
    return ActionSignature(
        name, "write", tuple(Parameter(key, kind) for key, kind in parameters.items()), requires="verified"
    )


def _look_up(name: str, result: t.Type, *, nothing: bool = False, **parameters: t.Type) -> ActionSignature:
    given = tuple(Parameter(key, kind, required=False) for key, kind in parameters.items())
    return ActionSignature(name, "lookup", given, result, may_find_nothing=nothing)


def bicycle_shop() -> Vocabulary:
    """What the bicycle shop's guidance may name."""
    text, texts, number = t.TEXT, t.ListOf(t.TEXT), t.NUMBER
    return (
        Vocabulary.standard(currency="EUR")
        .with_facts(
            {
                "product": {
                    "style": 'one of "road", "gravel", "city"',
                    "from_height": "number",
                    "to_height": "number",
                }
            }
        )
        .with_events(("cart_left",))
        .with_actions(
            (
                _look_up("find_rider", t.Record("Customer"), nothing=True, email=text, order_number=text, postcode=text),
                _look_up("refund_of", t.Record("Refund"), nothing=True, order=text),
                _look_up("free_slots", texts, day=t.DAY, service=text),
                _look_up("workshops_in", texts, city=text),
                _action("cancel_order", order=text, reason=text),
                _action("change_address", order=text, address=t.ANYTHING),
                ActionSignature(
                    "return_items", "write", (Parameter("order", text), Parameter("items", texts)), t.Record("Return"),
                    requires="verified",
                ),
                _action("swap_items", order=text, items=texts, replacements=texts),
                _action("book_repair", customer=text, service=text, day=t.DAY, slot=text),
                _action("skip_service", plan=text),
                _action("pause_plan", plan=text, months=number),
                ActionSignature("reserve_bike", "write", (Parameter("product", text),), confirm=False),
            )
        )
    )  # fmt: skip


def _files() -> tuple[list[GuideFile], list[Finding]]:
    files: list[GuideFile] = []
    faults: list[Finding] = []
    for path in sorted(GOOD.glob("[a-z]*.md")):
        file, found = parse_file(path, name=path.name)
        files.append(file)
        faults.extend(found)
    return files, faults


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    files, _ = _files()
    assert sum(len(file.guides) for file in files) >= 15


def test_nothing_is_found_wrong_with_good_guides() -> None:
    files, faults = _files()
    findings = check(
        files,
        bicycle_shop(),
        articles=("How to choose a frame", "Test rides"),
        teams=("workshop", "safety"),
        faults=faults,
    )
    shown = [f"{f.file}:{f.line}: {f.message} [{f.code}]" for f in (*faults, *findings)]
    assert shown == []


@pytest.mark.parametrize(
    ("word", "slip", "code"),
    [
        ("order.status is one of", "order.state is one of", "G202"),
        ("by its expected_on", "by its shipments", "G202"),
        ('"pending"', '"pendign"', "G211"),
        (">= 1000 EUR", ">= 1000 USD", "G210"),
        ("with order = order.id, reason", "with odrer = order.id, reason", "G204"),
        ("2% of order.total", "2% of order.status", "G222"),
        ("{{ fee | money }}", "{{ fee | date }}", "G217"),
        ('hand over to "workshop"', 'hand over to "wrokshop"', "G209"),
        ('After "Cancel an order"', 'After "Cancel orders"', "G207"),
    ],
)
def test_one_slip_in_a_good_file_is_found(word: str, slip: str, code: str) -> None:
    text = (GOOD / "orders.md").read_text(encoding="utf-8")
    assert word in text
    from convagent.guidance.language.parse import parse_text

    file, faults = parse_text(text.replace(word, slip), "orders.md")
    others = [other for other in _files()[0] if other.path != "orders.md"]
    findings = check(
        [file, *others], bicycle_shop(), articles=("How to choose a frame", "Test rides"), teams=("workshop", "safety"),
        faults=faults,
    )  # fmt: skip
    assert code in {finding.code for finding in (*faults, *findings)}
