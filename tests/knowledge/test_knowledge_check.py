"""What is wrong with articles taken together, and what is found of them at query time."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.facts import Money, Product, Variant
from convagent.knowledge import Article, KnowledgeBase, Passage, Scope, read_article
from convagent.knowledge.alike import groups_of_alike, resemblance, shingles
from convagent.knowledge.check import ARTICLE_CODES, ArticleFinding, check_articles
from convagent.knowledge.figures import statements_of
from convagent.shop import open_shop

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 6, 16)


def check(*articles: Article, products: tuple[Product, ...] = (), pattern: str | None = None) -> list[ArticleFinding]:
    return list(check_articles(articles, today=TODAY, products=products, url_pattern=pattern))


def codes(*articles: Article, products: tuple[Product, ...] = (), pattern: str | None = None) -> list[str]:
    return [finding.code for finding in check(*articles, products=products, pattern=pattern)]


def article(id_: str, text: str, title: str = "How does it work?", **more: Any) -> Article:
    return Article.model_validate({"id": id_, "title": title, "text": text, **more})


def figures(text: str, language: str = "en") -> list[tuple[str, str, tuple[str, ...]]]:
    passage = Passage(article_id="a", title="T", text=text, language=language)
    return [(s.kind, s.unit, s.values) for s in statements_of(passage)]


# ---- figures
@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Send it back within thirty days.", "en", [("duration", "day", ("30",))]),
        ("Sie haben dreißig Tage.", "de", [("duration", "day", ("30",))]),
        ("It takes 3 to 6 working days.", "en", [("duration", "working day", ("3-6",))]),
        ("3 bis 6 Werktage", "de", [("duration", "working day", ("3-6",))]),
        ("sous 3 à 6 jours ouvrés", "fr", [("duration", "working day", ("3-6",))]),
        ("It costs €1,234.50.", "en", [("money", "EUR", ("1234.5",))]),
        ("Es kostet 1.234,50 €.", "de", [("money", "EUR", ("1234.5",))]),
        ("Standard is €4.90, express is €12.90", "en", [("money", "EUR", ("4.9",)), ("money", "EUR", ("12.9",))]),
        ("You get 12% off.", "en", [("percent", "", ("12",))]),
        ("Call +353 1 555 0100.", "en", [("phone", "", ("35315550100",))]),
        ("Monday to Friday 9:00–18:00", "en", [("hours", "", ("09:00-18:00",))]),
        ("We are there 9am to 5pm", "en", [("hours", "", ("09:00-17:00",))]),
        ("Nothing here.", "en", []),
    ],
)  # fmt: skip
def test_figures_are_read_in_the_forms_that_people_write(text: str, language: str, found: list[object]) -> None:
    assert figures(text, language) == found


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_figures_or_none(text: str) -> None:
    figures(text)


# ---- contradictions
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("You can send things back within 30 days of delivery.", "Send things back within 14 days of delivery."),
        ("Standard delivery to Ireland costs €4.90.", "Standard delivery to Ireland costs €5.90."),
        ("Members save 12% on every subscription.", "On every subscription members save 15%."),
        ("Our phone number for returns is +353 1 555 0100.", "Phone number for returns: +353 1 555 0199."),
        ("Customer care is open Monday to Friday 9:00–18:00.", "Customer care is open Monday to Friday 9:00–17:00."),
    ],
)
def test_two_figures_for_one_thing_are_a_contradiction_with_both_places(one: str, other: str) -> None:
    found = check(
        article("a", one, updated="2026-01-01", file="a.md"), article("b", other, updated="2026-03-01", file="b.md")
    )
    (finding,) = (finding for finding in found if finding.code == "contradiction")
    fresher, staler = finding.quotes
    assert (fresher.article_id, staler.article_id) == ("b", "a")
    assert (fresher.text.rstrip("."), fresher.line) == (other.rstrip("."), 1)
    assert "updated 2026-03-01" in finding.message


@pytest.mark.parametrize(
    ("one", "other", "more"),
    [
        ("Send jackets back within 30 days.", "Send furniture back within 14 days.", {}),
        ("The Pip warranty lasts 2 years.", "The Sprig warranty lasts 5 years.", {}),
        ("Standard delivery costs €4.90.", "Express delivery costs €12.90.", {}),
        ("Send things back within 30 days of delivery.", "Send things back within 30 days of delivery.", {}),
        (
            "Send things back within 30 days of delivery.",
            "Send things back within 14 days of delivery.",
            {"markets": ["DE"]},
        ),
        (
            "Send things back within 30 days of delivery.",
            "Send things back within 14 days of delivery.",
            {"valid_from": "2027-01-01"},
        ),
        (
            "Send things back within 30 days of delivery.",
            "Send things back within 14 days of delivery.",
            {"language": "de"},
        ),
    ],
)
def test_what_speaks_of_different_things_markets_times_or_languages_is_none(
    one: str, other: str, more: dict[str, Any]
) -> None:
    limits: dict[str, Any] = {"markets": ["IE"], "valid_until": "2026-12-31"} if more else {}
    assert "contradiction" not in codes(article("a", one, **limits), article("b", other, **more))


def test_the_freshest_of_two_that_contradict_each_other_answers() -> None:
    old = article("old", "Send things back within 14 days of delivery, please.", updated="2025-01-01")
    new = article("new", "You can send things back within 30 days of delivery.", updated="2026-01-01")
    for order in ([old, new], [new, old]):
        hits = KnowledgeBase.from_articles(order).search("send things back within days of delivery please")
        assert [hit.article_id for hit in hits] == ["new"]
    undated = [item.model_copy(update={"updated": None}) for item in (old, new)]
    assert len(KnowledgeBase.from_articles(undated).search("send things back")) == 2


# ---- duplicates
LONG = " ".join(f"word{n} of the long story about lamps and kettles" for n in range(12))


def test_nearly_the_same_article_is_a_duplicate_and_found_once() -> None:
    one, other = article("a", LONG, "Lamps?"), article("b", LONG + " Indeed.", "Kettles?", updated="2026-02-02")
    (finding,) = (finding for finding in check(one, other) if finding.code == "duplicate")
    assert [quote.article_id for quote in finding.quotes] == ["b", "a"]
    assert len(KnowledgeBase.from_articles([one, other]).search("lamps kettles story")) == 1


def test_copies_for_different_markets_are_meant() -> None:
    assert "duplicate" not in codes(article("a", LONG, markets=["IE"]), article("b", LONG, markets=["DE"]))


def test_ten_thousand_copies_are_one_group_in_bounded_time() -> None:
    begin = time.process_time()
    (group,) = groups_of_alike([f"{LONG} number {n}" for n in range(10_000)])
    assert len(group) == 10_000
    assert time.process_time() - begin < 60


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=12))
def test_groups_hold_only_what_resembles_their_first_and_no_text_twice(texts: list[str]) -> None:
    groups = groups_of_alike(texts)
    members = [number for group in groups for number in group]
    assert len(members) == len(set(members))
    for first, *others in groups:
        assert all(resemblance(shingles(texts[first]), shingles(texts[other])) >= 0.8 for other in others)


# ---- the catalog
def product(
    title: str, price: str, *, available: bool = True, description: str = "", handle: str | None = None
) -> Product:
    variant = Variant(id=f"{title}-1", price=Money.of(price, "EUR"), available=available)
    return Product(id=title, title=title, handle=handle, description=description, status="active", variants=(variant,))


PIPS = (
    product("Pip One", "49.00"),
    product("Pip One S", "59.00"),
    product("The Harbour Jacket", "189.00", description="Waxed cotton."),
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The Pip One costs €45.00.", "catalog-price"),
        ("The Harbour Jacket is sold out.", "catalog-availability"),
        ("The Harbour Jacket is made of wool.", "catalog-material"),
        ("The Pip One costs €49.00.", None),
        ("The Pip One S costs €59.00.", None),
        ("Delivery of a Pip One costs €4.90.", None),
        ("If the Harbour Jacket is sold out, write to us.", None),
        ("The Harbour Jacket is made of cotton.", None),
    ],
)
def test_an_article_and_the_catalog_must_agree(text: str, code: str | None) -> None:
    found = [each for each in codes(article("a", text), products=PIPS) if each.startswith("catalog")]
    assert found == ([code] if code else [])


def test_what_cannot_be_bought_is_not_in_stock() -> None:
    gone = (product("The Sunday Teapot", "39.00", available=False),)
    assert "catalog-availability" in codes(article("a", "The Sunday Teapot is back in stock."), products=gone)


# ---- dates, links, titles
def test_dates_out_of_force_are_told() -> None:
    assert codes(article("a", "x", valid_until="2026-06-15")) == ["expired"]
    assert codes(article("a", "x", valid_until="2026-06-16")) == []
    assert codes(article("a", "x", valid_from="2026-06-17")) == ["not-yet"]
    assert codes(article("a", "x", valid_from="2026-06-17", valid_until="2026-06-01")) == ["dates-reversed"]
    assert codes(article("a", "x", updated="2026-06-17")) == ["updated-ahead"]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("b.md", None), ("../x/b.md#part-two", None), ("https://s.example/help/b", None), ("https://other.example/x", None),
        ("#own", None), ("mailto:a@example.com", None), ("picture.png", None), ("/help/b#part-two", None),
        ("c.md", "dead-link"), ("b.md#nowhere", "dead-link"), ("https://s.example/help/zzz", "dead-link"), ("#nowhere", "dead-link"),
        ("secret.md", "link-to-internal"),
    ],
)  # fmt: skip
def test_links_between_articles_must_lead_somewhere(target: str, code: str | None) -> None:
    articles = (
        article("a", f"[see]({target})\n\n## Own\n\ntext", file="x/a.md"),
        article("b", "## Part two\n\nText.", file="x/b.md"),
        article("s", "Secret.", "Secret", file="x/secret.md", audience="internal"),
    )
    assert codes(*articles, pattern="https://s.example/help/{id}") == ([code] if code else [])


def test_a_title_that_nobody_would_say_is_noted() -> None:
    assert codes(article("a", "x", "Jobs and press")) == ["title-no-question"]
    assert codes(article("a", "x", "The engraving is wrong")) == []
    assert codes(article("a", "x", "Comment renvoyer un article ?", language="fr")) == []


def test_an_unknown_original_is_told() -> None:
    assert codes(article("a", "x", translation_of="zzz")) == ["translation-unknown"]


def test_every_code_is_documented_and_the_demo_shop_has_nothing_to_mend() -> None:
    page = (ROOT / "docs" / "knowledge.md").read_text(encoding="utf-8")
    assert all(f"`{code}`" in page for code in ARTICLE_CODES)
    shop = open_shop(ROOT)
    assert shop.knowledge is not None
    assert shop.catalog is not None
    found = check_articles(
        shop.knowledge.articles, shop.knowledge.passages, today=TODAY, products=shop.catalog.products,
        url_pattern=shop.settings.knowledge.url,
    )  # fmt: skip
    assert [finding.code for finding in found if finding.severity != "note"] == []


# ---- scope
def test_market_collection_and_day_decide_what_is_found() -> None:
    base = KnowledgeBase.from_articles(
        [
            article("all", "Parcels to everybody."), article("ie", "Parcels in Ireland.", markets=["ie"], collection="Shipping"),
            article("de", "Parcels in Germany.", markets="DE, AT"),
            article("summer", "Parcels in summer.", valid_from="2026-07-01", valid_until="2026-08-31"),
        ]
    )  # fmt: skip

    def found(scope: Scope | None) -> set[str]:
        return {hit.article_id for hit in base.search("parcels", scope=scope)}

    assert found(None) == found(Scope()) == {"all", "ie", "de", "summer"}
    assert found(Scope(market="IE", on=TODAY)) == {"all", "ie"}
    assert found(Scope(market="at", on=date(2026, 8, 31))) == {"all", "de", "summer"}
    assert found(Scope(on=date(2026, 9, 1))) == {"all", "ie", "de"}
    assert found(Scope(collection="shipping")) == {"ie"}
    assert found(Scope(articles=frozenset({"de"}))) == {"de"}


@pytest.mark.parametrize(
    "field", ["valid_until: soon", "valid_from: 31.12.2026", "market: {a: 1}", "valid_until: never\naudience: public"]
)
def test_a_limit_that_cannot_be_read_opens_an_article_to_nobody(field: str) -> None:
    read = read_article(f"---\n{field}\n---\nText.".encode(), file="a.md")
    (found,) = read
    assert read.problems
    if "market" not in field:
        assert found.audience == "internal"
