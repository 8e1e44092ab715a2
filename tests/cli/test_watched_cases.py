"""What `convagent guidance watch` holds of a shop after a row of saves is what opening it anew and running everything gives."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.evals.conftest import CANCEL

from convagent.cli import watched_cases
from convagent.cli.watched_cases import WatchedCases
from convagent.conversation import Turn
from convagent.evals import Bench, load_cases
from convagent.evals.concerned import likeliest_first, told_apart_by
from convagent.shop import OpenShop, open_shop

MORE = """\
  - title: Where it is
    turns:
      - customer: "where is #10042, ada@example.com"
  - title: An odd wish
    turns:
      - customer: "please turn the parcel into a frog"
  - title: Wrapped
    turns:
      - customer: "can you wrap it as a gift"
        expect: {says: "We do"}
"""
GIFTS = '# Gift wrapping\n\nWhen the customer asks for gift wrapping:\n- "wrap it as a gift"\n\n1. say "We do."\n'
Edit = Callable[[Path, random.Random], None]


@pytest.fixture
def watched_shop(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop with a suite of six cases."""
    (shop / "evals").mkdir()
    (shop / "evals" / "cancel.yaml").write_text(CANCEL + MORE, encoding="utf-8")
    monkeypatch.chdir(shop)
    return shop


def _changed(path: Path, pattern: str, to: Callable[[re.Match[str]], str], chance: random.Random) -> None:
    text = path.read_text(encoding="utf-8")
    found = list(re.finditer(pattern, text, re.MULTILINE))
    if found:
        one = chance.choice(found)
        path.write_text(text[: one.start()] + to(one) + text[one.end() :], encoding="utf-8")


def _guides(shop: Path) -> list[Path]:
    return sorted((shop / "guidance").glob("*.md"))


def _example(shop: Path, chance: random.Random) -> None:
    word = chance.choice(["please", "as a frog", "cancel", "gift", "where"])
    _changed(chance.choice(_guides(shop)), r'^- "(.*)"$', lambda m: f'- "{m[1]} {word}"', chance)


def _new_example(shop: Path, chance: random.Random) -> None:
    words = f"please turn the parcel into a {chance.choice(['frog', 'prince', 'gift'])}"
    _changed(chance.choice(_guides(shop)), r'^- "(.*)"$', lambda m: f'{m[0]}\n- "{words}"', chance)


def _text(shop: Path, chance: random.Random) -> None:
    _changed(chance.choice(_guides(shop)), r'say "', lambda m: 'say "Well. ', chance)


def _new_guide(shop: Path, _chance: random.Random) -> None:
    path = shop / "guidance" / "gifts.md"
    if path.exists():
        path.unlink()
    else:
        path.write_text(GIFTS, encoding="utf-8")


def _broken(shop: Path, _chance: random.Random) -> None:
    path = shop / "guidance" / "broken.md"
    if path.exists():
        path.unlink()
    else:
        path.write_text("# Broken\n\n1. If\n", encoding="utf-8")


def _case(shop: Path, chance: random.Random) -> None:
    path = shop / "evals" / "cancel.yaml"
    _changed(path, r'customer: "please', lambda m: 'customer: "could you please', chance)


EDITS: tuple[Edit, ...] = (_example, _new_example, _text, _new_guide, _broken, _case)


def _settled(watched: WatchedCases) -> None:
    watched.look()
    while watched.go_on():
        pass


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_row_of_edits_the_state_is_that_of_opening_anew(
    watched_shop: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_cases, "ANSWER_SECONDS", 0.0)  # so that nearly everything follows
    chance = random.Random(seed)
    watched = WatchedCases(Path(), [Path("evals")], (), [Path()])
    _settled(watched)
    for _ in range(6):
        for edit in chance.sample(EDITS, 2):
            edit(Path(), chance)
        watched.look()
        for _ in range(chance.randrange(4)):  # the next save may come before all is run
            watched.go_on()
    Path("guidance/broken.md").unlink(missing_ok=True)
    _text(Path(), chance)
    _settled(watched)
    fresh = open_shop(Path())
    assert watched.opened is not None
    _same_shop(watched.opened, fresh)
    cases, bench = load_cases([Path("evals")], base=Path.cwd()), Bench.of(fresh)
    for case in cases:
        now, then = bench.run(case), watched.last[case.id]
        assert then.case == case
        assert (then.verdict, then.checks) == (now.verdict, now.checks)
        assert [turn.reply and turn.reply.text for turn in then.turns] == [t.reply and t.reply.text for t in now.turns]
        assert [_understood(turn) for turn in then.turns] == [_understood(turn) for turn in now.turns], (
            "to the last digit"
        )


