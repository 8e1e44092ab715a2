"""What must not be in a product: "no wool", "ohne Nüsse", "sans parabènes", "leather-free", "I'm allergic to nuts"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from convagent.catalog.attributes.allergens import allergens_named
from convagent.catalog.attributes.materials import read_materials
from convagent.catalog.attributes.model import Allergen
from convagent.catalog.colours import plain_colours_in
from convagent.catalog.phrases import phrases_at

__all__ = [
    "MATERIAL_FAMILIES",
    "Refusals",
    "families_of",
    "names_of_substance",
    "read_refusals",
    "speaks_of_an_allergy",
]

MATERIAL_FAMILIES: dict[str, frozenset[str]] = {
    name: frozenset(each.strip() for each in names.split(","))
    for name, names in {
        "wool": "wool, merino wool, cashmere, alpaca, mohair",
        "metal": "stainless steel, steel, iron, cast iron, aluminium, brass, bronze, copper, zinc, titanium, silver, gold, "
        "plated, platinum",
        "plastic": "plastic, polypropylene, polyethylene, polycarbonate, polyester, polyamide, acrylic, EVA, polyurethane",
        "feathers": "feathers, down",
        "down": "feathers, down",
        "wood": "wood, oak, ash, beech, birch, pine, walnut, maple, olive wood, teak, acacia, plywood, bamboo",
        "leather": "leather",
        "cotton": "cotton, canvas",
        "latex": "latex, rubber",
        "synthetics": "polyester, polyamide, acrylic, elastane, polypropylene",
        "steel": "steel, stainless steel",
    }.items()
}
"""What a material's name means where it is refused: all of these."""

_ALSO_MATERIALS = frozenset(("latex", "silicone", "faux fur"))
"""Substances that products are made of as well."""

_WIDER_WORDS = {
    "metal": "metal metall métal", "synthetics": "synthetics synthetic kunstfaser kunstfasern synthetik synthétique synthétiques",
}  # fmt: skip
_WIDER = {word: name for name, words in _WIDER_WORDS.items() for word in words.split()}
_ALLERGY = re.compile(
    r"\b(?:\w*allerg\w*|\w*intoleran\w*|coeliac|celiac|zöliakie|cœliaque|unverträglich\w*|itch(?:es|y)?|juckt|kratzt|démange|anaphyla\w*)",
    re.IGNORECASE,
)
_ARTICLE = (
    r"(?:(?:any|all|added|a|an|the|real|irgendwelche[nrs]?|jede[nrs]?|jegliche[nrs]?|der|die|das|den|"
    r"de\s+la|de\s+l['’]|du|des|de|d['’]|aux?|les?|la|l['’])\s*(?<=[\s'’]))?"
)
_LEADS = (
    r"without|free\s+(?:of|from)|(?:(?:that|which)\s+)?(?:do(?:es)?n['’]?t|do(?:es)?\s+not)\s+(?:have|contain|include|use)|"
    r"not\s+(?:made\s+(?:of|from|with)|containing|with)|(?:nothing|anything\s+not|none)\s+(?:made\s+)?(?:with|of|containing)|"
    r"(?:severely\s+|very\s+|highly\s+)?allergic\s+to|allergy\s+to|intolerant\s+to|(?:can['’]?t|cannot|can\s+not|mustn['’]?t)\s+(?:have|eat|wear|take|stand|tolerate)|"
    r"avoid(?:ing|s)?|contains?\s+no|with\s+no|no|non[- ]|"
    r"ohne|frei\s+von|keine?[nrms]?|nichts\s+mit|nichts\s+aus|nicht\s+aus|nicht\s+mit|allergisch\s+(?:gegen|auf)|allergie\s+gegen|"
    r"(?:verträgt|vertrage)\s+kein\w*|"
    r"sans|exempte?\s+de|pas\s+de|pas\s+d['’]|pas\s+en|rien\s+avec|aucune?|allergique\s+(?:à\s+la|à\s+l['’]|à|aux?)|intolérante?\s+(?:à\s+la|à\s+l['’]|à|aux?)"
)
_REFUSED = re.compile(rf"(?<![^\W\d_])(?P<lead>{_LEADS})\s*(?<=[\s'’-]){_ARTICLE}", re.IGNORECASE)
_ENOUGH = re.compile(
    r"\b(?:ha(?:s|ve)|got|owns?)\s+(?:(?:enough|plenty\s+of|too\s+many|so\s+many|no\s+need\s+of)\s+(?P<what>[^\W\d_]{3,})|"
    r"(?P<what_b>[^\W\d_]{3,})\s+enough\b)|"
    r"\b(?:hat|habe|haben)\s+(?:schon\s+)?(?:genug|genügend|zu\s+viele)\s+(?P<what_c>[^\W\d_]{3,})|"
    r"\b(?:a|ai|avons|ont)\s+(?:déjà\s+)?(?:assez|trop|plein)\s+de\s+(?P<what_d>[^\W\d_]{3,})",
    re.IGNORECASE,
)
"""Of what somebody has enough, they want no more."""

