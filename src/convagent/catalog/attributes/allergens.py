"""Allergens as a shop declares them: contained, traces, none declared. What isn't understood is never taken for "free of".

A text is read in clauses; in each the last marker before a name ("contains", "may contain", "no") says what holds of it. A name
without a marker counts as contained: erring on that side harms nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from convagent.catalog.attributes.allergen_words import ALLERGEN_WORDS, HARMLESS, OTHERS
from convagent.catalog.attributes.model import Allergen, Allergens

__all__ = ["allergens_named", "read_allergens", "traces_named"]

_Mode = Literal["contains", "may", "without", "caution", "ignored", "unsure"]
_NONE = re.compile(
    r"\bnone of the (?:14|fourteen)(?: (?:declarable|major|eu|listed|main))?(?: allergens)?\b|^\s*(?:none|keine|aucune?|néant)\s*\.?\s*$"  # noqa: E501
    r"|\b(?:no|free (?:from|of)(?: all)?)(?: (?:known|declarable|major|14))* allergens\b|\ballergen[- ]?fr(?:ee|ei)\b"
    r"|\bkeine?(?: der)?(?: 14)?(?: (?:deklarationspflichtigen|kennzeichnungspflichtigen))? allergene\b"
    r"|\b(?:aucun|sans)(?: des 14)? allergènes?(?: (?:à déclaration obligatoire|majeurs?))?\b",
    re.IGNORECASE,
)
_MARKERS: tuple[tuple[_Mode, str], ...] = (
    ("ignored", r"\bcontains? none\b"),
    ("caution", r"\b(?:may|can|could|might) (?:affect|trigger)\b(?: (?:people|those|persons))?(?: with)?(?: an?)?"),
    ("caution", r"\bnot suitable for\b(?: (?:people|those|persons|children))*(?: with)?(?: an?)?|\ballerg(?:y|ie|ic) to\b"),
    ("caution", r"\bnicht geeignet für\b|\bne convient pas aux?\b|\bnot (?:free|without)\b|\bnicht frei\b"),
    ("may", r"\b(?:may|might|can|could)(?: also)? (?:contain|include)(?: traces?(?: of)?)?\b|\btraces?(?: (?:of|from|possible|éventuelles|de))*\b"),  # noqa: E501
    ("may", r"\b(?:made|produced|packed|processed|manufactured) (?:where|in|on)\b"),
    ("may", r"\bkann(?: auch)?(?: spuren)?(?: von)?\b|\bspuren(?: von)?\b|\bhergestellt\b|\bpeut contenir\b|\bfabriqué\b|\bgluten possible\b"),  # noqa: E501
    ("without", r"\b(?:contains? no|does(?: not|n't) contain|there (?:are|is) no|without(?: any)?|free (?:from|of)|no)\b"),
    ("without", r"\benth(?:ält|alten) keine?n?\b|\bohne\b|\bkeine?n?\b|\bfrei von\b|\bne contient (?:pas|aucun)\b|\bsans\b|\bpas de\b"),  # noqa: E501
    ("contains", r"\bcontain(?:s|ing)?\b|\bexcept(?: for)?\b|\bapart from\b|\bother than\b|\bbut\b|\bwith\b|\benthält\b|\baußer\b|\bmit\b"),  # noqa: E501
    ("contains", r"\bcontient\b|\bsauf\b|\bmais\b|\bavec\b|\baber\b|\bincl(?:uding|udes|\.)"),
)  # fmt: skip
_MARKER = re.compile("|".join(f"(?P<m{n}>{pattern})" for n, (_, pattern) in enumerate(_MARKERS)), re.IGNORECASE)
_NAMES = tuple(
    (allergen, re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])", re.IGNORECASE))
    for allergen, words in ALLERGEN_WORDS.items()
)
_WHOLE = re.compile(
    r"(?:gluten|crustaceans?|krebstieren?|crustacés?|eggs?|eier[n]?|œufs?|oeufs?|fish|fisch|poissons?|peanuts?|erdn(?:uss|üssen?)|"
    r"arachides?|cacahu[eè]tes?|soya?|soja|milk|dairy|milch|lait|(?:tree )?nuts?|schalenfrüchten?|n(?:uss|üssen?)|fruits à coque|"
    r"celery|sellerie|céleri|mustard|senf|moutarde|sesame|sesam|sésame|sul(?:ph|f)ites?|sulfiten|lupins?|lupinen?|mollus[ck]s?|"
    r"weichtieren?|mollusques?)(?: free| frei)?",
    re.IGNORECASE,
)
_FREE = re.compile(r"^[- ]?(?:free|frei)(?![^\W\d_])", re.IGNORECASE)
_OTHER = re.compile(rf"(?<![^\W\d_])(?:{OTHERS})(?![^\W\d_])", re.IGNORECASE)
_HARMLESS = re.compile(rf"(?<![^\W\d_])(?:{HARMLESS})(?![^\W\d_])", re.IGNORECASE)
_BARE_NO = re.compile(r"no|keine?n?", re.IGNORECASE)
_AND = re.compile(r"\b(?:and|und)\b", re.IGNORECASE)
_OR = re.compile(r"\b(?:or|nor|oder|noch|ou|ni)\b", re.IGNORECASE)
_ANY_JOIN = re.compile(r"\b(?:or|nor|oder|noch|ou|ni|and|und|et)\b", re.IGNORECASE)
_NO_SHOP_WORD = re.compile(r"\blactose[- ]free\b|\blaktosefrei\b|\bsans lactose\b|\bvegan\b", re.IGNORECASE)
_MAX_CHARACTERS = 2_000
_MAX_INGREDIENTS = 20_000


def read_allergens(text: str) -> tuple[Allergens, tuple[str, ...]]:
    """What a text declares.

    Args:
        text: Such as "Contains milk; may contain traces of nuts", "None of the 14 declarable allergens". Lists of names alone
            ("milk, soya") are contained.

    Returns:
        What was read, and the clauses in which something wasn't understood; with any of those nothing counts as not declared.
    """
    contains: set[Allergen] = set()
    may: set[Allergen] = set()
    without: set[Allergen] = set()
    cautions: set[Allergen] = set()
    others: set[str] = set()
    unread: list[str] = []
    none_declared = False
    if len(text) > _MAX_CHARACTERS:
        unread.append(text[_MAX_CHARACTERS : _MAX_CHARACTERS + 80])
    for clause in re.split(r"[;\n]|\.(?:\s|$)|<", text[:_MAX_CHARACTERS].replace("’", "'")):
        if not clause.strip():
            continue
        rest, said = _NONE.subn(lambda match: " " * len(match[0]), clause)
        rest = _NO_SHOP_WORD.sub(lambda match: " " * len(match[0]), rest)
        negated = re.search(r"\b(?:not|nicht|pas)\b[^,]*$", clause[: _start(clause)], re.IGNORECASE)
        none_declared |= bool(said) and not negated
        if said and negated:
            unread.append(clause.strip())
        used: list[tuple[int, int]] = []
        for start, end, allergen in _named(rest):
            mode = _mode_at(rest, start)
            free = _FREE.match(rest[end:])
            if free:
                mode = "caution" if re.search(r"\b(?:not|nicht)\s+$", rest[:start], re.IGNORECASE) else "without"
            used.append((start, end + (free.end() if free else 0)))
            if mode == "unsure":
                unread.append(clause.strip())
                continue
            if mode == "without" and not _WHOLE.fullmatch(rest[start : used[-1][1]].split("-")[0].strip()):
                continue  # "wheat-free" may hold barley: only the absence of the whole group is one
            bucket = {"contains": contains, "may": may, "without": without, "caution": cautions}.get(mode, contains)
            bucket.add(allergen)
        blank = _blank(rest, used)
        for match in _OTHER.finditer(blank):
            free = _FREE.match(blank[match.end() :])
            if not free and _mode_at(rest, match.start()) in {"contains", "may"}:
                others.add(match[0].casefold())
        if _left_over(blank):
            unread.append(clause.strip())
    if none_declared and contains:
        unread.append(text.strip()[:200])
        none_declared = False
    without -= contains | may | cautions
    return (
        Allergens(
            contains=frozenset(contains), may_contain=frozenset(may), without=frozenset(without), none_declared=none_declared,
            cautions=frozenset(cautions), others=frozenset(others), all_read=not unread and bool(text.strip()),
        ),
        tuple(dict.fromkeys(unread)),
    )  # fmt: skip


def _start(clause: str) -> int:
    match = _NONE.search(clause)
    return match.start() if match else 0


@lru_cache(maxsize=2_000)
def _named(text: str) -> tuple[tuple[int, int, Allergen], ...]:
    """The allergens that a text names; of names within names the longer ones count ("coconut milk" is none)."""
    found = [(match.start(), match.end(), allergen) for allergen, pattern in _NAMES for match in pattern.finditer(text)]
    return tuple(
        each
        for each in sorted(found)
        if not any(o is not each and o[0] <= each[0] and each[1] <= o[1] and o[:2] != each[:2] for o in found)
    )


def allergens_named(texts: Iterable[str]) -> frozenset[Allergen]:
    """The allergens that ingredients name. What isn't found isn't thereby absent.

    Args:
        texts: Names of ingredients, with their notes.
    """
    return frozenset(
        allergen
        for text in texts
        for start, end, allergen in _named(text[:_MAX_CHARACTERS])
        if not _FREE.match(text[end:]) and _mode_at(text, start) == "contains"
    )


def traces_named(texts: Iterable[str]) -> frozenset[Allergen]:
    """The allergens that lists of ingredients say may be in it, and nowhere that they are: "…, salt. May contain nuts".

    Args:
        texts: Whole lists, as the shop writes them.
    """
    traces: set[Allergen] = set()
    contained: set[Allergen] = set()
    for text in texts:
        for piece in re.split(r"[;\n]|\.(?:\s|$)", text[:_MAX_INGREDIENTS].replace("’", "'")):
            sentence = piece[:_MAX_CHARACTERS]
            for start, end, allergen in _named(sentence):
                if _FREE.match(sentence[end:]):
                    continue
                mode = _mode_at(sentence, start)
                if mode == "may":
                    traces.add(allergen)
                elif mode == "contains":
                    contained.add(allergen)
    return frozenset(traces - contained)


def _mode_at(text: str, at: int) -> _Mode:
    """The mode of the last marker before a place; one within brackets holds up to their end."""
    mode: _Mode = "contains"
    bare = False
    depth_modes: list[_Mode] = []
    markers = {match.start(): match for match in _MARKER.finditer(text)}
    for place in range(at):
        if text[place] == "(":
            depth_modes.append(mode)
        elif text[place] == ")" and depth_modes:
            mode = depth_modes.pop()
        elif place in markers and markers[place].end() <= at:
            mode = _MARKERS[int((markers[place].lastgroup or "m0")[1:])][0]
            bare = bool(_BARE_NO.fullmatch(markers[place][0]))
        elif mode == "without" and _ends_list(text, place, bare=bare):
            mode = "unsure"  # "no nuts, milk": a list of what isn't in it, or a new beginning
    following = re.match(r"[^;,()]{0,40}", text[at:])
    if following and mode == "contains" and re.search(r"\bpossible\b|\bmöglich\b", following[0], re.IGNORECASE):
        return "may"
    return mode


def _ends_list(text: str, place: int, *, bare: bool) -> bool:
    """Whether it isn't sure that a "no" goes on here: at a comma that no "or" follows, and at the "and" after a bare "no"."""
    if text[place] == ",":
        return not (_OR if bare else _ANY_JOIN).search(text, place)
    return bare and bool(_AND.match(text, place))


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _left_over(text: str) -> bool:
    """Whether words are left that nobody knows; the subject of a "contain" ("cocoa and cedar contain …") may be any."""
    text = re.sub(
        r"^[^,;()]*?(?=\b(?:contains?|enthält|enthalten|contient|contiennent)\b)", _subject, text, flags=re.IGNORECASE
    )
    for pattern in (_MARKER, _OTHER, _HARMLESS):
        text = pattern.sub(" ", text)
    text = re.sub(r"[- ](?:free|frei)\b", " ", text)
    return bool(re.search(r"[^\W_]", text))


def _subject(match: re.Match[str]) -> str:
    return match[0] if re.search(r"\b(?:not|nicht|ne|may|kann|peut)\b", match[0], re.IGNORECASE) else " "
