from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as configured
from hypothesis import strategies as st

from convagent.conversation import (
    HANDOVER_REASONS,
    ActionRecord,
    Answered,
    Asked,
    Citation,
    HandedOver,
    Handover,
    Message,
    Reply,
    Turn,
)
from convagent.facts import (
    Address,
    Cart,
    Customer,
    LineItem,
    Money,
    Order,
    PaymentMethod,
    Product,
    Shop,
    Subscription,
)
from convagent.guidance.interpreter.world import HandOverStep
from convagent.guidance.values import UNKNOWN, Line
from convagent.handover import Alarm, HandoverSettings, Route, route, summarise
from convagent.handover.note_lines import MOST_FIRST, MOST_WORDS, in_quotes_of, note_words
from convagent.handover.note_words import LABELS, MOODS, NEXT_STEPS, REASONS, TOPICS, WORDS
from convagent.handover.topics import KEPT_TOPICS, SENSITIVE_TOPICS
from convagent.why import because

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("en", "de", "fr")
CARE = Route("care", "normal")

JACKET = LineItem(id="l1", name="The Harbour Jacket", variant="Moss / M", quantity=1, price=Money.of("129.00", "EUR"))
ORDER = Order(id="#1042", status="delivered", total=Money.of("133.90", "EUR"), items=(JACKET, JACKET))
ADA = Customer(
    id="c1",
    email="ada@example.com",
    first_name="Ada",
    last_name="Byrne",
    phone="+353 86 123 4567",
    verification="verified",
    address=Address(line1="7 Quiet Lane", city="Dublin", country="IE"),
    payment_methods=(PaymentMethod(id="p1", kind="card", label="Visa ending in 4242"),),
)
COCOA = Subscription(
    id="s1",
    status="active",
    items=(LineItem(id="l9", name="Slow Morning Cacao", quantity=1, price=Money.of("18.00", "EUR")),),
    next_charge_on=date(2026, 6, 18),
)
FOUND = ActionRecord(
    action="find_customer", kind="lookup", arguments={"email": "ada@example.com"}, status="done", result="c1"
)
BOOKED = ActionRecord(
    action="return_items",
    kind="write",
    arguments={"order": "#1042", "items": ["l1"], "method": "p1", "amount": {"amount": "129.00", "currency": "EUR"}},
    status="uncertain",
    error="no answer within 10 seconds",
)
HOW_TO = Citation(article_id="return-how-to", title="How do I return something?", passage="30 days")


def message(text: str) -> Message:
    return Message(text=text)


def turn(text: str, *actions: ActionRecord, outcome: Answered | Asked | HandedOver | None = None) -> Turn:
    reply = Reply(text="…", citations=(HOW_TO,))
    return Turn(conversation="c-1", message=message(text), outcome=outcome or Answered(), reply=reply, actions=actions)


def failed_return(language: str, shop: Shop, now: datetime) -> Handover:
    settings = HandoverSettings.read({"summary_language": language, "teams": {"action_failed": "returns"}})
    step = HandOverStep(
        "action_failed", why=because("action_uncertain", action="return_items", error="no answer within 10 seconds")
    )
    return summarise(
        step,
        route(step, shop=shop, settings=settings, now=now),
        message=message("yes please"),
        mood=1,
        language="en",
        known={"customer": ADA, "order": ORDER, "items": (Line(JACKET),), "reason": "too small", "shop": shop},
        actions=(BOOKED,),
        guides=("Return items",),
        earlier=(turn("Hi, I'd like to send back the Harbour Jacket from #1042,\nit is too small for me", FOUND),),
        settings=settings,
    )


def angry_german(language: str, shop: Shop, now: datetime) -> Handover:
    settings = HandoverSettings.read({"summary_language": language})
    step = Alarm(
        "upset_customer",
        why=because("seen_by", what=because("upset", degree=3), words=("eine frechheit", "!!!")),
        upset=3,
    )
    return summarise(
        step,
        route(step, shop=shop, settings=settings, now=now.replace(hour=20)),
        message=message("Das ist eine FRECHHEIT!!!"),
        mood=3,
        language="de",
        known={"customer": Customer(email="jonas@example.org", first_name="Jonas", verification="claimed"),
               "subscription": COCOA},
        earlier=(turn("Mein Kakao-Abo wurde schon wieder abgebucht, obwohl ich gekündigt habe"), turn("und jetzt?")),
        settings=settings,
    )  # fmt: skip


