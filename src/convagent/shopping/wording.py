"""What the assistant says in its own words, in the customer's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from convagent.facts import Money
from convagent.guidance.parts import Worded, filled
from convagent.guidance.wording import Wording
from convagent.word_tables import read_table

__all__ = ["LANGUAGES", "Sentences", "familiar_sentences", "sentences"]

LANGUAGES = ("en", "de", "fr")
"""Languages that the assistant speaks; any other is answered in the first."""


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Every sentence by language and name."""
    return {section: words for section, words in _read().items() if "_" not in section}


@cache
def familiar_sentences() -> Mapping[str, Mapping[str, str]]:
    """What is said otherwise to customers who are addressed as du and tu, by language and name."""
    return {section.partition("_")[0]: words for section, words in _read().items() if "_" in section}


@cache
def _read() -> Mapping[str, Mapping[str, str]]:
    read: dict[str, dict[str, str]] = read_table(Path(__file__).parent / "sentences.toml")
    return read


@dataclass(frozen=True, slots=True)
class Sentences:
    """The assistant's words in one language.

    Args:
        wording: Writes money and lists in the conversation's language; tells whether customers are addressed familiarly.
    """

    wording: Wording

    @property
    def language(self) -> str:
        """The language, one of `LANGUAGES`."""
        return self.wording.language if self.wording.language in LANGUAGES else LANGUAGES[0]

    def say(self, name: str, **values: str | Money) -> Worded:
        """A sentence; its marks are filled with facts.

        Args:
            name: Its name in `sentences.toml`.
            values: By mark; amounts are written as the language writes them.
        """
        told = {mark: self.money(value) if isinstance(value, Money) else value for mark, value in values.items()}
        own = familiar_sentences().get(self.language, {}).get(name) if self.wording.familiar else None
        return filled(own or sentences()[self.language][name], told)

    def money(self, value: Money) -> str:
        """An amount as customers read it."""
        return self.wording.money(value)

    def listed(self, words: Iterable[str], *, last: Literal["and", "or"] = "and") -> str:
        """Words one after the other, such as "a, b and c".

        Args:
            words: What is listed.
            last: The word before the last one.
        """
        every = list(words)
        if len(every) < 2:
            return "".join(every)
        return f"{', '.join(every[:-1])} {sentences()[self.language][last]} {every[-1]}"

    def area(self, category: str) -> str:
        """What shoppers call a department of Google's product taxonomy, such as "something to wear"; the name itself else."""
        name = _AREAS.get(category.casefold())
        return sentences()[self.language][name] if name else category

    def areas_in(self, text: str) -> frozenset[str]:
        """Departments, in lower case, that a text names as `area` names them."""
        told = sentences()[self.language]
        return frozenset(category for category, name in _AREAS.items() if told[name].casefold() in text.casefold())


_AREAS = {
    "apparel & accessories": "area_apparel", "health & beauty": "area_beauty", "home & garden": "area_home",
    "electronics": "area_electronics", "furniture": "area_furniture", "food, beverages & tobacco": "area_food",
    "baby & toddler": "area_baby", "animals & pet supplies": "area_animals", "arts & entertainment": "area_arts",
    "sporting goods": "area_sport", "toys & games": "area_toys", "jewelry": "area_jewellery",
}  # fmt: skip
