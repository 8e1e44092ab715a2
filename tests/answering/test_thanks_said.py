"""Thanks for what the customer gave state nothing; thanks that carry a claim are checked like any other sentence."""

from __future__ import annotations

import pytest

from convagent.answering.grounding import Source, Sources, check_sentence, faults_of
from convagent.answering.thanks import only_thanks

TEXTS = {
    "en": "You can return what is unused within 30 days. The return is free from Ireland.",
    "de": "Sie können Unbenutztes innerhalb von 30 Tagen zurückgeben. Die Rückgabe ist aus Irland kostenlos.",
    "fr": "Vous pouvez retourner ce qui est inutilisé sous 30 jours. Le retour est gratuit depuis l'Irlande.",
}


def sources(language: str) -> Sources:
    return Sources((Source(TEXTS[language], "Returns", language),), language, "", ("Wrenfold",))


@pytest.mark.parametrize(
    ("text", "language"),
    [("Thank you!", "en"), ("Thank you for your patience.", "en"), ("Thanks for letting us know!", "en"),
     ("Many thanks for your order.", "en"), ("Thank you for choosing Wrenfold!", "en"), ("Thank you for getting in touch.", "en"),
     ("Vielen Dank für Ihre Geduld.", "de"), ("Danke fürs Nachfragen!", "de"), ("Herzlichen Dank für die Fotos.", "de"),
     ("Merci beaucoup !", "fr"), ("Merci de nous le dire.", "fr"), ("Merci d'avoir patienté !", "fr"),
     ("Merci pour votre message.", "fr")],
)  # fmt: skip
def test_thanks_for_what_the_customer_did_state_nothing(text: str, language: str) -> None:
    assert only_thanks(text, ("Wrenfold",))
    assert check_sentence(text, sources(language)).faults == ()
    assert not check_sentence(text, sources(language)).states


@pytest.mark.parametrize(
    ("text", "language"),
    [("Thank you for your full refund!", "en"), ("Thanks for your cancelled order.", "en"), ("Thank you for your free upgrade!", "en"),
     ("Thank you for the lifetime warranty.", "en"), ("Thank you for choosing Zalando!", "en"),
     ("Vielen Dank für Ihre volle Erstattung!", "de"), ("Danke für Ihre stornierte Bestellung.", "de"),
     ("Merci pour votre remboursement intégral !", "fr"), ("Merci pour votre commande annulée.", "fr")],
)  # fmt: skip
def test_thanks_that_carry_a_claim_are_checked(text: str, language: str) -> None:
    assert not only_thanks(text, ("Wrenfold",))
    assert faults_of(text, sources(language))


def test_what_the_passage_writes_large_is_no_name_to_be_thanked_for() -> None:
    assert check_sentence("Vielen Dank für die Rückgabe!", sources("de")).states
