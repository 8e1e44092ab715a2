"""Wishes from words: what a shopper's sentence demands, what it would like, and what is left of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from convagent.catalog.attributes.purposes import uses_named
from convagent.catalog.colours import plain_colours_in
from convagent.catalog.constraints import Constraints, Vocabulary, read_constraints
from convagent.catalog.own_fields.ordering import read_field_order
from convagent.catalog.own_fields.reading import counts_for_a_field, read_own_fields
from convagent.catalog.own_fields.refused_lists import refused_lists
from convagent.catalog.price_words import read_prices
from convagent.catalog.wishes.bounds import read_bounds
from convagent.catalog.wishes.circumstances import (
    CUT,
    LOOKS_FOR,
    TO_STORE,
    TO_TAKE,
    colours_of_theirs,
    follows_a_doer,
    is_owned,
    is_there_already,
)
from convagent.catalog.wishes.lexicon import LANGUAGES, Concept, Lexicon, Met, the_lexicon
from convagent.catalog.wishes.model import Wish
from convagent.catalog.wishes.ordering import read_order
from convagent.catalog.wishes.people import is_shared, read_ages_wished, read_people
from convagent.catalog.wishes.refusals import read_refusals, speaks_of_an_allergy
from convagent.catalog.wishes.refused_kinds import kind_called, read_refused_kinds
from convagent.search.stop_words import STOP_WORDS

__all__ = ["Group", "ReadWish", "groups_of", "language_of", "read_wish"]

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+", re.IGNORECASE)
_ITCHES = re.compile(
    r"\b(?:my|his|her|their|our|meine|seine|ihre|ma|sa|la)?\s*(?:skin|haut|peau)?\s*(?:itch\w*|juckt|kratzt|me\s+démange|gratte)\b",
    re.IGNORECASE,
)
_MADE_OF = re.compile(
    r"\b(?:made\s+(?:of|from|out\s+of)|in|of|aus|en|100\s?%)\s+(?:(?:pure|real|solid|genuine|100\s?%|echtem|reiner|massivem|pur|vrai|"
    r"organic|bio)\s+)?$",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"\b(?:similar\s+to|something\s+like|anything\s+like|just\s+like|(?<!would )(?<!['’]d )(?<!\bi )(?<!\bwe )like|"
    r"comparable\s+to|alternatives?\s+(?:to|for)|instead\s+of|"
    r"ähnlich\s+(?:wie|zu)|so\s+wie|wie|vergleichbar\s+mit|statt|alternativen?\s+(?:zu[rm]?|für)|"
    r"comme|similaire\s+(?:à|au)|semblable\s+(?:à|au)|à\s+la\s+place\s+(?:de|du))\s+(?:(?:my|your|our|the|old|mein\w*|euer\w*|"
    r"d(?:er|ie|as|em)|mon|ma|le|la|votre)\s+)*$",
    re.IGNORECASE,
)
_FILLERS = frozenset("""
look looking show find search searching buy buying purchase recommend recommendation recommendations suggest
suggestion suggestions
anything something stuff product products item items option options available sell selling stock shop store best
good nice great help
advice interested prefer ideally maybe want wanted wants need needs needed please hello hi hey thanks thank got get
give gives perfect right smth sth pls plz thx lookin u ur im
really very quite bit lot kind sort type thing things somebody someone ones one mine new also any some have has
love loves like likes wear wears use used would could should can may might does did make makes made around about
euro euros eur price cost
costs spend spending budget max cheap size sizes colour color going go goes keep keeps put puts room person people day days
suche suchen zeig zeigen zeige kaufen empfehlen empfehlung produkt produkte artikel verfügbar etwas bitte hallo
brauche brauchen möchte
hätte gern gerne gibt habt haben will wollen euro größe farbe preis passend passt
cherche chercher montrez montrer acheter produit produits article articles recommander disponible voudrais veux
besoin bonjour merci quelque
chose avez euros taille couleur prix somewhere fürs metres metre meter meters cm mm kg year years old jahre jahr ans
""".split())  # fmt: skip
"""Words that say that something is looked for, not what."""


@dataclass(frozen=True, slots=True)
class Group:
    """Words of a wish that mean one thing, and what they mean.

    Args:
        text: The words.
        concepts: What they mean; empty where only the words themselves are known.
        weight: How much they matter, from above 0 to 1.
        head: Whether they name the kind of product that is looked for.
        refused: Whether they name what must not be in it, which products say that are free of it.
    """

    text: str
    concepts: tuple[Concept, ...] = ()
    weight: float = 1.0
    head: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class ReadWish:
    """A text, read.

    Args:
        wish: What it asks for.
        groups: Its words by meaning.
        language: The language that it is in.
        like: Whether the names in it say what the product should be like; for each span that was given.
    """

    wish: Wish
    groups: tuple[Group, ...]
    language: str
    like: tuple[bool, ...] = ()


def language_of(text: str, *, usual: str = "en", lexicon: Lexicon | None = None) -> str:
    """The language of a few words, of English, German and French: the one that knows most of them.

    Args:
        text: A shopper's words.
        usual: The language among equals.
        lexicon: Words by what they mean; None for the package's own.
    """
    known = lexicon or the_lexicon()
    words = [match[0].casefold() for match in _WORD.finditer(text)][:60]
    order = [usual, *(each for each in LANGUAGES if each != usual)]

    counts = {
        language: sum([_familiarity(known, word, language) for word in words])
        for language in order
        if language in LANGUAGES
    }
    return max(counts, key=lambda language: counts[language]) if counts else usual


@lru_cache(maxsize=20_000)
def _familiarity(known: Lexicon, word: str, language: str) -> float:
    if word in STOP_WORDS.get(language, ()):
        return 0.8
    return 0.9 if known.knows(word, language) else 0.5 if known.has_word(word, language) else 0.0


def read_wish(
    text: str,
    vocabulary: Vocabulary,
    *,
    language: str | None = None,
    usual_language: str = "en",
    spare: Sequence[tuple[int, int]] = (),
    mend: Callable[[str, str], str] | None = None,
    lexicon: Lexicon | None = None,
) -> ReadWish:
    """Read what a text asks for.

    Args:
        text: A shopper's words in English, German or French.
        vocabulary: What the catalog calls its sizes and colours.
        language: Language of the words; None to find out.
        usual_language: Language of the products' texts.
        spare: Spans of the text that name products, which ask for nothing else.
        mend: Takes words and their language and gives them without slips of the pen.
        lexicon: Words by what they mean; None for the package's own.
    """
    known = lexicon or the_lexicon()
    like = tuple(bool(_LIKE.search(text[:start])) for start, _ in spare)
    spoken = language or language_of(_blank(text, spare), usual=usual_language, lexicon=known)
    free = _blank(text, (*spare, *(match.span() for match in _ADDRESS.finditer(text))))
    by_price, price_spans = read_order(free)
    free = _blank(free, price_spans)
    by_field, order_spans = (None, ()) if by_price else read_field_order(free, vocabulary.own)
    free = _blank(free, order_spans)
    ages, age_spans = read_ages_wished(free)
    free = _blank(free, age_spans)
    told_fields = read_own_fields(_without_prices(free, vocabulary), vocabulary.own, language=spoken)
    further = _refused_with(free, told_fields.spans)
    free = _blank(free, told_fields.spans)
    bounds, bound_spans = read_bounds(free, currency=vocabulary.currency)
    free = _blank(free, bound_spans)
    languages = tuple(dict.fromkeys((spoken, usual_language if usual_language in LANGUAGES else "en", *LANGUAGES)))
    no_kinds, kind_spans = read_refused_kinds(free, known, languages)
    free = _blank(free, kind_spans)
    refusals = read_refusals(free, further=further)
    free = _blank(free, (*refusals.spans, *(match.span() for match in _ITCHES.finditer(free) if refusals.spans)))
    phrases = [(each.start, each.end) for each in known.read(free, languages[:1]) if each.concepts
               and " " in free[each.start : each.end] and plain_colours_in(free[each.start : each.end])]  # fmt: skip
    phrases += colours_of_theirs(free, vocabulary)
    told = read_constraints(free, vocabulary, spare=(*spare, *phrases))
    free = _blank(free, told.spans)
    demanded = told.constraints
    if mend is not None:
        mended = mend(free, spoken)
        if mended != free:
            again = read_constraints(mended, vocabulary, spare=phrases).constraints if len(mended) == len(free) else (
                read_constraints(mended, vocabulary).constraints
            )  # fmt: skip
            demanded = _joined(demanded, again)
            free = mended
    people = read_people(_blank(text, spare))
    spoken_for = read_people(free).spans
    met = known.read(free, languages)
    sought = _groups(free, met, spoken_for, spoken)
    kinds = [each.name for group in sought if group.head for each in group.concepts if each.sort == "kind"]
    # "a present without candles" wants no candle; a lamp without a shade has none
    wholes = {} if kinds else {each: kind_called(each, known, languages) for each in refusals.others}
    others = tuple(each for each in refusals.others if not wholes.get(each))
    no_kinds = tuple(dict.fromkeys((*no_kinds, *(kind for each in wholes.values() for kind in each))))
    groups = [*sought, *_refused_groups(others, known, languages)]
    materials = _materials_wanted(free, met)
    wish = Wish(
        text=" ".join(free.split()).strip(" ,;:."),
        language=spoken,
        at_least=demanded.at_least,
        at_most=demanded.at_most,
        sizes=demanded.sizes,
        colours=demanded.colours,
        without_colours=demanded.without_colours,
        materials=materials,
        without_materials=refusals.materials,
        without_allergens=refusals.allergens,
        without=others,
        without_kinds=no_kinds,
        allergic=refusals.allergic or speaks_of_an_allergy(text),
        ages=ages,
        shared=len(ages) > 1 and is_shared(text),
        bounds=bounds,
        fields=told_fields.demands,
        own_kinds=told_fields.kinds,
        in_stock=demanded.in_stock,
        reduced=demanded.reduced,
        by_price=by_price,
        by_field=by_field,
        kinds=tuple(dict.fromkeys(kinds)),
        audience=people.audience,
        recipient=people.recipient,
        uses=_uses(free),
        qualities=tuple(
            dict.fromkeys(
                c.name for group in groups for c in group.concepts if c.sort == "quality" and not group.refused
            )
        ),
    )
    return ReadWish(wish, tuple(groups), spoken, like)


def _refused_with(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is refused in one list with values of the shop's own fields, and is none itself."""
    return [
        (start, end)
        for each in refused_lists(text)
        for start, end in each.items
        if any(begin <= each.start < stop for begin, stop in spans)
        and not any(begin < end and start < stop for begin, stop in spans)
    ]


