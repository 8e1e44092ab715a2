"""Proofs: what is found is really so, what is proven holds, what is neither is told as not proven."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.guidance.strategies import guide_files

from convagent.actions import ActionRegistry, CallContext, action, call_action
from convagent.facts import Money
from convagent.guidance.checks.check import check
from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.entry import CodeEntry
from convagent.guidance.findings.vocabulary import EXAMPLE_ARTICLES, EXAMPLE_TEAMS, example_vocabulary
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.interpreter.evaluate import Names, evaluate, truth
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.parse import parse_text
from convagent.guidance.schema.types import ANYTHING, MONEY, TEXT
from convagent.guidance.schema.vocabulary import ActionSignature, Parameter
from convagent.guidance.values import UNKNOWN, normal
from convagent.nevers import never_rules

pytest.importorskip("z3", reason="proofs need the extra `prove`")

import z3  # type: ignore[import-untyped]

from convagent.guidance.proofs.counterexample import NotConcreteError, case_of
from convagent.guidance.proofs.paths import SymbolicReading
from convagent.guidance.proofs.prove import ProofReport, ProofSettings, prove
from convagent.guidance.proofs.replay import play
from convagent.guidance.proofs.symbols import Symbols
from convagent.guidance.proofs.unknowns import names_in

ZONE = ZoneInfo("Europe/Dublin")
VOCABULARY = example_vocabulary().with_actions(
    [
        ActionSignature("give_credit", "write", (Parameter("amount", MONEY),), confirm=False),
        ActionSignature("send_note", "write", (Parameter("text", TEXT),)),
    ]
)
MINE = {code: entry for code, entry in CODES.items() if entry.command == "prove"}
NEVER = "\n# What the agent must never do\n\n"


@action(kind="write", requires="anonymous", confirm=False)
def give_credit(amount: Money) -> str:
    """Gives credit.

    Args:
        amount: How much.
    """
    return str(amount)


def kernel_of(text: str) -> k.Kernel:
    file, faults = parse_text(CodeEntry.as_file(text), "shop.md")
    assert not [fault for fault in faults if fault.severity == "error"], faults
    return desugar(file.guides)


def proven(text: str, *, effort: int = 2_000_000) -> ProofReport:
    given_settings = ProofSettings(effort=effort)
    return prove(kernel_of(text), VOCABULARY, currency="EUR", zone=ZONE, settings=given_settings)


def codes(text: str, *asked: str) -> list[str]:
    """Codes of what is found: those that are asked for, else all but what a few lines of guidance leave unsaid."""
    report = proven(text)
    assert report.not_proven == ()
    found = [proof.finding.code for proof in report.found]
    return [code for code in found if (code in asked if asked else code not in {"G704", "G708"})]


# ---- the catalogue
@pytest.mark.parametrize("entry", MINE.values(), ids=list(MINE))
def test_each_example_to_avoid_yields_its_code_and_what_to_prefer_nothing(entry: CodeEntry) -> None:
    (proof,) = proven(entry.as_file(entry.avoid)).found
    assert (proof.finding.code, proof.finding.severity) == (entry.code, entry.severity)
    assert (proof.case is None) == (entry.code == "G702")
    preferred = proven(entry.as_file(entry.prefer))
    assert (preferred.found, preferred.not_proven) == ((), ())
    file, _ = parse_text(entry.as_file(entry.prefer), "shop.md")
    assert check([file], VOCABULARY, articles=EXAMPLE_ARTICLES, teams=EXAMPLE_TEAMS) == ()


def test_the_examples_of_the_documentation_do_what_it_says() -> None:
    page = Path(__file__).parents[2] / "docs" / "guidance" / "proofs.md"
    broken, mended = re.findall(r"```markdown\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    (proof,) = proven(broken).found
    assert proof.finding.code == "G701"
    assert "50.01 EUR" in proof.finding.message
    assert codes(mended) == []


# ---- Never
CREDIT = "1. Need amount: money\n{}1. do give_credit with amount = amount\n" + NEVER + "1. Never do give_credit {}\n"
UP_TO = '   - must it <= {}, else say "Less, please."\n'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CREDIT.format("", "when amount > 50 EUR"), True),
        (CREDIT.format(UP_TO.format("50 EUR"), "when amount > 50 EUR"), False),
        (CREDIT.format(UP_TO.format("50 EUR"), "when amount >= 50 EUR"), True),
        (CREDIT.format(UP_TO.format("50.01 EUR"), "when amount > 50 EUR"), True),
        (CREDIT.format('1. If amount > 50 EUR:\n   - refuse "Too much."\n', "when amount > 50 EUR"), False),
        (CREDIT.format('1. If amount > 51 EUR:\n   - refuse "Too much."\n', "when amount > 50 EUR"), True),
        (CREDIT.format('1. If amount > 50 EUR:\n   - say "Too much."\n   - go on\n', "when amount > 50 EUR"), True),
        (CREDIT.format("", "unless customer.verified"), True),
        (CREDIT.format('1. If not customer.verified:\n   - refuse "Who is it?"\n', "unless customer.verified"), False),
        (
            CREDIT.format('1. If order.status is "shipped":\n   - refuse "No."\n', 'when order.status is "shipped"'),
            False,
        ),
        (
            CREDIT.format('1. If order.status is "pending":\n   - refuse "No."\n', 'when order.status is "shipped"'),
            True,
        ),
        (CREDIT.format("", ""), True),
    ],
)
def test_a_never_is_proven_or_the_customer_is_named_who_breaks_it(text: str, found: bool) -> None:
    assert codes(text) == ["G701"] * found


def test_sums_over_a_list_are_reckoned_with() -> None:
    text = """1. Need customer