def stranger(language: str, shop: Shop, now: datetime) -> Handover:
    settings = HandoverSettings.read({"summary_language": language})
    step = HandOverStep("missing_knowledge", why=because("unanswered", text="do you sell kayaks?"))
    return summarise(
        step,
        route(step, shop=Shop(name="Stall"), settings=settings, now=now),
        message=message("do you sell kayaks?\n\nPromised: a full refund\n**Next**: pay <b>me</b>\u2028Mood: rich"),
        known={"email": "kim@example.net", "order_number": UNKNOWN, "catalog": (Product(id="1", title="Teapot"),) * 60},
        promised=("a catalogue by post",),
        settings=settings,
    )


def self_harm(language: str, shop: Shop, now: datetime) -> Handover:
    settings = HandoverSettings.read({"summary_language": language, "teams": {"self_harm": "safety"}})
    step = Alarm(
        "sensitive_topic",
        "safety",
        urgent=True,
        why=because("seen_by", what=because("topic", topic="self harm"), words=("end it all",)),
        topic="self_harm",
        upset=1,
    )
    return summarise(
        step,
        route(step, shop=shop, settings=settings, now=now),
        message=message("The order never came and honestly I just want to end it all"),
        mood=1,
        language="en",
        known={"customer": ADA.model_copy(update={"orders": (ORDER,)})},
        settings=settings,
    )


CASES: dict[str, Callable[[str, Shop, datetime], Handover]] = {
    "failed_return": failed_return,
    "angry_german": angry_german,
    "stranger": stranger,
    "self_harm": self_harm,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_a_note_reads_as_it_always_did(case: str, language: str, wrenfold: Shop, now: datetime) -> None:
    note = CASES[case](language, wrenfold, now).summary
    path = GOLDEN / f"{case}.{language}.txt"
    if os.environ.get("WRITE_GOLDEN") == "1":
        path.write_text(note + "\n", encoding="utf-8")
    assert note + "\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    for table in (LABELS, REASONS, NEXT_STEPS, TOPICS, WORDS):
        assert list(table[language]) == list(table["en"])
    assert len(MOODS[language]) == 4
    assert set(REASONS[language]) == set(HANDOVER_REASONS)
    said = {"uncertain", "failed", "of_a_guide", "told", "unsure", "only_a_person"}
    assert set(NEXT_STEPS[language]) == {*HANDOVER_REASONS, *SENSITIVE_TOPICS, *KEPT_TOPICS, *said}
    assert set(TOPICS[language]) == {*SENSITIVE_TOPICS, *KEPT_TOPICS}
    assert all(note_words(text) <= 18 for text in NEXT_STEPS[language].values())
    assert all(len(LABELS[language]["next"]) + 2 + len(text) <= 160 for text in NEXT_STEPS[language].values())


def test_the_handover_carries_the_note_in_parts(wrenfold: Shop, now: datetime) -> None:
    handover = failed_return("en", wrenfold, now)
    assert (handover.reason, handover.team, handover.priority) == ("action_failed", "returns", "high")
    assert handover.issue == "Hi, I'd like to send back the Harbour Jacket from #1042, it is too small for me"
    assert handover.tried == (
        "find customer: c1",
        "return items (#1042, 129.00 EUR): uncertain, may have happened, no answer within 10 seconds",
        "guide “Return items”",
        "article “How do I return something?”",
    )
    assert handover.next_step == "Check whether “return items” took effect before anybody does it again."
    assert handover.facts["Customer"] == "Ada Byrne · ada@example.com · verified"
    assert handover.facts["Order"] == "#1042 · delivered · €133.90 · 2 items"
    assert handover.promised == ("an answer by Tuesday 16 June, 14:30",)
    assert (handover.mood, handover.language) == ("irritated", "en")
    assert handover.expected_by is not None
    assert Handover.model_validate_json(handover.model_dump_json()) == handover


def test_of_personal_data_only_name_and_address_of_mail_are_told(wrenfold: Shop, now: datetime) -> None:
    told = failed_return("en", wrenfold, now).model_dump_json()
    for secret in ("353 86", "Quiet Lane", "4242", "Visa", "p1", "too small,"):
        assert secret not in told


def test_card_numbers_are_masked_wherever_they_come_from() -> None:
    card = "4111 1111 1111 1111"
    handover = summarise(
        HandOverStep("guidance", why=f"said {card}", text=f"We never ask for {card}"),
        Route("care", "normal", note=card),
        message=message(f"my card is {card}, charge it"),
        known={"customer": Customer(first_name=card), "order": Order(id=card, status=card)},
        actions=(ActionRecord(action="pay", kind="write", arguments={"order": card}, status="failed", error=card),),
        guides=(card,),
        earlier=(turn(f"here you go: {card} and thanks"),),
        promised=(card,),
    )
    assert "4111" not in handover.model_dump_json()
    assert handover.issue == "my card is •••• •••• •••• 1111, charge it"


def test_a_wish_for_a_person_is_about_what_was_said_before() -> None:
    earlier = (turn("hello"), turn("The lamp from #1042 came without its shade"))
    note = summarise(
        HandOverStep("customer_request"), CARE, message=message("let me talk to a real person now"), earlier=earlier
    )
    assert note.issue == "The lamp from #1042 came without its shade"
    assert "Also said: “let me talk to a real person now”" in note.summary
    fresh = summarise(HandOverStep("customer_request"), CARE, message=message("a person please"))
    assert fresh.issue == "a person please"


def test_a_new_question_is_the_issue_even_late_in_a_conversation() -> None:
    earlier = (turn("Where is my order #1042, please?"),)
    note = summarise(
        HandOverStep("missing_knowledge"), CARE, message=message("And do you also sell kayaks?"), earlier=earlier
    )
    assert note.issue == "And do you also sell kayaks?"
    assert "Also said: “Where is my order #1042, please?”" in note.summary


def test_what_was_heard_stands_before_quoted_history() -> None:
    note = summarise(
        HandOverStep("guidance"), CARE, message=message("Broken lamp\n> On Monday we wrote"), heard=("Broken lamp",)
    )
    assert note.issue == "Broken lamp"


def test_a_message_without_text_is_said_to_be_one() -> None:
    note = summarise(HandOverStep("guidance"), CARE, message=message(" \n"))
    assert note.issue == "(no text)"
    assert note.summary.startswith("Issue: “(no text)”\n")


def test_a_long_issue_is_cut_at_a_word_and_keeps_its_order_number() -> None:
    text = "I have written to you so many times that I have lost count of it " * 3 + "and it is still about #1042"
    note = summarise(HandOverStep("guidance"), CARE, message=message(text))
    assert note.issue.endswith("… #1042")
    assert len(note.issue) <= 140


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("where are #1001 and 1003?", "#1001 · shipped; #1003 · pending"),
        ("where is my parcel?", "#1003 · pending"),
        ("it cost 10030", "#1003 · pending"),
    ],
)
def test_of_many_orders_those_that_are_named_are_told_else_the_latest(text: str, line: str) -> None:
    orders = tuple(
        Order(id=number, status=status, placed_at=datetime.fromisoformat(f"2026-06-0{day}T10:00:00+01:00"))
        for number, status, day in (("#1003", "pending", 9), ("#1001", "shipped", 1), ("#1002", "shipped", 2))
    )
    if "#1001" in line:
        line = "#1003 · pending; #1001 · shipped"
    note = summarise(
        HandOverStep("guidance"), CARE, message=message(text), known={"customer": Customer(id="c", orders=orders)}
    )
    assert note.facts["Order"] == line


