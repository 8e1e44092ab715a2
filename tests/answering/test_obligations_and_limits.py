"""Must and may, conditions that are left out, and what is only ever denied: a sentence may not turn them round."""

from __future__ import annotations

import pytest

from convagent.answering.grounding import Source, Sources, faults_of
from convagent.answering.obligations import Modality, modality_of


def kinds(said: str, text: str, language: str) -> set[str]:
    return {
        fault.kind for fault in faults_of(said, Sources((Source(text, language=language),), language, question="?"))
    }


@pytest.mark.parametrize(
    ("text", "modality"),
    [("You must show it.", "must"), ("You have to show it.", "must"), ("You don't have to show it.", "choice"), ("It isn't required.", "choice"),
     ("It is optional.", "choice"), ("You should show it.", "advice"), ("You can show it.", ""), ("It is free.", ""),
     ("Ein Foto ist Bedingung.", "must"), ("Ein Foto ist keine Bedingung.", "choice"), ("Das müssen Sie nicht nennen.", "choice"),
     ("Sie brauchen keine Rechnung.", "choice"), ("Sie brauchen die Rechnung.", "must"), ("Vous devez le montrer.", "must"),
     ("Ce n'est pas obligatoire.", "choice"), ("Il faut une photo.", "must"), ("Évitez le soleil.", "advice")],
)  # fmt: skip
def test_what_a_text_obliges_to_is_known(text: str, modality: Modality) -> None:
    assert modality_of(text) == modality


TURNED = [
    ("There must be a photo of the fault.", "en", "Tell us of the fault. A photo of the fault helps."),
    ("You have to print the label.", "en", "Print the label or show the code of the label on your phone."),
    ("You must keep the box.", "en", "You don't have to keep the box."),
    ("If you like, you keep the receipt of the lamp.", "en", "You must keep the receipt of the lamp."),
    ("You should wear the ring in the sea.", "en", "Silver turns dark in the sea when you wear the ring."),
    ("Das Etikett müssen Sie drucken.", "de", "Drucken Sie das Etikett oder zeigen Sie das Etikett auf dem Telefon."),
    ("Ein Foto ist Bedingung.", "de", "Ein Foto hilft, ist aber keine Bedingung."),
    (
        "Vous devez joindre une photo de l'article abîmé.",
        "fr",
        "Joindre une photo de l'article abîmé n'est pas obligatoire.",
    ),
    (
        "If the price falls, we refund the difference.",
        "en",
        "If the price falls within 14 days, we refund the difference.",
    ),
    ("You can cancel an order.", "en", "You can cancel an order as long as it is pending."),
    (
        "Sie können die Bestellung stornieren.",
        "de",
        "Sie können die Bestellung stornieren, solange sie ausstehend ist.",
    ),
    ("Wir erstatten auch das Porto.", "de", "Bestellen Sie zwei Lampen, erstatten wir auch das Porto."),
    ("Vous pouvez annuler la commande.", "fr", "Vous pouvez annuler la commande tant qu'elle est en attente."),
    ("You can send it in without washing it.", "en", "Wash it before you send it in."),
    ("We deliver to Norway.", "en", "We deliver to the EU, but not to Norway."),
    ("Wir liefern nach Norwegen.", "de", "Wir liefern in die EU, aber nicht nach Norwegen."),
]


@pytest.mark.parametrize(("said", "language", "text"), TURNED)
def test_what_is_turned_round_is_not_sent(said: str, language: str, text: str) -> None:
    assert kinds(said, text, language) & {"restriction", "negation"}


FAITHFUL = [
    ("You must pack it well.", "en", "Pack it well."),
    ("You needn't keep the box.", "en", "You don't have to keep the box."),
    ("You have to keep the receipt.", "en", "Please keep the receipt."),
    ("You can print the label or show it on your phone.", "en", "Print the label or show it on your phone."),
    ("Sie müssen das Paket gut verpacken.", "de", "Verpacken Sie das Paket gut."),
    ("Il faut garder le reçu.", "fr", "Gardez le reçu."),
    ("If the price falls within 14 days, you get the difference refunded.", "en", "If the price falls within 14 days, we refund the difference."),
    ("A pending order can be cancelled.", "en", "You can cancel an order as long as it is pending."),
    ("Standard delivery costs 3.90 EUR.", "en", "Standard delivery costs 3.90 EUR and takes until 3 May at the latest."),
    ("We don't deliver to Norway.", "en", "We deliver to the EU, but not to Norway."),
]  # fmt: skip


@pytest.mark.parametrize(("said", "language", "text"), FAITHFUL)
def test_what_says_the_same_is_sent(said: str, language: str, text: str) -> None:
    assert not kinds(said, text, language) & {"restriction", "negation", "opposite"}
