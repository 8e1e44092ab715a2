"""The templates of `convagent guidance new`: whole guides that the checker accepts once their actions are declared."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from tests.guidance.reader import NOW, Run

from convagent.cli.guidance_new import Template, read_templates
from convagent.facts import Customer
from convagent.guidance.checks.check import check
from convagent.guidance.findings.finding import Finding
from convagent.guidance.interpreter.kernel import BUILT_IN_ACTIONS
from convagent.guidance.language.format import format_text
from convagent.guidance.language.parse import parse_text
from convagent.guidance.language.syntax import GuideFile
from convagent.guidance.schema import types as t
from convagent.guidance.schema.type_words import read_type
from convagent.guidance.schema.vocabulary import ActionSignature, Parameter, Vocabulary

TEMPLATES = read_templates()
ESCALATION_TOPICS = (
    "order-status", "return-request", "order-cancellation", "product-quality", "missing-item", "subscription-cancellation",
    "refund-status", "product-details", "return-status", "delivered-not-received",
)  # fmt: skip
OTHERS = (
    "find-the-customer", "subscription-pause", "subscription-skip", "discount-code", "product-question", "complaint",
    "greeting", "human-request", "legal-threat", "safety", "opening-hours", "out-of-stock", "warranty", "address-change",
    "gift", "loyalty-points", "never",
)  # fmt: skip
SAFEGUARDS = {"human-request", "legal-threat", "safety"}
SIGNATURE = re.compile(r"(do|look up) (\w+) with ([\w, ]+?)(?: gives (.+))?")
CALL = re.compile(r"^\s*(?:1\.|-) (?:Let \w+ be )?(do|look up) (\w+)", re.MULTILINE)

each = pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))


def signature(words: str, known: Vocabulary) -> ActionSignature:
    """The signature that a template's comment states; writes demand what is strictest."""
    found = SIGNATURE.fullmatch(words)
    assert found is not None, words
    parameters = tuple(Parameter(name.strip()) for name in found[3].split(","))
    if found[1] == "do":
        return ActionSignature(found[2], "write", parameters, requires="verified", confirm=True)
    result = read_type(found[4], known.record_names)
    assert result is not None, words
    return ActionSignature(found[2], "lookup", parameters, result.type, may_find_nothing=result.optional)


def vocabulary(*templates: Template) -> Vocabulary:
    known = Vocabulary.standard(currency="EUR")
    return known.with_actions(signature(action, known) for template in templates for action in template.actions)


def parsed(template: Template) -> GuideFile:
    file, faults = parse_text(template.text, f"{template.name}.md")
    assert faults == ()
    return file


def told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.file}:{finding.line} {finding.code} {finding.message}" for finding in findings]


def test_every_topic_has_a_template() -> None:
    assert set(ESCALATION_TOPICS) | set(OTHERS) <= set(TEMPLATES)


@each
def test_a_template_says_what_it_is_for_in_one_sentence(template: Template) -> None:
    assert 20 < len(template.description) < 100
    assert template.description.endswith(".")


@each
def test_a_template_is_its_own_canonical_form(template: Template) -> None:
    assert format_text(template.text) == template.text


@each
def test_nothing_is_found_in_a_template_but_what_is_left_to_the_author(template: Template) -> None:
    findings = check([parsed(template)], vocabulary(template))
    left = 1 if template.name == "opening-hours" else 0
    assert [finding.code for finding in findings] == ["G509"] * left, told(findings)


def test_all_templates_fit_into_one_shop() -> None:
    findings = check([parsed(template) for template in TEMPLATES.values()], vocabulary(*TEMPLATES.values()))
    assert [finding for finding in findings if finding.code != "G509"] == [], told(findings)


@each
def test_the_comment_names_the_actions_that_the_guide_uses_and_no_others(template: Template) -> None:
    named = {(found[1], found[2]) for action in template.actions if (found := SIGNATURE.fullmatch(action)) is not None}
    assert named == {call for call in CALL.findall(template.text) if call[1] not in BUILT_IN_ACTIONS}


@each
def test_a_template_comes_with_examples_of_both_kinds(template: Template) -> None:
    for guide in parsed(template).guides:
        assert guide.safeguard is (template.name in SAFEGUARDS)
        if guide.when is None:
            continue
        negative = sum(example.negative for example in guide.when.examples)
        assert len(guide.when.examples) - negative >= 5
        assert negative >= 2