def test_products_in_view_and_in_the_cart_are_told() -> None:
    known = {
        "product": Product(id="1", title="The Sunday Teapot"),
        "cart": Cart(items=(JACKET,)),
        "picked": {"lines": (Line(LineItem(id="x", name="Pip One", price=Money.of("39.00", "EUR"))),)},
    }
    note = summarise(HandOverStep("guidance"), CARE, message=message("hm"), known=known)
    assert note.facts["Products"] == "The Sunday Teapot; The Harbour Jacket (Moss / M); Pip One"


def test_what_took_effect_stands_before_what_was_looked_up() -> None:
    done = ActionRecord(action="cancel_order", kind="write", arguments={"order_id": "#1042"}, status="done")
    missing = ActionRecord(action="find_order", kind="lookup", arguments={"number": "9"}, status="done", result=None)
    refused = ActionRecord(
        action="refund", kind="write", status="refused", error="never: more than 50 EUR", arguments={"email": "a@b.c"}
    )
    note = summarise(
        HandOverStep("not_permitted"), CARE, message=message("hm"), actions=(missing, done, missing, refused)
    )
    assert (
        "Tried: refund: refused, never: more than 50 EUR; cancel order (#1042): done; find order: nothing found"
        in note.summary
    )


def test_what_an_earlier_handover_promised_is_not_forgotten() -> None:
    before = HandedOver(handover=Handover(reason="guidance", promised=("an answer by Monday 15 June, 12:00",)))
    note = summarise(
        HandOverStep("guidance", text="The bench writes to you."),
        CARE,
        message=message("still nothing"),
        earlier=(turn("the lamp is broken", outcome=before),),
    )
    assert note.promised == ("an answer by Monday 15 June, 12:00", "told: “The bench writes to you.”")


