"""A large catalog that is opened from disk answers like one that is built anew, whatever became of its products or its files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog, contents, kept_segment, renewing, store
from convagent.catalog import segment as segment_module
from convagent.catalog.facets import FacetsBuilder
from convagent.catalog.segment import Segment
from convagent.facts import Money, Product, Variant
from convagent.search import open_embedder

KINDS = ("Jacket", "Teapot", "Lamp", "Jumper", "Coffee", None)
WORDS = ("harbour", "quiet", "second", "copper", "winter", "lantern", "Überwurf", "tasse", "shaded", "shades")
QUERIES = (
    "moss jacket", "jacket under 50", "lamp in stock", "sku-3-0", "jumper in size M", "the quiet copper teapot", "coper lamp",
    "not black, for women", "dark roast coffee", "wool, no nuts", "at least 500 g", "jacket under 40 USD", "harbour",
)  # fmt: skip
MODULES = (store, segment_module, contents, renewing)


@pytest.fixture(autouse=True)
def few_are_many() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in MODULES:
            patch.setattr(module, "KEPT_WHOLE", 3)
        yield


@st.composite
def made(draw: st.DrawFn, number: int) -> Product:
    fields: Mapping[str, Sequence[str | None]] = {
        "material": (None, "100% wool", "oak", "80% cotton, 20% cashmere"),
        "allergens": (None, "Contains milk", "None of the 14 declarable allergens"),
        "age": (None, "From 3 years", "2 to 7 years"),
        "dimensions": (None, "W 60 × D 40 × H 35 cm", "80 cm across"),
        "weight": (None, "250 g", "1 kg"),
        "audience": (None, "women", "children"),
        "roast": (None, "dark", "light", "medium"),
        "replaces": (None, "p1", "The Old Cloud"),
    }
    chosen = {name: draw(st.sampled_from(values)) for name, values in fields.items() if draw(st.booleans())}
    kind = draw(st.sampled_from(KINDS))
    title = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
    names = draw(st.sampled_from((("Colour", "Size"), ("Shade", "Size"), ("Grind",), ())))
    values = {
        "Colour": ("Moss", "Black"),
        "Shade": ("Moss", "Rose"),
        "Size": ("M", "38", "XL"),
        "Grind": ("whole", "M"),
    }
    variants = tuple(
        Variant(
            id=f"p{number}:{place}",
            sku=draw(st.sampled_from((f"SKU-{number}-{place}", None))),
            price=Money.of(draw(st.sampled_from((20, 45, 70))), draw(st.sampled_from(("EUR", "EUR", "USD")))),
            compare_at=draw(st.sampled_from((None, Money.of(90, "EUR")))),
            inventory=draw(st.sampled_from((None, 0, 4))),
            options={name: draw(st.sampled_from(values[name])) for name in names},
        )
        for place in range(draw(st.integers(0, 3)))
    )
    return Product(
        id=f"p{number}", handle=f"p{number}", title=f"The {title} {(kind or '').lower()}".strip(), kind=kind,
        category=draw(st.sampled_from((None, "Home > Lamps", "Coats & Jackets"))),
        tags=draw(st.sampled_from(((), ("wool", "gift"), ("women",)))),
        vendor=draw(st.sampled_from((None, "Wren", "Fold & Sons"))),
        description=draw(st.sampled_from((None, "Warm and quiet. Nothing more.", "Made of shaded oak; shades of moss."))),
        status=draw(st.sampled_from(("active", "active", "archived"))),
        attributes={name: value for name, value in chosen.items() if value is not None},
        variants=variants,
    )  # fmt: skip


@st.composite
def catalogs(draw: st.DrawFn, most: int = 12) -> list[Product]:
    numbers = draw(st.lists(st.integers(0, 15), min_size=4, max_size=most, unique=True))
    return [draw(made(number)) for number in numbers]


def columns(segment: Segment) -> dict[str, Any]:
    """Everything that is looked at when products are looked for."""
    facets, names, index = segment.facets, segment.names, segment.index
    traits = facets.traits
    codes = {place: code for code, place in facets._codes.items()}
    return {
        "products": list(segment.store),
        "titles": list(segment.store.titles()),
        "starts": facets.starts.tolist(),
        "prices": facets._prices.tolist(),
        "currencies": [codes[each] for each in facets._currencies.tolist()],
        "known currencies": set(codes.values()),
        "flags": [each.tolist() for each in (facets._available, facets._reduced, facets._active)],
        "rows": [
            {name: rows.tolist() for name, rows in each.items()}
            for each in (facets._sizes, facets._asked, facets._refused, traits._kinds)
        ],
        "options": facets.option_values,
        "traits": {
            name: [column.said[column.numbers[at]] for at in column.profiles.tolist()]
            for name, column in traits._by_name.items()
        },
        "measured": traits.measured,
        "weights": np.nan_to_num(traits._weights, nan=-1.0).tolist(),
        "own": {
            value: facets.own.rows[facets.own.starts[at] : facets.own.starts[at + 1]].tolist()
            for at, value in enumerate(facets.own.values)
        },
        "signatures": sorted(
            repr((kind, sorted(said))) for (kind, said), count in facets.own.signatures.items() for _ in range(count)
        ),
        "kinds in order": list(dict.fromkeys(kind for kind, _ in facets.own.signatures if kind)),
        "names": [
            [array.tolist() for array in table.arrays]
            for table in (names._skus, names._handles, names._titles, names._together)
        ],
        "longest": names._longest,
        "vocabulary": list(index.lexical.vocabulary),
        "postings": [np.asarray(each).tolist() for each in index.lexical._postings[1:]],
        "words": dict(index._words),
        "telling": list(index._telling.items()),
    }


def answers(catalog: Catalog) -> dict[str, Any]:
    found: dict[str, Any] = {
        query: [
            (hit.product, hit.variant, hit.score, hit.reasons)
            for hit in (*catalog.search(query, 50), *catalog.search(query, 50, in_stock_only=False))
        ]
        for query in QUERIES
    }
    found |= {f"found {query}": repr(catalog.find(query, k=5)) for query in QUERIES}
    found["products"] = list(catalog.products)
    found |= {
        f"{kind} {product.id}": repr(catalog.related(product.id, kind))
        for product in catalog.products
        for kind in ("complement", "alternative", "upgrade")
    }
    for number in range(16):
        found[f"product {number}"] = catalog.product(f"P{number}"), catalog.variant(f"sku-{number}-0")
    return found | {"length": len(catalog), "stamp": catalog.stamp, "currency": catalog.currency}


def written(products: Sequence[Product], folder: Path) -> Path:
    file = folder / "products.jsonl"
    file.write_text("".join(f"{each.model_dump_json(exclude_unset=True)}\n" for each in products), encoding="utf-8")
    return file


def no_reading(patch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a product was read anew")

    patch.setattr(FacetsBuilder, "add", refused)
    patch.setattr(renewing._Read, "add", refused)


@given(catalogs())
@settings(max_examples=25, deadline=None)
def test_a_catalog_opened_from_disk_answers_like_one_built_anew(
    tmp_path_factory: pytest.TempPathFactory, products: list[Product]
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    file, anew = written(products, folder), Catalog.from_products(products)
    Catalog.from_file(file, cache=folder, stamped=True)
    with pytest.MonkeyPatch.context() as patch:
        no_reading(patch)
        kept = Catalog.from_file(file, cache=folder, stamped=True)
    assert columns(kept._contents.segments[0]) == columns(anew._contents.segments[0])
    assert answers(kept) == answers(anew)
    changes: dict[str, Any] = {
        "stock": {"SKU-1-0": 0, "SKU-2-0": 9}, "prices": {"SKU-3-0": Money.of(15, "EUR")}, "removed": ["p5"],
    }  # fmt: skip
    changed = [products[0].model_copy(update={"title": "Quite another lantern"})]
    assert kept.update(changed, **changes) == anew.update(changed, **changes)
    assert answers(kept) == answers(anew)


@st.composite
def offered_anew(draw: st.DrawFn, product: Product) -> Product:
    """The same product, perhaps with other prices, other stock and another status."""
    if draw(st.booleans()):
        return product
    variants = tuple(
        variant.model_copy(
            update={
                "price": draw(st.sampled_from((variant.price, Money.of(30, "EUR"), Money.of(30, "USD")))),
                "compare_at": draw(st.sampled_from((None, Money.of(90, "EUR")))),
                "inventory": draw(st.sampled_from((None, 0, 4))),
            }
        )
        for variant in product.variants
    )
    return product.model_copy(update={"variants": variants, "status": draw(st.sampled_from(("active", "archived")))})


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_after_any_change_of_its_file_it_holds_what_reading_all_of_it_gives(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    before = data.draw(catalogs(), label="before")
    Catalog.from_file(written(before, folder), cache=folder, stamped=True)
    for _ in range(2):
        kept = [data.draw(offered_anew(each)) for each in before if data.draw(st.integers(0, 3))]
        known = {each.id for each in kept}
        after = kept + [each for each in data.draw(catalogs(6), label="new") if each.id not in known]
        if data.draw(st.booleans(), label="in another order"):
            after = data.draw(st.permutations(after))
        file = written(after, folder)
        opened, anew = Catalog.from_file(file, cache=folder, stamped=True), Catalog.from_products(after)
        again = Catalog.from_file(file, cache=folder, stamped=True)
        for each in (opened, again):
            assert columns(each._contents.segments[0]) == columns(anew._contents.segments[0])
            assert each.stamp == anew.stamp
        assert answers(opened) == answers(anew)
        before = after


def some(number: int, *, title: str = "The quiet lamp", price: int = 40) -> Product:
    variant = Variant(id=f"p{number}:0", sku=f"SKU-{number}-0", price=Money.of(price, "EUR"), inventory=3)
    return Product(id=f"p{number}", handle=f"p{number}", title=f"{title} {number}", kind="Lamp", variants=(variant,))


SOME = [some(number) for number in range(8)]


def test_only_products_that_changed_are_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Catalog.from_file(written(SOME, tmp_path), cache=tmp_path)
    read: list[str] = []
    add = FacetsBuilder.add

    def noted(self: FacetsBuilder, product: Product) -> None:
        read.append(product.title)
        add(self, product)

    monkeypatch.setattr(FacetsBuilder, "add", noted)
    after = [*SOME[:4], some(4, title="The copper lantern"), *SOME[6:], some(9)]
    catalog = Catalog.from_file(written(after, tmp_path), cache=tmp_path)
    assert sorted(read) == sorted(["The copper lantern 4", "The quiet lamp 9", "The quiet lamp 4", "The quiet lamp 5"])
    assert next(hit.product.id for hit in catalog.search("copper lantern")) == "p4"


def test_other_stock_and_other_prices_have_no_text_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Catalog.from_file(written(SOME, tmp_path), cache=tmp_path)
    no_reading(monkeypatch)
    sold_out = SOME[2].model_copy(
        update={
            "variants": tuple(each.model_copy(update={"inventory": 0, "available": False}) for each in SOME[2].variants)
        }
    )
    after = [*SOME[:2], sold_out, *SOME[4:], some(3, price=15)]
    for _ in range(2):
        catalog = Catalog.from_file(written(after, tmp_path), cache=tmp_path)
        assert [each.id for each in catalog.products] == [each.id for each in after]
        assert {hit.product.id for hit in catalog.search("quiet lamp", 20)} == {f"p{n}" for n in range(8) if n != 2}
        assert [hit.product.id for hit in catalog.search("lamp under 20", 20)] == ["p3"]


def test_a_price_in_a_currency_that_is_new_is_heeded(tmp_path: Path) -> None:
    Catalog.from_file(written(SOME, tmp_path), cache=tmp_path)
    dollars = SOME[0].variants[0].model_copy(update={"price": Money.of(12, "USD")})
    catalog = Catalog.from_file(
        written([SOME[0].model_copy(update={"variants": (dollars,)}), *SOME[1:]], tmp_path), cache=tmp_path
    )
    assert [hit.product.id for hit in catalog.search("lamp under 20 USD", 20)] == ["p0"]


def test_products_handed_in_are_kept_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    anew = Catalog.from_products(SOME, cache=tmp_path)
    expected = answers(anew)
    no_reading(monkeypatch)
    assert answers(Catalog.from_products(SOME, cache=tmp_path)) == expected


def test_what_was_wrong_with_the_file_is_told_again(tmp_path: Path) -> None:
    file = written([*SOME, some(3, title="Another of that id")], tmp_path)
    first = Catalog.from_file(file, cache=tmp_path)
    again = Catalog.from_file(file, cache=tmp_path)
    assert [problem.code for problem in first.problems] == ["id-twice"]
    assert again.problems == first.problems


@pytest.mark.parametrize("other", [{"currency": "USD"}, {"url_prefix": "https://shop.example"}, {"language": "de"}])
def test_other_settings_are_heeded(tmp_path: Path, other: dict[str, Any]) -> None:
    file = written(SOME, tmp_path)
    Catalog.from_file(file, cache=tmp_path)
    opened = Catalog.from_file(file, cache=tmp_path, **other)
    assert answers(opened) == answers(Catalog.from_file(file, **other))


def test_what_was_kept_by_other_rules_is_built_anew_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(SOME, tmp_path)
    monkeypatch.setattr(kept_segment, "rules_stamp", lambda: "of yesterday")
    Catalog.from_file(file, cache=tmp_path)
    monkeypatch.undo()
    for module in MODULES:
        monkeypatch.setattr(module, "KEPT_WHOLE", 3)
    assert kept_segment.load_segment(tmp_path / "segment", language="en", source=None) is None
    assert Catalog.from_file(file, cache=tmp_path).problems == ()
    assert kept_segment.load_segment(tmp_path / "segment", language="en", source=None) is not None


def kept_files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "segment").rglob("*") if path.is_file())


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_damage_is_noticed_told_and_mended(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("kept")
    file = written(SOME, folder)
    expected = answers(Catalog.from_file(file, cache=folder, stamped=True))
    hurt = data.draw(st.sampled_from(kept_files(folder)), label="file")
    held = hurt.read_bytes()
    how = data.draw(st.sampled_from(("cut", "flipped", "emptied", "gone", "longer")))
    if how == "gone":
        hurt.unlink()
    elif how == "flipped" and held:
        at = data.draw(st.integers(0, len(held) - 1))
        hurt.write_bytes(held[:at] + bytes([held[at] ^ 1 << data.draw(st.integers(0, 7))]) + held[at + 1 :])
    elif how == "cut" and held:
        hurt.write_bytes(held[: data.draw(st.integers(0, len(held) - 1))])
    elif how == "longer" or not held:
        hurt.write_bytes(held + b"x")
    else:
        hurt.write_bytes(b"")
    opened = Catalog.from_file(file, cache=folder, stamped=True)
    assert [problem.code for problem in opened.problems] == ["index-damaged"]
    assert answers(opened) == expected
    again = Catalog.from_file(file, cache=folder, stamped=True)
    assert again.problems == ()
    assert answers(again) == expected


def test_a_foreign_file_in_its_place_is_no_index(tmp_path: Path) -> None:
    file = written(SOME, tmp_path)
    folder = tmp_path / "segment"
    folder.mkdir()
    (folder / "manifest").write_text(json.dumps({"settings": {}}))
    opened = Catalog.from_file(file, cache=tmp_path)
    assert [problem.code for problem in opened.problems] == ["index-damaged"]
    assert answers(opened) == answers(Catalog.from_products(SOME))


def test_a_folder_that_cannot_be_written_keeps_nothing_and_hinders_nothing(tmp_path: Path) -> None:
    file = written(SOME, tmp_path)
    place = tmp_path / "a file"
    place.write_text("no folder")
    opened = Catalog.from_file(file, cache=place)
    assert opened.problems == ()
    assert answers(opened) == answers(Catalog.from_products(SOME))


def test_it_goes_on_when_its_files_are_swapped_or_gone(tmp_path: Path) -> None:
    catalog = Catalog.from_file(written(SOME, tmp_path), cache=tmp_path, stamped=True)
    expected = answers(catalog)
    Catalog.from_file(written(SOME[:6], tmp_path), cache=tmp_path, stamped=True)
    shutil.rmtree(tmp_path / "segment")
    assert answers(catalog) == expected


def test_stock_set_by_call_is_seen_and_not_kept(tmp_path: Path) -> None:
    file = written(SOME, tmp_path)
    Catalog.from_file(file, cache=tmp_path)
    catalog = Catalog.from_file(file, cache=tmp_path)
    catalog.update(stock={"SKU-3-0": 0}, prices={"SKU-4-0": Money.of(5, "EUR")})
    assert "p3" not in [hit.product.id for hit in catalog.search("quiet lamp", 20)]
    assert [hit.product.id for hit in catalog.search("lamp under 10")] == ["p4"]
    again = Catalog.from_file(file, cache=tmp_path)
    assert "p3" in [hit.product.id for hit in again.search("quiet lamp", 20)]
    assert again.problems == ()


def test_threads_and_processes_that_open_one_shop_at_once_all_get_it_right(tmp_path: Path) -> None:
    files = [written(SOME, tmp_path), tmp_path / "other.jsonl"]
    files[1].write_text("".join(f"{each.model_dump_json()}\n" for each in SOME[2:]), encoding="utf-8")
    expected = [Catalog.from_file(file).search("quiet lamp", 20) for file in files]
    program = (
        "import sys; from convagent.catalog import Catalog, contents, renewing, segment, store\n"
        "for module in (store, segment, contents, renewing): module.KEPT_WHOLE = 3\n"
        "for turn in range(8):\n"
        "    catalog = Catalog.from_file(sys.argv[1 + turn % 2], cache=sys.argv[3])\n"
        "    assert len(catalog) == (8, 6)[turn % 2], len(catalog)\n"
        "    assert catalog.problems == (), catalog.problems\n"
        "    assert [hit.product.id for hit in catalog.search('SKU-7-0')] == ['p7']\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, *map(str, files), str(tmp_path)], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    wrong: list[object] = []

    def open_both() -> None:
        for turn in range(8):
            catalog = Catalog.from_file(files[turn % 2], cache=tmp_path, stamped=True)
            if catalog.problems or catalog.search("quiet lamp", 20) != expected[turn % 2]:
                wrong.append((turn, catalog.problems))

    threads = [threading.Thread(target=open_both) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in running:
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told.decode()
    assert wrong == []
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".segment")]


def test_vectors_are_found_by_the_keys_that_were_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = open_embedder("static")
    file = written(SOME, tmp_path)
    first = Catalog.from_file(file, cache=tmp_path, embedder=encoder)
    assert first.embed() == 8
    expected = answers(first)
    with monkeypatch.context() as patch:
        patch.setattr("convagent.catalog.vectors.embedded_text", lambda product: 1 / 0)
        again = Catalog.from_file(file, cache=tmp_path, embedder=encoder)
        assert again.embed() == 0
        assert answers(again) == expected
    after = [*SOME[1:], some(9, title="The copper teapot")]
    changed = Catalog.from_file(written(after, tmp_path), cache=tmp_path, embedder=encoder)
    assert changed.embed() == 1
    assert answers(changed) == answers(Catalog.from_products(after, embedder=encoder))
