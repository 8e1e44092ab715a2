"""What is off for buying more than one is told apart from every other question of a discount."""

from __future__ import annotations

import pytest

from convagent.shopping.hearing import asks_off_several, has_ordered, read_act
from convagent.shopping.model import ShoppingState


@pytest.mark.parametrize(
    "text",
    [
        "Do I get a discount if I take two pairs?",
        "do I get 10% off if I take two jackets?",
        "10% if we order 3?",
        "Would there be a discount if I bought two of them?",
        "Is there anything off if I buy both the Harbour Jacket and the Cobble Boot, like 10% if I take both?",
        "Is there 10% off the boots if I also buy the jacket?",
        "Do I get a discount if I take the boots and the jacket together?",
        "If I buy three mugs, do I pay less?",
        "Any deals for buying two candles?",
        "Buy two get one free on socks?",
        "gibt es Rabatt, wenn ich zwei nehme?",
        "Bekomme ich 20 % auf die Jacke, wenn ich auch die Stiefel kaufe?",
        "Wenn ich drei Kerzen nehme, wird es dann günstiger?",
        "Gibt es einen Mengenrabatt?",
        "est-ce que j'ai une remise de 10 % si je prends deux vestes ?",
        "Y a-t-il une réduction si j'en prends trois ?",
        "Une remise si je prends aussi les bottes ?",
        "Si j'achète deux bougies, c'est moins cher ?",
    ],
)
def test_what_is_off_for_more_than_one_asks_for_a_price(text: str) -> None:
    assert asks_off_several(text)
    act = read_act(text, ShoppingState())
    assert act is not None
    assert act.kind in {"price", "bundle"}


@pytest.mark.parametrize(
    "text",
    [
        "Do you have any discount for students, and 10% off if I order twice?",
        "Why wasn't the 10% discount taken off when I ordered?",
        "I got no discount when I bought two jackets",
        "It said 100% cotton when I bought it, but it is polyester",
        "Is there a discount for nurses if we order online?",
        "Does the 15% birthday discount apply when I order a gift card?",
        "Does the birthday discount also hold if I buy a gift card and a voucher?",
        "Can I combine two discounts if I buy a gift card?",
        "I have a 10% discount for my birthday and want 2 mugs",
        "Is there a discount for two people?",
        "Can I use the discount on both my orders?",
        "Is there a discount if I'm under 18?",
        "Can I buy one and get it delivered tomorrow?",
        "Gibt es Rabatt, wenn ich den Newsletter hole?",
        "Gibt es Rabatt, wenn ich zwei Freunde werbe?",
        "Warum wurde der Rabatt nicht abgezogen, als ich zwei Jacken bestellt habe?",
        "Gibt es 10 % Rabatt, wenn ich online bestelle?",
        "Quel est le prix de la livraison pour deux colis ?",
        "Pourquoi n'ai-je pas eu la remise quand j'ai pris deux vestes ?",
        "Y a-t-il une remise si je commande une carte cadeau ?",
        "La réduction est-elle valable si je prends l'abonnement pour 6 mois ?",
    ],
)
def test_another_question_of_a_discount_is_none_of_buying_more(text: str) -> None:
    assert not asks_off_several(text)


@pytest.mark.parametrize(
    ("text", "ordered"),
    [
        ("I ordered the Market Day Flannel in M, is it there yet?", True),
        ("Ich habe das Hemd in M bestellt, ist es schon da?", True),
        ("J'ai commandé la chemise en M, elle est là ?", True),
        ("Can I order the flannel in M?", False),
        ("Kann das bestellt werden?", False),
        ("Puis-je commander la chemise ?", False),
    ],
)
def test_what_somebody_ordered_is_told_from_what_they_would_order(text: str, ordered: bool) -> None:
    assert has_ordered(text) is ordered
