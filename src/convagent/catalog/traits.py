"""What products are by their attributes, in columns: kinds, materials, allergens, ages, measures, whom and what they are for.

What many products share is kept once: a column holds for each product the number of what it says, and a question is put to
each thing that is said, not to each product.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.attributes.model import ALLERGENS, Audience
from convagent.catalog.kept_parts import joined_rows, plain, read_parts, rows_apart, unplain, write_parts
from convagent.catalog.moves import Moves
from convagent.catalog.wishes.lexicon import Concept, the_lexicon
from convagent.catalog.wishes.model import Bound, Measured, Wish
from convagent.catalog.wishes.refusals import families_of

__all__ = ["NARROWER", "Column", "Range", "Statuses", "Traits", "kinds_below"]

Said = TypeVar("Said", bound=Hashable)
Masks = NDArray[np.bool_]

NARROWER = 0.75
"""How much what is one of a kind is of that kind, beside what bears its name."""

_ADULTS: frozenset[Audience] = frozenset(("women", "men", "adults"))
_YOUNG: frozenset[Audience] = frozenset(("children", "girls", "boys", "babies"))
_MALE: frozenset[Audience] = frozenset(("men", "boys"))
_FEMALE: frozenset[Audience] = frozenset(("women", "girls"))
_CHILD_BELOW = 13 * 12
"""Months: whoever is younger needs nothing that is made for adults alone."""

Range = tuple[Measured, float, float]
Statuses = tuple[int, ...]


class Column(Generic[Said]):
    """What each product says of one matter.

    Args:
        profiles: For each product the number of all that it says.
        numbers: For each of these the number of what it says of this matter.
        said: What is said of it.
    """

    def __init__(self, profiles: NDArray[np.int32], numbers: NDArray[np.int32], said: Sequence[Said]) -> None:
        self.profiles, self.numbers, self.said = profiles, numbers, said

    def __len__(self) -> int:
        """How many products."""
        return len(self.profiles)

    def where(self, holds: Callable[[Said], bool]) -> Masks:
        """The products of which something holds."""
        found = np.array([holds(each) for each in self.said], dtype=np.bool_)
        return cast(Masks, found[self.numbers][self.profiles])

    def worth(self, value: Callable[[Said], float]) -> NDArray[np.float32]:
        """For each product what it says is worth."""
        found = np.array([value(each) for each in self.said], dtype=np.float32)
        return found[self.numbers][self.profiles]


class Traits:
    """The columns; immutable.

    Args:
        kinds: For each kind by its English name the products that are of it.
        materials: Names of materials.
        allergens: For each of `ALLERGENS` 0 (unknown), 1 (not declared), 2 (may contain) or 3 (contains).
        ages: Pairs of the first and the last month, None where that is open.
        measures: What is measured, from the smallest to the largest.
        audience: Whom it is for.
        uses: What for.
        consumed: Whether it is eaten, drunk, swallowed or put on the skin: it says what is in it.
        weights: What each product's first variant weighs with its packing, in grams; NaN where that isn't known.
    """

    def __init__(
        self, *, kinds: dict[str, NDArray[np.int32]], materials: Column[frozenset[str]], allergens: Column[Statuses],
        ages: Column[tuple[tuple[int | None, int | None], ...]], measures: Column[tuple[Range, ...]],
        audience: Column[frozenset[Audience]], uses: Column[frozenset[str]],
        consumed: Column[bool], weights: NDArray[np.float32],
    ) -> None:  # fmt: skip
        self._kinds = kinds
        self._by_name: dict[str, Column[Any]] = {
            "materials": materials, "allergens": allergens, "ages": ages, "measures": measures, "audience": audience,
            "uses": uses, "consumed": consumed,
        }  # fmt: skip
        self._materials, self._allergens, self._ages, self._measures = materials, allergens, ages, measures
        self._audience, self._uses, self._consumed, self._weights = audience, uses, consumed, weights
        self._with_a_kind: Masks | None = None
        # Masks of large catalogs take some memory: those of the last few questions are kept.
        self._kept = lru_cache(maxsize=16)(self._masks)
        self._suiting = lru_cache(maxsize=16)(self._suited)

    def save(self, folder: Path) -> None:
        """Writes the columns into a folder, which is made if need be.

        Raises:
            OSError: It can't be written.
        """
        kinds, names = joined_rows(self._kinds, "kinds")
        write_parts(
            folder,
            {"profiles": self._uses.profiles, "weights": self._weights, **kinds,
             **{name: column.numbers for name, column in self._by_name.items()}},
            {"kinds": names, **{name: [plain(each) for each in column.said] for name, column in self._by_name.items()}},
        )  # fmt: skip

    @classmethod
    def load(cls, folder: Path) -> Traits:
        """What `save` wrote, memory-mapped.

        Raises:
            OSError: There is nothing.
            ValueError: It is damaged.
        """
        arrays, told = read_parts(folder)
        columns: dict[str, Column[Any]] = {
            name: Column(arrays["profiles"], arrays[name], tuple(map(unplain, said)))
            for name, said in told.items()
            if name != "kinds"
        }
        return cls(kinds=rows_apart(arrays, "kinds", told["kinds"]), weights=arrays["weights"], **columns)

    def renewed(self, moves: Moves, added: Traits) -> Traits:
        """The columns of the products that are kept and of new ones.

        Args:
            moves: Where the products stand.
            added: The columns of the new ones.
        """
        before, new = self._uses.profiles, added._uses.profiles
        past = len(self._uses.numbers)
        used, profiles = np.unique(moves.joined(before, new + np.int32(past)), return_inverse=True)
        columns: dict[str, Column[Any]] = {}
        for name, ours in self._by_name.items():
            others = added._by_name[name]
            known = {said: number for number, said in enumerate(dict.fromkeys((*ours.said, *others.said)))}
            numbers = np.array([known[said] for each in (ours, others) for said in each.said], dtype=np.int32)
            of_profiles = numbers[np.concatenate([ours.numbers, others.numbers + np.int32(len(ours.said))])][used]
            told, numbered = np.unique(of_profiles, return_inverse=True)
            all_said = tuple(known)
            columns[name] = Column(
                profiles.astype(np.int32), numbered.astype(np.int32), tuple(all_said[each] for each in told.tolist())
            )
        kinds = moves.rows(self._kinds, added._kinds)
        return Traits(kinds=kinds, weights=moves.joined(self._weights, added._weights), **columns)

    def meeting(self, wish: Wish) -> Masks | None:
        """Which products meet what a wish demands of attributes; None where it demands nothing of them.

        Args:
            wish: Its materials, allergens, ages, bounds, whom it is for and the kinds that it refuses are looked at.
        """
        return self._kept(
            wish.materials, wish.without_materials, wish.without_allergens, wish.ages, wish.bounds, wish.without_kinds,
            wish.audience, wish.shared,
        )  # fmt: skip

    def _masks(
        self, materials: tuple[str, ...], without_materials: tuple[str, ...], without_allergens: tuple[str, ...],
        ages: tuple[int, ...], bounds: tuple[Bound, ...], without_kinds: tuple[str, ...], audience: tuple[Audience, ...],
        shared: bool,
    ) -> Masks | None:  # fmt: skip
        masks: list[Masks] = []
        if others := _never_for(frozenset(audience)):
            masks.append(self._audience.where(lambda said: not said or not said <= others))
        if without_kinds:
            lexicon = the_lexicon()
            refused_kinds = self.of_kinds(kind for name in without_kinds if (kind := lexicon.kind(name)) is not None)
            if refused_kinds is not None:
                masks.append(refused_kinds < NARROWER)
        if materials:
            wanted = frozenset().union(*(families_of(each) for each in materials))
            masks.append(self._materials.where(lambda said: not said.isdisjoint(wanted)))
        if without_materials:
            refused = frozenset().union(*(families_of(each) for each in without_materials))
            masks.append(self._materials.where(refused.isdisjoint))
        if without_allergens:
            places = [ALLERGENS.index(each) for each in ALLERGENS if each in without_allergens]
            masks.append(self._allergens.where(lambda said: all(said[place] == 1 for place in places)))
        if ages:
            fits = _has_part_for if shared else _is_for
            masks.append(self._ages.where(lambda said: all(fits(said, age) for age in ages)))
            if min(ages) < _CHILD_BELOW:
                masks.append(self._audience.where(lambda said: not said or not said <= _ADULTS))
                # What a child takes or has on the skin must say that it is for children; nothing is concluded from silence.
                masks.append(
                    ~self._consumed.where(bool)
                    | self._ages.where(bool)
                    | self._audience.where(lambda said: bool(said & _YOUNG))
                )
        for bound in bounds:
            masks.append(self._measures.where(partial(_within, bound=bound)))
            if bound.of == "weight":  # what says no weight of its own has that of its variant
                low = -np.inf if bound.at_least is None else float(bound.at_least)
                high = np.inf if bound.at_most is None else float(bound.at_most)
                silent = ~self._measures.where(lambda said: any(of == "weight" for of, _, _ in said))
                masks[-1] |= silent & (self._weights >= low) & (self._weights <= high)
        return np.logical_and.reduce(masks) if masks else None

    @property
    def measured(self) -> frozenset[str]:
        """The measures that some product says: sides, weight, load, volume."""
        found = {of for said in self._measures.said for of, _, _ in said}
        return frozenset(found | ({"weight"} if bool(np.isfinite(self._weights).any()) else set()))

    def of_kinds(self, concepts: Iterable[Concept]) -> NDArray[np.float32] | None:
        """How much each product is of one of these kinds: 1 for the kind itself and what is one of it, less for what is wider.

        Args:
            concepts: Kinds.

        Returns:
            None where no product is of any of them, or of a wider one.
        """
        found: NDArray[np.float32] | None = None
        lexicon = the_lexicon()
        for concept in concepts:
            worth = [(each, 0.4) for each in lexicon.wider(concept)]
            worth += [(each, NARROWER) for each in _below(concept)] + [(concept, 1.0)]
            for each, value in worth:
                rows = self._kinds.get(each.name)
                if rows is not None:
                    if found is None:
                        found = np.zeros(len(self._uses), dtype=np.float32)
                    found[rows] = np.maximum(found[rows], value)
        return found

    def of_other_kinds(self, concepts: Iterable[Concept]) -> Masks:
        """The products that say what kind they are, none of these, nor a wider or a narrower one.

        Args:
            concepts: Kinds.
        """
        if self._with_a_kind is None:
            known = np.zeros(len(self._uses), dtype=np.bool_)
            for rows in self._kinds.values():
                known[rows] = True
            self._with_a_kind = known
        akin = self.of_kinds(concepts)
        return self._with_a_kind if akin is None else self._with_a_kind & (akin == 0)

    def has_kind(self, concept: Concept) -> bool:
        """Whether a product is of a kind, or of a narrower one."""
        return any(each.name in self._kinds for each in (concept, *_below(concept)))

    def for_people(self, wish: Wish) -> NDArray[np.float32]:
        """How well products suit the people of a wish, 0.3 to 1.15; where it names nobody, grown-ups are taken for granted.

        Args:
            wish: Its audience and ages are looked at.
        """
        wanted = frozenset(wish.audience)
        if wish.ages and min(wish.ages) < _CHILD_BELOW:
            wanted |= {"children"}
        return self._suiting(wanted)

    def _suited(self, wanted: frozenset[Audience]) -> NDArray[np.float32]:
        for_young = self._ages.worth(_for_young)
        if not wanted:
            return np.minimum(self._audience.worth(lambda said: 0.92 if said and said <= _YOUNG else 1.0),
                              np.where(for_young > 0.5, 0.92, 1.0).astype(np.float32))  # fmt: skip
        young, grown = bool(wanted & _YOUNG), wanted & _ADULTS

        def suits(said: frozenset[Audience]) -> float:
            if not said:
                return 0.7
            if "everyone" in said or said & wanted or (young and "children" in said):
                return 1.15
            if young and (grown or said & _YOUNG):
                return 0.7 if said & _YOUNG else 0.5
            if "adults" in said and grown:
                return 1.0
            return 0.6 if wanted == {"adults"} and said & _ADULTS else 0.3

        worth = self._audience.worth(suits)
        if young and not grown:
            return np.where(for_young > 0.5, np.float32(1.15), worth)
        return np.where(for_young > 0.5, np.minimum(worth, np.float32(0.7)), worth)

    def for_uses(self, uses: Iterable[str]) -> NDArray[np.float32] | None:
        """Which share of these uses each product says; None without uses."""
        wanted = frozenset(uses)
        return self._uses.worth(lambda said: len(said & wanted) / len(wanted)) if wanted else None


def _never_for(wanted: frozenset[Audience]) -> frozenset[Audience]:
    """Whose products nobody shows to these people: women's to men, men's to women, children's to grown-ups."""
    others: frozenset[Audience] = frozenset()
    if wanted and wanted <= _MALE:
        others |= {"women", "girls"}
    if wanted and wanted <= _FEMALE:
        others |= {"men", "boys"}
    if wanted and wanted <= _ADULTS:
        others |= _YOUNG
    return others


