"""A shop that writes German alone: kites, Sie, customers who type without umlauts, in Zurich and in Graz.

What only English texts, English words inside German replies or one way of spelling would bring about fails here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from convagent import Agent, Answered, Asked, HandedOver
from convagent.conversation import Turn
from convagent.guidance.status_words import STATUS_WORDS
from convagent.knowledge import Article, KnowledgeBase
from convagent.search import Tokeniser
from convagent.understanding.language import detect_language
from convagent.understanding.people_names import PersonName, read_name
from convagent.understanding.slots import read_slots
from convagent.understanding.umlauts import with_umlauts

SETTINGS = r"""
[shop]
name = "Aufwind Drachen"
currency = "EUR"
timezone = "Europe/Berlin"
language = "de"
languages = ["de", "en"]

[agent]
name = "Nele"

[actions]
python = ["laden.py"]

[orders]
pattern = 'AW-?\d{4}'

[clock]
fixed = "2026-05-12T10:30:00+02:00"

[handover]
default_team = "team"
summary_language = "de"

[teams.team]
name = "Werkbank"
"""

LADEN = '''
from convagent.actions import action
from convagent.facts import Customer, LineItem, Order, Shipment

ORDERS = (
    Order(id="AW-2001", email="jo@example.com", status="shipped", total="49.00 EUR",
          items=(LineItem(id="L1", name="Lenkdrachen Möwe", price="49.00 EUR"),),
          shipments=(Shipment(id="S1", status="out for delivery"),)),
)


@action(kind="lookup", proves=True)
def find_customer(email: str, order_number: str) -> Customer | None:
    """Wer bestellt hat."""
    own = tuple(order for order in ORDERS if order.email == email and order.id == order_number)
    return Customer(email=email, verification="verified", orders=own) if own else None
'''

REGELN = """# Wer schreibt

Gives customer

1. Need email
   - ask "Mit welcher E-Mail-Adresse haben Sie bestellt?"
1. Need order_number
   - ask "Wie lautet die Bestellnummer?"
1. Let found be look up find_customer with email = email, order_number = order_number
1. If found is none:
   - refuse "Dazu finde ich keine Bestellung; bitte prüfen Sie beides."
1. give customer = found

# Wo ist mein Paket

When the customer asks where an order is:
- "Wo ist mein Paket?"
- "Wurde meine Bestellung schon verschickt?"
- "Wann kommt AW-2001 an?"
- "Ich warte noch immer auf die Lieferung"
- "Sendungsverfolgung bitte"

1. Need customer
1. Need order: one of customer.orders
1. Let parcel be first of order.shipments
1. say "{{ order.id }} ist {{ order.status }}, das Paket ist {{ parcel.status }}."

# Drachen zurückschicken

When the customer asks to return something:
- "Ich möchte den Drachen zurückschicken"
- "Rücksendung anmelden"
- "Ich will etwas zurückgeben"
- "Bitte ein Rücksendeetikett"
- "Die Größe passt nicht, ich schicke ihn zurück"

1. Need grund: one of "zu groß", "zu klein"
   - ask "Woran liegt es: {{ choices | either }}?"