_WANTS_NONE = re.compile(
    r"\b(?:do(?:es)?n['’]?t|do(?:es)?\s+not)\s+(?:want|like|drink|take|eat|need|tolerate)\s+(?:any\s+)?(?P<what>[^\W\d_]+(?:\s[^\W\d_]+)?)|"
    r"\b(?:möchte|will|mag|trinke|nehme|vertrage)\s+(?:aber\s+)?kein\w*\s+(?P<what_b>[^\W\d_]+)|"
    r"\b(?:ne\s+)?(?:veux|bois|prends|supporte)\s+pas\s+(?:de\s+|d['’])(?P<what_c>[^\W\d_]+)|"
    r"(?:\b(?:but|and|just)\b|,)\s*(?:please\s+|definitely\s+|certainly\s+)?not\s+(?P<what_d>[^\W\d_]+(?:\s[^\W\d_]+)?)|"
    r"(?:\b(?:aber|und|nur)\b|,)\s*(?:bitte\s+)?nicht\s+(?P<what_e>[^\W\d_]+)|"
    r"(?:\b(?:mais|et)\b|,)\s*(?:surtout\s+)?pas\s+(?:en\s+)?(?P<what_f>[^\W\d_]+)",
    re.IGNORECASE,
)
"""What somebody doesn't want or take; it may be anything, so only what is known to be in products counts."""

_FREE = re.compile(
    r"(?<![\w-])(?P<what>[^\W\d_]{3,}(?:\s[^\W\d_]{3,})?)[- ](?:free|frei(?:e[nrs]?)?)\b(?!\s+(?:shipping|"
    r"delivery|of|from|returns?|gift|versand))",
    re.IGNORECASE,
)
_FREE_COMPOUND = re.compile(r"(?<![\w-])(?P<what>[^\W\d_]{3,}?)freie?[nrs]?\b", re.IGNORECASE)
_ALLERGY_COMPOUND = re.compile(
    r"(?<![\w-])(?P<what>[^\W\d_]{3,}?)(?:[- ](?:allerg(?:y|ies|ic|ie)|intoleran(?:ce|t|z))|allergi(?:e|"
    r"ker|kerin|ker(?:in|innen))|unverträglichkeit|intoleranz)\b",
    re.IGNORECASE,
)
_THING = re.compile(
    r"[^\W\d_]+(?:[-'’][^\W\d_]+)*(?:\s+(?:hair|oil|acid|extract|dioxide|milk|leather|fur|protein|nuts?|sugar|butter|alcohol))?"
)
_LINK = re.compile(
    r"\s*(?:,\s*(?:or|and|nor|oder|und|ou|et|ni)\b|,|/|&|\b(?:or|and|nor|oder|und|noch|ou|et|ni)\b)\s*(?:(?:no|any|without|ohne|sans|de|d['’]|keine?)\s*)?",
    re.IGNORECASE,
)
_IDIOMS = frozenset(
    """
idea problem problems matter need needs one thanks thank more less longer rush worries doubt luck way hurry frills
fuss nonsense offence pressure point reason
stock budget limit preference preferences clue further fewer other sooner later than too so very really just only
sure what who when where how which
big bigger larger smaller wider higher taller longer shorter heavier lighter older younger over under above below
ahnung problem eile mehr weniger länger lust zeit rolle wunder sorge sorgen idee meinung großen große größer
souci problème idée plus moins trop doute avance hâte envie
hands duty stress hassle tax interest risk worry care trouble cost carbon climate child pet smoke sorgen steuer portofrei kosten
""".split()
)
"""What follows "no" and isn't in a product."""
_END = frozenset(
    """
please but for with under below in at by that which who because since my his her i we it she he they is are has have
from to and or if so as
bitte aber für mit unter bis aus weil da mein meine ich wir es sie er ist sind hat haben
svp mais pour avec sous en car mon ma mes je nous il elle est sont a ont s'il
""".split()
)


@dataclass(frozen=True, slots=True)
class Refusals:
    """What a text refuses.

    Args:
        allergens: Of the 14.
        materials: By their English names.
        others: Anything else, as written.
        allergic: Whether it speaks of an allergy or the like.
        spans: Where it does.
    """

    allergens: tuple[Allergen, ...] = ()
    materials: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    allergic: bool = False
    spans: tuple[tuple[int, int], ...] = ()


def _thing_at(text: str, at: int) -> tuple[str, int] | None:
    """What is refused here: a substance by all of its words, else a word with what belongs to it."""
    for phrase, end in phrases_at(text, at):
        if names_of_substance(phrase):
            return phrase, end
    thing = _THING.match(text, at)
    return (thing[0], thing.end()) if thing else None