def _understood(turn: Turn) -> list[object]:
    return [event.data for event in turn.trace if event.kind == "understood"]


def _same_shop(one: OpenShop, other: OpenShop) -> None:
    assert one.kernel == other.kernel
    assert one.check() == other.check()


def test_an_author_hears_within_a_second_and_the_rest_follows(
    watched_shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched = WatchedCases(Path(), [Path("evals")], (), [Path()])
    _settled(watched)
    assert "6 cases run in" in capsys.readouterr().out
    monkeypatch.setattr(watched_cases, "ANSWER_SECONDS", 0.0)
    guide = Path("guidance/orders.md")
    right = guide.read_text(encoding="utf-8")
    guide.write_text(right.replace("1. do cancel_order with order = order.id\n", ""), encoding="utf-8")
    watched.look()
    assert "1 of 2 cases run in" in (printed := capsys.readouterr().out)
    assert "the other follows" in printed
    assert watched.go_on()
    assert "2 cases run in" in (printed := capsys.readouterr().out)
    assert "2 newly red" in printed
    while watched.go_on():
        pass
    assert "With 4 others, in" in capsys.readouterr().out, "what no longer acts is told apart by other means"
    guide.write_text(right, encoding="utf-8")
    _settled(watched)
    capsys.readouterr()
    guide.write_text(right.replace('say "', 'say "Well. '), encoding="utf-8")
    watched.look()
    while watched.go_on():
        pass
    assert "other" not in re.sub(r"the others? follows?", "", capsys.readouterr().out)


def test_no_case_is_run_on_a_shop_that_does_not_parse(watched_shop: Path) -> None:
    watched = WatchedCases(Path(), [Path("evals")], (), [Path()])
    _settled(watched)
    _text(Path(), random.Random(1))
    _broken(Path(), random.Random(1))
    watched.look()
    assert not watched.go_on()


def test_an_error_that_is_mended_is_told_as_gone_and_nothing_else_as_new(
    watched_shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watched = WatchedCases(Path(), [Path("evals")], (), [Path()])
    _settled(watched)
    _broken(Path(), random.Random(1))
    watched.look()
    assert "No case runs until the errors are mended." in capsys.readouterr().out
    _broken(Path(), random.Random(1))
    watched.look()
    printed = capsys.readouterr().out
    assert "✓ guidance/broken.md G1" in printed
    assert "error" not in printed


def test_a_text_tells_no_guides_apart_and_an_example_does(watched_shop: Path) -> None:
    before = told_apart_by(open_shop(Path()).kernel)
    _text(Path(), random.Random(2))
    assert told_apart_by(open_shop(Path()).kernel) == before
    _new_example(Path(), random.Random(2))
    assert told_apart_by(open_shop(Path()).kernel) != before


def test_what_an_edit_is_likeliest_to_turn_comes_first(watched_shop: Path) -> None:
    bench, cases = Bench.open(Path()), load_cases([Path("evals")], base=Path.cwd())
    results = {case.id: bench.run(case) for case in cases}
    red = [case.id for case in cases if results[case.id].verdict in {"fail", "error"}]
    ordered = [case.id for case in likeliest_first(cases, {"Cancel an order"}, results)]
    assert red == ["cancel/wrapped"]
    assert ordered[:3] == ["cancel/wrapped", *(case.id for case in cases[:2])]
    assert sorted(ordered) == sorted(case.id for case in cases)
