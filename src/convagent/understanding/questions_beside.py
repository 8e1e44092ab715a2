"""Questions that sound like a guide's examples and aren't for it: "do you sell printer ink?", "will the tree survive frost?".

Among a few guides of five examples each, one is always the likeliest, and the frame of a question weighs as much as what is asked
about: "do you sell lawn mowers?" sounds like "do you buy old bicycles?". So a question about goods means a guide only where these
are among the guide's own words, or where the guide's examples ask about goods themselves. And a guide whose examples all tell of
something that happened ("the olive tree didn't survive") isn't for who asks what may be, of nothing of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from convagent.search import STOP_WORDS
from convagent.understanding.content_words import content_words
from convagent.understanding.gist import asks_in_general
from convagent.understanding.happenings import only_asks, tells_of_something
from convagent.understanding.phrases import fold

__all__ = ["QuestionsBeside"]

_GREETED = (
    r"^ \. (?:(?:hi|hello|hey|hallo|bonjour|and|but|so|also|then|ok|okay|well|right|hm+|oh|ah|by the way|"
    r"und|aber|na|gut|dann|ubrigens|et|mais|alors|bon|ben|donc|au fait|\.) )*"
)
"""How a question may be led up to; a stop stands for any mark between: "hm, and do you have rugs?"."""
_SELLS = re.compile(
    rf"{_GREETED}(?:(?:do|does|are|would) (?:you|your shop|the shop|they) (?:guys |also |still |even |actually )?"
    r"(?:sell|selling|stock|carry)|verkauf(?:en|t) (?:sie|ihr)|fuhr(?:en|t) (?:sie|ihr)|"
    r"(?:est ce que )?vous vendez|vendez vous) (?!it |them |this |that |es |das )"
)
_HAS = re.compile(
    rf"{_GREETED}(?:do you (?:also |still |even )?have|have you got|"
    r"(?:haben|habt) (?:sie|ihr)(?: auch| noch)?|gibt es bei (?:ihnen|euch)|"
    r"avez vous|proposez vous|est ce que vous (?:avez|proposez)) "
    r"(?!my |mine |it |them |this |that |mein|mon |ma |mes |received |got |sent |seen |gotten |done )"
)
_PROPERTY = re.compile(
    rf"{_GREETED}(?:is|are|does|has|have|can|will|would|"
    r"how (?:heavy|big|long|tall|wide|high|large|small|thick|old|strong|many|much)|"
    r"what|which|ist|sind|hat|kann|wie|was|welche\w?|est|a|peut|quel\w*|combien|la|le|l) "
)
_OWN = re.compile(
    r" (?:my|mine|our|ours|mein\w{0,2}|unser\w{0,2}|mon|ma|mes|notre|nos|please|bitte|i|ich|je|j|we|wir|nous) "
)
_FRAME = frozenset(
    "sell selling stock carry have got verkaufen verkauft fuhren fuhrt haben habt vendez avez proposez "
    "auch noch also still any some".split()
)
_STOPS = frozenset(fold(word).strip(" .") for language in ("en", "de", "fr") for word in STOP_WORDS[language])
_STEM, _SHORTEST = 5, 3
"""So many letters of a word are compared; words of fewer than three say nothing."""

_ASKING = 0.25
"""A guide informs about goods when this share of its examples asks in general."""


_TELLING, _FEWEST = 0.8, 4
"""A guide is for what happened when this share of so many examples tells of something."""


class QuestionsBeside:
    """Tells questions that aren't for the guide that they sound like. Threads may share it.

    Args:
        examples: Of each guide, by its title, which stands last among them.
        products: Titles of products.
        language: What examples are mostly written in: the shop's own.
    """

    def __init__(
        self, examples: Mapping[str, Sequence[str]], products: Iterable[str] = (), *, language: str = "en"
    ) -> None:
        self._examples = {title: tuple(texts) for title, texts in examples.items()}
        self._language = language
        self._known: dict[str, frozenset[str] | None] = {}
        self._telling: dict[str, bool] = {}
        self._titles: dict[str, list[str]] = {}
        for title in products:
            folded = fold(title).strip(" .")
            if len(folded.split()) > 1:
                self._titles.setdefault(folded.split()[0], []).append(f" {folded} ")

    def are_beside(self, text: str, guide: str, *, language: str) -> bool:
        """Whether a text asks about goods that a guide says nothing of, or what may be where it is for what has been.

        Questions in another language than the examples can't be compared by words: there only "do you sell" is plain enough.

        Args:
            text: A message or a part of one.
            guide: The title of the guide that it is likest to.
            language: The text's.
        """
        folded = fold(text)
        own = _OWN.search(folded) is not None
        if not own and self._tells(guide) and only_asks(text):
            return True
        sells = _SELLS.search(folded) is not None
        if not sells and (own or not self._is_about_goods(folded)):
            return False
        words = self._words_of(guide) if sells or language == self._language else None
        if words is None:
            return False
        about = folded
        for title in self._named(folded):
            about = about.replace(title, " ")
        return words.isdisjoint(_stems(about))

    def _tells(self, guide: str) -> bool:
        """Whether a guide's examples tell of something that happened, nearly all of them, and none merely asks."""
        found = self._telling.get(guide)
        if found is None:
            texts = self._examples.get(guide, ())[:-1]
            told = sum(map(tells_of_something, texts))
            found = len(texts) >= _FEWEST and told >= _TELLING * len(texts) and not any(map(only_asks, texts))
            self._telling[guide] = found
        return found

    def _is_about_goods(self, folded: str) -> bool:
        return _HAS.search(folded) is not None or (_PROPERTY.search(folded) is not None and bool(self._named(folded)))

    def _named(self, folded: str) -> list[str]:
        """The products that a folded text names in full."""
        if not self._titles:
            return []
        return [title for word in set(folded.split()) for title in self._titles.get(word, ()) if title in folded]

    def _words_of(self, guide: str) -> frozenset[str] | None:
        """The beginnings of a guide's own words; None for one that asks about goods itself."""
        if guide not in self._known:
            # two threads may both find out; they find the same
            texts = self._examples.get(guide, ())
            asking = sum(asks_in_general(text) or _asks_for_goods(text) for text in texts)
            informs = not texts or asking >= _ASKING * len(texts)
            words = frozenset[str]().union(*(_stems(fold(text)) for text in texts))
            self._known[guide] = None if informs else words
        return self._known[guide]


def _asks_for_goods(text: str) -> bool:
    folded = fold(text)
    return _SELLS.search(folded) is not None or _HAS.search(folded) is not None


@lru_cache(maxsize=4_096)
def _stems(folded: str) -> frozenset[str]:
    words = content_words(folded)
    return frozenset(
        word[:_STEM] for word in words if len(word) >= _SHORTEST and word not in _STOPS and word not in _FRAME
    )
