"""Demands of the shop's own fields in a shopper's words: values, names with values, yes or no, figures with their bounds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from convagent.catalog.attributes.allergens import allergens_named
from convagent.catalog.own_fields.around import bound_before, is_preferred, refused_from
from convagent.catalog.own_fields.matter import Matter
from convagent.catalog.own_fields.model import FieldDemand
from convagent.catalog.own_fields.vocabulary import FieldWords, OwnVocabulary
from convagent.catalog.own_fields.words import tokens_of, unit_of

__all__ = ["ReadFields", "counts_for_a_field", "read_own_fields"]

_LONGEST = 6
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_CURRENCY = re.compile(r"[€$£¥]|\b(?:eur|usd|gbp|chf)\b", re.IGNORECASE)
_OF_MANY_THINGS = frozenset({"in", "mm", "g", "ml", "min"})
"""Units that many a thing is measured in; alone they tell no field."""

_TIMES = frozenset({"min"})
"""Of these, nothing else than the only field that counts so is meant of a kind of product: "a game, 45 minutes at most"."""

_HAVING = re.compile(
    r"\b(?:with|has|have|having|runs?\s+on|works?\s+on|powered\s+by|mit|hat|haben|läuft\s+(?:auf|mit)|avec|a|ont|fonctionne\s+(?:sur|à))\s+"
    r"(?:(?:an?|its|built-in|eine[mnr]?|eigene[mnrs]?|une?|sa|son)\s+){0,2}$",
    re.IGNORECASE,
)
"""What stands before something that a product is to have."""

_LINK = re.compile(r"\s*(?:,|/|&|or|and|oder|und|ou|et)?\s*(?:or|and|oder|und|ou|et)?\s*", re.IGNORECASE)
_MORE = re.compile(r"\b(?:max|maximum|maximal|maximale|up to|capacity|limit)\b", re.IGNORECASE)
_LESS = re.compile(r"\b(?:min|minimum|minimal|minimale)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadFields:
    """What was read.

    Args:
        demands: In the text's order.
        spans: Where their words stand.
        kinds: The shop's kinds that its own words name.
    """

    demands: tuple[FieldDemand, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Met:
    """A demand where it was met: its tokens, and its place in the text."""

    first: int
    last: int
    start: int
    end: int
    demand: FieldDemand


def read_own_fields(text: str, vocabulary: OwnVocabulary, *, language: str) -> ReadFields:
    """Read what a text demands of the shop's own fields.

    A value counts where the field is one of the kind that is looked for, or one of many products' where no kind is named, and
    where its word doesn't mean something else to shoppers; next to the name of its field it always counts. What a word may mean
    in several fields is met by each of them.

    Args:
        text: A shopper's words; what was read already is blank.
        vocabulary: What the catalog calls its fields.
        language: Of the words.
    """
    if not (vocabulary.fields or vocabulary.kinds) or not text.strip():
        return ReadFields()
    reader = _Reader(text, vocabulary, language)
    read = reader.read()
    if not reader.sought.kinds and read.demands and (kinds := _kinds_with(read.demands, vocabulary)):
        # "moka pot for induction": what is said of such products alone is meant of them
        reader = _Reader(text, vocabulary, language)
        reader.sought = replace(reader.sought, kinds=kinds)
        return reader.read()
    return read


def counts_for_a_field(text: str, start: int, end: int, vocabulary: OwnVocabulary) -> bool:
    """Whether a bare number that could be a price is a field's: "at most 350 pages", "strength of at least 4".

    Args:
        text: A shopper's words.
        start: Where the words of its bound begin.
        end: Where it ends.
        vocabulary: What the catalog calls its fields.
    """
    if not text[start:end].rstrip()[-1:].isdigit() or _CURRENCY.search(text[start:end]):
        return False
    counted = vocabulary.words_of_counted
    behind = tokens_of(text[end : end + 40])[:1]
    before = [token for token in tokens_of(text[max(0, start - 40) : start]) if not token.says_nothing][-1:]
    return any(token.key in counted for token in (*behind, *before))


def _is_limit(field: FieldWords) -> bool:
    """Whether a field's figure is the most, or the least, that is possible."""
    return bool(_MORE.search(field.name) or _LESS.search(field.name))