def _without_prices(text: str, vocabulary: Vocabulary) -> str:
    """A text without its prices, whose figures are no field's; as it is where the shop has no fields of its own."""
    if not vocabulary.own.fields:
        return text
    prices = read_prices(text, currency=vocabulary.currency)
    return _blank(
        text,
        (
            (each.start, each.end)
            for each in prices
            if not counts_for_a_field(text, each.start, each.end, vocabulary.own)
        ),
    )


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text with spaces where the spans are, so that places stay what they are."""
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _joined(one: Constraints, other: Constraints) -> Constraints:
    return Constraints(
        at_least=one.at_least or other.at_least,
        at_most=one.at_most or other.at_most,
        sizes=one.sizes or other.sizes,
        colours=one.colours or other.colours,
        without_colours=one.without_colours or other.without_colours,
        in_stock=one.in_stock or other.in_stock,
        reduced=one.reduced or other.reduced,
    )


def _groups(text: str, met: list[Met], people: Iterable[tuple[int, int]], language: str) -> list[Group]:
    """The words by meaning, with the kind that is looked for: the last one before "with", "for" and the like."""
    spans = tuple(people)
    stop = STOP_WORDS.get(language, frozenset()) | STOP_WORDS.get("en", frozenset())
    cuts = [match.start() for match in CUT.finditer(text)]
    kept = [
        each
        for each in met
        if (each.concepts or not _is_blank(text[each.start : each.end], stop))
        and not any(start <= each.start < end for start, end in spans)
        and text[each.start : each.end].casefold() not in _FILLERS
        and not (each.concepts and follows_a_doer(text[: each.start]))
        and not (any(c.sort != "quality" for c in each.concepts) and is_owned(text[: each.start]))
    ]
    kinds = [each for each in kept if each.head and any(c.sort == "kind" for c in each.concepts)]
    keep = next((each for each in kinds if TO_STORE.search(text[: each.start])), None)
    head_places: set[int] = set()
    if kinds and keep is None:
        wanted = max((match.end() for match in LOOKS_FOR.finditer(text)), default=0)
        kinds = [each for each in kinds if each.start >= wanted] or kinds
        first = kinds[0].start
        cut = min((at for at in cuts if at > first), default=len(text))
        early = [each for each in kinds if each.start < cut and not is_there_already(text[: each.start])]
        heads = early[:1] if language == "fr" else [
            each for at, each in enumerate(early)
            if at + 1 == len(early) or re.search(r",|/|&|\b(?:and|or|und|oder)\b", text[each.end : early[at + 1].start])
        ]  # fmt: skip
        head_places = {each.place for each in heads}
    known = {each.place for each in kept if each.concepts}
    groups: list[Group] = []
    for each in kept:
        if not each.concepts and each.place in known:
            continue  # the part of a compound that says nothing by itself
        words = text[each.start : each.end]
        concepts = each.concepts
        head = each.place in head_places and each.head
        if head:
            concepts = tuple(c for c in concepts if c.sort == "kind")
        elif any(c.sort == "quality" for c in concepts) and any(c.sort == "kind" for c in concepts):
            concepts = tuple(c for c in concepts if c.sort == "quality") if head_places else concepts
        weight = 1.0 if head or not head_places else 0.7
        groups.append(Group(words, concepts, weight, head))
    if not kinds and TO_TAKE.search(text) and (supplement := the_lexicon().kind("supplement")) is not None:
        groups.insert(0, Group("supplement", (supplement,), head=True))
    if keep is not None and (storage := the_lexicon().kind("storage")) is not None:
        hooks = the_lexicon().kind("hooks")
        groups.insert(0, Group("storage", (storage, hooks) if hooks else (storage,), head=True))
    return groups


def groups_of(wish: Wish, language: str) -> tuple[Group, ...]:
    """The words of a wish by meaning: its free words, then the kinds and qualities that these don't have.

    Args:
        wish: A wish, which need not have come from words.
        language: The language of its words.
    """
    lexicon = the_lexicon()
    languages = tuple(dict.fromkeys((language if language in LANGUAGES else "en", *LANGUAGES)))
    groups = _groups(wish.text, lexicon.read(wish.text, languages), read_people(wish.text).spans, language)
    told = {concept.name for group in groups if group.head for concept in group.concepts}
    kinds = [found for name in wish.kinds if (found := lexicon.kind(name))]
    if kinds and not told & {each.name for each in kinds}:
        groups = [replace(group, head=False) for group in groups]
    heads = [Group(each.name, (each,), head=True) for each in kinds if each.name not in told]
    heads += [Group(name, head=True) for name in wish.kinds if lexicon.kind(name) is None and name not in wish.text]
    said = {concept.name for group in groups for concept in group.concepts}
    others = [Group(name, (found,) if (found := lexicon.concepts.get(("quality", name))) else (), 0.7)
              for name in wish.qualities if name not in said]  # fmt: skip
    return (*heads, *groups, *others, *_refused_groups(wish.without, lexicon, languages))


def _is_blank(word: str, stop: frozenset[str]) -> bool:
    plain = word.casefold()
    return plain in stop or plain in _FILLERS or len(plain) < 2


def _refused_groups(others: Iterable[str], lexicon: Lexicon, languages: Sequence[str]) -> list[Group]:
    """What a product that is free of something says of itself."""
    return [
        Group(each, tuple(c for met in lexicon.read(each, languages) for c in met.concepts), 1.2, refused=True)
        for each in others
    ]


def _materials_wanted(text: str, met: list[Met]) -> tuple[str, ...]:
    """Materials that are asked for outright: "made of oak", "aus Filz", "en laine"."""
    found: dict[str, None] = {}
    for each in met:
        if _MADE_OF.search(text[: each.start]):
            found |= dict.fromkeys(concept.name for concept in each.concepts if concept.sort == "material")
    return tuple(found)


def _uses(text: str) -> tuple[str, ...]:
    words = [match[0].casefold() for match in re.finditer(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)]
    phrases = [
        " ".join(words[at : at + size]).replace("’", "'") for size in (1, 2, 3) for at in range(len(words) - size + 1)
    ]
    return tuple(dict.fromkeys(use for phrase in phrases for use in sorted(uses_named((phrase,)))))
