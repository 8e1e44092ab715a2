"""A shop that is reopened after edits is the shop that opening anew gives, and reads no more than it has to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.evals.conftest import CANCEL

from convagent.errors import GuidanceError
from convagent.evals import Bench, load_cases
from convagent.evals.cases import CaseTurn
from convagent.reopening import reopen_shop
from convagent.shop import OpenShop, open_shop

GUIDE = "guidance/orders.md"


def append(name: str, text: str) -> Callable[[Path], Path]:
    def edit(shop: Path) -> Path:
        path = shop / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")
        return path

    return edit


def replace(name: str, old: str, new: str) -> Callable[[Path], Path]:
    def edit(shop: Path) -> Path:
        path = shop / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return edit


def delete(name: str) -> Callable[[Path], Path]:
    def edit(shop: Path) -> Path:
        (shop / name).unlink()
        return shop / name

    return edit


NEW_GUIDE = '\n# Gift wrapping\n\nWhen the customer asks for gift wrapping:\n- "wrap it as a gift"\n\n1. say "We do."\n'
EDITS = [
    append(GUIDE, NEW_GUIDE),
    append("guidance/gifts.md", NEW_GUIDE),
    replace(GUIDE, "do cancel_order", "do  cancel_order"),
    delete(GUIDE),
    append("guidance/translations/de.yaml", "{}\n"),
    append("knowledge/articles/gifts.md", "# Gifts\n\nWe wrap them.\n"),
    replace("convagent.toml", "[shop]", "[shop] # the shop"),
    append("convagent.toml", '\n[vocabulary]\norder = ["booking"]\n'),
    append("actions/orders.py", "\n# changed\n"),
]


def same(one: OpenShop, other: OpenShop) -> None:
    assert one.stamp == other.stamp
    assert one.kernel == other.kernel
    assert one.findings == other.findings
    assert one.translations == other.translations
    assert one.guidance.key == other.guidance.key
    assert one.check() == other.check()
    assert one.article_names() == other.article_names()


@pytest.mark.parametrize("edit", EDITS)
def test_a_reopened_shop_is_the_one_that_opening_anew_gives(shop: Path, edit: Callable[[Path], Path]) -> None:
    known = open_shop(shop)
    before = (known.stamp, known.kernel)
    changed = edit(shop)
    same(reopen_shop(known, [changed]), open_shop(shop))
    assert (known.stamp, known.kernel) == before, "the earlier one stays as it was"


def test_after_a_guide_changed_nothing_else_is_read_again(shop: Path) -> None:
    known = open_shop(shop)
    assert known.embedder is not None
    parts = known.registry, known.settings, known.embedder, known.knowledge, known.catalog, known.vocabulary
    again = reopen_shop(known, [append(GUIDE, NEW_GUIDE)(shop)])
    found = again.registry, again.settings, again.embedder, again.knowledge, again.catalog, again.vocabulary
    assert all(one is other for one, other in zip(found, parts, strict=True))
    assert again.kernel.guide("Gift wrapping") is not None


def test_files_that_are_as_they_were_are_not_parsed_again(shop: Path) -> None:
    known = open_shop(shop)
    trees = dict(zip(known.guidance.texts, known.files, strict=True))
    again = reopen_shop(known, [append("guidance/gifts.md", NEW_GUIDE)(shop)])
    kept = [file for text, file in zip(again.guidance.texts, again.files, strict=True) if trees.get(text) is file]
    assert len(kept) == len(trees)
    assert len(again.files) == len(trees) + 1


def test_after_an_article_changed_the_articles_alone_are_read_again(shop: Path) -> None:
    known = open_shop(shop)
    parts = known.registry, known.catalog, known.knowledge
    again = reopen_shop(known, [append("knowledge/articles/gifts.md", "# Gifts\n\nWe wrap them.\n")(shop)])
    assert again.registry is parts[0]
    assert again.catalog is parts[1]
    assert again.knowledge is not parts[2]
    assert "Gifts" in again.article_names()


def test_a_file_that_actions_may_read_has_them_loaded_again(shop: Path) -> None:
    known = open_shop(shop)
    assert known.embedder is not None
    again = reopen_shop(known, [append("orders.json", "{}")(shop)])
    assert again.registry is not known.registry
    assert again.embedder is known.embedder


def test_other_settings_of_the_embedder_open_another(shop: Path) -> None:
    known = open_shop(shop)
    assert known.embedder is not None
    again = reopen_shop(known, [replace("convagent.toml", "[knowledge]", '[knowledge]\nembedder = "none"')(shop)])
    assert again.embedder is None


def test_faults_are_raised_and_mending_them_opens_the_shop(shop: Path) -> None:
    known = open_shop(shop)
    right = (shop / GUIDE).read_text(encoding="utf-8")
    changed = append(GUIDE, "\n# Broken\n\n1. If\n")(shop)
    with pytest.raises(GuidanceError):
        reopen_shop(known, [changed])
    changed.write_text(right, encoding="utf-8")
    same(reopen_shop(known, [changed]), known)


def test_cases_on_a_reopened_shop_find_the_back_office_as_it_was(shop: Path) -> None:
    (shop / "cancel.yaml").write_text(CANCEL, encoding="utf-8")
    cases = load_cases([shop / "cancel.yaml"])
    bench = Bench.open(shop)
    before = [bench.run(case).verdict for case in cases]
    again = Bench.of(reopen_shop(bench.agent.shop, [append("guidance/gifts.md", NEW_GUIDE)(shop)]), after=bench)
    assert [again.run(case).verdict for case in cases] == before
    assert "pass" in before
    gift = cases[0].model_copy(update={"turns": (CaseTurn(customer="wrap it as a gift"),)})
    reply = again.run(gift).turns[0].reply
    assert reply is not None
    assert "We do." in reply.text


def test_what_was_reopened_is_kept_for_the_next_opening_when_it_is_told_to(shop: Path) -> None:
    known = open_shop(shop)
    again = reopen_shop(known, [append(GUIDE, NEW_GUIDE)(shop)])
    kept = shop / ".convagent" / "guidance" / f"guides-{again.guidance.key}.jsonl"
    assert not kept.exists()
    again.guidance.keep()
    assert kept.exists()
    same(open_shop(shop), again)