def _kinds_with(demands: Sequence[FieldDemand], vocabulary: OwnVocabulary) -> tuple[str, ...]:
    """The kinds of which all of these fields are said; none where that is every kind."""
    found = tuple(
        kind for kind in vocabulary.products
        if kind and all(any(vocabulary.fields[name].said.get(kind) for name in each.fields) for each in demands)
    )  # fmt: skip
    return found if len(found) < len(vocabulary.products) else ()


class _Reader(Matter):
    def __init__(self, text: str, vocabulary: OwnVocabulary, language: str) -> None:
        super().__init__(text, vocabulary, language)
        self.met: list[_Met] = []

    def read(self) -> ReadFields:
        at = 0
        while at < len(self.tokens):
            found = self._at(at)
            if found is not None and not self._is_theirs(at):
                self.met.append(found)
                self.taken.update(range(found.first, found.last + 1))
                at = found.last + 1
            else:
                at += 1
        return self._joined()

    def _at(self, at: int) -> _Met | None:
        return self._figure(at) or self._value(at) or self._yes_or_no(at) or self._part(at)

    # ---- values
    def _value(self, at: int) -> _Met | None:
        token = self.tokens[at]
        if token.key[0].isdigit():
            bound = bound_before(self.text, token.start, token.end)
            if bound.least or bound.most:
                return None  # of a figure with a bound no single value is meant
        for size in range(min(_LONGEST, len(self.tokens) - at), 0, -1):
            phrase = tuple(token.key for token in self.tokens[at : at + size])
            names = self.known.phrases.get(phrase)
            if not names or (size == 1 and at in self.sought.heads):
                continue
            if self._is_within_a_kind(at, size):
                continue
            fields = self._meant(names, at, at + size - 1, alone=self._tells_alone(phrase, at))
            if fields:
                return self._made(at, at + size - 1, fields, (fields[0].values[phrase],))
        return None

    def _is_within_a_kind(self, at: int, size: int) -> bool:
        """Whether words belong to a kind of several words that goes on beyond them."""
        return any(
            place in self.sought.protected
            and not (at <= self.sought.protected[place][0] and self.sought.protected[place][1] < at + size)
            for place in range(at, at + size)
        )  # fmt: skip

    def _part(self, at: int) -> _Met | None:
        """A word of a longer value, such as an author's last name, where only one field has it."""
        token = self.tokens[at]
        found = self.known.parts.get(token.key, ())
        names = {name for name, _ in found}
        if (
            len(names) != 1
            or at in self.sought.heads
            or at in self.sought.protected
            or token.says_nothing
            or self._is_common(at, at)
        ):
            return None
        fields = self._meant(tuple(names), at, at, alone=self._tells_alone((token.key,), at))
        if not fields:
            return None
        values = sorted({fields[0].values[phrase] for _, phrase in found})
        return self._made(at, at, fields, tuple(values)) if len(values) <= _LONGEST else None

    # ---- yes or no
    def _yes_or_no(self, at: int) -> _Met | None:
        if at in self.sought.protected:
            return None
        for field in self.known.fields_of_word.get(self.tokens[at].key, ()):
            words = field.words
            last = self._all_of(words, at)
            if last is None or (len(words) == 1 and at in self.sought.heads):
                continue
            if not field.is_yes_or_no:
                if field.nothing and (self._refused(at) is not None or self._is_free_of(last)):
                    return self._nothing_of(field, at, last)
                if field.nothing and _HAVING.search(self.text[: self.tokens[at].start]):
                    demand = FieldDemand((field.name,), field.nothing, refused=True)
                    if self._meant((field.name,), at, last, alone=True):
                        return self._made(at, last, [field], (), demand=demand)
                continue
            if not self._meant((field.name,), at, last, alone=True):
                continue
            yes = next(
                (value for phrase, value in field.values.items() if phrase[0] in {"yes", "true", "ja", "oui", "y"}),
                "yes",
            )
            return self._made(at, last, [field], (yes,))
        return None

    def _all_of(self, words: Sequence[str], at: int) -> int | None:
        """The place of the last of several words that stand together in whatever order, with nothing of weight between."""
        left = set(words) - {self.tokens[at].key}
        last = at
        for place in range(at + 1, min(len(self.tokens), at + len(words) + 3)):
            if not left:
                break
            key = self.tokens[place].key
            if key in left:
                left.discard(key)
                last = place
            elif not self.tokens[place].says_nothing:
                break
        return None if left else last

    def _refused(self, at: int) -> int | None:
        return refused_from(self.text, self.tokens[at].start)

    def _is_free_of(self, last: int) -> bool:
        return last + 1 < len(self.tokens) and self.tokens[last + 1].key in {"free", "frei"}

    def _nothing_of(self, field: FieldWords, first: int, last: int) -> _Met | None:
        words = self.text[self.tokens[first].start : self.tokens[last].end]
        if allergens_named([words]):
            return None  # what must not be in it is read where it is known what that takes
        start = self._refused(first)
        end = last + 1 if start is None else last
        begin = self.tokens[first].start if start is None else start
        return _Met(first, end, begin, self.tokens[end].end, FieldDemand((field.name,), field.nothing))

    # ---- figures
    def _figure(self, at: int) -> _Met | None:
        key = self.tokens[at].key
        if not _NUMBER.fullmatch(key):
            return None
        number, unit, last = Decimal(key), "", at
        word = ""
        if at + 1 < len(self.tokens) and not self.tokens[at + 1].key[0].isdigit():
            following = self.tokens[at + 1]
            word = self.text[following.start : following.end]
            unit, factor = unit_of(word) if following.key != "in" else ("in", Decimal(1))
            counted = any(field.unit == unit for field in self.known.counted)
            if counted:
                number, last = number * factor, at + 1
            else:
                unit = ""
        bound = bound_before(self.text, self.tokens[at].start, self.tokens[last].end)
        candidates = [
            field for field in self.known.counted
            if (field.unit == unit or (not field.unit and not unit))
            and (not self.sought.kinds or self._share(field) > 0)
        ]  # fmt: skip
        # the name may stand before the words of the bound: "pile height of at least 12 mm"
        begins = next((place for place, token in enumerate(self.tokens) if token.start >= bound.start), at)
        near = [field for field in candidates if self._is_named(field, begins, last)]
        if near:
            most = max(self._named(field, begins, last) for field in near)
            near = [field for field in near if self._named(field, begins, last) >= most]
        elif unit and (bound.least or bound.most or not self._has_value(at, last) or all(map(_is_limit, candidates))):
            alone = unit in _TIMES and len(candidates) == 1 and bool(self.sought.kinds)
            near = [] if unit in _OF_MANY_THINGS and not alone else candidates
        if not near and not unit:
            near = self._of_the_last(candidates, at)
        if not near:
            return None
        least, most_ = self._bounds(number, bound.least, bound.most, strict=bound.strict and not unit)
        if not bound.least and not bound.most:
            if (values := self._exactly(near, at, last)) is not None:
                return self._made(at, last, near, values)
            if all(_MORE.search(field.name) for field in near):
                most_ = None
            elif all(_LESS.search(field.name) for field in near):
                least = None
        if bound.low is not None:
            least = bound.low * (unit_of(word)[1] if unit else Decimal(1))
        demand = FieldDemand(tuple(field.name for field in near), at_least=least, at_most=most_, unit=unit)
        made = self._made(at, last, near, (), demand=demand)
        own = {word for field in near for word in field.words}
        while begins > 0 and (self.tokens[begins - 1].key in own or self.tokens[begins - 1].says_nothing):
            begins -= 1  # "strength of at least 4"
        while begins < at and self.tokens[begins].says_nothing:
            begins += 1
        named = self.tokens[begins].start if self.tokens[begins].key in own else made.start
        return replace(made, start=min(made.start, bound.start, named), end=max(made.end, bound.end))

    def _of_the_last(self, candidates: Sequence[FieldWords], at: int) -> list[FieldWords]:
        """The fields that were read last, of a bare figure that is refused: "at least 500 pieces, but not 1000"."""
        if not self.met or refused_from(self.text, self.tokens[at].start) is None:
            return []
        last = self.met[-1].demand.fields
        return [field for field in candidates if field.name in last and (self.tokens[at].key,) in field.values]

    def _exactly(self, fields: Sequence[FieldWords], first: int, last: int) -> tuple[str, ...] | None:
        """The figure as the shop writes it, where it is a value of fields without ranges and limits."""
        phrase = tuple(token.key for token in self.tokens[first : last + 1])
        if any(phrase not in field.values or _is_limit(field) or field.has_ranges for field in fields):
            return None
        return (fields[0].values[phrase],)

    def _has_value(self, first: int, last: int) -> bool:
        return tuple(token.key for token in self.tokens[first : last + 1]) in self.known.phrases

    @staticmethod
    def _bounds(number: Decimal, least: bool, most: bool, *, strict: bool) -> tuple[Decimal | None, Decimal | None]:
        step = Decimal(1) if strict and number == number.to_integral_value() else Decimal(0)
        if least and not most:
            return number + step, None
        if most and not least:
            return None, number - step
        return number, number

    # ---- together
    def _made(
        self,
        first: int,
        last: int,
        fields: Sequence[FieldWords],
        values: tuple[str, ...],
        *,
        demand: FieldDemand | None = None,
    ) -> _Met:
        """A demand with the words of its field's name that stand right beside it, and the refusal before it."""
        own = {word for field in fields for word in field.words if word not in self.sought.words}
        low, high = first, last
        while (nearer := self._named_at(low - 1, own)) is not None:
            low = nearer
        while (nearer := self._named_at(high + 1, own)) is not None:
            high = nearer
        if (
            high + 2 < len(self.tokens)
            and self.tokens[high + 1].says_nothing
            and self._named_at(high + 2, own) is not None
        ):
            high += 2  # "low in caffeine"
        start, end = self.tokens[low].start, self.tokens[high].end
        refused = refused_from(self.text, start)
        made = demand or FieldDemand(tuple(field.name for field in fields), values)
        if refused is not None and not made.refused:
            made = replace(made, refused=True)
            start = refused
        elif is_preferred(self.text, start, end):
            made = replace(made, preferred=True)
        return _Met(low, high, start, end, made)

    def _named_at(self, place: int, words: Iterable[str]) -> int | None:
        """The place, where a word of a field's name stands there that nothing else has taken."""
        if not 0 <= place < len(self.tokens) or self.tokens[place].key not in words:
            return None
        return None if place in self.sought.protected or place in self.taken else place

    def _joined(self) -> ReadFields:
        """The demands, "light or medium" as one; a value that is refused and wanted is neither."""
        found: list[_Met] = []
        for each in self.met:
            before = found[-1] if found else None
            if (
                before is not None and before.demand.fields == each.demand.fields and before.demand.values and each.demand.values
                and before.demand.preferred == each.demand.preferred
                and (before.demand.refused == each.demand.refused or before.demand.refused)
                and _LINK.fullmatch(self.text[before.end : each.start])
            ):  # fmt: skip
                values = tuple(dict.fromkeys((*before.demand.values, *each.demand.values)))
                found[-1] = replace(before, last=each.last, end=each.end, demand=replace(before.demand, values=values))
            else:
                found.append(each)
        spans = tuple((each.start, each.end) for each in found)
        return ReadFields(tuple(each.demand for each in found), spans, self.sought.exactly)