def _is_for(said: tuple[tuple[int | None, int | None], ...], age: int) -> bool:
    """Whether everything of a product is for an age; it is where no age is said. "3 to 6 years" ends at the seventh birthday."""
    last = [high for _, high in said]
    ends = None if None in last or not last else max(high for high in last if high is not None)
    starts = max((low or 0 for low, _ in said), default=0)
    if ends is not None and ends >= 24 and ends % 12 == 0:
        ends += 11
    return starts <= age and (ends is None or age <= ends)


def _has_part_for(said: tuple[tuple[int | None, int | None], ...], age: int) -> bool:
    """Whether a part of a product, such as the lower bed, is for an age; it is where no age is said."""
    return not said or any(_is_for((part,), age) for part in said)


def _for_young(said: tuple[tuple[int | None, int | None], ...]) -> float:
    """1 where every age that is said ends before somebody is grown up."""
    return float(bool(said) and all(high is not None and high <= 16 * 12 for _, high in said))


def _within(said: tuple[Range, ...], bound: Bound) -> bool:
    for of, low, high in said:
        if of == bound.of:
            return (bound.at_most is None or low <= float(bound.at_most)) and (
                bound.at_least is None or high >= float(bound.at_least)
            )
    return False


@lru_cache(maxsize=1_000)
def kinds_below(name: str) -> tuple[Concept, ...]:
    """Every kind that is one of the kind of this name."""
    lexicon = the_lexicon()
    concept = lexicon.kind(name)
    found: dict[str, Concept] = {}
    open_ones = list(lexicon.narrower(concept)) if concept else []
    while open_ones:
        each = open_ones.pop()
        if each.name not in found:
            found[each.name] = each
            open_ones += lexicon.narrower(each)
    return tuple(found.values())


def _below(concept: Concept) -> tuple[Concept, ...]:
    """Every kind that is one of this kind."""
    return kinds_below(concept.name)
