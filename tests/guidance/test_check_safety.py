"""G4: writes, confirmations, rules for the whole shop, discounts, promises, look-alike letters."""

from __future__ import annotations

import pytest

from convagent.guidance.checks.characters import mixed_words
from convagent.guidance.checks.check import check
from convagent.guidance.checks.promises import promise_in
from convagent.guidance.findings.entry import CodeEntry
from convagent.guidance.findings.finding import Finding
from convagent.guidance.findings.vocabulary import example_vocabulary
from convagent.guidance.language.parse import parse_text

VOCABULARY = example_vocabulary()
NEEDS = "1. Need customer\n1. Need order: one of customer.orders\n"


def findings(text: str) -> list[Finding]:
    file, faults = parse_text(CodeEntry.as_file(text))
    assert not faults, faults
    return [finding for finding in check([file], VOCABULARY) if finding.code.startswith("G4")]


def codes(text: str) -> list[str]:
    return [finding.code for finding in findings(text)]


# ---- confirmations
DO = "do cancel_order with order = order.id"


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (f'1. confirm "{{{{ order.id }}}}?"\n1. {DO}\n', []),
        (f"1. {DO}\n", ["G401"]),
        (f'1. {DO}\n1. confirm "{{{{ order.id }}}}?"\n', ["G401"]),
        (f'1. confirm "{{{{ order.id }}}}?"\n1. If cart.total > 5 EUR:\n   - {DO}\n', []),
        (f'1. If cart.total > 5 EUR:\n   - confirm "{{{{ order.id }}}}?"\n   - {DO}\n', []),
        (f'1. If cart.total > 5 EUR:\n   - confirm "{{{{ order.id }}}}?"\n   - go on\n1. {DO}\n', ["G401"]),
        ('1. say "{{ order.id }}"\n1. do send_link with link = "x"\n', []),
    ],
)
def test_a_write_stands_behind_a_confirmation(statements: str, found: list[str]) -> None:
    assert codes(NEEDS + statements) == found


def test_steps_on_failure_are_confirmed_like_all_others() -> None:
    text = f"{NEEDS}1. do send_link with link = order.id\n   - if it fails: {DO}\n"
    assert codes(text) == ["G401"]


@pytest.mark.parametrize(
    ("confirmation", "hidden"),
    [
        ("{{ order.id }}: {{ items | list }} for {{ items | pairs }}", []),
        ("{{ order.id }}: {{ items | pairs('replacement') }}", []),
        ("{{ number }}: {{ items | pairs }}", []),
        ("{{ order.total | money }}: {{ items | pairs }}", []),
        ("{{ order.id }}: {{ items | list }}", ["replacement"]),
        ("{{ items | pairs }}", ["number"]),
        ("Shall I?", ["items", "number", "replacement"]),
    ],
)
def test_a_confirmation_shows_every_choice(confirmation: str, hidden: list[str]) -> None:
    text = f"""{NEEDS}1. Let number be order.id
1. Need items: some of order.items
1. Need replacement for each item in items: one of item.product.variants
1. confirm "{confirmation}"
1. do exchange_items with order = number, items = items, replacements = items.replacement
1. say "{{{{ number }}}}"
"""
    found = findings(text)
    assert [finding.message.split("`")[1] for finding in found] == hidden
    assert {finding.code for finding in found} <= {"G403"}


def test_what_is_reckoned_from_a_choice_is_shown_by_itself_or_by_the_choice() -> None:
    needs = f"{NEEDS}1. Need items: some of order.items\n1. Let refund be sum of its price over items\n"
    act = "1. do refund_order with order = order.id, amount = refund\n"
    assert codes(f'{needs}1. confirm "{{{{ order.id }}}}: {{{{ refund | money }}}}?"\n{act}') == []
    assert codes(f'{needs}1. confirm "{{{{ order.id }}}}: {{{{ items | list }}}}?"\n{act}') == []
    (finding,) = findings(f'{needs}1. confirm "{{{{ order.id }}}}?"\n{act}')
    assert "`refund`" in finding.message


def test_what_a_branch_has_settled_need_not_be_shown() -> None:
    needs = f'{NEEDS}1. Need reason: one of "no longer needed", "ordered by mistake"\n'
    act = '- confirm "{{ order.id }}?"\n   - do cancel_order with order = order.id, reason = reason\n'
    assert codes(f'{needs}1. If reason is "no longer needed":\n   {act}') == []
    assert codes(f"{needs}1. If cart.total > 5 EUR:\n   {act}") == ["G403"]


