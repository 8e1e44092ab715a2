"""Texts with marks: they name values and pass them through filters; nothing else can be reached from them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.guidance.reader import NOW, Run, eur, make_customer, make_line, make_order, texts

from convagent.guidance.language.templates import (
    MAX_TEXT_CHARACTERS,
    MissingError,
    check_template,
    paths_of,
    render,
    roots_of,
)
from convagent.guidance.values import UNKNOWN, Line
from convagent.guidance.wording import FILTERS, Wording

EN = Wording("en", NOW)
FACTS = {
    "order": make_order("#1", total=eur(180), shipping=None), "items": (make_line("boots"), make_line("lamp")), "empty": (), "none": None,
    "customer": make_customer(), "n": "{{ order.id }}",
}  # fmt: skip


def rendered(template: str) -> str:
    return render(template, lambda name: FACTS.get(name, UNKNOWN), EN)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Plain", "Plain"), ("{{ order.id }}", "#1"), ("{{order.total|money}}!", "€180.00!"), ("{{ items | list }}", "boots and lamp"),
        ("{{ items | count }} of {{ items }}", "2 of boots and lamp"), ('{{ "a" }}', "a"), ("{{ items.name | list }}", "boots and lamp"),
        ("{{ empty | list }}.", "."), ("{{ order.items | lines }}", "- thing 1"), ("{ single }", "{ single }"),
    ],
)  # fmt: skip
def test_marks_are_filled_in(template: str, text: str) -> None:
    assert check_template(template) is None
    assert rendered(template) == text


def test_what_a_value_says_is_never_read_as_a_template() -> None:
    assert rendered("{{ n }}") == "{{ order.id }}"


@pytest.mark.parametrize(
    "template",
    [
        "{{ nowhere }}",
        "{{ none }}",
        "{{ order.shipping | money }}",
        "{{ order.payment_status }}",
        "{{ order.nonsense }}",
    ],
)
def test_a_text_that_names_what_is_not_known_or_absent_is_not_said(template: str) -> None:
    with pytest.raises(MissingError):
        rendered(template)


ATTACKS = (
    "{{ ''.__class__ }}", "{{ order.__class__.__mro__ }}", "{{ order['id'] }}", "{{ order.model_dump() }}", "{{ customer.copy }}",
    "{{ range(10**9) }}", "{{ 10 ** 10 ** 10 }}", "{{ lipsum.__globals__ }}", "{{ cycler.__init__.__globals__.os }}",
    "{{ self }}{{ self._TemplateReference__context }}", "{{ order | attr('__class__') }}", "{{ config }}", "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}", "{% for x in range(10**9) %}x{% endfor %}", "{{ [].append }}", "{{ order.id if 1 else 2 }}",
    "{{ order.id ~ 'x' }}", "{{ not order }}", "{{ order.id | upper }}", "{{ order.id | format(1) }}", "{{ items | map('upper') | list }}",
    "{{ order._private }}", "{# comment #}", "{{ open('/etc/passwd').read() }}", "{{ order.extra }}", "{{ order.model_fields_set }}",
    "{{ items[0] }}", "{{ items | pairs(order) }}", "{{ items | pairs('a', 'b') }}", "{{ items | pairs(name='a') }}", "{{ items | pairs(5) }}",
    "{{ order.id | money('EUR') }}", "{{ ", "}}", "{{ order.id | }}", "{{ a b }}", "{{}}", "{{ order.id }", "{{ " + "(" * 500 + " }}",
)  # fmt: skip


@pytest.mark.parametrize("template", ATTACKS)
def test_nothing_but_values_and_filters_can_be_reached(template: str) -> None:
    """Attributes of Python, files, code, loops: each is a fault, or names something that isn't known."""
    if check_template(template) is None:
        with pytest.raises(MissingError):
            rendered(template)
    reading = Run('# G\n\nWhen the customer asks:\n- "x"\n\n1. say\n   > ' + template, facts=FACTS).say()
    assert reading.status == "handed_over"
    assert not texts(reading)


@given(st.text("{}%#|. _()[]'\"~ordeitmsx0123456789,+-*/=\n", max_size=40))
def test_no_template_crashes_or_says_more_than_its_own_words_and_the_facts(template: str) -> None:
    fault = check_template(template)
    if fault is not None:
        assert fault.message
        assert fault.line >= 1
        return
    try:
        text = rendered(template)
    except MissingError:
        return
    assert "class" not in text
    assert len(text) <= MAX_TEXT_CHARACTERS


def test_a_template_names_its_paths_and_roots() -> None:
    template = "{{ order.id }} {{ refund | money }} {{ order.total.amount }}{{ order.id }}"
    assert paths_of(template) == (("order", "id"), ("refund",), ("order", "total", "amount"))
    assert roots_of(template) == {"order", "refund"}
    assert paths_of("{{ order.id() }}") == ()


@pytest.mark.parametrize(("filter_", "meant"), [("mony", "money"), ("lists", "list")])
def test_a_filter_that_does_not_exist_is_named_with_what_was_meant(filter_: str, meant: str) -> None:
    fault = check_template(f"{{{{ x | {filter_} }}}}")
    assert fault is not None
    assert meant in fault.remedy


@pytest.mark.parametrize(
    "value", [None, UNKNOWN, "text", 3, (), {}, eur(1), NOW, NOW.date(), True, (Line("a", {"replacement": "b"}),)]
)
@pytest.mark.parametrize("name", sorted(FILTERS))
def test_every_filter_takes_every_value(name: str, value: Any) -> None:
    assert isinstance(FILTERS[name](EN, value), str)


def test_a_text_without_end_is_cut() -> None:
    assert len(render("{{ x | lines }}", lambda _name: ("word",) * 100_000, EN)) == MAX_TEXT_CHARACTERS
