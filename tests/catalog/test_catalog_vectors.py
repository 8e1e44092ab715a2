"""Products have vectors, kept on disk by their texts, that follow every change of the catalog."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog, contents, store
from convagent.catalog import segment as segment_module
from convagent.catalog.vectors import embedded_text
from convagent.errors import ConvagentError
from convagent.facts import Money, Product, Variant
from convagent.search import Kind, Vectors
from convagent.search.static_encoder import StaticEncoder


class Counted(StaticEncoder):
    """The static encoder, which notes what it embeds and fails when it is told to."""

    def __init__(self) -> None:
        super().__init__(("en",))
        self.products: list[str] = []
        self.works_for = 10**9
        self.hears = True

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:
        if kind == "query" and not self.hears:
            raise ConvagentError("the service is away", code="embedder-away")
        if kind == "passage":
            if len(self.products) + len(texts) > self.works_for:
                raise ConvagentError("the service is away", code="embedder-away", remedy="Wait a little.")
            self.products += texts
        return super().embed(texts, kind=kind, language=language)


def made(number: int, title: str | None = None, *, pieces: int = 3) -> Product:
    names = (
        "raincoat",
        "teapot",
        "bedside lamp",
        "woollen jumper",
        "garden bench",
        "face cream",
        "bicycle",
        "notebook",
    )
    return Product(
        id=f"p{number}", handle=f"p{number}", title=title or f"The {names[number % 8]} {number}", kind="Thing",
        status="active", description="Made to last. Sold in a box. Nobody reads this.",
        variants=(Variant(id=f"v{number}", sku=f"S-{number}", price=Money.of(20, "EUR"), inventory=pieces, available=True),),
    )  # fmt: skip


def scores(catalog: Catalog, text: str) -> dict[str, float]:
    """By product, of those that are there."""
    found: dict[str, float] = {}
    for segment in catalog._contents.segments:
        assert segment.vectors is not None
        told = segment.vectors.scores(text)
        assert told is not None
        assert told.dtype == np.float32
        assert len(told) == len(segment.store)
        found |= {
            product.id: float(score)
            for product, score, there in zip(segment.store, told, segment.alive.tolist(), strict=True)
            if there
        }
    return found


@pytest.fixture(params=["small", "packed"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether products are kept whole, or packed as in large catalogs."""
    if request.param == "packed":
        for module in (store, segment_module, contents):
            monkeypatch.setattr(module, "KEPT_WHOLE", 2)
        monkeypatch.setattr(contents, "_MOST_BESIDE", 4)
    return str(request.param)


def test_a_catalog_without_an_embedder_has_no_vectors() -> None:
    catalog = Catalog.from_products([made(0)])
    assert catalog._contents.segments[0].vectors is None
    assert catalog.embed() == 0


def test_products_are_near_to_what_means_the_same(size: str) -> None:
    catalog = Catalog.from_products(map(made, range(8)), embedder=StaticEncoder())
    found = scores(catalog, "a pullover of merino")
    assert max(found, key=lambda own: found[own]) == "p3"


def test_scores_are_the_embedders_own(size: str) -> None:
    encoder = StaticEncoder()
    products = [made(number) for number in range(8)]
    found = scores(Catalog.from_products(products, embedder=encoder), "tea")
    query = encoder.embed(["tea"], kind="query")[0]
    wanted = encoder.embed([embedded_text(each) for each in products], language="en") @ query
    assert np.allclose([found[each.id] for each in products], wanted, atol=1e-3)


def test_nothing_is_embedded_before_it_is_asked_for(size: str) -> None:
    encoder = Counted()
    catalog = Catalog.from_products(map(made, range(8)), embedder=encoder)
    assert encoder.products == []
    told: list[tuple[int, int]] = []
    assert catalog.embed(lambda done, wanted: told.append((done, wanted))) == 8
    assert told == [(8, 8)]
    assert catalog.embed() == 0


def test_kept_vectors_are_not_made_again(size: str, tmp_path: Path) -> None:
    first = Catalog.from_products(map(made, range(8)), embedder=Counted(), cache=tmp_path / "kept")
    before = scores(first, "tea")
    again = Counted()
    second = Catalog.from_products(map(made, range(8)), embedder=again, cache=tmp_path / "kept")
    assert scores(second, "tea") == before
    assert again.products == []


def test_only_changed_products_are_embedded_again(size: str, tmp_path: Path) -> None:
    Catalog.from_products(map(made, range(8)), embedder=Counted(), cache=tmp_path).embed()
    products = [made(7), *map(made, range(6)), made(6, "The hammock")]
    encoder = Counted()
    catalog = Catalog.from_products(products, embedder=encoder, cache=tmp_path)
    assert catalog.embed() == 1
    assert ["hammock" in text for text in encoder.products] == [True]
    assert scores(catalog, "tea") == scores(Catalog.from_products(products, embedder=Counted()), "tea")


def test_stock_and_prices_cost_no_embedding(size: str) -> None:
    encoder = Counted()
    catalog = Catalog.from_products(map(made, range(8)), embedder=encoder)
    before = scores(catalog, "tea")
    catalog.update(stock={"S-3": 0}, prices={"S-2": Money.of(5, "EUR")})
    catalog.update([made(4, pieces=99)])
    assert scores(catalog, "tea") == before
    assert len(encoder.products) == 8


