"""The example guides that the language must carry are found without errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent.guidance.checks.check import check
from convagent.guidance.language.parse import parse_text
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import ActionSignature, Parameter, Vocabulary

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "design" / "guidance-examples.md"

pytestmark = pytest.mark.skipif(not EXAMPLES.is_file(), reason="the example guides are not part of this checkout")

TEXT, TEXTS = t.TEXT, t.ListOf(t.TEXT)


def write(
    name: str, *, confirm: bool = True, requires: str = "verified", result: t.Type = t.ANYTHING, **kinds: t.Type
) -> ActionSignature:
    level = "verified" if requires == "verified" else "anonymous"
    parameters = tuple(Parameter(key.removesuffix("_"), kind, not key.endswith("_")) for key, kind in kinds.items())
    return ActionSignature(name, "write", parameters, result, requires=level, confirm=confirm)  # type: ignore[arg-type]


def look_up(name: str, result: t.Type, *, nothing: bool = False, **kinds: t.Type) -> ActionSignature:
    return ActionSignature(
        name,
        "lookup",
        tuple(Parameter(key, kind, required=False) for key, kind in kinds.items()),
        result,
        may_find_nothing=nothing,
    )


ACTIONS = (
    look_up("find_customer", t.Record("Customer"), nothing=True, email=TEXT, first_name=TEXT, last_name=TEXT, zip=TEXT),
    look_up("fee_is_our_error", t.YES_NO, order=TEXT),
    look_up("subscription_due", t.MONEY, customer=TEXT),
    look_up("promo_is_valid", t.YES_NO, customer=TEXT),
    write("return_items", order=TEXT, items=TEXTS, method=TEXT),
    write("exchange_items", order=TEXT, items=TEXTS, replacements=TEXTS, method=TEXT),
    write("modify_items", order=TEXT, items=TEXTS, replacements=TEXTS, method=TEXT),
    write("cancel_order", order=TEXT, reason=t.OneOf(("no longer needed", "ordered by mistake"), closed=True)),
    write("modify_payment", order=TEXT, method=TEXT),
    write("modify_address", order=TEXT, address=t.ANYTHING),
    write("remove_fee", order=TEXT, amount=t.MONEY),
    write("refund_order", order=TEXT, amount=t.MONEY),
    write("update_order", confirm=False, order=TEXT, change=TEXT, address_=t.ANYTHING),
    write("send_reset_code", confirm=False, customer=TEXT),
    write("make_purchase", items=TEXTS),
    write("renew_subscription", amount=t.MONEY),
    write("send_link", confirm=False, requires="nobody", link=TEXT),
    write("notify_team", confirm=False, requires="nobody", team=TEXT),
    write("promo_code", confirm=False, requires="nobody", result=t.Record("promotion")),
    write("add_to_cart", confirm=False, requires="nobody", product=TEXT),
)
FACTS = {
    "customer": {
        "level": 'one of "gold", "silver", "bronze", "guest"',
        "recent_discounts": "number",
        "card": "payment method",
    },
    "order": {"age": "days", "customer": "customer"},
    "product": {"undertone": 'one of "cool", "warm", "neutral"', "depth": "text"},
    "promotion": {"value": "text"},
}


def test_the_examples_have_no_errors_and_no_noise() -> None:
    text = EXAMPLES.read_text(encoding="utf-8")
    file, faults = parse_text(text[text.index("# Find the customer") :], "guidance-examples.md")
    assert faults == ()
    assert len(file.guides) == 20
    vocabulary = Vocabulary.standard().with_facts(FACTS).with_actions(ACTIONS)
    findings = check([file], vocabulary, articles=("How to choose a shade",), teams=("web", "repairs"))
    assert [finding for finding in findings if finding.severity == "error"] == []
    warnings = sorted((finding.code, finding.guide) for finding in findings if finding.severity == "warning")
    assert warnings == [
        ("G215", "Reset the two-factor code"),
        ("G215", "Return a worn piece by membership"),
        ("G403", "Change the items of a pending order"),
    ]


def test_the_examples_need_their_vocabulary() -> None:
    text = EXAMPLES.read_text(encoding="utf-8")
    file, _ = parse_text(text[text.index("# Find the customer") :], "guidance-examples.md")
    codes = {finding.code for finding in check([file], Vocabulary.standard().with_actions(ACTIONS))}
    assert {"G202"} <= codes
    assert {"G203", "G408"} <= {finding.code for finding in check([file], Vocabulary.standard().with_actions(()))}