1. say "Notiert: {{ grund }}."
"""


@pytest.fixture(scope="module")
def drachen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    with opened(tmp_path_factory.mktemp("drachen"), SETTINGS) as agent:
        yield agent


@pytest.fixture(scope="module")
def duzend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """The same shop, where everybody is on first-name terms."""
    settings = SETTINGS.replace('["de", "en"]', '["de", "fr"]') + '\n[voice]\nregister = "informal"\n'
    with opened(tmp_path_factory.mktemp("duzend"), settings) as agent:
        yield agent


def opened(folder: Path, settings: str) -> Agent:
    (folder / "convagent.toml").write_text(settings, encoding="utf-8")
    (folder / "laden.py").write_text(LADEN, encoding="utf-8")
    (folder / "guidance").mkdir()
    (folder / "guidance" / "regeln.md").write_text(REGELN, encoding="utf-8")
    articles = folder / "knowledge" / "articles"
    articles.mkdir(parents=True)
    (articles / "wind.md").write_text(
        "---\nid: wind\n---\n# Welche Windstärke braucht ein Drachen?\n\nEin Lenkdrachen fliegt ab Windstärke 3.\n",
        "utf-8",
    )
    return Agent.open(folder, storage="memory:")


def said(agent: Agent, text: str) -> Turn:
    return agent.decide(text, conversation=text[:60])


def reply(turn: Turn) -> str:
    return turn.reply.text if turn.reply is not None else ""


def test_a_parcels_status_reads_german_in_a_german_reply(drachen: Agent) -> None:
    turn = said(drachen, "Wo ist AW-2001? jo@example.com")
    assert isinstance(turn.outcome, Answered)
    assert "AW-2001 ist unterwegs, das Paket ist in Zustellung." in reply(turn)


@pytest.mark.parametrize(
    ("text", "formal", "familiar"),
    [
        ("Hallo!", "Guten Tag, wie kann ich Ihnen helfen?", "Hallo, wie kann ich dir helfen?"),
        ("Hmm, es geht um etwas", "Können Sie mir etwas mehr", "Kannst du mir etwas mehr dazu sagen, was du brauchst?"),
        ("Ich möchte mit einem Menschen sprechen", "was Sie geschrieben haben", "was du geschrieben hast"),
        ("Meine Karte ist 4111 1111 1111 1111", "Bitte schreiben Sie keine", "Bitte schreib keine Kartennummern"),
    ],
)
def test_a_shop_of_informal_register_says_du(
    drachen: Agent, duzend: Agent, text: str, formal: str, familiar: str
) -> None:
    assert formal in reply(said(drachen, text))
    spoken = reply(said(duzend, text))
    assert familiar in spoken
    assert not re.search(r"\b(?:Sie|Ihnen|Ihre?)\b", spoken)


def test_a_shop_of_informal_register_says_tu_in_french(duzend: Agent) -> None:
    spoken = reply(said(duzend, "Bonjour, je voudrais parler à une personne s'il vous plaît"))
    assert spoken.startswith("Bien sûr. Je transmets ta demande à une personne de l'équipe.")
    assert "vous" not in spoken


def test_what_can_be_chosen_is_listed_with_oder(drachen: Agent) -> None:
    turn = said(drachen, "Ich möchte den Drachen zurückschicken")
    assert isinstance(turn.outcome, Asked)
    assert "zu groß oder zu klein?" in reply(turn)


@pytest.mark.parametrize("text", ["Ich moechte den Drachen zurueckschicken", "Bitte ein Ruecksendeetikett"])
def test_a_guide_is_as_surely_meant_without_umlauts(drachen: Agent, text: str) -> None:
    told = next(event.text for event in said(drachen, text).trace if "understood as" in event.text)
    with_them = next(event.text for event in said(drachen, with_umlauts(text)).trace if "understood as" in event.text)
    assert told == with_them
    assert "Drachen zurückschicken" in told


def test_the_note_for_a_german_team_holds_no_english_sentence(drachen: Agent) -> None:
    turn = said(drachen, "Kann ich bitte mit einem Menschen sprechen?")
    assert isinstance(turn.outcome, HandedOver)
    assert turn.handover is not None
    assert "die Nachricht sagt es" in turn.handover.summary
    assert "the message" not in turn.handover.summary
    assert "„Kann ich bitte mit einem Menschen sprechen?“" in turn.handover.summary


def test_every_status_has_words_in_both_languages() -> None:
    for words in STATUS_WORDS.values():
        assert list(words["de"]) == list(words["fr"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Koennen Sie die Groesse aendern?", "Können Sie die Grösse ändern?"),
        ("Ruecksendung fuer die Tuer", "Rücksendung für die Tür"),
        ("ueber die AENDERUNG", "über die ÄNDERUNG"),
        ("Oeffnungszeiten", "Öffnungszeiten"),
    ],
)
def test_umlauts_are_put_back(typed: str, meant: str) -> None:
    assert with_umlauts(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "die neue Steuer ist teuer",
        "Israel, Michael, aktuell, manuell, Poesie",
        "does the blue queue value shoes",
        "a@fuer.de #ueber",
    ],
)
def test_words_that_are_written_so_stay(text: str) -> None:
    assert with_umlauts(text) == text


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("höchstens fuenfzig Euro", "money", "50.00 EUR"),
        ("etwa dreissig Euro", "money", "30.00 EUR"),
        ("unter zweihundertfünfzig Euro", "money", "250.00 EUR"),
        ("max 1300 Fr.", "money", "1300.00 CHF"),
        ("Fr. 49.90", "money", "49.90 CHF"),
        ("für 12,-", "money", "12.00 EUR"),
        ("80 Rappen", "money", "0.80 CHF"),
        ("zehn Prozent", "percent", "10%"),
        ("am 3. Feber bestellt", "date", "2026-02-03"),
        ("bis Pfingsten", "date", "2026-05-24"),
        ("übernächsten Montag", "date", "2026-05-25"),
        ("naechste Woche Dienstag", "date", "2026-05-19"),
        ("bis Fr.", "date", "2026-05-15"),
        ("am fünfzehnten Mai", "date", "2026-05-15"),
        ("eineinhalb Wochen", "duration", "1.5 weeks"),
    ],
)
def test_german_swiss_and_austrian_ways_of_writing_are_read(text: str, kind: str, value: str) -> None:
    now = datetime(2026, 5, 12, 10, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert [(slot.kind, str(slot.value)) for slot in read_slots(text, now=now)] == [(kind, value)]


def test_a_weekday_before_a_date_is_no_price() -> None:
    now = datetime(2026, 5, 12, 10, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert [slot.value for slot in read_slots("Fr. 15. Mai", now=now)] == [date(2026, 5, 15)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ich bin die Resi Hölzl", PersonName("Resi", "Hölzl")),
        ("Mit freundlichen Grüßen Heike Sömmering", PersonName("Heike", "Sömmering")),
        ("Frau Huber", PersonName(None, "Huber")),
        ("LG Sepp", PersonName("Sepp", None)),
    ],
)
def test_names_are_read_without_article_title_and_greeting(text: str, name: PersonName) -> None:
    assert read_name(text, direct=True) == name


@pytest.mark.parametrize("text", ["Merci", "ciao", "Ok merci vilmal"])
def test_borrowed_words_leave_a_german_conversation_german(text: str) -> None:
    assert detect_language(text, default="de", languages=("de", "en", "fr")) == "de"


def test_merci_is_french_elsewhere() -> None:
    assert detect_language("Merci", default="en", languages=("en", "fr")) == "fr"


def test_a_question_meets_the_compound_that_holds_its_word_and_the_word_that_its_compound_holds() -> None:
    base = KnowledgeBase.from_articles(
        [
            Article(id="zoll", title="Fallen Zollgebühren an?", text="Nein, die übernehmen wir.", language="de"),
            Article(
                id="raten",
                title="Kann ich in Raten zahlen?",
                text="Ja, ab 300 Euro zahlen Sie in Raten.",
                language="de",
            ),
            Article(id="helm", title="Welcher Helm passt mir?", text="Messen Sie den Kopf.", language="de"),
        ]
    )
    assert base.search("Was ist mit Zoll?", 1, language="de")[0].article_id == "zoll"
    assert base.search("Kinderfahrradhelm", 1, language="de")[0].article_id == "helm"


def test_a_separable_verb_is_the_same_word_without_its_umlaut() -> None:
    tokeniser = Tokeniser("de")
    assert tokeniser.terms("zurueckgeben") == tokeniser.terms("zurückgeben") == tokeniser.terms("zurueckzugeben")