def test_an_updates_products_are_embedded_alone_and_kept(size: str, tmp_path: Path) -> None:
    encoder = Counted()
    catalog = Catalog.from_products(map(made, range(8)), embedder=encoder, cache=tmp_path)
    catalog.embed()
    catalog.update([made(3, "The hammock"), made(20, "The kite")], removed=["p1"])
    found = scores(catalog, "a kite that flies")
    assert max(found, key=lambda own: found[own]) == "p20"
    assert "p1" not in found
    assert len(encoder.products) == 10
    opened = Counted()
    catalog = Catalog.from_products(catalog.products, embedder=opened, cache=tmp_path)
    assert scores(catalog, "a kite that flies") == found
    assert opened.products == []


def test_a_market_takes_the_vectors_that_are_there(size: str) -> None:
    encoder = Counted()
    catalog = Catalog.from_products(map(made, range(8)), embedder=encoder)
    market = catalog.for_market("Germany")
    assert len(market) == 8
    assert scores(market, "tea") == scores(catalog, "tea")
    assert len(encoder.products) == 8


def test_products_of_one_text_are_embedded_once() -> None:
    encoder = Counted()
    catalog = Catalog.from_products([made(number, "The same") for number in range(5)], embedder=encoder)
    assert len(set(scores(catalog, "the same").values())) == 1
    assert len(encoder.products) == 1


def test_an_embedder_that_fails_leaves_search_to_words_and_is_told(size: str) -> None:
    encoder = Counted()
    encoder.works_for = 0
    catalog = Catalog.from_products(map(made, range(8)), embedder=encoder)
    assert not catalog.problems
    assert catalog.embed() == 0
    vectors = catalog._contents.segments[0].vectors
    assert vectors is not None
    assert vectors.scores("tea") is None
    assert catalog.search("raincoat")[0].product.id == "p0"
    (problem,) = catalog.problems
    assert (problem.code, problem.remedy) == ("embedder-failed", "Wait a little.")
    assert "the service is away" in problem.message
    encoder.works_for = 100
    assert catalog.embed() == 8
    assert not catalog.problems
    assert vectors.scores("tea") is not None


def test_a_query_that_cannot_be_embedded_has_no_scores() -> None:
    encoder = Counted()
    catalog = Catalog.from_products([made(0)], embedder=encoder)
    encoder.hears = False
    vectors = catalog._contents.segments[0].vectors
    assert vectors is not None
    assert vectors.scores("tea") is None
    assert catalog.search("raincoat")
    encoder.hears = True
    assert vectors.scores("tea") is not None


def test_what_was_embedded_before_a_failure_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convagent.catalog.vectors._AT_ONCE", 3)
    encoder = Counted()
    encoder.works_for = 6
    Catalog.from_products(map(made, range(8)), embedder=encoder, cache=tmp_path).embed()
    again = Counted()
    assert Catalog.from_products(map(made, range(8)), embedder=again, cache=tmp_path).embed() == 2


@pytest.mark.parametrize("name", ["keys.npy", "vectors.npy", "scales.npy"])
def test_damaged_vectors_are_made_again(tmp_path: Path, name: str) -> None:
    before = scores(Catalog.from_products(map(made, range(4)), embedder=Counted(), cache=tmp_path), "tea")
    path = tmp_path / "main" / name
    path.write_bytes(path.read_bytes()[:40])
    encoder = Counted()
    assert scores(Catalog.from_products(map(made, range(4)), embedder=encoder, cache=tmp_path), "tea") == before
    assert len(encoder.products) == 4


def test_vectors_that_cannot_be_kept_serve_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    catalog = Catalog.from_products(map(made, range(4)), embedder=Counted(), cache=tmp_path / "file")
    assert len(scores(catalog, "tea")) == 4
    assert not catalog.problems


def test_hostile_texts_are_embedded() -> None:
    odd = made(1).model_copy(
        update={"title": "\ud800\x00", "description": "a" * 10**6, "kind": None, "tags": ("\u202e",)}
    )
    found = scores(Catalog.from_products([odd, Product(id="x", title="")], embedder=StaticEncoder()), "tea\x00\udfff")
    assert all(np.isfinite(score) for score in found.values())


changes = st.lists(
    st.tuples(st.sampled_from(["put", "remove", "stock"]), st.integers(0, 9), st.sampled_from(["tent", "spoon", "scarf"])),
    max_size=8,
)  # fmt: skip


@pytest.mark.usefixtures("size")
@settings(max_examples=25, deadline=None)
@given(changes=changes)
def test_a_changed_catalogs_vectors_are_those_of_a_new_one(changes: list[tuple[str, int, str]]) -> None:
    catalog = Catalog.from_products(map(made, range(6)), embedder=_ENCODER)
    for kind, number, word in changes:
        if kind == "put":
            catalog.update([made(number, f"The {word}")])
        elif kind == "remove":
            catalog.update(removed=[f"p{number}"])
        else:
            catalog.update(stock={f"S-{number}": zlib.crc32(word.encode()) % 5})
        if number % 2:
            scores(catalog, "tent")
    fresh = Catalog.from_products(catalog.products, embedder=_ENCODER)
    found, wanted = scores(catalog, "a tent"), scores(fresh, "a tent")
    assert found == wanted


_ENCODER = StaticEncoder()
