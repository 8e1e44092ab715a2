from __future__ import annotations

from convagent.facts import Address, LineItem, Money, Variant
from convagent.guidance.wording import aliases, label


def test_an_address_with_a_region_is_shown_with_it() -> None:
    town = {"line1": "12 Mill Road", "city": "Springfield", "postcode": "62701"}
    assert label(Address(**town, region="IL", country="US")) == "12 Mill Road, Springfield, IL 62701, US"
    assert label(Address(**town)) == "12 Mill Road, 62701 Springfield"


def test_nothing_is_called_yes_or_no_for_an_option_of_it() -> None:
    options = {"colour": "black", "waterproof": "yes", "hood": "No"}
    price = Money.of(10, "EUR")
    for thing in (
        Variant(id="v1", options=options, price=price),
        LineItem(id="v1", name="Jacket", options=options, price=price),
    ):
        assert "black" in aliases(thing)
        assert not {"yes", "no"} & {name.casefold() for name in aliases(thing)}