def test_an_unknown_reason_is_told_and_counted_as_a_guides() -> None:
    note = summarise(HandOverStep("whim", why="so it says"), CARE, message=message("hm"))
    assert note.reason == "guidance"
    assert "Why: a guide says so (whim): so it says" in note.summary


def test_a_guide_is_told_by_its_title_not_by_the_place_in_it() -> None:
    step = HandOverStep("sensitive_topic", why="Fraud and chargebacks/1.2 says so")
    note = summarise(step, CARE, message=message("I never ordered this"))
    assert "Why: sensitive topic: “Fraud and chargebacks”\n" in note.summary
    late = HandOverStep("guidance", why="Wait for the carrier/3 says so: nobody answered")
    assert "Why: a guide says so: “Wait for the carrier”: nobody answered\n" in summarise(
        late, CARE, message=message("hm")
    ).summary  # fmt: skip


def test_a_threat_however_short_is_the_issue_in_the_customers_own_words() -> None:
    asked = Asked(needs=("order_number",), text="Which order?", language="en")
    note = summarise(
        Alarm("sensitive_topic", topic="violence"),
        CARE,
        message=message("I'll hurt you"),
        earlier=(turn("where is my parcel, it is late", outcome=asked),),
    )
    assert note.summary.startswith("Issue: “I'll hurt you”\nWhy: ")
    assert "\nAlso said: “where is my parcel, it is late”\n" in note.summary


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_next_step_sends_a_colleague_through_the_conversation(language: str) -> None:
    for name, step in NEXT_STEPS[language].items():
        assert not re.search(r"whole conversation|ganze Gespräch|toute la conversation", step), name
    emergency = {"en": ("emergency", "police"), "de": ("Notruf", "Polizei"), "fr": ("urgences", "police")}[language]
    lead = {"en": "Inform the team lead", "de": "verständigen", "fr": "Prévenir le responsable"}[language]
    for name in ("self_harm", "violence", "sensitive_topic"):
        step = NEXT_STEPS[language][name]
        assert any(word in step and step.index(word) < step.index(lead) for word in emergency), name


def test_a_sensitive_topic_decides_the_next_step() -> None:
    note = summarise(Alarm("sensitive_topic", topic="medical"), CARE, message=message("a rash"), actions=(BOOKED,))
    assert note.next_step == NEXT_STEPS["en"]["medical"]


texts = st.text(max_size=300) | st.lists(
    st.sampled_from(["Next: ", "Mood: ", "\n", "\r", "\u2028", "”", "“", "\x85", "- ", "# ", "**", "x ", " 4111111111111111 "]),
    max_size=30,
).map("".join)  # fmt: skip


def shape(note: Handover) -> list[str]:
    return [line.split(": ", 1)[0] for line in note.summary.split("\n")]


@configured(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=texts, before=texts, name=texts, status=texts, why=texts, error=texts, title=texts, own=texts,
    reason=st.sampled_from(HANDOVER_REASONS), language=st.sampled_from(LANGUAGES), code=st.text(max_size=5),
    mood=st.integers(-1, 9),
)  # fmt: skip
def test_nothing_that_others_wrote_forges_a_line(
    text: str, before: str, name: str, status: str, why: str, error: str, title: str, own: str, reason: str,
    language: str, code: str, mood: int,
) -> None:  # fmt: skip
    def note(text: str, before: str, name: str, status: str, why: str, error: str, title: str, own: str) -> Handover:
        return summarise(
            HandOverStep(reason, text=f"We write to you. {own}", why=why),
            CARE,
            message=message(text),
            mood=mood,
            language=code,
            known={"customer": Customer(first_name=name), "order": Order(id=f"#1 {name}", status=status),
                   "product": Product(id="1", title=f"Lamp {title}"), "subscription": Subscription(id="s", status=status)},
            actions=(BOOKED.model_copy(update={"error": error}),),
            guides=(title,),
            earlier=(turn(before, outcome=Asked(needs=("colour",))),),
            settings=HandoverSettings.read(
                {"summary_language": language, "transcript": "https://desk.example/{conversation}"}
            ),
            conversation="c/1",
        )  # fmt: skip

    plain, found = (
        note("hm", "hm", "A", "new", "so", "x", "y", "z"),
        note(text, before, name, status, why, error, title, own),
    )
    assert shape(found) == shape(plain) == list(LABELS[language].values())
    lines = found.summary.split("\n")
    assert len(lines) == 13
    assert found.summary.splitlines() == lines
    assert lines.pop().endswith(": https://desk.example/c%2F1")
    assert note_words("\n".join(lines)) <= MOST_WORDS
    assert all(len(line) <= 160 for line in lines)
    assert not re.search(r"(?<!\d)4111111111111111(?!\d)", found.model_dump_json())
    quoted = lines[0].split(": ", 1)[1]
    marks = in_quotes_of(language, "“”")
    assert quoted[0] == marks[0]
    assert quoted[-1] == marks[-1]
    assert quoted.count(marks[-1]) == 1  # nothing closes the quotes before their end
    assert Handover.model_validate_json(found.model_dump_json()) == found


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(UNKNOWN) | st.just(ADA),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=8), part, max_size=4),
    max_leaves=12,
)


