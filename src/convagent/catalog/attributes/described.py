"""What a description says outright, as the fields that the shop didn't fill in: most shops write their facts in running text.

Read is what names itself: a labelled line ("Material: oak"), shares of materials, allergens that are declared, what is weighed or
measured in words that say so, ages. A field that the shop filled in is never overruled, and what is merely hinted at is left
alone: what nobody said stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet

from convagent.catalog.attributes.allergens import allergens_named
from convagent.catalog.attributes.fields import field_of
from convagent.catalog.attributes.materials import read_materials
from convagent.catalog.attributes.purposes import audience_named
from convagent.catalog.letter_words import words_among

__all__ = ["DESCRIBED", "described_fields"]

DESCRIBED = "description."
"""What stands before the names of fields that were read from running text."""

_SIDES = frozenset({"dimensions", "width", "height", "depth", "length", "diameter", "thickness"})
_MAX_CHARACTERS = 4_000
"""As much of a description is read."""

_SENTENCE = re.compile(r"[^.!?\n•|;]+(?:[.!?](?=\S)[^.!?\n•|;]+)*")
_LABEL = r"(?P<label>[^\W\d_][^\n:.!?;|]{2,30}?)[ \t]*:[ \t]*"
_LABELLED = re.compile(rf"(?:^|[\n•|]|[.!?;]\s)[ \t*-]*{_LABEL}(?P<value>[^\n|•]{{2,1500}})")
_NEXT_LABEL = re.compile(r"[.;]\s+[^\W\d_][^\n:.!?;|]{2,30}:\s")
_LIST_END = re.compile(r"\.\s+(?=[^\W\d_a-zäöüéèà])")

_FREE = re.compile(
    r"(?<![\w-])(?P<what>[^\W\d_]{3,}(?: [^\W\d_]{3,})?)[- ](?:free|frei)(?![\w-])(?! (?:option|alternative|version|variant))",
    re.IGNORECASE,
)
_JOINS = frozenset("and or und oder et ou is are ist".split())
_DIGIT = re.compile(r"[0-9]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ALLERGENS_SAID = _set("free frei contain contains containing enthält kann peut contient sans")
_MADE_SAID = _set(
    "made crafted gefertigt gemacht hergestellt fabriqué fabriquée fabriqués fabriquées fait faite faits faites"
)
_SIDES_SAID = _set("wide high tall deep long thick diameter across breit hoch tief lang dick large haut")
_WEIGHT_SAID = _set("kg weigh weighs weight weighing wiegt gewicht pèse pese poids g")
_VOLUME_SAID = _set("ml cl l litre litres liter liters")
_AGES_SAID = _set(
    "age aged ages year years month months yr yrs jahre jahren monate monaten ans mois "
    "children kids toddlers babies kinder enfants bébés"
)
_DECLARED = re.compile(
    r"\b(?:may (?:also )?contain|contains?|free (?:from|of)|kann (?:spuren|auch)|enthält|frei von|peut contenir|contient|"
    r"sans)\b",
    re.IGNORECASE,
)

_N = r"[0-9]{1,4}(?:[.,][0-9]{1,3})?"
_LENGTH = r"(?:mm|cm|m|in(?:ch(?:es)?)?|ft|″|\")"
_BOX = re.compile(
    rf"(?<![\w.,]){_N}\s*{_LENGTH}?\s*[x×]\s*{_N}\s*{_LENGTH}?(?:\s*[x×]\s*{_N})?\s*{_LENGTH}(?![\w²³])", re.IGNORECASE
)
_SIDE = re.compile(
    rf"(?<![\w.,])(?:{_N}\s*[-–]\s*)?{_N}\s*{_LENGTH}\s+(?:wide|high|tall|deep|long|thick|in diameter|across|"
    r"breit|hoch|tief|lang|dick|de (?:large|haut|long))\b",
    re.IGNORECASE,
)
_GRAMS = rf"{_N}\s*(?:kg|g|lbs?|oz)\b"
_WEIGHT = re.compile(
    rf"(?<![\w.,])(?:(?P<bare>{_N}\s*kg\b|"
    rf"{_N}\s*g\b(?=\s+(?:each|per (?:shoe|boot|pair|piece|pole)|je |pro (?:schuh|paar|stück)|par )))|(?P<any>{_GRAMS}))",
    re.IGNORECASE,
)
_WEIGHS = re.compile(r"\b(?:weigh(?:s|ing|t)?|wiegt|gewicht|p[eè]se|poids)\b[^.!?;\n0-9]{0,25}$", re.IGNORECASE)
_OTHER_WEIGHT = re.compile(
    r"(?:up to|max\.?(?:imum)?|at most|carr(?:y|ies)|holds?|supports?|load|for|per|from|of|bis(?: zu)?|trägt|belastbar|für|pro|"
    r"jusqu['’]à|supporte|pour|par|de)\s*(?:about\s+)?$",
    re.IGNORECASE,
)
_PART_OF = re.compile(r"\s*(?:/|of\b|de\b|down\b|fill|load)", re.IGNORECASE)
_AMOUNT = rf"{_N}\s*(?:ml|cl|l|lit(?:re|er)s?)\b(?!\s*(?:/|per\b|pro\b|par\b))"
_VOLUME = re.compile(rf"(?<![\w.,]){_AMOUNT}", re.IGNORECASE)
_HOLDS = re.compile(
    rf"(?<!that )(?:\b(?:holds|capacity|volume|fasst|fassungsvermögen|inhalt|contenance|capacité)\b[^.!?;\n0-9]{{0,15}}|"
    rf"(?:^|\n|[.!?]\s+))(?P<amount>{_AMOUNT})",
    re.IGNORECASE,
)
_PERCENT = r"(?<![\w.,])[0-9]{1,3}(?:[.,][0-9])?\s*%\s*(?:[^\W\d_]+[ -]?){1,4}"
_SHARE = re.compile(rf"{_PERCENT}(?:\s*(?:,|and|und|et|/|\+)\s*{_PERCENT})*")
_MADE_OF = re.compile(
    r"\b(?:made (?:of|from|out of)|crafted from|(?:gefertigt|gemacht|hergestellt) aus|fabriquée?s? en|faite?s? (?:de|en))\s+"
    r"(?P<what>[^.!?;\n]{3,80})",
    re.IGNORECASE,
)
_CHILDREN = r"(?:children|kids|toddlers|babies|kinder|(?:les\s+)?enfants|bébés)"
_YEARS = r"(?:months?|years?|yrs?|jahren?|jahre|monaten?|monate|ans|mois)"
_AGES = re.compile(
    rf"(?<=\s)(?P<ages>[0-9]{{1,2}}(?![0-9])\s*(?:(?:-|–|to|and|bis|und|à|et)\s*[0-9]{{1,2}}(?![0-9])\s*)?(?P<unit>{_YEARS}\b)?(?:\s+olds?\b)?"
    r"(?:\s*\+|\s+and\s+(?:up|over|older))?)",
    re.IGNORECASE,
)
_BEFORE_AGES = re.compile(
    rf"(?:\b(?P<child>{_CHILDREN})\s+)?(?:\b(?P<lead>aged?|ages|from|between|ab|von|dès|de|à\s+partir\s+de)\s+)?$",
    re.IGNORECASE,
)
_NO_AGE = re.compile(
    r"\s*(?:of\b|warranty|guarantee|garantie|experience|erfahrung|ago\b|later\b|in\b|[€£$%]|"
    r"(?:eur|kg|g|cm|mm|ml|l|pieces|x)\b|×|['’′″\"]\s*(?:[0-9]|tall\b|high\b|long\b))",
    re.IGNORECASE,
)


def described_fields(
    title: str, kind: str | None, description: str | None, *, known: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """What title, type and description say of a product, as fields with their names.

    Args:
        title: The product's title; read for whom it is for and how much is in it.
        kind: Its type or category.
        description: Its description as plain text; the first 4,000 characters are read.
        known: Kinds of fields that the shop filled in (see `field_of`): nothing is read for these.
    """
    found: list[tuple[str, str]] = []
    text = (description or "")[:_MAX_CHARACTERS]
    told = set(known)
    if ":" in text:
        for name, value in _labelled(text):
            field = field_of(name)
            if field is not None and field.kind not in known:
                told.add(field.kind)
                found.append((f"{DESCRIBED}{name.strip().casefold()}", value))
    words = words_among(text)
    if words:
        found += ((f"{DESCRIBED}{name}", value) for name, value in _unlabelled(text, words, told))
    volumes = not ("volume" in told or "contents" in told or words_among(title).isdisjoint(_VOLUME_SAID))
    if volumes and (volume := _VOLUME.search(title)):
        found.append((f"{DESCRIBED}volume", volume[0]))
    if "audience" not in told and (people := audience_named(title, kind or "", text, words=words)):
        found.append((f"{DESCRIBED}audience", "; ".join(sorted(people))))
    return tuple(found)


def _labelled(text: str) -> Iterator[tuple[str, str]]:
    """Lines and sentences such as "Material: 100% wool". A list goes on to the end of its line or to the next label."""
    at = 0
    while match := _LABELLED.search(text, at):
        value = match["value"]
        following = _NEXT_LABEL.search(value)
        if following:
            value = value[: following.start() + 1]
        ended = _LIST_END.search(value)
        if ended:
            value = value[: ended.start()]
        at = match.start("value") + max(1, len(value) - 1)
        yield match["label"], value.strip(" .")


def _unlabelled(text: str, words: AbstractSet[str], told: AbstractSet[str]) -> Iterator[tuple[str, str]]:
    """What sentences say in words that leave no doubt; first a look at the words, as most texts say none of it."""
    if (
        "allergens" not in told
        and not words.isdisjoint(_ALLERGENS_SAID)
        and (declared := "; ".join(_declarations(text)))
    ):
        yield "allergens", declared
    if "materials" not in told:
        made = [match[0].strip() for match in _SHARE.finditer(text)] if "%" in text else []
        made += [match["what"].strip() for match in _MADE_OF.finditer(text)] if not words.isdisjoint(_MADE_SAID) else []
        if named := [each for each in made if read_materials(each)[0]]:
            yield "material", "; ".join(named)
    if _DIGIT.search(text) is None:
        return
    if told.isdisjoint(_SIDES):
        boxes = [match[0] for match in _BOX.finditer(text)] if "×" in text or "x" in words else []
        sides = [match[0] for match in _SIDE.finditer(text)] if not words.isdisjoint(_SIDES_SAID) else []
        if len(boxes) == 1 or (sides and not boxes):
            yield "dimensions", boxes[0] if boxes else "; ".join(sides)
    if "weight" not in told and not words.isdisjoint(_WEIGHT_SAID) and (weight := _weighed(text)):
        yield "weight", weight
    if "volume" not in told and "contents" not in told and not words.isdisjoint(_VOLUME_SAID):
        volumes = {match["amount"] for match in _HOLDS.finditer(text)}
        if len(volumes) == 1:
            yield "volume", volumes.pop()
    if "ages" not in told and not words.isdisjoint(_AGES_SAID) and (ages := _ages(text)):
        yield "ages", ages


def _declarations(text: str) -> Iterator[str]:
    """What is declared of allergens: "nut-free", "contains milk", "free from gluten and soya"."""
    for sentence in _SENTENCE.findall(text):
        for match in _FREE.finditer(sentence):
            words = [word for word in match["what"].split() if word.casefold() not in _JOINS]
            for what in (" ".join(words), *words[-1:]):
                if allergens_named([what]):
                    yield f"{what}-free"
                    break
        lead = _DECLARED.search(sentence)
        if lead is not None:
            clause = _FREE.sub(" ", sentence[lead.start() :])
            if _names_any(clause):
                yield clause.strip(" ,")


def _names_any(clause: str) -> bool:
    return any(allergens_named([word]) for word in re.findall(r"[^\W\d_]{3,}", clause))


def _weighed(text: str) -> str:
    """What the product weighs: by a word that says so, else the only weight that the text names."""
    bare: dict[str, None] = {}
    for match in _WEIGHT.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if _WEIGHS.search(before):
            return match[0]
        if match["bare"] is None:
            continue
        if _OTHER_WEIGHT.search(before) or _PART_OF.match(text, match.end()):
            return ""  # 20 kg of load: which one it weighs isn't plain
        bare[match["bare"]] = None
    return next(iter(bare)) if len(bare) == 1 else ""


def _ages(text: str) -> str:
    """The first ages that are said to be such: "for children aged 3 to 8", "ages 3+", "from 18 months"."""
    for match in _AGES.finditer(text):
        before = _BEFORE_AGES.search(text[max(0, match.start() - 40) : match.start()])
        child, lead = (before["child"], before["lead"]) if before else (None, None)
        led = (lead or "").casefold().startswith("age")
        said = led or (child and (lead or match["unit"])) or (lead and match["unit"])
        if said and not _NO_AGE.match(text, match.end()):
            ages = match["ages"].strip()
            if match["unit"]:
                return ages if led or (child and not lead) else f"{lead} {ages}"
            return re.sub(r"\s*(\+|and (?:up|over|older))?$", r" years\1", ages, count=1)
    return ""
