from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.understanding.addresses import read_address


def read(text: str) -> dict[str, Any] | None:
    found = read_address(text)
    return None if found is None else found.model_dump(exclude_none=True)


HOME = {
    "line1": "12 Mill Road",
    "line2": "Suite 4",
    "city": "Springfield",
    "region": "IL",
    "postcode": "62701",
    "country": "US",
}


@pytest.mark.parametrize(
    "text",
    [
        "12 Mill Road, Suite 4, Springfield, IL 62701, USA",
        "12 Mill Road, Suite 4, Springfield, IL 62701",
        "12 Mill Road, Suite 4, Springfield, Illinois 62701, United States",
        "12 Mill Road, Suite 4, Springfield, IL, USA, 62701",
        "12 Mill Road\nSuite 4\nSpringfield IL 62701\nUSA",
        "Please send order #W1234567 to 12 Mill Road, Suite 4, Springfield, IL 62701, USA. Thank you!",
    ],
)
def test_an_american_address_is_read_however_it_is_set(text: str) -> None:
    assert read(text) == HOME


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Torstr. 5, 10119 Berlin", {"line1": "Torstr. 5", "city": "Berlin", "postcode": "10119"}),
        ("4 High Street, Leeds LS1 4DY, UK", {"line1": "4 High Street", "city": "Leeds", "postcode": "LS1 4DY", "country": "GB"}),
        ("12 rue de la Paix, 75002 Paris, France",
         {"line1": "12 rue de la Paix", "city": "Paris", "postcode": "75002", "country": "FR"}),
        ("5 Main Street, Dublin 4, D04 X285, Ireland",
         {"line1": "5 Main Street", "city": "Dublin 4", "postcode": "D04 X285", "country": "IE"}),
        ("1 Elm Street, New York, NY 10001",
         {"line1": "1 Elm Street", "city": "New York", "region": "NY", "postcode": "10001", "country": "US"}),
    ],
)  # fmt: skip
def test_addresses_of_other_countries_are_read_in_their_order(text: str, found: dict[str, Any]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    ["", "12 Mill Road", "I have 3 items, and 10 dollars", "order 1042, please", "call me at 10, thanks", "62701"],
)
def test_what_is_no_whole_address_gives_none(text: str) -> None:
    assert read_address(text) is None


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    found = read_address(text)
    assert found is None or (found.line1 and found.postcode and (found.city or not found.postcode.isdigit()))


@pytest.mark.parametrize(
    ("text", "line1", "postcode"),
    [
        ("please send it to 5 Oak Road, BS3 1AA", "5 Oak Road", "BS3 1AA"),
        ("5 oak road bs3 1aa", "5 oak road", "BS3 1AA"),
        ("5 Oak Road, BS3 1AA. Thanks!", "5 Oak Road", "BS3 1AA"),
        ("my new address is 22B Baker Street NW1 6XE, and my phone is 0123", "22B Baker Street", "NW1 6XE"),
        ("send it to 14 Mill Lane, D04 X285 please", "14 Mill Lane", "D04 X285"),
    ],
)
def test_a_postcode_with_letters_needs_no_town(text: str, line1: str, postcode: str) -> None:
    found = read_address(text)
    assert found is not None
    assert (found.line1, found.postcode, found.city) == (line1, postcode, None)


@pytest.mark.parametrize(
    "text",
    ["ship to Torstraße 5, 10119", "12 Park, 1042 is", "I got size M12 4AB", "2 mugs, BS3 1AA", "12 walk 1042 in"],
)
def test_what_may_be_a_number_and_a_word_is_no_postcode_without_a_town(text: str) -> None:
    assert read_address(text) is None
