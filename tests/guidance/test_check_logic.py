"""G3: what is never read, conditions that contradict themselves, guides that lead in a circle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.guidance.checks.check import CheckSettings, check
from convagent.guidance.checks.circles import circles
from convagent.guidance.findings.entry import CodeEntry
from convagent.guidance.findings.finding import Finding
from convagent.guidance.findings.vocabulary import example_vocabulary
from convagent.guidance.language.parse import parse_text

VOCABULARY = example_vocabulary()
ORDER = "1. Need order: one of customer.orders\n1. Need items: some of order.items\n"


def findings(*texts: str) -> list[Finding]:
    files = []
    for number, text in enumerate(texts):
        file, faults = parse_text(CodeEntry.as_file(text), f"{number}.md")
        assert not faults, faults
        files.append(file)
    return [finding for finding in check(files, VOCABULARY) if finding.code.startswith("G3")]


def codes(*texts: str) -> list[str]:
    return [finding.code for finding in findings(*texts)]


def conditional(condition: str) -> str:
    return f'{ORDER}1. If {condition}:\n   - say "{{{{ items | list }}}}"\n'


@pytest.mark.parametrize(
    "condition",
    [
        'order.status is "pending" and order.status is "shipped"',
        'order.status is "pending" and order.status is not "Pending"',
        'order.status is one of "pending", "shipped" and order.status is "delivered"',
        'order.status is one of "pending", "shipped" and order.status is one of "delivered", "returned"',
        'order.status is one of "pending" and order.status is not "pending"',
        'order.status is "pending" and order.status is not one of "pending", "shipped"',
        'order.note is none and order.note is "x"',
        "order.note is none and order.note is not none",
        "order.total > 50 EUR and order.total < 20 EUR",
        "order.total > 50 EUR and order.total <= 50 EUR",
        "order.total is 60 EUR and order.total < 20 EUR",
        "20 EUR > order.total and order.total > 30 EUR",
        "customer.verified and not customer.verified",
        "order.total is order.subtotal and order.total is not order.subtotal",
        "order.note is known and order.note is unknown",
        "order.items is empty and order.items is not empty",
        "order.total is between 50 EUR and 20 EUR",
        "from 2026-12-02 to 2026-11-20",
        "order.id is not order.id",
        "order.total < order.total",
        'customer.verified and (order.status is "pending" and order.status is "shipped")',
        'any of items where its name is "a" and its name is "b"',
    ],
)
def test_conditions_that_nothing_can_fulfil_are_found(condition: str) -> None:
    assert codes(conditional(condition)) == ["G304"]


@pytest.mark.parametrize(
    "condition",
    [
        'order.status is not "pending" or order.status is not "shipped"',
        "customer.verified or not customer.verified",
        "order.note is none or order.note is not none",
        'order.status is one of "pending" or order.status is not one of "pending"',
        "order.total < 20 EUR or order.total >= 20 EUR",
        "order.id is order.id",
    ],
)
def test_conditions_that_everything_fulfils_are_found(condition: str) -> None:
    assert codes(conditional(condition)) == ["G305"]


@pytest.mark.parametrize(
    "condition",
    [
        'order.status is "pending" or order.status is "shipped"',
        'order.status is not "pending" and order.status is not "shipped"',
        'order.status is one of "pending", "shipped" and order.status is not "shipped"',
        'order.status is "pending" and order.payment_status is "paid"',
        "order.total > 20 EUR and order.total < 50 EUR",
        "order.total >= 50 EUR and order.total <= 50 EUR",
        "order.total > 50 EUR or order.total < 20 EUR",
        "order.total is between 20 EUR and 50 EUR",
        "order.note is known and order.note is not none",
        'any of items where its name is "a" and any_of is known',
        'order.id is "#1" and order.id is "#1"',
        'it seems "they are angry" and order.id is "#1"',
        "from 2026-11-20 to 2026-12-02",
        "order.total > order.subtotal",
    ],
)
def test_sound_conditions_are_left_alone(condition: str) -> None:
    assert codes(conditional(condition.replace(" and any_of is known", ""))) == []


@pytest.mark.parametrize("condition", ["yes", "5 > 3", '"a" is "a"', "10% of 5 EUR > 1 EUR"])
def test_conditions_that_depend_on_nothing_are_found(condition: str) -> None:
    assert "G302" in codes(conditional(condition))


@pytest.mark.parametrize(
    "last",
    ["hand over because guidance", 'refuse "No."', 'go to "Another guide for it"', "give order = order"],
)
def test_nothing_is_read_behind_an_end(last: str) -> None:
    more = '# Another guide for it\n\nGives order\n\n1. Let x be look up find_order with order_number = "1"\n1. give order = x\n'
    text = f'{ORDER}1. say "{{{{ items | list }}}}"\n1. {last}\n1. say "Never read."\n1. say "Nor this."\n'
    (finding,) = [finding for finding in findings(text, more) if finding.code == "G301"]
    assert finding.source == '1. say "Never read."'


def test_an_otherwise_ends_the_guide_unless_it_goes_on() -> None:
    text = '1. If customer.verified:\n   - say "a"\n1. Otherwise:\n   - say "b"\n1. say "c"\n'
    assert codes(text) == ["G301"]
    assert codes(text.replace('- say "b"\n', '- say "b"\n   - go on\n')) == []


def test_a_rule_for_the_shop_may_stand_behind_the_end() -> None:
    assert codes('1. hand over because guidance\n1. Never say "cheap"\n') == []


def test_a_branch_that_repeats_an_earlier_one_never_opens() -> None:
    first = '1. If customer.verified or cart.total > 5 EUR:\n   - say "a"\n'
    assert codes(first + '1. If customer.verified:\n   - say "b"\n') == ["G303"]
    assert codes(first + '1. If channel is "chat" and cart.total > 5 EUR:\n   - say "b"\n') == ["G303"]
    assert codes(first + '1. If customer.verified and channel is "chat":\n   - say "b"\n') == ["G303"]
    assert codes(first + '1. If channel is "chat":\n   - say "b"\n') == []
    goes_on = first.replace('- say "a"\n', '- say "a"\n   - go on\n')
    assert codes(goes_on + '1. If customer.verified:\n   - say "b"\n') == []


def test_a_branch_whose_cases_an_earlier_one_takes_never_opens() -> None:
    def after(first: str, then: str) -> list[str]:
        return codes(f'1. If {first}:\n   - say "a"\n1. If {then}:\n   - say "b"\n')

    assert after("cart.total > 50 EUR", "cart.total > 60 EUR") == ["G303"]
    assert after("cart.total > 50 EUR", "cart.total is 60 EUR and customer.verified") == ["G303"]
    assert after('channel is one of "chat", "email"', 'channel is "chat"') == ["G303"]
    assert after("cart.total > 60 EUR", "cart.total > 50 EUR") == []
    assert after("cart.total > 50 EUR", "cart.subtotal > 60 EUR") == []
    assert after("cart.total > 50 EUR and customer.verified", "cart.total > 60 EUR") == []
    assert after('channel is "chat"', 'channel is one of "chat", "email"') == []


def test_an_earlier_branch_counts_within_later_branches_not_beside_them() -> None:
    outer = '1. If channel is "chat":\n   - If customer.verified:\n     - say "a"\n   - say "b"\n'
    assert codes(outer + '1. If customer.verified:\n   - say "c"\n') == []
    inner = (
        '1. If customer.verified:\n   - say "a"\n1. If channel is "chat":\n   - If customer.verified:\n     - say "b"\n'
    )
    assert codes(inner) == ["G303"]


def test_what_follows_a_branch_that_goes_on_is_no_otherwise() -> None:
    text = '1. If customer.verified:\n   - say "a"\n   - go on\n1. Otherwise:\n   - say "b"\n'
    assert codes(text) == ["G308"]


# ---- guides together
def guide(title: str, *statements: str, header: str = "") -> str:
    lines = "".join(f"1. {statement}\n" for statement in statements)
    when = "When the customer asks for it:\n" + "".join(f'- "{title} {n}"\n' for n in range(3))
    return f"# {title}\n\n{header or when}\n{lines}\n"


def test_circles_of_go_to_are_found_once() -> None:
    texts = [
        guide("Guide a", 'go to "Guide b"'),
        guide("Guide b", 'go to "guide C"'),
        guide("Guide c", 'go to "Guide a"'),
    ]
    (finding,) = findings(*texts, guide("Guide d", 'go to "Guide a"'))
    assert finding.code == "G310"
    assert "“Guide a” → “Guide b” → “Guide c” → “Guide a”" in finding.message


def test_a_guide_that_leads_to_itself_is_a_circle() -> None:
    assert codes(guide("Guide a", 'go to "Guide a"')) == ["G310"]


def test_circles_of_needs_are_found_even_through_go_to() -> None:
    texts = [
        guide("Guide a", "Need token: text", "give receipt = token", header="Gives receipt\n"),
        guide("Guide b", 'say "One moment."', 'go to "Guide c"', header="Gives token\n"),
        guide("Guide c", "Need receipt: text", 'say "{{ receipt }}"'),
    ]
    assert "G311" in codes(*texts)
    assert "G311" not in codes(
        *texts[:2], texts[2].replace("Need receipt: text", "Need receipt: one of customer.orders")
    )


def test_titles_are_unique_whatever_their_case_and_file() -> None:
    (finding,) = findings(guide("Guide a", 'say "x"'), guide("GUIDE A", 'say "y"'))
    assert (finding.code, finding.file) == ("G312", "1.md")
    assert "0.md, line 1" in finding.message


def test_one_name_is_given_by_one_guide() -> None:
    texts = [guide(f"Guide {n}", "give size = 5", header="Gives size\n") for n in range(3)]
    assert codes(*texts) == ["G316", "G316"]


def test_after_leads_in_no_circle() -> None:
    header = 'When the customer asks for it:\n- "a"\n- "b"\n- "c"\nAfter "{}"\n'
    texts = [
        guide("Guide a", 'say "x"', header=header.format("Guide b")),
        guide("Guide b", 'say "x"', header=header.format("Guide a")),
    ]
    assert codes(*texts) == ["G313"]


def test_a_guide_is_started_by_something() -> None:
    alone = '# Guide a of it\n\n1. say "x"\n'
    assert codes(alone) == ["G315"]
    assert codes(alone, guide("Guide b", 'go to "guide a of IT"')) == []
    assert codes(alone.replace("\n\n1.", "\n\nSafeguard\n\n1.")) == ["G314"]
    assert codes('# What binds us\n\n1. Never say "cheap"\n') == []
    assert codes("# Notes on all this\n\nNote: read me.\n") == []


edges = st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=3), max_size=8)


@given(edges)
def test_circles_are_the_sets_of_nodes_that_reach_each_other(leads: dict[int, list[int]]) -> None:
    nodes = [f"n{number}" for number in range(8)]
    found = circles(nodes, lambda node: [nodes[target] for target in leads.get(nodes.index(node), [])])

    def reach(start: int) -> set[int]:
        seen: set[int] = set()
        queue = list(leads.get(start, []))
        while queue:
            node = queue.pop()
            if node not in seen:
                seen.add(node)
                queue.extend(leads.get(node, []))
        return seen

    reached = {number: reach(number) for number in range(8)}
    expected = {frozenset(nodes[other] for other in range(8) if other in reached[number] and number in reached[other])
                for number in range(8) if number in reached[number]}  # fmt: skip
    assert {frozenset(part) for part in found} == expected
    assert len(found) == len(expected)


# ---- waits without end
@pytest.mark.parametrize(
    ("wait", "found"), [("2 business days", True), ("2 calendar days", False), ("2 days", False), ("3 hours", False)]
)
@pytest.mark.parametrize("indent", ["", "   "])
def test_a_wait_in_business_days_is_found_where_the_shop_has_no_opening_hours(
    wait: str, found: bool, indent: str
) -> None:
    need = f'1. Ask "And?" for more: yes or no\n   - within {wait}, else close\n1. If more:\n   - hand over because guidance\n'
    text = (
        need
        if not indent
        else f'1. If cart.total > 1 EUR:\n   - Ask "And?" for more: yes or no\n      - within {wait}, else close\n'
    )
    file, faults = parse_text(CodeEntry.as_file(text + '1. say "Good."\n'), "0.md")
    assert not faults
    told = {
        open_: [
            f.code
            for f in check([file], VOCABULARY, settings=CheckSettings(has_business_days=open_))
            if f.code == "G317"
        ]
        for open_ in (True, False)
    }
    assert told == {True: [], False: ["G317"] if found else []}
