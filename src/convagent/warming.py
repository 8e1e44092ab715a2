"""What is loaded at the first messages, loaded before them: models, patterns, words of each language.

Opening reads what every turn needs; an encoder of a language, patterns and word lists are read and compiled when a message
first asks for them, and so are the index and the vectors of products. That spares a program that answers one message, and
makes the first customers of a server wait. So a server lets a few messages of ours run through the path of a turn before.
They are kept nowhere, and none of the shop's look-ups and actions runs: each fails at once, as it would if its system were down.
"""

from __future__ import annotations

import copy
import gc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

from convagent.actions import ActionRegistry, Ledger
from convagent.actions.spec import ActionFailedError
from convagent.conversation import Message
from convagent.running import run
from convagent.search import base_language
from convagent.storage.memory import MemoryStorage
from convagent.turns.state import AgentParts

__all__ = ["MESSAGES", "warm"]

MESSAGES: dict[str, tuple[str, ...]] = {
    "en": (
        "Hello, where is my order #1042?",
        "How long do I have to send something back, and what does it cost?",
        "I ordered two blue lamps in size M on 3 May for €29.90 and one came broken. Please send another one by Friday!",
        "Have you got a warmer blanket for less than 60 euros?",
        "I want to talk to a real person, this is ridiculous.",
        "yes please",
        "thanks",
    ),
    "de": (
        "Hallo, wo bleibt meine Bestellung #1042?",
        "Wie lange kann ich etwas zurückgeben, und was kostet das?",
        "Habt ihr eine wärmere Decke für weniger als 60 Euro?",
        "Ich möchte bitte mit einem Menschen sprechen.",
        "ja bitte",
    ),
    "fr": (
        "Bonjour, où est ma commande #1042 ?",
        "Combien de temps ai-je pour renvoyer un article, et combien ça coûte ?",
        "Une couverture plus chaude à moins de 60 euros, ça existe ?",
        "Je veux parler à un conseiller.",
        "oui merci",
    ),
    "es": ("¿Dónde está mi pedido #1042?", "¿Cuánto tiempo tengo para devolver algo?"),
    "it": ("Dov'è il mio ordine #1042?", "Quanto tempo ho per restituire un articolo?"),
    "nl": ("Waar blijft mijn bestelling #1042?", "Hoe lang heb ik om iets terug te sturen?"),
    "pt": ("Onde está a minha encomenda #1042?", "Quanto tempo tenho para devolver um artigo?"),
}
"""What is run through, by language; a shop that answers in another one has its own language's and these in English."""

MOST_READ = 1_000
"""Products of which it is read what they say of themselves, 0.5 ms each: a shopper who names nothing is asked by two hundred."""


def warm(parts: AgentParts, *, freeze: bool) -> int:
    """Runs messages in each of a shop's languages through the path of a turn, without keeping or calling anything.

    Args:
        parts: What an agent has opened.
        freeze: Whether Python's garbage collector then leaves alone for good all that there is by now, in the whole process.

    Returns:
        How many messages were run.
    """
    storage = MemoryStorage()
    shop = copy.copy(parts.shop)
    shop.registry = _left_alone(shop.registry)
    apart = replace(parts, shop=shop, storage=storage, ledger=Ledger.beside(storage), proofs=(), model=None)
    parts.understander.load()
    for model in (parts.model, parts.verifier):
        if callable(ready := getattr(model, "warm_up", None)):
            ready()
    if shop.catalog is not None:
        shop.catalog.search("a present", k=1)  # its index, and the vectors of products that have none yet
        for product in shop.catalog.products[:MOST_READ]:
            shop.catalog.attributes(product.id)
    if shop.knowledge is not None:
        for language in _languages(parts):
            shop.knowledge.search(MESSAGES.get(language, MESSAGES["en"])[1], 1, language=language)
    count = 0
    for count, text in enumerate(_messages(parts), start=1):
        run(apart, Message(text=text), f"warm-up-{count}", None, dry=True)
    storage.close()
    if freeze:
        gc.collect()
        gc.freeze()
    return count


def _languages(parts: AgentParts) -> dict[str, None]:
    settings = parts.shop.settings.shop
    return dict.fromkeys(base_language(language) for language in (settings.language, *settings.languages))


def _messages(parts: AgentParts) -> Iterator[str]:
    languages = _languages(parts)
    for language in languages if languages.keys() & MESSAGES.keys() else (*languages, "en"):
        yield from MESSAGES.get(language, ())


def _left_alone(registry: ActionRegistry) -> ActionRegistry:
    """The same look-ups and actions, none of which reaches the shop's systems."""
    apart = ActionRegistry()
    for spec in registry:
        apart.add_spec(replace(spec, function=_fail))
    return apart


def _fail(**_arguments: Any) -> NoReturn:
    raise ActionFailedError("nothing is looked up or done while the agent warms up")