@each
def test_a_write_that_a_template_does_is_confirmed_by_showing_what_was_chosen(template: Template) -> None:
    bare = re.sub(r"^1\. confirm .*\n", "", template.text, flags=re.MULTILINE)
    bare = re.sub(r"^1\. confirm\n(?: +>.*\n)+", "", bare, flags=re.MULTILINE)
    file, _ = parse_text(bare, "bare.md")
    found = {finding.code for finding in check([file], vocabulary(template))}
    assert ("G401" in found) is any(action.startswith("do ") for action in template.actions)


def test_what_looks_for_a_product_is_left_to_the_shopping_assistant() -> None:
    run = Run(TEMPLATES["product-question"].text)
    assert [step.kind for step in run.say("which lamp would you recommend?").steps] == ["advise"]


def test_types_of_the_comments_are_those_of_the_vocabulary() -> None:
    (find_customer,) = TEMPLATES["find-the-customer"].actions
    found = signature(find_customer, Vocabulary.standard())
    assert found.result == t.Record("Customer")
    assert found.may_find_nothing


ADDRESS = {"line1": "1 Quay Street", "city": "Galway", "country": "IE"}


def customer(**order: Any) -> Customer:
    """A customer with one delivered order, unless the order is described otherwise."""
    told = {"id": "#1", "status": "delivered", "delivered_at": NOW - timedelta(days=5), "address": ADDRESS, **order}
    told["shipments"] = [{"id": "p", "status": "delivered"}]
    told["items"] = [{"id": "l1", "name": "Lamp", "price": "20 EUR"}, {"id": "l2", "name": "Mug", "price": "8 EUR"}]
    coffee = {"id": "x", "name": "Coffee", "price": "9 EUR"}
    charged = (NOW + timedelta(days=9)).date()
    subscription = {"id": "s1", "status": "active", "items": [coffee], "next_charge_on": charged}
    facts = {"id": "c", "verification": "verified", "orders": [told], "subscriptions": [subscription]}
    return Customer.model_validate({**facts, "loyalty": {"points": 320}})


PENDING = {"status": "pending", "delivered_at": None}


@pytest.mark.parametrize(
    ("name", "order", "messages", "did"),
    [
        ("order-cancellation", PENDING, ("#1", "yes"), {"cancel_order": {"order": "#1"}}),
        ("order-cancellation", PENDING, ("#1", "no"), {}),
        ("order-cancellation", {}, ("#1",), {}),
        ("return-request", {"delivered_at": NOW - timedelta(days=31)}, ("#1",), {}),
        ("product-quality", {}, ("#1", "Lamp", "it broke", "a refund", "yes"),
         {"report_problem": {"order": "#1", "item": "l1", "problem": "it broke", "wish": "a refund"}}),
        ("missing-item", {}, ("#1", "yes", "Mug", "send it", "yes"),
         {"report_problem": {"order": "#1", "item": "l2", "problem": "missing", "wish": "send it"}}),
        ("delivered-not-received", {}, ("#1", "yes", "yes", "yes"), {"open_investigation": {"order": "#1"}}),
        ("delivered-not-received", {"delivered_at": NOW - timedelta(days=1)}, ("#1",), {}),
        ("subscription-cancellation", {}, ("Coffee", "yes"), {"cancel_subscription": {"subscription": "s1"}}),
        ("subscription-skip", {}, ("Coffee", "yes"), {"skip_delivery": {"subscription": "s1"}}),
        ("gift", PENDING, ("#1", "Many happy returns", "yes"),
         {"add_gift_wrap": {"order": "#1", "message": "Many happy returns"}}),
        ("loyalty-points", {}, ("how many?",), {}),
        ("order-status", {"status": "shipped", "delivered_at": None}, ("where?",), {}),
    ],
)  # fmt: skip
def test_a_template_does_what_it_is_for(
    name: str, order: dict[str, Any], messages: tuple[str, ...], did: dict[str, Any]
) -> None:
    run = Run(TEMPLATES[name].text, facts={"customer": customer(**order)})
    statuses = [run.say(message).status for message in messages]
    assert statuses[:-1] == ["asked"] * (len(messages) - 1)
    assert statuses[-1] in {"done", "refused"}
    assert dict(run.writes) == did
