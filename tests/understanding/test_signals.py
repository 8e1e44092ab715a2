"""What is noticed in messages: a table of phrases, many of them tricky, with the expected readings."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.understanding import read_signals
from convagent.understanding.phrases import compile_phrases, fold
from convagent.understanding.word_lists import word_lists

AFFIRMATIONS = [
    ("yes", "yes"),
    ("Yes please", "yes"),
    ("yes, thank you!", "yes"),
    ("yep", "yes"),
    ("sure, go ahead", "yes"),
    ("go ahead", "yes"),
    ("Please do.", "yes"),
    ("ok", "yes"),
    ("OK 👍", "yes"),
    ("👍", "yes"),
    ("that's right", "yes"),
    ("sounds good, thanks", "yes"),
    ("of course, why not", "yes"),
    ("yes, no problem", "yes"),
    ("yes, cancel it", "yes"),
    ("Yes, I confirm", "yes"),
    ("ja", "yes"),
    ("ja bitte", "yes"),
    ("Ja, gerne", "yes"),
    ("passt so", "yes"),
    ("einverstanden", "yes"),
    ("oui", "yes"),
    ("oui, s'il vous plaît", "yes"),
    ("d'accord", "yes"),
    ("Bien sûr, allez-y", "yes"),
    ("no", "no"),
    ("nope", "no"),
    ("No thanks", "no"),
    ("not yet", "no"),
    ("don't", "no"),
    ("please don't", "no"),
    ("never mind", "no"),
    ("no, leave it", "no"),
    ("I changed my mind", "no"),
    ("stop, that's wrong", "no"),
    ("👎", "no"),
    ("nein danke", "no"),
    ("noch nicht", "no"),
    ("lieber nicht", "no"),
    ("auf keinen Fall", "no"),
    ("non", "no"),
    ("non merci", "no"),
    ("pas encore", "no"),
    ("surtout pas", "no"),
    ("yes but only the jacket", "yes_but"),
    ("yes, but also the watch", "yes_but"),
    ("ok, and the scarf too", "yes_but"),
    ("yes, without the lamp", "yes_but"),
    ("sure, if it's free", "yes_but"),
    ("yes, refund 20 euros", "yes_but"),
    ("yes to my other card", "yes_but"),
    ("Yes, not opened yet", "yes"),
    ("Yes, I have not even unpacked it", "yes"),
    ("Yes, it's brand new", "yes"),
    ("Ja, noch ungeöffnet", "yes"),
    ("Ja, immer noch originalverpackt", "yes"),
    ("Ja, noch nie getragen", "yes"),
    ("Oui, pas encore ouvert", "yes"),
    ("Oui, je ne l'ai pas portée", "yes"),
    ("Oui, sans l'avoir déballé", "yes"),
    ("Yes, if it's not opened", "yes_but"),
    ("Yes, but it's not opened", "yes_but"),
    ("Yes, and a new jacket", "yes_but"),
    ("Ja, wenn noch ungeöffnet", "yes_but"),
    ("Ja, noch eine Jacke", "yes_but"),
    ("Ja, noch neue Socken", "yes_but"),
    ("Ja, nicht die Jacke", "yes_but"),
    ("Oui, si pas ouvert", "yes_but"),
    ("Oui, encore une veste", "yes_but"),
    ("Oui, pas la veste", "yes_but"),
    ("noch nicht geöffnet", "no"),
    ("only the jacket please", "yes_but"),
    ("Yes, just the blue one", "yes_but"),
    ("ja, aber nur die Jacke", "yes_but"),
    ("oui mais seulement la veste", "yes_but"),
    ("Yes, but how long does it take?", "yes_but"),
    ("great, thanks", "unclear"),
    ("Perfect!", "unclear"),
    ("it is", "yes"),
    ("yes it is broken", "yes"),
    ("don't worry, go ahead", "yes"),
    ("yes where is it", "yes_but"),
    ("yes. When will it arrive?", "yes_but"),
    ("ok where is my parcel", "unclear"),
    ("it is broken", "unclear"),
    ("I have a question", "unclear"),
    ("cancel it", "unclear"),
    ("great jacket", "unclear"),
    ("correct the address please", "unclear"),
    ("no, yes", "unclear"),
    ("no idea", "unclear"),
    ("maybe", "unclear"),
    ("yes no", "unclear"),
    ("not sure", "unclear"),
    ("yes?", "unclear"),
    ("I guess", "unclear"),
    ("what does that cost?", "unclear"),
    ("the jacket", "unclear"),
    ("ok, what happens next?", "unclear"),
    ("order no. 1042", "unclear"),
    ("", "unclear"),
    ("weiß nicht", "unclear"),
    ("peut-être", "unclear"),
]

PERSON = [
    ("I want to speak to a real person", True),
    ("let me talk to someone", True),
    ("Can I talk to a human please?", True),
    ("agent", True),
    ("human please", True),
    ("Please put me through to your manager", True),
    ("can somebody call me back", True),
    ("I don't want to talk to a bot", True),
    ("is there a person I can chat with?", True),
    ("Get me a supervisor", True),
    ("I need a human being", True),
    ("I'd like to speak with customer service", True),
    ("Ich möchte mit einem Mitarbeiter sprechen", True),
    ("Mensch bitte", True),
    ("Bitte rufen Sie mich zurück", True),
    ("Ich will mit einem echten Menschen reden", True),
    ("Je veux parler à un humain", True),
    ("un conseiller svp", True),
    ("Puis-je parler à quelqu'un ?", True),
    ("is the person in the photo wearing M?", False),
    ("I'd rather talk to you than a human", False),
    ("I don't want to talk to a human", False),
    ("are you a human or a bot?", False),
    ("it's a gift for a person who has everything", False),
    ("does the tent fit one person", False),
    ("someone stole my parcel", False),
    ("my travel agent booked the hotel", False),
    ("call me picky, but the sleeve is too long", False),
    ("no need for a human", False),
    ("Bist du ein Mensch?", False),
    ("the manager chair looks nice", False),
    ("where is my order", False),
]

UPSET = [
    ("where is my order", 0),
    ("this lamp is killer", 0),
    ("ridiculously comfortable, thank you", 0),
    ("I'm not angry, only curious", 0),
    ("Thank you so much!!!", 0),
    ("it's a joke gift for my brother", 0),
    ("does magnesium help an upset stomach", 0),
    ("this is the third time I've ordered, love it", 0),
    ("the sourdough is fucking amazing", 0),
    ("nie wieder ohne diese Lampe", 0),
    ("unfassbar schön", 0),
    ("jamais déçue", 0),
    ("XXL", 0),
    ("I'm a bit disappointed", 1),
    ("still waiting for my parcel", 1),
    ("Where is it???", 1),
    ("WHERE IS MY ORDER", 1),
    ("Ich bin enttäuscht", 1),
    ("Je suis déçue", 1),
    ("this is unacceptable", 2),
    ("third time I write", 2),
    ("I have emailed you four times", 2),
    ("what a joke", 2),
    ("I'm fed up", 2),
    ("thanks for nothing", 2),
    ("Das ist eine Frechheit", 2),
    ("zum dritten Mal schreibe ich Ihnen", 2),
    ("C'est inadmissible", 2),
    ("c'est la troisième fois que je vous écris", 2),
    ("you are idiots", 2),
    ("Worst service ever, absolutely disgusting, never again", 3),
    ("THIS IS RIDICULOUS!!! I WANT MY MONEY BACK, YOU IDIOTS", 3),
    ("Unverschämt, ihr Idioten!!!", 3),
    ("Vous vous moquez du monde, bande d'incompétents, c'est honteux", 3),
]

TOPICS = [
    ("I will sue you", "legal_threat"),
    ("my lawyer will hear about this", "legal_threat"),
    ("See you in court.", "legal_threat"),
    ("I'll report this to trading standards", "legal_threat"),
    ("Ich schalte meinen Anwalt ein", "legal_threat"),
    ("Das melde ich der Verbraucherzentrale", "legal_threat"),
    ("je vais contacter mon avocat", "legal_threat"),
    ("je porte plainte", "legal_threat"),
    ("I want to kill myself", "self_harm"),
    ("I don't want to live anymore", "self_harm"),
    ("there is no reason to live", "self_harm"),
    ("Ich will nicht mehr leben", "self_harm"),
    ("Ich bringe mich um", "self_harm"),
    ("j'ai envie de mourir", "self_harm"),
    ("I will come and hurt your staff", "violence"),
    ("I'll burn your shop down", "violence"),
    ("he hits me and I need this delivered elsewhere", "violence"),
    ("Ich bringe euch alle um", "violence"),
    ("je vais vous tuer", "violence"),
    ("my card number is 4242 4242 4242 4242", "payment_card_data"),
    ("Amex 378282246310005 exp 04/28", "payment_card_data"),
    ("the cvv is 123", "payment_card_data"),
    ("４２４２ ４２４２ ４２４２ ４２４２", "payment_card_data"),
    ("I did not place this order", "fraud"),
    ("someone hacked my account", "fraud"),
    ("is this a scam?", "fraud"),
    ("there is an unauthorised charge on my card", "fraud"),
    ("Das ist Betrug", "fraud"),
    ("c'est une arnaque", "fraud"),
    ("I will file a chargeback", "chargeback"),
    ("I'm disputing the charge with my bank", "chargeback"),
    ("I opened a PayPal dispute", "chargeback"),
    ("Ich lasse das Geld zurückbuchen", "chargeback"),
    ("je fais opposition au paiement", "chargeback"),
    ("I'm a journalist at the Irish Times", "press"),
    ("press inquiry about your recycling", "press"),
    ("Presseanfrage", "press"),
    ("je suis journaliste", "press"),
    ("is it safe during pregnancy?", "medical"),
    ("I got a rash from the cream", "medical"),
    ("can I take it with blood thinners", "medical"),
    ("my son swallowed a tablet", "medical"),
    ("I cut myself on the glass", "medical"),
    ("Bin schwanger, darf ich das nehmen?", "medical"),
    ("Ich habe einen Ausschlag bekommen", "medical"),
    ("puis-je l'utiliser enceinte ?", "medical"),
    ("j'ai une réaction allergique", "medical"),
]

NO_TOPIC = [
    "this lamp is killer",
    "do you sell bath bombs?",
    "I'd kill for that jacket",
    "these boots are to die for",
    "where can I shoot you an email",
    "can you beat this price?",
    "a pen as a gift for my lawyer",
    "my name is Sue",
    "is the tennis court shoe available?",
    "does the regulator work, the voltage regulator",
    "do you have a French press?",
    "press the button and nothing happens",
    "I like the magazine rack",
    "is it faux leather",
    "pirate print pyjamas",
    "a heart-shaped locket",
    "is the swallow print brooch back",
    "the choker necklace is lovely",
    "I'm sick of waiting",
    "order 4242424242424243",
    "my card ends in 4242",
    "id 6304935610126",
    "tracking 1Z999AA10123456784",
    "reaction time of your team was great, bless you",
    "the sleeve is too long and the colour bleeds in the wash",
    "Das Gericht schmeckt gut",
    "eine Schüssel für ein warmes Gericht",
    "savon à l'huile d'avocat",
    "hospitality was great",
    "is it for all skin types?",
    "will you charge my phone in the shop",
    "can it charge back up quickly?",
    "I cancelled my subscription",
    "the wrong item arrived, I never ordered this colour",
    "where is my parcel",
    "I had a great time at your stall",
]

CLOSING = [
    ("thanks!", True),
    ("Thank you so much for your help", True),
    ("ok great 👍", True),
    ("Perfect, thanks", True),
    ("👍", True),
    ("❤️🙏", True),
    ("cheers, bye", True),
    ("no that's all, thanks", True),
    ("great, have a nice day", True),
    ("ok", True),
    ("Danke!", True),
    ("Vielen Dank für die schnelle Antwort", True),
    ("alles klar, danke dir", True),
    ("merci beaucoup, bonne journée", True),
    ("Non, c'est tout, merci", True),
    ("thanks, but where is it?", False),
    ("thanks but it still has not arrived", False),
    ("thanks for nothing", False),
    ("yes", False),
    ("no", False),
    ("yes please", False),
    ("no thanks", False),
    ("great jacket, do you have it in M", False),
    ("ok?", False),
    ("thank you, I will sue you", False),
    ("🤬", False),
    ("danke, aber wo ist es", False),
    ("hello", False),
    ("", False),
]

MACHINES = [
    ("Automatic reply: Out of office", "auto_reply"),
    ("I am out of the office until Monday and will reply on my return.", "auto_reply"),
    ("Undeliverable: Your order", "auto_reply"),
    ("Mail delivery failed: returning message to sender", "auto_reply"),
    ("Abwesenheitsnotiz: Ich bin derzeit nicht im Büro", "auto_reply"),
    ("Réponse automatique : je suis absent jusqu'au 3 mai", "auto_reply"),
    ("I'll be out of the office until Friday, can you deliver on Monday?", None),
    ("mein Paket konnte nicht zugestellt werden", None),
    ("the parcel could not be delivered", None),
    ("I replied automatically", None),
    ("We offer SEO services and backlinks for your shop", "spam"),
    ("Congratulations, you have won a lottery", "spam"),
    ("We are a leading manufacturer of LED lamps in China", "spam"),
    ("Get a quick loan today", "spam"),
    ("http://a.example http://b.example http://c.example http://d.example", "spam"),
    ("your mail went to my spam folder", None),
    ("here is the link to the lamp: https://wrenfold.example/products/long-evening-lamp", None),
    ("can I get an offer for 20 lamps", None),
    ("do you do guest rooms", None),
]

PRAISE = [
    ("I just wanted to say the lamp is absolutely beautiful and your service was wonderful", True),
    ("Die Jacke ist wunderschön geworden und passt wie angegossen, großes Lob an euch", True),
    ("La lampe est magnifique et la livraison a été très rapide, bravo à toute l'équipe", True),
    ("great", False),
    ("I love the lamp but it is broken", False),
    ("I love the harbour jacket, do you have it in navy?", False),
    ("please send me the beautiful lamp that I ordered last week", False),
]

LANGUAGES = [
    ("Wo ist meine Bestellung?", "en", "de"),
    ("Où est ma commande ?", "en", "fr"),
    ("where is my order", "de", "en"),
    ("bonjour", "en", "fr"),
    ("danke", "en", "de"),
    ("¿Dónde está mi pedido? Todavía no ha llegado", "en", "es"),
    ("Order #1042?", "de", "de"),
    ("XXL", "fr", "fr"),
    ("ok", "de", "de"),
    ("thank you so much!!!", "en", "en"),
    ("the Harbour Jacket", "de", "de"),
    ("12345", "fr", "fr"),
    ("", "de", "de"),
    ("https://wrenfold.example/products/long-evening-lamp", "fr", "fr"),
    ("Bonjour, je voudrais rendre la veste que j'ai reçue hier.", "en", "fr"),
]


@pytest.mark.parametrize(("text", "expected"), AFFIRMATIONS)
def test_an_answer_is_a_yes_only_when_nothing_changes_it(text: str, expected: str) -> None:
    assert read_signals(text).affirmation == expected


@pytest.mark.parametrize(("text", "expected"), PERSON)
def test_a_wish_for_a_person_is_told_from_talk_of_persons(text: str, expected: bool) -> None:
    assert read_signals(text).asks_for_person is expected


@pytest.mark.parametrize(("text", "degree"), UPSET)
def test_upset_has_degrees_and_strong_words_of_joy_are_none(text: str, degree: int) -> None:
    signals = read_signals(text)
    assert signals.upset == degree
    assert ("upset" in signals.evidence) == (degree > 0)


@pytest.mark.parametrize(("text", "topic"), TOPICS)
def test_topics_of_safety_are_noticed(text: str, topic: str) -> None:
    signals = read_signals(text)
    assert topic in signals.sensitive
    assert signals.evidence[topic]


@pytest.mark.parametrize("text", NO_TOPIC)
def test_everyday_words_touch_no_topic(text: str) -> None:
    assert read_signals(text).sensitive == ()


@pytest.mark.parametrize(("text", "expected"), CLOSING)
def test_thanks_alone_need_no_reply(text: str, expected: bool) -> None:
    assert read_signals(text).closing is expected


@pytest.mark.parametrize(("text", "kind"), MACHINES)
def test_machines_and_advertisers_are_told_from_customers(text: str, kind: str | None) -> None:
    signals = read_signals(text)
    assert (signals.auto_reply, signals.spam) == (kind == "auto_reply", kind == "spam")


@pytest.mark.parametrize(("text", "expected"), PRAISE)
def test_praise_in_detail_is_noticed_where_nothing_is_asked(text: str, expected: bool) -> None:
    assert read_signals(text).praise is expected


@pytest.mark.parametrize(("text", "so_far", "expected"), LANGUAGES)
def test_short_texts_stay_with_the_conversations_language(text: str, so_far: str, expected: str) -> None:
    assert read_signals(text, language=so_far).language == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi", True),
        ("Hello there!", True),
        ("Hi there, hope you're well.", True),
        ("Guten Tag", True),
        ("Bonjour", True),
        ("Hi, where is my order", False),
        ("thanks", False),
        ("", False),
    ],
)
def test_a_greeting_alone_is_noticed(text: str, expected: bool) -> None:
    assert read_signals(text).greeting is expected


def test_anger_and_a_legal_threat_are_separate() -> None:
    signals = read_signals("My lawyer will contact you.")
    assert signals.sensitive == ("legal_threat",)
    assert signals.upset == 0


def test_what_was_noticed_can_be_written_as_json() -> None:
    noticed = read_signals("You idiots! I will sue you, get me a manager!!!").noticed()
    assert json.loads(json.dumps(noticed)) == noticed
    assert list(noticed) == ["asks_for_person", "upset", "abusive", "sensitive", "evidence"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00" * 10,
        "\ud800 lone \udfff",
        "🎉" * 50_000,
        "kill " * 200_000,
        "A" * 1_000_000,
        "\n" * 1_000_000,
        "!?" * 500_000,
    ],
)
def test_odd_and_huge_texts_are_read_without_harm(text: str) -> None:
    assert 0 <= read_signals(text).upset <= 3


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_the_same_signals_twice(text: str) -> None:
    assert read_signals(text) == read_signals(text)


def test_every_phrase_of_the_lists_compiles_and_finds_itself() -> None:
    def phrases(node: object) -> list[str]:
        if isinstance(node, dict):
            return [phrase for value in node.values() for phrase in phrases(value)]
        return [str(item) for item in node] if isinstance(node, list) else []

    lists = word_lists("signals")
    for section in ("asks_for_person", "upset", "auto_reply", "spam", "affirmation", "topics"):
        for phrase in phrases(lists[section]):
            compile_phrases([phrase])


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("refund*", "I want refunds", True),
        ("refund*", "prerefund", False),
        ("want|need (a) refund", "I need refund", True),
        ("want ... back", "I want my hard earned money back", True),
        ("want ... back", "I want it. Money back", False),
        ("^ human $", "Human!", True),
        ("^ human $", "a human touch", False),
        ("[my bank|my card] called", "My card called", True),
        ("don't", "dont do it", True),
        ("größe", "GRÖSSE 38", True),
        ("l'avocat", "mon l’avocat", True),
    ],
)
def test_the_language_of_phrases(phrase: str, text: str, found: bool) -> None:
    assert bool(compile_phrases([phrase]).search(fold(text))) is found


@pytest.mark.parametrize("phrase", ["(a) human", "human (please)", "...", "... me", "(a)", "^ $"])
def test_a_phrase_that_says_nothing_at_its_edges_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="may be missing"):
        compile_phrases([phrase])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ihr habt mir die Bestellung zweimal vom Konto abgebucht", "de"),
        ("Der Betrag wurde doppelt von meiner Karte eingezogen", "de"),
        ("Mir wurde der Betrag doppelt abgebucht", "de"),
        ("ma carte a été débitée deux fois pour cette commande", "fr"),
        ("you charged my card for it twice", "en"),
    ],
)
def test_what_was_charged_twice_is_a_billing_problem_wherever_the_words_stand(text: str, language: str) -> None:
    assert "billing_problem" in read_signals(text, language=language).kept


@pytest.mark.parametrize(
    "text", ["Wird das Abo zweimal abgebucht?", "wir haben zweimal bestellt", "will I be charged twice?"]
)
def test_a_question_about_charges_is_no_billing_problem(text: str) -> None:
    assert "billing_problem" not in read_signals(text, language="de").kept
