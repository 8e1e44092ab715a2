"""Words of a statement that no source is the reason for: a channel, a cause, an act that somebody added.

Most of a sentence may stand in its sources while the one word that matters doesn't: "report the fault by telephone",
"as customs ask for it". So each word that isn't light ("available", "also") must stand in one of the two sections that
the sentence is nearest to, in some form, or mean nearly the same as a word there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from convagent.answering.figures_said import figures_in
from convagent.answering.operators import with_free_in_a_word
from convagent.answering.source_units import Section, written_words
from convagent.answering.stated_terms import common_share, content_terms, covered, known_terms, weighty_terms
from convagent.answering.word_nearness import nearest
from convagent.search import base_language

__all__ = ["ALIKE", "unfounded_words"]

ALIKE = 0.42
"""From this nearness on two words of one language say the same: synonyms have 0.5 and more, words that only belong to
the same matter 0.4 at most (docs/measured.md)."""


def unfounded_words(
    sentence: str, sections: Sequence[Section], *, language: str, asked: frozenset[str] = frozenset()
) -> Iterator[str]:
    """The words of a sentence that its sources don't give rise to.

    Args:
        sentence: In the sources' language.
        sections: Of all sources that it may rest on.
        language: Of both.
        asked: Terms of the question, which a sentence may take up.
    """
    base = base_language(language)
    sentence = with_free_in_a_word(sentence, base)
    terms = content_terms(sentence, base)
    needed = weighty_terms(sentence, base) - asked
    if not needed or not sections:
        return
    first = max(sections, key=lambda each: common_share(terms, each.terms))
    open_terms = frozenset(term for term in needed if not covered(term, first.terms))
    if not open_terms:
        return
    second = max(sections, key=lambda each: common_share(open_terms, each.terms))
    known, words = first.terms | second.terms, tuple(dict.fromkeys((*first.words, *second.words)))
    for word in written_words(_without_figures(sentence)):
        stated = weighty_terms(word, base) & open_terms
        if not stated or any(covered(term, known) for term in stated) or _is_parted(word, words, base):
            continue
        if nearest(word, words, language=base) < ALIKE:
            yield word


def _without_figures(sentence: str) -> str:
    """A sentence without its figures, which are held against the sources by themselves, such as "Mai" in "3. Mai"."""
    for figure in reversed(figures_in(sentence)):
        sentence = f"{sentence[: figure.start]} {sentence[figure.start + len(figure.words) :]}"
    return sentence


def _is_parted(word: str, words: tuple[str, ...], language: str) -> bool:
    """Whether a German verb stands there in two parts: "anmelden" where it says "Melden Sie … an"."""
    if language != "de" or (found := _SEPARABLE.match(word)) is None:
        return False
    rest = known_terms(found["rest"], language)
    return found["prefix"].casefold() in {each.casefold() for each in words} and any(
        rest & known_terms(each, language) for each in words
    )


_SEPARABLE = re.compile(
    r"(?P<prefix>ab|an|auf|aus|bei|ein|fest|her|hin|los|mit|nach|um|vor|weg|weiter|zu|zurück)(?:zu|ge)?(?P<rest>\w{4,})$",
    re.IGNORECASE,
)