def test_facts_and_literals_are_no_choices() -> None:
    act = "do refund_order with order = first of customer.orders.id, amount = 20 EUR"
    assert codes(f'1. Need customer\n1. confirm "20 EUR?"\n1. {act}\n') == []


def test_the_customer_is_no_choice() -> None:
    text = '1. Need customer\n1. confirm "Go?"\n1. do send_receipt with refund = customer.id\n'
    assert codes(text) == []


def test_two_actions_may_share_a_confirmation_unless_one_hangs_on_the_other() -> None:
    shared = f"""{NEEDS}1. confirm "{{{{ order.id }}}}, {{{{ order.total | money }}}}?"
1. do refund_order with order = order.id, amount = order.total as refund
"""
    assert codes(f"{shared}1. do cancel_order with order = order.id\n") == []
    assert codes(f"{shared}1. do send_receipt with refund = refund.id\n") == ["G404"]


# ---- who writes
@pytest.mark.parametrize(
    ("above", "found"),
    [
        ("1. Need customer\n", []),
        ("", ["G402"]),
        ('1. If not customer.verified:\n   - refuse "Please sign in."\n', []),
        ('1. If customer.verification is "anonymous":\n   - refuse "Please sign in."\n', []),
        ('1. If customer.email is none:\n   - refuse "Please sign in."\n', ["G402"]),
    ],
)
def test_a_write_for_verified_customers_asks_who_writes(above: str, found: list[str]) -> None:
    assert codes(f'{above}1. Need order: one of customer.orders\n1. confirm "{{{{ order.id }}}}?"\n1. {DO}\n') == found


def test_the_header_may_say_for_whom_a_guide_is() -> None:
    text = CodeEntry.as_file(f'1. Need order: one of customer.orders\n1. confirm "{{{{ order.id }}}}?"\n1. {DO}\n')
    assert codes(text) == ["G402"]
    assert codes(text.replace("\n\n1.", "\nOnly for customer.verified\n\n1.", 1)) == []


# ---- rules for the whole shop
RULE = "\n# What we never do\n\n1. {}\n"


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("Never do refund_order when amount > 50 EUR", ["G409"]),
        ("Never do refund_order when amount > 80 EUR", []),
        ("Never do refund_order unless amount < 50 EUR", ["G409"]),
        ("Never do refund_order unless amount < 80 EUR", []),
        ("Never do refund_order", ["G409"]),
        ("Never do any write", ["G409"]),
        ("Never do any action when amount > 50 EUR", ["G409"]),
        ("Never do any write unless customer.verified", []),
        ("Never do any write unless customer.verified and amount < 50 EUR", ["G409"]),
        ("Never do refund_order when amount > 50 EUR and customer.verified", []),
        ("Never do refund_order when amount > 50 EUR or customer.verified", ["G409"]),
        ("Never do refund_order when until 2020-01-01", []),
        ("Never do refund_order when amount > 50 USD", []),
        ("Never do cancel_order", []),
    ],
)
def test_a_rule_that_a_guide_always_breaks_is_found(rule: str, found: list[str]) -> None:
    act = '1. confirm "{{ order.id }}?"\n1. do refund_order with order = order.id, amount = 60 EUR\n'
    assert codes(NEEDS + act + RULE.format(rule)) == found


def test_rules_speak_of_facts_and_of_what_the_action_takes() -> None:
    def of(rule: str) -> list[str]:
        file, faults = parse_text(f"# What we never do\n\n1. {rule}\n")
        assert not faults
        return [finding.code for finding in check([file], VOCABULARY)]

    assert of('Never do refund_order when amount > 50 EUR and order is "#1"') == []
    assert of("Never do refund_order when order.total > 50 EUR") == []  # an id stands for its record
    assert of("Never do refund_order when order.totl > 50 EUR") == ["G202"]
    assert of("Never do refund_order when amuont > 50 EUR") == ["G201"]
    assert of("Never do refund_order when amount > 50") == ["G210"]
    assert of("Never do refnd_order") == ["G408"]
    assert of("Never do any write unless customer.verified") == []
    assert of("Never do any write when amount > 50 EUR") == []
    assert of("Never do any write when loudness > 50") == ["G201"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is guaranteed.", ["G410"]),
        ("No GUARANTEES here.", ["G410"]),
        ("I\n   > promise.", []),
        ("I  promise you.", ["G410"]),
        ("A compromise.", []),
        ("{{ order.guarantee }}", []),
    ],
)
def test_forbidden_words_are_found_in_every_text(text: str, found: list[str]) -> None:
    statements = f'1. say "{text}"\n' if "\n" not in text else f"1. say\n   > {text}\n"
    rule = RULE.format('Never say "guarantee" or "I promise"')
    if "\n" in text:
        found = ["G410"]
    assert codes(statements + rule) == found


