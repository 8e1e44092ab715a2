"""Opening a shop: every fault is told with its place and remedy, and nothing is opened half."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.errors import (
    ActionError,
    CatalogError,
    ConvagentError,
    GuidanceError,
    KnowledgeError,
    ModelError,
    ShopError,
)
from convagent.settings import read_settings
from convagent.shop import demo_shop, open_shop


def write(shop: Path, name: str, text: str) -> Path:
    path = shop / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_new_shop_opens_and_knows_its_parts(shop: Path) -> None:
    opened = open_shop(shop)
    assert opened.settings.shop.name == "Test shop"
    assert {guide.title for guide in opened.kernel.guides} >= {"Find the customer", "Cancel an order"}
    assert opened.knowledge is not None
    assert {article.id for article in opened.knowledge.articles} == {"returns", "delivery"}
    assert opened.catalog is None
    assert [team.id for team in opened.facts.teams] == ["care"]


def test_the_stamp_follows_every_part_of_the_shop(shop: Path) -> None:
    stamps = [open_shop(shop).stamp]
    for name in ("guidance/orders.md", "knowledge/articles/returns.md", "actions/orders.py"):
        path = shop / name
        more = "# more" if path.suffix == ".py" else "\nNote: more" if "guidance" in name else "More."
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{more}\n", encoding="utf-8")
        stamps.append(open_shop(shop).stamp)
    settings = shop / "convagent.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("Robin", "Wren"), encoding="utf-8")
    stamps.append(open_shop(shop).stamp)
    assert len(set(stamps)) == len(stamps)
    assert open_shop(shop).stamp == stamps[-1]


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_without_settings_is_no_shop(tmp_path: Path, name: str) -> None:
    with pytest.raises(ShopError) as caught:
        Agent.open(tmp_path / name)
    assert caught.value.code == "shop-missing"
    assert "convagent init" in (caught.value.remedy or "")


def test_faulty_settings_are_told_together(shop: Path) -> None:
    write(
        shop,
        "convagent.toml",
        '[shop]\nname = "x"\ncurency = "EUR"\ntimezone = "Mars/Base"\n[agnet]\nname = "y"\n[orders]\npattern = "("\n',
    )
    with pytest.raises(ShopError) as caught:
        open_shop(shop)
    told = str(caught.value)
    for words in (
        "shop.curency",
        "did you mean currency",
        "Mars/Base",
        "agnet",
        "did you mean agent",
        "regular expression",
    ):
        assert words in told


@pytest.mark.parametrize("text", ["[shop\n", "shop = 1\n", "", "\ufffe\x00"])
def test_settings_that_are_no_toml_or_no_shop_are_told(shop: Path, text: str) -> None:
    write(shop, "convagent.toml", text)
    with pytest.raises(ShopError) as caught:
        read_settings(shop / "convagent.toml")
    assert "convagent.toml" in str(caught.value)


def test_teams_and_hours_that_do_not_exist_are_told(shop: Path) -> None:
    path = shop / "convagent.toml"
    text = (
        path.read_text(encoding="utf-8")
        .replace('default_team = "care"', 'default_team = "nobody"')
        .replace('hours = "office"', 'hours = "never"')
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ShopError) as caught:
        open_shop(shop)
    assert "nobody" in str(caught.value)
    assert "never" in str(caught.value)


def _use_every_part(shop: Path) -> None:
    opened = open_shop(shop)
    assert opened.index() is None or opened.catalog is None


def test_every_fault_of_the_guidance_is_told_with_its_place(shop: Path) -> None:
    write(
        shop,
        "guidance/broken.md",
        '# A\n\nWhen the customer asks:\n- "a"\n\n1. If order.status = "x":\n   - say "hi\n1. Frobnicate\n',
    )
    with pytest.raises(GuidanceError) as caught:
        open_shop(shop)
    told = str(caught.value)
    assert "guidance/broken.md:6" in told
    assert "guidance/broken.md:8" in told
    assert len(caught.value.findings) >= 2


def test_guidance_that_names_what_is_not_there_does_not_open(shop: Path) -> None:
    write(
        shop, "guidance/more.md", '# Do it\n\nWhen the customer asks to do it:\n- "do it"\n\n1. do frobnicate_order\n'
    )
    with pytest.raises(GuidanceError, match="frobnicate_order"):
        open_shop(shop)


def test_actions_that_can_not_be_loaded_are_told(shop: Path) -> None:
    write(shop, "actions/orders.py", "import nonsense_that_is_not_there\n")
    with pytest.raises(ActionError) as caught:
        open_shop(shop)
    assert "orders.py" in str(caught.value)


@pytest.mark.parametrize(
    ("setting", "error"),
    [("[knowledge]\narticles = 'nowhere'", KnowledgeError), ("[catalog]\nfiles = ['nowhere.csv']", CatalogError)],
)
def test_parts_that_the_settings_name_must_be_there(shop: Path, setting: str, error: type[ConvagentError]) -> None:
    path = shop / "convagent.toml"
    text = path.read_text(encoding="utf-8").replace('[knowledge]\narticles = "knowledge/articles"\n', "")
    path.write_text(f"{text}\n{setting}\n", encoding="utf-8")
    with pytest.raises(error) as caught:
        _use_every_part(shop)
    assert caught.value.place is not None
    assert caught.value.remedy


def test_a_shop_without_articles_hands_over_what_it_does_not_know(shop: Path) -> None:
    for path in (shop / "knowledge" / "articles").iterdir():
        path.unlink()
    (shop / "knowledge" / "articles").rmdir()
    with Agent.open(shop, storage="memory:") as agent:
        turn = agent.reply("How much is delivery to the moon base?", conversation="c")
        assert turn.handover is not None
        assert turn.handover.reason == "missing_knowledge"


def test_a_chat_model_is_refused_with_a_remedy(shop: Path) -> None:
    with pytest.raises(ModelError) as caught:
        Agent.open(shop, model="openai:some")
    assert caught.value.remedy


def test_a_damaged_index_is_rebuilt(shop: Path) -> None:
    first = open_shop(shop).index()
    assert first is not None
    for path in (shop / ".convagent" / "articles").rglob("*"):
        if path.is_file():
            path.write_bytes(b"garbage")
    again = open_shop(shop).index()
    assert again is not None
    assert again.search("how much is delivery")[0].article_id == "delivery"


@pytest.mark.skipif(os.geteuid() == 0, reason="the root user may write anywhere")
def test_a_read_only_shop_still_answers(shop: Path) -> None:
    shop.chmod(0o555)
    try:
        with Agent.open(shop, storage="memory:") as agent:
            assert agent.reply("How much is delivery?", conversation="c").reply is not None
    finally:
        shop.chmod(0o755)


def test_the_demo_shop_is_found_and_its_clock_stands_still() -> None:
    opened = open_shop(demo_shop())
    assert opened.now() == datetime.fromisoformat("2026-06-16T10:30:00+01:00")
    assert len(opened.kernel.guides) >= 25


def test_a_wait_in_business_days_is_found_until_the_shop_has_opening_hours(shop: Path) -> None:
    write(
        shop,
        "guidance/boxes.md",
        '# A damaged box\n\nWhen the customer writes that a box is damaged:\n- "the box is torn"\n\n'
        '1. Ask "Is what lay in it damaged as well?" for worse: yes or no\n   - within 2 business days, else close\n'
        '1. If worse:\n   - hand over because guidance\n1. say "Thank you."\n',
    )
    settings = shop / "convagent.toml"
    text = settings.read_text(encoding="utf-8")
    without = re.sub(r"(?ms)^\[hours[^\]]*\].*?(?=^\[|\Z)", "", text)
    without = re.sub(r"(?m)^hours = .*\n", "", without)
    settings.write_text(without, encoding="utf-8")
    assert "G317" in {finding.code for finding in open_shop(shop).check()}
    settings.write_text(without + '\n[hours.care]\nmonday = ["09:00", "17:00"]\n', encoding="utf-8")
    assert "G317" not in {finding.code for finding in open_shop(shop).check()}
