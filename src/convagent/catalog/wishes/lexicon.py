"""Words for kinds of products and for what they are like, in English, German and French, by what they mean.

`kinds.txt` and `qualities.txt` beside this file hold them: plurals, cases and accents are no words of their own, and German
compounds are taken apart where they aren't listed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from convagent.catalog.attributes.material_words import MATERIALS
from convagent.search import Tokeniser
from convagent.search.stop_words import STOP_WORDS

__all__ = ["LANGUAGES", "Concept", "Lexicon", "Met", "stems", "the_lexicon"]

LANGUAGES = ("en", "de", "fr")
_WORD = re.compile(r"[^\W\d_]+[0-9]*|[0-9]+")
_LONGEST = 5
_LONGEST_COMPOUND = 40
_SHORTEST_STEMMED = 5
_SHORT = 400
"""Characters of a text whose reading is remembered."""
_LINKING = ("", "s", "es", "n", "en", "er", "e")
_ELIDED = re.compile(r"\b[dlnjmtsc]['’](?=\w)|\bqu['’](?=\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """A meaning with its words.

    Args:
        name: Its first English word.
        sort: "kind" of a product, "quality", or "material".
        words: Its words by language.
        wider: Names of the kinds that it is one of.
    """

    name: str
    sort: str
    words: dict[str, tuple[str, ...]]
    wider: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Met:
    """Words of a text that mean something.

    Args:
        start: Where they begin.
        end: Where they end.
        concepts: What they may mean; empty for a word that isn't known.
        language: The language in which they mean it.
        place: Counted from 0 among the words and phrases of the text.
        head: Whether it is the last part of a compound, or no compound at all.
    """

    start: int
    end: int
    concepts: tuple[Concept, ...]
    language: str
    place: int
    head: bool = True


@cache
def _tokeniser(language: str) -> Tokeniser:
    return Tokeniser(language, stop_words=frozenset())


_STEMS: dict[str, dict[str, str]] = {}
"""The stems of words that were met, by language. Plain dicts of text: the garbage collector need not look through them."""

_MOST_STEMS = 50_000


def _stem(word: str, language: str) -> str:
    met = _STEMS.setdefault(language, {})
    found = met.get(word)
    if found is None:
        found = _stemmed(word, language)
        if len(met) >= _MOST_STEMS:
            met.clear()
        met[word] = found
    return found


def _stemmed(word: str, language: str) -> str:
    plain = word.casefold().replace("ß", "ss")
    if language == "de":
        plain = plain.replace("ä", "a").replace("ö", "o").replace("ü", "u")
    if plain.isdigit():
        return plain
    found = _tokeniser(language).terms_of([plain])
    stem = found[-1] if found else plain
    return stem[:-1] if language == "fr" and len(stem) > 4 and stem[-1] in "sx" else stem


@lru_cache(maxsize=50_000)
def _singular(word: str) -> str:
    """An English word without the ending of a plural."""
    plain = word.casefold()
    if len(plain) > 4 and plain.endswith("ies"):
        return f"{plain[:-3]}y"
    if len(plain) > 4 and plain.endswith(("ses", "xes", "shes", "ches")):
        return plain[:-2]
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is")) else plain


_SAME_WORD: dict[str, Callable[[str], str]] = {"en": _singular, "de": str.casefold, "fr": str.casefold}


def _words(text: str) -> list[tuple[str, int, int]]:
    text = _ELIDED.sub(lambda match: " " * len(match[0]), text)
    return [(match[0], *match.span()) for match in _WORD.finditer(text)]


def stems(text: str, language: str) -> tuple[str, ...]:
    """The stems of a text's words, for comparison: hyphens and elided articles don't count."""
    if "'" in text or "’" in text:
        text = _ELIDED.sub(" ", text)
    return tuple([_stem(word, language) for word in _WORD.findall(text)])


_SHORT_HEADS = re.compile(
    r"(?:(?<!g)|(?<=[^n]ing))(?<!kame)(?<!kon)(?<!con)rad|(?<!komi)tee|(?<![fr])uhr|(?<!ob)(?<!vor)(?<!nach)hut",
    re.IGNORECASE,
)
"""Things of three letters that compounds end in, and what else ends so: "Trekkingrad", but not "Wirkungsgrad"."""


def _ends_in_a_short_head(word: str) -> bool:
    return _SHORT_HEADS.fullmatch(word, len(word) - 3) is not None


class Lexicon:
    """Words by what they mean. Made once; safe to share between threads.

    Args:
        concepts: The meanings.

    Attributes:
        concepts: By name and sort.
    """

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = {(concept.sort, concept.name): concept for concept in concepts}
        self._narrower: dict[str, list[Concept]] = defaultdict(list)
        self._phrases: dict[str, dict[tuple[str, ...], tuple[Concept, ...]]] = {each: {} for each in LANGUAGES}
        self._exact: dict[str, dict[tuple[str, ...], tuple[Concept, ...]]] = {each: {} for each in LANGUAGES}
        self._single: dict[str, dict[str, str]] = {each: {} for each in LANGUAGES}
        self._parts_of_phrases: dict[str, set[str]] = {each: set() for each in LANGUAGES}
        self._begun: dict[str, dict[str, set[int]]] = {each: {} for each in LANGUAGES}
        for concept in concepts:
            for wider in concept.wider:
                self._narrower[wider].append(concept)
            for language, words in concept.words.items():
                for phrase in words:
                    key = stems(phrase, language)
                    known = self._phrases[language].get(key, ())
                    if concept not in known:
                        self._phrases[language][key] = (*known, concept)
                    self._parts_of_phrases[language].update(key)
                    self._begin(language, key)
                    exact = tuple(_SAME_WORD[language](word) for word, _, _ in _words(phrase))
                    self._begin(language, exact)
                    if concept not in self._exact[language].get(exact, ()):
                        self._exact[language][exact] = (*self._exact[language].get(exact, ()), concept)
                    if len(key) == 1:
                        self._single[language][phrase.casefold()] = key[0]

    def _begin(self, language: str, key: tuple[str, ...]) -> None:
        """Notes how many words a phrase has that begins so: where none does, no phrase need be looked up."""
        if len(key) > 1:
            self._begun[language].setdefault(key[0], set()).add(len(key))

    @lru_cache(maxsize=20_000)  # noqa: B019 - there is one lexicon
    def _sizes(self, word: str, language: str) -> frozenset[int]:
        """How many words phrases may have that begin with a word."""
        begun = self._begun[language]
        return frozenset({*begun.get(_SAME_WORD[language](word), ()), *begun.get(_stem(word, language), ())})

    def kind(self, name: str) -> Concept | None:
        """The kind of this English name."""
        return self.concepts.get(("kind", name))

    def narrower(self, concept: Concept) -> list[Concept]:
        """The kinds that a kind has of its own."""
        return self._narrower.get(concept.name, []) if concept.sort == "kind" else []

    def wider(self, concept: Concept) -> list[Concept]:
        """The kinds that a kind is one of."""
        return [found for name in concept.wider if (found := self.kind(name))]

    def words(self, language: str) -> dict[str, str]:
        """Single words of a language, in lower case, each with its stem."""
        return self._single.get(language, {})

    def knows(self, word: str, language: str) -> bool:
        """Whether a single word means something in a language, alone or as a compound of words that do."""
        return bool(self._alone(word, language))

    def has_word(self, word: str, language: str) -> bool:
        """Whether a word means something, alone or within a phrase.

        Args:
            word: A single word.
            language: Its language.
        """
        return _stem(word, language) in self._parts_of_phrases.get(language, ()) or self.knows(word, language)

    def _meaning(self, words: Sequence[str], language: str) -> tuple[Concept, ...] | None:
        """What words mean as they are, but for their plurals; else by their stems: "bedding" is no bed."""
        exact = self._exact[language].get(tuple(map(_SAME_WORD[language], words)))
        if exact or (len(words) == 1 and len(words[0]) < _SHORTEST_STEMMED):
            return exact
        return self._phrases[language].get(tuple(_stem(word, language) for word in words))

    @lru_cache(maxsize=20_000)  # noqa: B019 - there is one lexicon
    def _foreign(self, word: str, language: str) -> tuple[tuple[tuple[Concept, ...], bool], ...]:
        """What a word means in another language than that of the text: as it is written, for "better" is no "Bett"."""
        found = self._exact[language].get((_SAME_WORD[language](word),))
        return ((found, True),) if found else ()

    @lru_cache(maxsize=20_000)  # noqa: B019 - there is one lexicon
    def _alone(self, word: str, language: str) -> tuple[tuple[tuple[Concept, ...], bool], ...]:
        """What a word means; of a German compound what its parts mean, the last one as the head."""
        found = self._meaning((word,), language)
        if found:
            return ((found, True),)
        if language != "de" or not 7 <= len(word) <= _LONGEST_COMPOUND:
            return ()
        parts = self._parts(word.casefold())
        return tuple([(part, at == len(parts) - 1) for at, part in enumerate(parts)])

    @lru_cache(maxsize=20_000)  # noqa: B019 - there is one lexicon
    def _parts(self, word: str) -> tuple[tuple[Concept, ...], ...]:
        phrases = self._phrases["de"]
        for cut in range(3, len(word) - 2):  # the longest last part first
            last = phrases.get((_stem(word[cut:], "de"),))
            if not last or (len(word) - cut < 4 and not _ends_in_a_short_head(word)):
                continue
            first = word[:cut]
            for link in _LINKING:
                if link and not first.endswith(link):
                    continue
                base = first[: len(first) - len(link)]
                if len(base) < 3:
                    continue
                known = phrases.get((_stem(base, "de"),))
                if known:
                    return known, last
                inner = self._parts(base) if len(base) > 6 else ()
                if inner:
                    return (*inner, last)
            if cut >= 4:  # what it is matters most, whatever the first part says
                return ((), last)
        return ()

    def read(self, text: str, languages: Sequence[str]) -> list[Met]:
        """What the words of a text mean, the longest phrases first; words without a meaning stand there too.

        Args:
            text: Any text.
            languages: Languages to look in, in this order.
        """
        read = self._remembered if len(text) <= _SHORT else self._read
        return list(read(text, tuple(languages)))

    @lru_cache(maxsize=256)  # noqa: B019 - there is one lexicon; one wish has the same words looked at several times
    def _remembered(self, text: str, languages: tuple[str, ...]) -> tuple[Met, ...]:
        return self._read(text, languages)

    def _read(self, text: str, languages: tuple[str, ...]) -> tuple[Met, ...]:
        words = _words(text)
        found: list[Met] = []
        at = place = 0
        while at < len(words):
            step, met = self._at(words, at, languages)
            start, end = words[at][1], words[at + step - 1][2]
            if met:
                found += [Met(start, end, concepts, language, place, head) for concepts, language, head in met]
            else:
                found.append(Met(start, end, (), languages[0], place))
            at += step
            place += 1
        return tuple(found)

    def _at(
        self, words: list[tuple[str, int, int]], at: int, languages: Sequence[str]
    ) -> tuple[int, list[tuple[tuple[Concept, ...], str, bool]]]:
        word, left = words[at][0], len(words) - at
        sizes = [self._sizes(word, language) for language in languages]
        longest = max(size for size in (1, *frozenset().union(*sizes)) if size <= left)
        for size in range(min(_LONGEST, longest), 0, -1):
            for language, of_phrases in zip(languages, sizes, strict=True):
                if size > 1:
                    if size not in of_phrases:
                        continue
                    concepts = self._meaning([word for word, _, _ in words[at : at + size]], language)
                    if concepts:
                        return size, [(concepts, language, True)]
                elif word.casefold() not in STOP_WORDS.get(languages[0], ()):
                    alone = self._alone(word, language) if language == languages[0] else self._foreign(word, language)
                    if alone:
                        return 1, [(concepts, language, head) for concepts, head in alone]
        return 1, []


def _lines(name: str) -> Iterator[str]:
    text = files("convagent.catalog.wishes").joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def _concepts(name: str, sort: str) -> Iterator[Concept]:
    for line in _lines(name):
        columns = [[each.strip() for each in column.split(",") if each.strip()] for column in line.split(" /")]
        en, de, fr, wider = (*columns, [], [], [], [])[:4]
        yield Concept(en[0], sort, {"en": tuple(en), "de": tuple(de), "fr": tuple(fr)}, tuple(wider))


@cache
def the_lexicon() -> Lexicon:
    """The lexicon that ships with the package; read at the first call."""
    made = [*_concepts("kinds.txt", "kind"), *_concepts("qualities.txt", "quality")]
    for name, words in MATERIALS.items():
        # Their languages aren't told apart; English ones are found by themselves.
        told = tuple(word for word in words.split("|") if word not in {"pin", "tin", "fer", "or massif", "half", "abs"})
        made.append(
            Concept(name, "material", {"en": (name,), "de": told, "fr": (*told, *(("fer",) * (name == "iron")))})
        )
    return Lexicon(made)
