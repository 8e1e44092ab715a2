"""What a field says by its name, "Nussfrei: nein", counts as what the product has, in words of three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.catalog.free_of import says_it_has
from convagent.facts import Product

GRAIN, NUTS, GLUTEN = ("grain", "getreide", "céréales"), ("nuts", "nut", "nuss", "nüsse"), ("gluten",)


def of(**fields: str | bool) -> Product:
    return Product(
        id="it", title="Number 1", attributes={name.replace("_", " "): value for name, value in fields.items()}
    )


@pytest.mark.parametrize(
    ("field", "thing"),
    [
        ("Getreidefrei", GRAIN), ("getreidefrei", GRAIN), ("Nussfrei", NUTS), ("Nut free", NUTS), ("nutfree", NUTS), ("nut-free", NUTS),
        ("Frei von Nüssen", ("nüssen",)), ("Glutenfrei", GLUTEN), ("sans gluten", GLUTEN), ("without gluten", GLUTEN),
        ("custom.grain_free", GRAIN),
    ],
)  # fmt: skip
def test_what_isnt_free_of_something_has_it(field: str, thing: tuple[str, ...]) -> None:
    for no in ("no", "No", "nein", "Nein", "non", False):
        assert says_it_has(of(**{field: no}), [thing]), no
    for yes in ("yes", "ja", "oui", True, ""):
        assert not says_it_has(of(**{field: yes}), [thing]), yes


@pytest.mark.parametrize("field", ["Zuckerfrei", "Carefree", "Freiland", "Free range", "Gewicht"])
def test_another_field_that_says_no_says_nothing_of_it(field: str) -> None:
    assert not says_it_has(of(**{field: "nein"}), [NUTS, GRAIN])


@given(name=st.text(max_size=30), value=st.sampled_from(("nein", "ja", False, True)))
def test_a_field_of_any_name_is_read(name: str, value: str | bool) -> None:
    assert not says_it_has(of(**{f"x{name}": value}), [("thingumabob",)])
