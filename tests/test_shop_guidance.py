"""An unchanged shop opens without reading its guidance anew, and any change is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent import Agent
from convagent.errors import GuidanceError
from convagent.guidance.checks import check as checks
from convagent.guidance.language import parse
from convagent.shop import open_shop
from convagent.turns import opening


def refused(*_: object, **__: object) -> object:
    raise AssertionError("nothing should be read anew")


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_an_unchanged_shop_is_neither_parsed_nor_checked_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_shop(shop)
    monkeypatch.setattr(parse, "parse_text", refused)
    monkeypatch.setattr(checks, "check", refused)
    again = open_shop(shop)
    assert again.kernel == first.kernel
    assert again.findings == first.findings
    assert again.translations == first.translations
    assert again.stamp == first.stamp
    assert again.files == first.files, "the trees are kept too"


def test_a_changed_guide_alone_is_parsed_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_shop(shop)
    read: list[str] = []
    plain = parse.parse_text

    def watched(text: str, name: str) -> object:
        read.append(name)
        return plain(text, name)

    monkeypatch.setattr(parse, "parse_text", watched)
    append(
        shop / "guidance" / "orders.md",
        '\n# A word of thanks\n\nWhen the customer asks to be thanked:\n- "thank me"\n\n1. say "Thanks."\n',
    )
    again = open_shop(shop)
    assert read == ["guidance/orders.md"]
    assert len(again.kernel.guides) == len(first.kernel.guides) + 1
    assert again.stamp != first.stamp
    monkeypatch.undo()
    for path in (shop / ".convagent" / "guidance").iterdir():
        path.unlink()
    afresh = open_shop(shop)
    assert (afresh.kernel, afresh.findings, afresh.stamp) == (again.kernel, again.findings, again.stamp)


def test_actions_that_no_longer_fit_the_guides_are_noticed(shop: Path) -> None:
    open_shop(shop)
    actions = shop / "actions" / "orders.py"
    actions.write_text(actions.read_text(encoding="utf-8").replace("cancel_order", "drop_order"), encoding="utf-8")
    with pytest.raises(GuidanceError, match="cancel_order"):
        open_shop(shop)


def test_settings_that_no_longer_fit_the_guides_are_noticed(shop: Path) -> None:
    append(
        shop / "guidance" / "orders.md",
        '\n# Ask for care\n\nWhen the customer asks for care:\n- "care please"\n\n1. hand over to "care"\n',
    )
    open_shop(shop)
    settings = shop / "convagent.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("[teams.care]", "[teams.help]").replace('"care"', '"help"'),
        encoding="utf-8",
    )
    with pytest.raises(GuidanceError, match="care"):
        open_shop(shop)


def test_translations_that_changed_are_read_again(shop: Path) -> None:
    append(
        shop / "guidance" / "orders.md",
        '\n# Thank\n\nWhen the customer asks to be thanked:\n- "thank me"\n\n1. say "Thanks."\n',
    )
    folder = shop / "guidance" / "translations"
    folder.mkdir()
    for words in ("Danke.", "Vielen Dank."):
        (folder / "de.yaml").write_text(f'Thank:\n  "Thanks.": "{words}"\n', encoding="utf-8")
        assert open_shop(shop).translations.translate("de", "Thank", "Thanks.") == words


def test_a_fault_is_told_each_time_and_before_one_of_actions(shop: Path) -> None:
    open_shop(shop)
    append(shop / "guidance" / "orders.md", "\n# Broken\n\n1. sya nothing\n")
    for _ in range(2):
        with pytest.raises(GuidanceError, match="fault"):
            open_shop(shop)
    append(shop / "actions" / "orders.py", "\nraise RuntimeError('no')\n")
    with pytest.raises(GuidanceError, match="fault"):
        open_shop(shop)


def test_what_was_kept_and_then_damaged_is_made_anew(shop: Path) -> None:
    first = open_shop(shop)
    for path in (shop / ".convagent" / "guidance").iterdir():
        path.write_bytes(path.read_bytes()[:-40])
    again = open_shop(shop)
    assert again.kernel == first.kernel
    assert open_shop(shop).kernel == first.kernel


def test_guidance_is_kept_nowhere_else_and_nothing_is_left_behind(shop: Path) -> None:
    for _ in range(2):
        open_shop(shop)
        append(shop / "guidance" / "orders.md", "\n")
    names = sorted(path.name.split("-")[0] for path in (shop / ".convagent" / "guidance").iterdir())
    assert names == ["files.jsonl", "guides", "own"]


def test_an_unchanged_shops_guides_are_not_looked_through_to_open_an_agent(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Agent.open(shop, storage="memory:")
    with monkeypatch.context() as patched:
        patched.setattr(opening, "guide_kinds", refused)
        patched.setattr(opening, "handed_on", refused)
        again = Agent.open(shop, storage="memory:")
    assert again.stamp == first.stamp
    append(
        shop / "guidance" / "orders.md",
        '\n# Check a PIN\n\nWhen the customer asks to check a PIN:\n- "check my pin"\n\n1. Ask "Which PIN?" for pin: text\n',
    )
    with monkeypatch.context() as patched:
        patched.setattr(opening, "handed_on", refused)
        with pytest.raises(AssertionError, match="anew"):
            Agent.open(shop, storage="memory:")


def test_what_was_kept_of_the_guides_kinds_and_then_damaged_is_made_anew(shop: Path) -> None:
    Agent.open(shop, storage="memory:")
    (file,) = (shop / ".convagent" / "guidance").glob("kinds-*.json")
    whole = file.read_bytes()
    for damaged in (b"", whole[:-5], whole.replace(b"sha256", b"sha25"), b"{}\n[]"):
        file.write_bytes(damaged)
        Agent.open(shop, storage="memory:")
        assert file.read_bytes() == whole
