"""An agent that was warmed up has loaded what its first messages need, and has called and kept nothing."""

from __future__ import annotations

import asyncio
import gc
import shutil
import subprocess
import sys
from pathlib import Path

from convagent import Agent
from convagent.shop import demo_shop
from convagent.storage import MemoryStorage
from convagent.warming import MESSAGES

ENCODERS = """
from convagent import Agent
from convagent.search import embedded_encoder
from convagent.shop import demo_shop
opened = lambda: sorted(name for (name, _), model in embedded_encoder._models.items() if model._opened)
agent = Agent.open(demo_shop(), storage="memory:")
print(opened())
agent.warm_up()
print(opened())
"""


def test_the_models_of_all_languages_are_loaded_before_the_first_message() -> None:
    ran = subprocess.run([sys.executable, "-c", ENCODERS], check=True, capture_output=True, text=True)
    assert ran.stdout.splitlines() == ["[]", "['english', 'multilingual']"]


FIRST_WORDS = """
from convagent import Agent
from convagent.shop import demo_shop
from convagent.shopping import degrees
from convagent.understanding import umlauts
agent = Agent.open(demo_shop(), storage="memory:")
print(degrees._table.cache_info().currsize, umlauts._words_with_umlauts.cache_info().currsize)
agent.warm_up()
print(degrees._table.cache_info().currsize, umlauts._words_with_umlauts.cache_info().currsize)
"""


def test_what_the_first_shopper_and_german_without_umlauts_wait_for_is_loaded() -> None:
    ran = subprocess.run([sys.executable, "-c", FIRST_WORDS], check=True, capture_output=True, text=True)
    assert ran.stdout.splitlines() == ["0 0", "1 1"]


FIRST_LOOK = """
from convagent import Agent
from convagent.shop import demo_shop
from convagent.catalog.attributes import kept
from convagent.search import dense
agent = Agent.open(demo_shop(), storage="memory:")
dense.IN_FULL = 10  # as in a large help centre
agent.warm_up()
def fail(*_): raise AssertionError("not loaded")
dense._outline = kept.read_attributes = fail
for language, text in (("en", "is there parking?"), ("de", "gibt es Parkplätze?"), ("fr", "y a-t-il un parking ?")):
    agent.shop.knowledge.search(text, 5, language=language)
print(len([agent.shop.catalog.attributes(product.id) for product in agent.shop.catalog.products]) > 100)
"""


def test_what_the_first_question_in_a_language_and_of_the_catalog_waits_for_is_loaded() -> None:
    ran = subprocess.run([sys.executable, "-c", FIRST_LOOK], check=True, capture_output=True, text=True)
    assert ran.stdout.splitlines() == ["True"]


def test_nothing_is_called_or_kept_and_replies_stay_the_same() -> None:
    storage = MemoryStorage()
    with Agent.open(demo_shop(), storage=storage) as agent:
        called: list[str] = []
        for spec in agent.shop.registry:
            object.__setattr__(spec, "function", lambda _name=spec.name, **_: called.append(_name))
        functions = [spec.function for spec in agent.shop.registry]
        assert agent.warm_up() == sum(len(MESSAGES[language]) for language in ("en", "de", "fr"))
        assert not called
        assert [spec.function for spec in agent.shop.registry] == functions
        assert not list(storage.conversations(limit=10))
    with Agent.open(demo_shop(), storage="memory:") as cold, Agent.open(demo_shop(), storage="memory:") as warm:
        warm.warm_up()
        texts = ("Where is my order #1042?", "Wie lange kann ich etwas zurückgeben?")
        one, other = ([agent.reply(text, conversation="c") for text in texts] for agent in (cold, warm))
        assert [(turn.outcome, turn.reply, turn.trace) for turn in one] == [
            (turn.outcome, turn.reply, turn.trace) for turn in other
        ]


def test_products_are_searched_before_the_first_shopper_asks(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shutil.copytree(demo_shop(), shop, ignore=shutil.ignore_patterns(".convagent"))
    vectors = shop / ".convagent" / "products" / "main" / "vectors.npy"
    with Agent.open(shop, storage="memory:") as agent:
        assert not vectors.exists()
        agent.warm_up()
        assert vectors.exists()


def test_the_collector_is_left_alone_unless_freezing_is_asked_for(tmp_path: Path) -> None:
    before = gc.get_freeze_count()
    with Agent.open(demo_shop(), storage=f"sqlite:///{tmp_path / 'kept.db'}") as agent:
        agent.warm_up()
        assert gc.get_freeze_count() == before
        try:
            asyncio.run(agent.awarm_up(freeze=True))
            assert gc.get_freeze_count() > before
        finally:
            gc.unfreeze()


COMPILED = """
import sys
from convagent import Agent
from convagent.shop import demo_shop
from convagent.understanding import phrases, read_signals
agent = Agent.open(demo_shop(), storage="memory:")
if sys.argv[1:]:
    agent.warm_up()
compiled = []
compile_phrases = phrases.compile_phrases
phrases.compile_phrases = lambda given: compiled.append(None) or compile_phrases(given)
for text in ("my lawyer will hear of this scam", "I am furious, you idiots", "es brennt, das Kabel raucht", "je porte plainte"):
    read_signals(text)
print(bool(compiled))
"""


def test_no_message_waits_for_a_phrase_to_be_compiled() -> None:
    for given, waits in (((), "True"), (("warm",), "False")):
        ran = subprocess.run([sys.executable, "-c", COMPILED, *given], check=True, capture_output=True, text=True)
        assert ran.stdout.split() == [waits]
