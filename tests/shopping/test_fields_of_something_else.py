"""A question form that fits many things is about a product's field only where a thing is asked of, not a parcel or a contract."""

from __future__ import annotations

import pytest

from convagent.shopping.details import facts_asked_for

OF_SOMETHING_ELSE = [
    ("made_in", "Woher kommen diese Kosten?"),
    ("made_in", "Woher kommen diese zusätzlichen Versandkosten?"),
    ("made_in", "woher kommt der Fehler 42?"),
    ("made_in", "Woher kommt das Paket?"),
    ("made_in", "Woher kommt es, dass ich zweimal zahle?"),
    ("made_in", "D'où vient ce prélèvement ?"),
    ("made_in", "D’où viennent ces frais ?"),
    ("made_in", "Where does this charge come from?"),
    ("battery_hours", "Wie lange läuft der Vertrag?"),
    ("battery_hours", "Wie lange läuft die Garantie?"),
    ("battery_hours", "Wie lange läuft das Angebot noch?"),
    ("battery_hours", "Combien de temps la promo tient ?"),
    ("directions", "when can I use my voucher?"),
    ("directions", "When do you take the money?"),
    ("directions", "When can I use the discount code?"),
    ("directions", "Wann kann ich meinen Gutschein verwenden?"),
    ("directions", "Quand puis-je utiliser mon bon d'achat ?"),
    ("charging", "Y a-t-il une recharge pour la Pip One ?"),
    ("charging", "Avez-vous des recharges de savon ?"),
    ("care", "Quand repassez-vous chez moi ?"),
    ("care", "Pouvez-vous repasser demain ?"),
]

OF_THE_THING = [
    ("made_in", "Woher kommt der?"),
    ("made_in", "woher kommt die Wolle?"),
    ("made_in", "Woher stammt sie eigentlich?"),
    ("made_in", "D'où vient-il ?"),
    ("made_in", "D'où vient la laine ?"),
    ("made_in", "Where does the wool come from?"),
    ("battery_hours", "Wie lange läuft die?"),
    ("battery_hours", "wie lange hält der Akku?"),
    ("battery_hours", "combien de temps tient-elle ?"),
    ("directions", "when should I use it?"),
    ("directions", "When do I put on the serum?"),
    ("directions", "Wann soll ich das nehmen?"),
    ("directions", "Quand faut-il le prendre ?"),
    ("charging", "Est-elle rechargeable ?"),
    ("charging", "Comment se recharge-t-elle ?"),
    ("charging", "comment la recharger ?"),
    ("care", "Kann man das bügeln?"),
    ("care", "peut-on le repasser ?"),
    ("care", "Ça se repasse ?"),
]


@pytest.mark.parametrize(("field", "text"), OF_SOMETHING_ELSE)
def test_what_is_asked_of_something_else_is_no_field(field: str, text: str) -> None:
    assert field not in facts_asked_for(text)


@pytest.mark.parametrize(("field", "text"), OF_THE_THING)
def test_what_is_asked_of_the_thing_is_its_field(field: str, text: str) -> None:
    assert field in facts_asked_for(text)


def test_of_a_guarantee_that_runs_only_the_guarantee_is_told() -> None:
    assert facts_asked_for("Wie lange läuft die Garantie?") == ("warranty",)