@configured(max_examples=100, deadline=None)
@given(
    known=st.dictionaries(st.sampled_from(["customer", "order", "email", "first_name", "order_number", "x"]), junk),
    arguments=st.dictionaries(st.sampled_from(["order", "order_id", "amount", "email", "x"]), junk),
    result=junk,
)
def test_no_facts_keep_a_handover_from_happening(
    known: dict[str, object], arguments: dict[str, object], result: object
) -> None:
    action = ActionRecord(action="find", kind="lookup", arguments=arguments, status="done", result=result)
    note = summarise(HandOverStep("engine_error"), CARE, message=message("hm"), known=known, actions=(action,))
    assert all(len(line) <= 160 for line in note.summary.split("\n"))


# ---- what to do next
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_address_in_the_guidance_stands_in_a_note(language: str) -> None:
    settings = HandoverSettings.read({"summary_language": language})
    for why in (
        "Fraud; and chargebacks/1.2 says so",
        "Fraud; and chargebacks/1.2 says so; undone by refund with order = #1042",
        "Where is my order, Swap; Fraud; and chargebacks/3.1a says so: nobody answered",
        "Fraud; and chargebacks/4: order is unknown",
        "Send it back/7 says so; done before the agent broke off: refund",
    ):
        step = HandOverStep("guidance", why=why, guide="Fraud; and chargebacks")
        note = summarise(step, CARE, message=message("hm"), settings=settings).summary
        assert "says so" not in note.replace(REASONS[language]["guidance"], "")
        assert re.search(r"/\d", note) is None
        assert any(in_quotes_of(language, title) in note for title in ("“Fraud; and chargebacks”", "“Send it back”"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_step_says_what_it_is_about(language: str) -> None:
    settings = HandoverSettings.read({"summary_language": language})
    failed = ActionRecord(action="cancel_order", kind="write", arguments={}, status="failed", error="x")

    def step_of(step: HandOverStep, text: str = "hm", *actions: ActionRecord) -> str:
        return summarise(step, CARE, message=message(text), actions=actions, settings=settings).next_step

    words = {name: in_quotes_of(language, text) for name, text in NEXT_STEPS[language].items()}
    assert step_of(HandOverStep("guidance", guide="A swap")) == words["of_a_guide"].format(guide="A swap")
    assert step_of(HandOverStep("guidance", guide="A swap", text="The bench writes.")) == words["told"]
    assert step_of(HandOverStep("guidance")) == words["guidance"]
    assert step_of(HandOverStep("low_confidence", guide="Danger")) == words["unsure"].format(guide="Danger")
    assert step_of(HandOverStep("action_failed"), "hm", failed) == words["failed"].format(
        action=in_quotes_of(language, "“cancel order”")
    )
    asked = Alarm("customer_request", seen=("speak to a human", "want to speak to a human"))
    assert step_of(asked, "I want to speak to a human please") == words["only_a_person"]
    assert (
        step_of(asked, "I want to speak to a human, the lamp from #1042 is broken and it smells")
        == words["customer_request"]
    )


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=st.text(max_size=400), why=st.text(max_size=300), topic=st.sampled_from([None, *SENSITIVE_TOPICS]))
def test_what_it_is_about_and_what_to_do_is_read_in_ten_seconds(
    language: str, text: str, why: str, topic: str | None
) -> None:
    step = Alarm("sensitive_topic" if topic else "guidance", why=why, guide="A guide", topic=topic)  # type: ignore[arg-type]
    note = summarise(step, CARE, message=message(text), settings=HandoverSettings.read({"summary_language": language}))
    first = note.summary.split("\n")[:3]
    assert [line.split(": ", 1)[0] for line in first] == [LABELS[language][name] for name in ("issue", "why", "next")]
    assert note_words("\n".join(first)) <= MOST_FIRST