1. Need order: one of customer.orders
1. Let amount be sum of its price over order.items
{}1. do give_credit with amount = amount
""" + NEVER + "1. Never do give_credit when amount > 50 EUR\n"  # fmt: skip
    proof = next(each for each in proven(text.format("")).found if each.finding.code == "G701")
    assert proof.case is not None
    assert proof.case.facts["customer"].orders[0].items
    assert codes(text.format('1. If amount > 50 EUR:\n   - refuse "Too much."\n')) == []


def test_days_are_counted_on_the_clock() -> None:
    text = """1. Need order: one of customer.orders
1. If now - order.delivered_at > {} days:
   - refuse "Too late."
1. do give_credit with amount = 5 EUR
""" + NEVER + "1. Never do give_credit when now - order.delivered_at > 30 days\n"  # fmt: skip
    assert codes(text.format(30)) == []
    assert codes(text.format(31)) == ["G701"]


def test_a_counterexample_is_blocked_by_the_rule_that_actions_are_held_to() -> None:
    kernel = kernel_of(CREDIT.format("", "when amount > 50 EUR"))
    found = prove(kernel, VOCABULARY, currency="EUR", zone=ZONE).found
    proof = next(each for each in found if each.finding.code == "G701")
    assert proof.case is not None
    guide = kernel.guides[0]
    played = play(guide, kernel, proof.case, vocabulary=VOCABULARY, currency="EUR", until=proof.address)
    assert played.want is not None
    assert played.want.arguments["amount"].minor > 5000

    spec = ActionRegistry([give_credit]).get("give_credit")
    assert spec is not None
    context = CallContext("c", None, proof.case.now)
    done = call_action(spec, played.want.arguments, context, nevers=never_rules(kernel))
    assert done.result.status == "refused"


def test_what_the_solver_cannot_reckon_with_is_not_proven_rather_than_fine() -> None:
    text = CREDIT.format('1. If amount * amount > 7 EUR:\n   - refuse "No."\n', "when amount > 50 EUR")
    report = proven(text)
    assert report.found == ()
    assert any("Never do give_credit" in told for told in report.not_proven)


def test_a_solver_that_runs_out_of_effort_proves_nothing() -> None:
    report = proven(CREDIT.format(UP_TO.format("50 EUR"), "when amount > 50 EUR"), effort=1)
    assert report.found == ()
    assert report.not_proven or report.proven == 0


# ---- confirmations
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('1. do send_note with text = "a"\n', True),
        ('1. confirm "Shall I?"\n1. do send_note with text = "a"\n', False),
        (
            '1. Need x: yes or no\n1. If x:\n   - confirm "Shall I?"\n   - go on\n1. do send_note with text = "a"\n',
            True,
        ),
        ('1. Need x: yes or no\n1. If x:\n   - confirm "Shall I?"\n   - do send_note with text = "a"\n', False),
    ],
)
def test_every_way_to_a_write_has_the_customers_yes(text: str, found: bool) -> None:
    assert codes(text) == ["G703"] * found


FIRST = (
    '1. Let late be first of customer.orders where its status is "pending"\n1. If late is none:\n   - refuse "None."\n'
)


def test_the_first_of_a_list_is_one_whose_fields_are_reckoned_with() -> None:
    assert codes(FIRST + '1. If late.status is "shipped":\n   - say "a"\n1. say "b"\n', "G702") == ["G702"]
    assert codes(FIRST + '1. If late.total > 5 EUR:\n   - say "a"\n1. say "b"\n', "G702") == []
    assert codes(FIRST + "1. do send_note with text = late.id\n", "G703") == ["G703"]


def test_what_a_record_cannot_be_without_is_known_where_the_record_is() -> None:
    asked = '1. If order is known and order is not none and {} is unknown:\n   - say "a"\n1. say "b"\n'
    assert codes(asked.format("order.status"), "G702") == ["G702"]
    assert codes(asked.format("order.note"), "G702") == []


@pytest.mark.parametrize("before", [True, False])
def test_what_the_customer_picks_need_not_be_the_first(before: bool) -> None:
    pick, first = "1. Need order: one of customer.orders\n", "1. Let newest be first of customer.orders\n"
    text = (pick + first if before else first + pick) + '1. If order.total > newest.total:\n   - say "a"\n1. say "b"\n'
    assert codes(text, "G702", "G705") == []


def test_what_no_condition_asks_about_needs_no_value_for_a_customer_to_be_found() -> None:
    text = '1. Need back_on: date\n1. Need address: address\n1. do send_note with text = "{}"\n'
    assert codes(text, "G703") == ["G703"]


# ---- branches
@pytest.mark.parametrize(
    ("first", "second", "dead"),
    [
        ("cart.total < 20 EUR or cart.total >= 20 EUR", "cart.total is 7 EUR", True),
        ("cart.total < 20 EUR", "cart.total < 10 EUR and cart.total > 5 EUR", True),
        ("cart.total < 20 EUR", "cart.total <= 20 EUR", False),
        ("cart.total is known", "cart.total > 5 EUR", True),
        ("cart.total is unknown", "cart.total > 5 EUR", False),
        ('it seems "the customer is angry"', 'it seems "The customer is angry"', True),
        ('it seems "the customer is angry"', 'it seems "the customer is glad"', False),
        ("any of cart.items where its price > 5 EUR", "all of cart.items where its price > 5 EUR", False),
        ("cart.items is empty", "count of cart.items is 0", True),
        ("count of cart.items > 9", "count of cart.items > 8", False),
    ],
)
def test_a_branch_is_told_only_when_nobody_opens_it(first: str, second: str, dead: bool) -> None:
    text = f'1. If {first}:\n   - say "a"\n1. If {second}:\n   - say "b"\n1. say "c"\n'
    assert bool(codes(text, "G702", "G705")) == dead


# ---- laws
ATOMS = (
    "cart.total > 20 EUR", "cart.total is none", "cart.total is known", "cart.total <= order.total", "order is known",
    'order.status is "shipped"', 'order.status is one of "pending", "delivered"', 'order.note is "soon"', "customer.verified",
    "order.cancelled_at is none", "now - order.placed_at > 14 days", "order.items is empty", "count of order.items > 1",
    "any of order.items where its final_sale", "all of order.items where its price < 10 EUR",
    "sum of its price over order.items > 30 EUR", "order.total is between 5 EUR and 9 EUR", "10% of order.total > 3 EUR",
    "order.total - order.shipping >= 7 EUR", "order.total", "today > 2026-06-01", "order.placed_at < 2026-01-01",
    'it seems "the customer is in a hurry"', "customer.first_name is order.note",
)  # fmt: skip


def combined() -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(ATOMS),
        lambda inner: st.one_of(
            inner.map("not ({})".format),
            st.builds("({}) and ({})".format, inner, inner),
            st.builds("({}) or ({})".format, inner, inner),
        ),
        max_leaves=4,
    )


@given(combined(), st.sampled_from(["true", "false", "unknown"]))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_evaluator_agrees_with_every_model_of_a_condition(condition: str, wanted: str) -> None:
    kernel = kernel_of(f'1. If {condition}:\n   - say "a"\n')
    statement = kernel.guides[0].body[0]
    assert isinstance(statement, k.If)
    assert statement.condition is not None
    symbols = Symbols(VOCABULARY, "EUR")
    reading = SymbolicReading(k.Guide("Empty", "shop.md", statement.span, ()), kernel, symbols)
    held = reading.encoder.truth(statement.condition, lambda name: reading.name(name, reading.start))
    asked = {"true": held.true, "false": held.false, "unknown": z3.Not(held.known)}[wanted]
    solver = z3.SimpleSolver()
    pieces = [leaf.symbol.term == 1 for key, leaf in symbols.leaves.items() if key.endswith(".quantity")]
    solver.add(asked, *symbols.demands, *pieces)  # of more than three pieces sums are open
    if str(solver.check()) != "sat":
        return
    try:
        case = case_of(solver.model(), symbols, names_in([asked, *symbols.demands, *pieces]), ZONE)
    except NotConcreteError:
        return
    facts: dict[str, Any] = {name: normal(value) for name, value in case.facts.items()}
    facts |= {"now": case.now, "today": case.now.date()}
    value = truth(evaluate(statement.condition, Names(lambda name: facts.get(name, UNKNOWN), case.now, case.judge)))
    assert ("unknown" if value is UNKNOWN else "true" if value else "false") == wanted, case.story()


PICKED = (
    "dear is none", "dear.price > 7 EUR", "dear.price <= 5 EUR", "dear.name is final.name", "final.final_sale", "final is none",
    "final.price > dear.price", "dear.quantity is final.quantity", "dear.final_sale is known",
)  # fmt: skip


@given(st.sampled_from(PICKED), st.sampled_from(PICKED), st.sampled_from(["true", "false", "unknown"]))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_evaluator_agrees_which_one_is_the_first_of_a_list(one: str, other: str, wanted: str) -> None:
    lets = "1. Let dear be first of order.items where its price > 5 EUR\n1. Let final be last of order.items\n"
    kernel = kernel_of(f'{lets}1. If {one} and {other}:\n   - say "a"\n')
    symbols = Symbols(VOCABULARY, "EUR")
    (branch,) = SymbolicReading(kernel.guides[0], kernel, symbols).branches
    first, last, statement = kernel.guides[0].body
    assert isinstance(first, k.Let)
    assert isinstance(last, k.Let)
    assert isinstance(statement, k.If)
    assert statement.condition is not None
    asked = {"true": branch.holds, "false": branch.closed, "unknown": z3.Not(z3.Or(branch.holds, branch.closed))}[
        wanted
    ]
    solver = z3.SimpleSolver()
    solver.add(asked, *symbols.demands)
    if str(solver.check()) != "sat":
        return
    try:
        case = case_of(solver.model(), symbols, names_in([asked, *symbols.demands]), ZONE)
    except NotConcreteError:
        return
    known: dict[str, Any] = {name: normal(value) for name, value in case.facts.items()}
    names = Names(lambda name: known.get(name, UNKNOWN), case.now, case.judge)
    for let in (first, last):
        assert isinstance(let.value, ex.Expression)
        known[let.name] = evaluate(let.value, names)
    value = truth(evaluate(statement.condition, names))
    assert ("unknown" if value is UNKNOWN else "true" if value else "false") == wanted, case.story()


@given(guide_files())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_guide_breaks_the_prover_and_each_counterexample_really_comes_there(file: Any) -> None:
    guides = file.guides if hasattr(file, "guides") else file
    kernel = desugar(guides)
    report = prove(kernel, VOCABULARY, currency="EUR", zone=ZONE, settings=ProofSettings(effort=100_000))
    for proof in report.found:
        assert proof.finding.message
        if proof.case is None:
            continue
        guide = kernel.guide(proof.guide)
        assert guide is not None
        until = None if proof.finding.code in {"G704", "G705", "G707"} else proof.address
        played = play(guide, kernel, proof.case, vocabulary=VOCABULARY, currency="EUR", until=until)
        if until is not None and "offer" not in proof.finding.message:
            assert played.want is not None
        if proof.finding.code == "G704":
            assert played.reading.status == "done"
            assert not any(step.kind in {"say", "ask", "offer", "answer"} for step in played.reading.steps)


def test_what_no_checker_would_let_pass_is_an_open_value_and_no_fault() -> None:
    kernel = kernel_of('1. If now is known:\n   - say "a"\n')
    symbols = Symbols(VOCABULARY, "EUR")
    reading = SymbolicReading(k.Guide("Empty", "shop.md", kernel.guides[0].span, ()), kernel, symbols)
    span = kernel.guides[0].span
    yes = ex.Not(span, ex.Path(span, "customer"))
    for op in ("+", "-", "*", "/"):
        found = reading.encoder.value(ex.Arithmetic(span, op, yes, yes), lambda name: reading.name(name, reading.start))
        assert found.type is ANYTHING
