"""What actions remember is put back between cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent.actions import ActionRegistry
from convagent.evals import Bench, Case
from convagent.evals.checkpoint import Checkpoint, WatchedRegistry
from convagent.shop import demo_shop, open_shop

REMEMBERS = '''
from collections import OrderedDict, deque
from convagent.actions import action

class Desk:
    calls = 0

    def __init__(self):
        self.orders = {"1": {"status": "pending", "notes": []}}
        self.order_of_things = OrderedDict(a=1, b=2)
        self.last = deque([1], maxlen=3)
        self.seen = {"x"}
        self.alias = self.orders["1"]["notes"]

DESK = Desk()
NUMBERS = [1, 2]

def remembering(found=[]):
    found.append(1)
    return len(found)

def counter():
    count = 0
    def up():
        nonlocal count
        count += 1
        return count
    return up

UP = counter()

@action(kind="write")
def change() -> str:
    """Changes everything."""
    global NEW
    NEW = 1
    Desk.calls += 1
    Desk.more = True
    DESK.orders["1"]["status"] = "gone"
    DESK.orders["2"] = {}
    DESK.alias.append("note")
    DESK.order_of_things.move_to_end("a")
    DESK.last.append(2)
    DESK.seen.clear()
    DESK.other = 1
    NUMBERS[0] = 9
    remembering()
    return str(UP())

@action(kind="lookup")
def look() -> str:
    """Tells everything."""
    return repr((Desk.calls, hasattr(Desk, "more"), DESK.orders, list(DESK.order_of_things), DESK.last, DESK.seen,
                 hasattr(DESK, "other"), NUMBERS, "NEW" in globals(), remembering.__defaults__, DESK.alias))
'''


def registry_of(tmp_path: Path, text: str) -> ActionRegistry:
    path = tmp_path / "remembers.py"
    path.write_text(text, encoding="utf-8")
    return ActionRegistry.from_files([path])


def call(registry: ActionRegistry, name: str) -> str:
    spec = registry.get(name)
    assert spec is not None
    return str(spec.function())


def test_everything_plain_is_as_it_was(tmp_path: Path) -> None:
    registry = registry_of(tmp_path, REMEMBERS)
    before = call(registry, "look")
    point = Checkpoint(registry)
    assert point.plain, point.why_not
    for _ in range(2):
        assert call(registry, "change") == "1"
        assert call(registry, "look") != before
        point.restore()
        assert call(registry, "look") == before


def test_of_very_many_each_is_as_it_was(tmp_path: Path) -> None:
    many = "from convagent.actions import action\nORDERS = [{'n': n} for n in range(1000)]\nLISTS = [[n] for n in range(1000)]\n"
    registry = registry_of(
        tmp_path, f"{many}\n@action(kind='lookup')\ndef look() -> str:\n    return repr((ORDERS, LISTS))\n"
    )
    before = call(registry, "look")
    point = Checkpoint(registry)
    module = next(iter(registry.modules.values()))
    for at in (0, 199, 200, 201, 500, 999):
        module.ORDERS[at]["n"] = -1
        module.LISTS[at].append(-1)
        point.restore()
        assert call(registry, "look") == before


def test_what_stood_in_two_places_still_does(tmp_path: Path) -> None:
    registry = registry_of(tmp_path, REMEMBERS)
    point = Checkpoint(registry)
    call(registry, "change")
    point.restore()
    module = next(iter(registry.modules.values()))
    assert module.DESK.alias is module.DESK.orders["1"]["notes"]


@pytest.mark.parametrize(
    ("made", "named"),
    [
        ("import sqlite3\nKEPT = sqlite3.connect(':memory:')", "sqlite3.Connection"),
        ("KEPT = (n for n in range(3))", "generator"),
        ("import itertools\nKEPT = itertools.count()", "itertools.count"),
    ],
)
def test_what_can_t_be_put_back_is_told_and_refused(tmp_path: Path, made: str, named: str) -> None:
    registry = registry_of(
        tmp_path,
        f"from convagent.actions import action\n{made}\n\n@action(kind='lookup')\ndef look() -> str:\n    '''A.'''\n",
    )
    point = Checkpoint(registry)
    assert not point.plain
    assert named in str(point.why_not)
    with pytest.raises(ValueError, match="put back"):
        point.restore()
    kept = next(iter(registry.modules.values())).KEPT
    if hasattr(kept, "close"):
        kept.close()


def test_the_demo_shop_s_back_office_can_be_put_back() -> None:
    assert Checkpoint(open_shop(demo_shop()).registry).why_not is None


def test_actions_that_can_t_be_put_back_are_loaded_anew(cases: tuple[Case, ...], shop: Path) -> None:
    with (shop / "actions" / "orders.py").open("a") as file:
        file.write("\n\nKEPT = iter([1])\n")
    with_bench = Bench.open(shop)
    assert [with_bench.run(case).verdict for case in cases] == ["pass", "pass", "pass"]


def test_what_a_look_up_remembers_is_forgotten_too(cases: tuple[Case, ...], shop: Path) -> None:
    with (shop / "actions" / "orders.py").open("a") as file:
        file.write(
            "\n\nCALLS = []\n\n\n@action(kind='lookup')\ndef calls() -> str | None:\n"
            "    '''How often.'''\n    CALLS.append(1)\n    return str(len(CALLS))\n"
        )
    bench = Bench.open(shop)
    expect = {"state": [{"lookup": "calls", "holds": {}}]}
    case = Case.model_validate(
        {"id": "s/c", "suite": "s", "title": "C", "turns": [{"customer": "human please"}], "expect": expect}
    )
    assert [bench.run(case).state[0].value for _ in range(3)] == ["1", "1", "1"]


def test_a_frozen_fact_is_taken_at_its_word_and_what_it_holds_is_put_back(tmp_path: Path) -> None:
    registry = registry_of(
        tmp_path,
        "from convagent.actions import action\nfrom convagent.facts import LineItem\n\n"
        "ITEMS = [LineItem(id='1', name='Lamp', price='5 EUR', options={'colour': 'red'})]\n\n"
        "@action(kind='write')\ndef paint() -> str:\n    '''Paints.'''\n"
        "    ITEMS[0].options['colour'] = 'blue'\n    ITEMS[0] = None\n    return 'done'\n",
    )
    point = Checkpoint(registry)
    assert point.plain, point.why_not
    module = next(iter(registry.modules.values()))
    item = module.ITEMS[0]
    call(registry, "paint")
    point.restore()
    assert module.ITEMS[0] is item
    assert item.options == {"colour": "red"}


@pytest.mark.parametrize(
    "change",
    [
        "KEPT['c'] = KEPT.pop('a')",
        "KEPT['a'] = KEPT.pop('a')",
        "KEPT['a'] = True",
        "KEPT.update(a=2, b=1)",
        "KEPT.clear()",
    ],
)
def test_a_dictionary_is_put_back_in_content_order_and_kind(tmp_path: Path, change: str) -> None:
    registry = registry_of(
        tmp_path,
        "from convagent.actions import action\nKEPT = {'a': 1, 'b': 2}\n\n"
        f"@action(kind='write')\ndef change() -> str:\n    '''Changes.'''\n    {change}\n    return 'done'\n",
    )
    point = Checkpoint(registry)
    kept = next(iter(registry.modules.values())).KEPT
    for _ in range(2):
        call(registry, "change")
        point.restore()
        assert repr(kept) == "{'a': 1, 'b': 2}"


def test_a_watched_registry_knows_whether_an_action_was_taken_out(bench: Bench) -> None:
    watched = WatchedRegistry(bench.agent.shop.registry)
    assert len(watched) == len(bench.agent.shop.registry)
    assert watched.lookups == bench.agent.shop.registry.lookups
    assert "cancel_order" in watched
    told = [watched.touched, watched.get("cancel_order") is not None, watched.touched]
    assert told == [False, True, True]
    watched.touched = False
    names = [spec.name for spec in bench.agent.shop.registry]
    assert ([spec.name for spec in watched], watched.touched) == (names, True)


def test_what_a_case_s_own_state_sets_up_is_forgotten_though_no_action_ran(cases: tuple[Case, ...], shop: Path) -> None:
    path = shop / "actions" / "orders.py"
    path.write_text(
        f"{path.read_text(encoding='utf-8')}\n\nSET_UP = []\n\n\n"
        "@action(kind='lookup')\ndef set_up() -> str | None:\n    '''How often.'''\n    return str(len(SET_UP))\n\n\n"
        "def actions(shop_folder, state=None):\n    import sys\n    if state is not None:\n        SET_UP.append(1)\n"
        "    return sys.modules[__name__]\n",
        encoding="utf-8",
    )
    bench = Bench.open(shop)
    look = {"id": "s/look", "suite": "s", "title": "L", "turns": [{"customer": "human please"}],
            "expect": {"state": [{"lookup": "set_up", "holds": {}}]}}  # fmt: skip
    quiet = {"id": "s/quiet", "suite": "s", "title": "Q", "turns": [{"customer": "thanks"}], "state": {}}
    first = bench.run(Case.model_validate(look))
    bench.run(Case.model_validate(quiet))
    assert bench.run(Case.model_validate(look)).state[0].value == first.state[0].value == "0"