def test_no_rules_forbid_nothing() -> None:
    assert codes('1. say "Guaranteed."\n') == []


# ---- discounts
@pytest.mark.parametrize(
    ("header", "statements", "found"),
    [
        ("", '1. offer "A" of 10%\n', ["G405"]),
        ("At most once a day\n", '1. offer "A" of 10%\n', []),
        ('Only for channel is "chat"\n', '1. offer "A" of 10%\n', []),
        ("", '1. If cart.total > 60 EUR:\n   - offer "A" of 10%\n', []),
    ],
)
def test_discounts_have_a_cap(header: str, statements: str, found: list[str]) -> None:
    text = CodeEntry.as_file(statements)
    assert codes(text.replace("\n\n1.", f"\n{header}\n1.", 1)) == found


# ---- promises
@pytest.mark.parametrize(
    "text",
    [
        "We will refund you.", "I'll send you a new one.", "We're going to cancel it now.", "I have cancelled your order.",
        "We've already refunded it.", "Ich schicke Ihnen ein neues.", "Wir haben die Bestellung storniert.",
        "Wir werden den Betrag erstatten.", "Nous allons vous rembourser.", "J’ai annulé la commande.",
        "Nous vous enverrons un autre.",
    ],
)  # fmt: skip
def test_promises_are_recognised(text: str) -> None:
    assert promise_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "The refund takes 5 days.", "You can cancel it yourself.", "The carrier will send it back.", "I've booked nothing.",
        "Shall we send it again or refund it?", "Wir haben nichts geändert.", "Ich habe keine Bestellung gebucht.",
        "We ship within two days.", "Have you cancelled it?", "Les remboursements prennent cinq jours.",
        "I wish I could refund you.",
    ],
)  # fmt: skip
def test_what_is_no_promise_is_left_alone(text: str) -> None:
    assert promise_in(text) is None


def test_promises_behind_an_action_or_before_a_person_are_fine() -> None:
    say = 'say "We will send you the details."'
    assert codes(f"1. {say}\n") == ["G406"]
    assert codes(f'1. do send_link with link = "x"\n1. {say}\n') == []
    assert codes(f"1. {say}\n1. hand over because guidance\n") == []
    assert codes(f"1. hand over because guidance\n   - {say}\n") == []
    assert codes(f'1. If cart.total > 5 EUR:\n   - do send_link with link = "x"\n   - go on\n1. {say}\n') == []
    assert codes(f'1. If cart.total > 5 EUR:\n   - do send_link with link = "x"\n1. {say}\n') == ["G406"]
    assert codes('1. do send_link with link = "x"\n1. say "We have refunded you."\n') == ["G406"]  # not what it does
    assert codes('1. Ask "We will refund you. All right?" for fine: yes or no\n1. say "Good."\n') == []


# ---- look-alike letters
@pytest.mark.parametrize("word", ["cаncel", "οrder", "ｏrder", "Pаrcel", "pa\u0443"])
def test_words_of_mixed_alphabets_are_found(word: str) -> None:
    assert [f"{word}"[start:end] for start, end in mixed_words(f"{word}")] == [word]
    (finding,) = findings(f'1. say "Your {word} is here."\n')
    assert finding.code == "G412"
    assert finding.source[finding.column - 1 :].startswith(word)


@pytest.mark.parametrize("text", ["Café", "Straße", "заказ", "παραγγελία", "5 µg", "Ænima", "注文 order", "œuvre"])
def test_words_of_one_alphabet_are_fine(text: str) -> None:
    assert list(mixed_words(text)) == []
    assert codes(f'1. say "{text}"\n') == []


def test_letters_are_looked_at_in_titles_and_examples_even_without_the_file() -> None:
    text = CodeEntry.as_file('1. say "x"\n').replace("Help with", "Hеlp with").replace("my parcel", "my pаrcel")
    file, faults = parse_text(text)
    assert not faults
    assert [finding.code for finding in check([file], VOCABULARY)] == ["G412", "G412"]
    assert [finding.code for finding in check(file.guides, VOCABULARY)] == ["G412", "G412"]
