"""The words of a catalog's own fields, from its columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from convagent.catalog.own_fields.columns import COLOURED, KIND, MOST_VALUES, OwnFields
from convagent.catalog.own_fields.vocabulary import NO, NOTHING, YES, FieldWords, OwnVocabulary, Phrase
from convagent.catalog.own_fields.words import alternatives_of, canonical, figures_of, telling_words, tokens_of

__all__ = ["own_vocabulary"]

_FIGURES = 0.8
"""So many of a field's values, at least, are figures where it counts."""

_MOST_PARTS = 2
"""Words of a value that may stand for it alone, at most so many: "Brookmann", but none of "Screw on four legs"."""

_OFTEN = 2
"""A field that fewer products say is a remark on one of them."""


def own_vocabulary(
    columns: Iterable[OwnFields], *, language: str = "en", measured: Iterable[str] = ()
) -> OwnVocabulary:
    """The words of a catalog's own fields.

    Args:
        columns: Of its segments.
        language: Of the products' texts, without its country.
        measured: Typed measures that products say.
    """
    given = tuple(columns)
    values: dict[str, Counter[tuple[Phrase, str]]] = defaultdict(Counter)
    said: dict[str, Counter[str | None]] = defaultdict(Counter)
    products: Counter[str | None] = Counter()
    for each in given:
        for number, value in enumerate(each.values):
            if value.value and value.field != KIND:
                values[value.field][canonical(value.value), value.value] += each.times(number)
        for (kind, names), count in each.signatures.items():
            products[kind] += count
            for name in names:
                said[name][kind] += count
    fields: dict[str, FieldWords] = {}
    for name in sorted(values):
        made = _field(name, values[name], said[name])
        if made is not None:
            fields[name] = made
    phrases: dict[Phrase, list[str]] = defaultdict(list)
    parts: dict[str, list[tuple[str, Phrase]]] = defaultdict(list)
    for made in fields.values():
        if made.is_yes_or_no:
            continue
        for phrase in made.values:
            phrases[phrase].append(made.name)
            words = telling_words(made.values[phrase]) if len(phrase) > 1 else ()
            if 0 < len(words) <= _MOST_PARTS and not any(word[0].isdigit() for word in phrase):
                for word in words:
                    if len(word) > 3 and word.isalpha() and word not in made.words:
                        parts[word].append((made.name, phrase))
    kinds: dict[Phrase, list[str]] = defaultdict(list)
    for kind in products:
        if kind:
            kinds[canonical(kind)].append(kind)
    return OwnVocabulary(
        fields, {key: tuple(names) for key, names in phrases.items()}, {key: tuple(found) for key, found in parts.items()},
        {key: tuple(names) for key, names in kinds.items()}, products, frozenset(said[COLOURED]),
        frozenset(word for phrase in (*phrases, *kinds, *(each.words for each in fields.values())) for word in phrase),
        language, frozenset(measured),
    )  # fmt: skip


def _ends_of(value: str) -> tuple[str, ...]:
    """What a value such as "Sun to half shade" says by its parts, each in its own words."""
    ends = alternatives_of(value)[1:]
    words = tokens_of(value)
    found = []
    for end in ends:
        for at in range(len(words) - len(end) + 1):
            if tuple(token.key for token in words[at : at + len(end)]) == end:
                found.append(value[words[at].start : words[at + len(end) - 1].end])
                break
    return tuple(found)


def _field(name: str, values: Counter[tuple[Phrase, str]], said: Counter[str | None]) -> FieldWords | None:
    """A field, where more than one product says it, in words that may be met again."""
    if sum(said.values()) < _OFTEN or len(values) >= MOST_VALUES:
        return None
    shown: dict[Phrase, str] = {}
    times: Counter[Phrase] = Counter()
    for (phrase, value), count in sorted(values.items(), key=lambda each: (-each[1], each[0])):
        shown.setdefault(phrase, value)
        times[phrase] += count
    for value in tuple(shown.values()):
        for part in _ends_of(value):
            shown.setdefault(canonical(part), part)
    words = [" ".join(phrase) for phrase in shown]
    figures = [found for value in shown.values() if (found := figures_of(value)) is not None]
    units = Counter(found.unit for found in figures)
    unit = None
    if figures and len(figures) >= _FIGURES * len(shown):
        usual, often = units.most_common(1)[0]
        unit = usual if often >= _FIGURES * len(figures) else None
    return FieldWords(
        name=name, words=telling_words(name) or canonical(name), values=shown, times=times, said=said,
        has_ranges=any(found.low != found.high for found in figures),
        is_yes_or_no=all(word in YES or word in NO for word in words), unit=unit,
        nothing=tuple(value for phrase, value in shown.items() if len(phrase) == 1 and phrase[0] in NOTHING),
    )  # fmt: skip