@cache
def _substances() -> dict[str, tuple[str, ...]]:
    text = files("convagent.catalog.wishes").joinpath("substances.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    rows = [tuple(name.strip() for name in line.split(",")) for line in lines]
    return {name: row for row in rows for name in row}


def names_of_substance(what: str) -> tuple[str, ...]:
    """All names of something that may be in a product, its English one first; empty where it isn't known.

    Args:
        what: One of its names.
    """
    return _substances().get(" ".join(what.casefold().replace("’", "'").split()), ())


def families_of(material: str) -> frozenset[str]:
    """The materials that a refused one stands for: "wool" means merino and cashmere too."""
    return MATERIAL_FAMILIES.get(material, frozenset((material,)))


def speaks_of_an_allergy(text: str) -> bool:
    """Whether a text speaks of an allergy or the like, so that nothing that it refuses may be given up.

    Args:
        text: A shopper's words.
    """
    return _ALLERGY.search(text) is not None


def read_refusals(text: str, *, further: Iterable[tuple[int, int]] = ()) -> Refusals:
    """What a text refuses to have in a product, sorted by what can be known of it.

    Colours are left to `read_unwanted_colours`; so is what is no thing at all ("no idea", "not too big").

    Args:
        text: In English, German or French.
        further: Where things stand that are refused together with one that was read already: of "allergic to chicken and nuts"
            the nuts, where the shop has a field for chicken.
    """
    allergens: dict[Allergen, None] = {}
    materials: dict[str, None] = {}
    others: dict[str, None] = {}
    spans: list[tuple[int, int]] = []
    allergic = speaks_of_an_allergy(text)

    def note(what: str, *, hurts: bool = False) -> bool:
        named, made_of = allergens_named([what]), _materials_named(what)
        known = names_of_substance(what)
        if known:  # it may stand among the ingredients, whatever the product is made of
            others[known[0]] = None
            materials.update(dict.fromkeys(each for each in made_of if each in _ALSO_MATERIALS))
        elif made_of and not (hurts and named):
            materials.update(dict.fromkeys(made_of))
        elif named:
            allergens.update(dict.fromkeys(sorted(named)))
        elif what.casefold().split()[0] in _IDIOMS or plain_colours_in(what):
            return False
        else:
            others[" ".join(what.casefold().split())] = None
        return True

    for begin, _ in further:
        if (thing := _thing_at(text, begin)) and thing[0].casefold() not in _END and note(thing[0], hurts=allergic):
            spans.append((begin, thing[1]))
    for match in _REFUSED.finditer(text):
        if any(start <= match.start() < end for start, end in spans):
            continue
        at, end = match.end(), match.start()
        while thing := _thing_at(text, at):
            if thing[0].casefold() in _END or not note(thing[0], hurts="llerg" in match["lead"].casefold()):
                break
            end = thing[1]
            link = _LINK.match(text, end)
            if not link:
                break
            at = link.end()
        if end > match.start():
            spans.append((match.start(), end))
    for pattern, only_known in ((_ENOUGH, False), (_WANTS_NONE, True)):
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in spans):
                continue
            said = next(each for each in match.groups() if each)
            for what in dict.fromkeys((said, said.split()[0])):
                known = names_of_substance(what) or allergens_named([what]) or _materials_named(what)
                if (known or not only_known) and note(what):
                    spans.append((match.start(), match.end()))
                    break
    for pattern, sure in ((_FREE, True), (_ALLERGY_COMPOUND, True), (_FREE_COMPOUND, False)):
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in spans):
                continue
            what = match["what"].strip()
            single = what.split()[-1]
            wide = allergens_named([what]) or _materials_named(what)
            known = wide or allergens_named([single]) or _materials_named(single)
            compound = what.rstrip("s").casefold()
            if not known and not sure:
                known = allergens_named([compound]) or _materials_named(compound)
                what = compound
                if not known and len(what) < 5:
                    continue
            chosen = what if wide or not known or not sure else single
            if note(chosen if sure or known else compound, hurts=True):
                start = match.start() + (match["what"].rfind(single) if chosen == single and sure else 0)
                spans.append((start, match.end()))
    return Refusals(tuple(allergens), tuple(materials), tuple(others), allergic, tuple(sorted(spans)))


def _materials_named(what: str) -> tuple[str, ...]:
    plain = what.casefold().strip()
    for word in (plain, plain.removesuffix("s"), plain.removesuffix("n")):
        if word in _WIDER:
            return (_WIDER[word],)
        found, unread = read_materials(word)
        if found and not unread:
            return tuple(dict.fromkeys(each.name for each in found))
    return ()
