"""Which of the things that were shown a customer means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from convagent.search.spelt_words import is_spelt
from convagent.search.tokenise import base_language
from convagent.understanding.choice_labels import Labels
from convagent.understanding.lexicon import canonical_words, is_function_word
from convagent.understanding.normal import normalise
from convagent.understanding.number_words import NUMBER_WORDS, ORDINALS
from convagent.understanding.phrases import compile_phrases, fold
from convagent.understanding.word_lists import word_lists

__all__ = ["Choice", "Picked", "choose"]

_LIMIT = 2_000
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
_CLAUSES = re.compile(r"[,;&+]|\b(?:and|but|und|aber|sondern|et|mais|or|oder|ou|then|dann|puis)\b", flags=re.IGNORECASE)
_UNWANTED = re.compile(r"[,;&+]|\b(?:and|und|et|or|oder|ou)\b")
_FEW_WORDS, _SHORTEST_HEAD, _SHORTEST_FRONT = 4, 4, 3
"""So long are an answer that names a thing by a compound, the compound's last part at least, and what stands before that."""

_PUT_TOGETHER, _SHORTEST_NOUN = frozenset({"de", "nl", "da", "sv", "no"}), 3
"""Languages in which a last part may be shorter, behind a longer word: Kinderrad, Armbanduhr, Strohhut."""

_STOPS = re.compile(r"[,;:\u2013\u2014]")
_ONLY_PLACES = re.compile(
    r" \. (?:(?:number|no|nr|option|options|item|items|choice|nummer|numero|and|und|et|the|please|bitte|svp|\d{1,2}|\.) )+"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be picked.

    Attributes:
        key: Its identity: an order's number, a line's place. One of three or more signs with a figure among them is
            recognised: "#1042" by "1042".
        labels: What it is called when it is shown, the usual name first; attributes may be part of it ("…, M, Forest
            Green").
        aliases: What else customers may call it.
        position: Its place in the list that was shown, from 0.
    """

    key: str
    labels: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class Picked:
    """What was picked.

    Attributes:
        keys: Keys that were picked, in the order shown. Empty when several fit equally well.
        excluded: Keys that were ruled out by name ("not the lamp").
        complete: The words settle the pick: some keys, or plainly none of them.
        ambiguous: Keys that fit equally well where fewer were meant, in the order shown.
    """

    keys: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    complete: bool = False
    ambiguous: tuple[str, ...] = ()


def choose(
    text: str,
    choices: Sequence[Choice],
    *,
    many: bool,
    now: datetime | None = None,
    direct: bool = True,
    language: str = "en",
) -> Picked:
    """Decide which of the shown choices the customer means.

    Understood are ids ("#1042"), whole labels, parts of labels with slips of the keyboard ("the lammp", "blue one",
    "jacket in M"), days and prices that labels name ("the one from 3 May"), places ("the second one", "the last two",
    "2"), and "both", "all of them", "everything except …", "not the …", "the other one", "either", "none of these".
    Only keys that are offered are ever returned, and none when what is to be left out is unclear.

    Args:
        text: What the customer wrote; 2,000 characters are read.
        choices: What was shown.
        many: Whether several may be picked. If not, words that pick several are ambiguous.
        now: The turn's moment, to read days; without it days are not compared.
        direct: Whether the text answers the question which one. If not, only plain mentions count: ids, labels, telling
            words of one choice, "everything", "both".
        language: What labels are written in: a word of it is no slip for another one, and words are put together as it does.

    Returns:
        The pick; empty when the words say nothing about the choices.
    """
    offered = sorted(choices, key=lambda choice: choice.position)
    keys = tuple(dict.fromkeys(choice.key for choice in offered))
    if not keys or not text.strip():
        return Picked()
    read = text[:_LIMIT]
    labels = Labels(offered, now=now, language=language)
    if whole := labels.whole(read):
        return Picked(_ordered(whole, keys), complete=True)
    shielded = labels.shield(read)
    positive, negative = _parts(shielded)
    out, unclear = _unwanted(negative, labels, keys, direct=direct)
    if not unclear and not out and _patterns()["except"].search(fold(shielded)):
        unclear = set(keys)  # something is to be left out, and it can't be told what
    if unclear:
        return Picked((), _ordered(out, keys), ambiguous=_ordered(unclear, keys))
    wanted, tied = _wanted(positive, labels, keys, direct=direct, many=many)
    if not direct and not wanted and not tied and out and _patterns()["not_needed"].search(fold(shielded)):
        wanted, out = out, set()  # "I don't need the case": that is the one to be sent back
    if not wanted and not tied and direct:
        wanted = _by_the_whole(fold(shielded), out, keys, many=many) or _by_meaning(positive, offered)
    if not wanted and not tied and not out and direct:
        tied = _by_head(shielded, offered, language)
    wanted, tied = wanted - out, tied - out
    if not wanted and len(tied) == 1:
        wanted = tied
    if wanted:
        picked = _ordered(wanted, keys)
        if len(picked) > 1 and not many:
            return Picked((), _ordered(out, keys), ambiguous=picked)
        if tied - wanted:
            return Picked((), _ordered(out, keys), ambiguous=_ordered(wanted | tied, keys))
        return Picked(picked, _ordered(out, keys), complete=True)
    if tied:
        return Picked((), _ordered(out, keys), ambiguous=_ordered(tied, keys))
    if direct and not out and _patterns()["none"].search(fold(shielded)):
        return Picked((), keys, complete=True)
    return Picked((), _ordered(out, keys))


def _parts(text: str) -> tuple[list[str], list[str]]:
    """The parts of a shielded text that say what is wanted, and those that say what is not.

    What follows "except" is unwanted to the end of the sentence; what stands with "not" only to the next comma or "but".
    """
    patterns = _patterns()
    positive: list[str] = []
    negative: list[str] = []
    for sentence in _SENTENCES.split(text):
        commas = re.sub(r"[,;&+]", " and ", sentence)
        folded = fold(commas)
        exception = patterns["except"].search(folded)
        if exception is not None:
            before, words = folded[: exception.start()], exception.group().split()
            # "all but the lamp": the word that says how much belongs to what is wanted.
            positive.append(f"{before} {words[0]}" if words[0] in ("all", "everything") else before)
            negative += _UNWANTED.split(folded[exception.end() :])
            continue
        instead = patterns["instead"].search(folded)
        if instead is not None:  # what there was before is neither wanted nor left out
            stands_behind = any(word not in _words_of("leads") for word in folded[: instead.start()].split())
            sentence = folded[: instead.start()] if stands_behind else _in_its_place(sentence, folded[instead.end() :])  # noqa: PLW2901
        for clause in _CLAUSES.split(sentence):
            is_negative = patterns["not"].search(fold(clause)) is not None
            (negative if is_negative else positive).append(clause)
    return positive, negative


def _in_its_place(sentence: str, behind: str) -> str:
    """What a sentence wants that begins with what there was before: "the lamp" of "Instead of the mug, the lamp".

    It begins behind the first comma, else with the second article or with who wants it: "statt der Tasse die Lampe".

    Args:
        sentence: As it was written.
        behind: What stands behind "instead of", folded.
    """
    head, comma, rest = sentence.partition(next(iter(_STOPS.findall(sentence)), ","))
    if comma and rest.strip() and _patterns()["instead"].search(fold(head)):
        return rest
    words = behind.split()
    begins = next(
        (place for place, word in enumerate(words) if place and word in _words_of("begins_a_wish")), len(words)
    )
    return " ".join(words[begins:])


def _unwanted(
    parts: Iterable[str], labels: Labels, keys: tuple[str, ...], *, direct: bool
) -> tuple[set[str], set[str]]:
    """Keys that are ruled out, and keys that fit equally well where one was."""
    out: set[str] = set()
    unclear: set[str] = set()
    for part in parts:
        mention = labels.mentioned(part, direct=direct)
        if mention.found or mention.tied:
            out |= mention.found
            if mention.plural:
                out |= mention.tied
            else:
                unclear |= mention.tied
        elif direct:
            out |= _placed(fold(part), keys)
    return out, unclear - out


def _wanted(
    parts: Iterable[str], labels: Labels, keys: tuple[str, ...], *, direct: bool, many: bool
) -> tuple[set[str], set[str]]:
    """Keys that are asked for, and keys that fit equally well where one was.

    Where one is to be picked, its name counts more than a place: "the second one, 1115".
    """
    patterns = _patterns()
    wanted: set[str] = set()
    ties: list[set[str]] = []
    by_place: set[str] = set()
    for part in parts:
        folded = fold(part)
        mention = labels.mentioned(part, direct=direct)
        everything = patterns["all"].search(folded) is not None
        both = patterns["both"].search(folded) is not None
        if mention.found:
            wanted |= mention.found
        elif mention.tied:
            plural = mention.plural and not _A_COUNT.search(folded)
            if everything or plural or (both and len(mention.tied) == 2):
                wanted |= mention.tied
            else:
                ties.append(set(mention.tied))
        elif direct and (placed := _placed(folded, keys)):
            by_place |= placed
        elif everything or (both and len(keys) == 2):
            wanted |= set(keys)
        elif both:
            ties.append(set(keys))
    if many or not wanted:
        wanted |= by_place
    # What one part leaves open another tells: "it's from order 1017" beside "my jumper".
    tied = {key for tie in ties if not tie & wanted for key in tie}
    return wanted, tied


def _by_the_whole(folded: str, out: set[str], keys: tuple[str, ...], *, many: bool) -> set[str]:
    """Keys that follow from the answer as a whole: the others, any, the only one, the one that is left."""
    patterns = _patterns()
    if out and (patterns["rest"].search(folded) or (not many and len(keys) - len(out) == 1)):
        return set(keys) - out
    if out or patterns["none"].search(folded):
        return set()
    if patterns["either"].search(folded):
        return {keys[0]}
    return set(keys) if len(keys) == 1 and patterns["this"].search(folded) else set()


def _by_meaning(parts: Iterable[str], offered: Sequence[Choice]) -> set[str]:
    """Keys whose label means what is said in other words: "my money back" for "refund".

    Only labels that are made of such words count, as what an author writes out is, and only what one of them alone means:
    the names of things are no synonyms of anything.
    """
    meant = {choice.key: _meanings(choice.labels[0]) for choice in offered if choice.labels}
    plain = [part for part in parts if "?" not in part]
    said = {word for part in plain for word in canonical_words(normalise(part)) if word[0] == "="}
    said |= {f"={name.removeprefix('means_')}" for name, pattern in _patterns().items() if name.startswith("means_")
             for part in plain if pattern.search(fold(part))}  # fmt: skip
    found: set[str] = set()
    for word in said:
        keys = {key for key, words in meant.items() if word in words}
        if len(keys) == 1:
            found |= keys
    return found


@lru_cache(maxsize=512)
def _meanings(label: str) -> frozenset[str]:
    """What a label means; nothing where it has other words as well."""
    words = [word for word in canonical_words(normalise(label)) if not is_function_word(word)]
    return frozenset(words) if all(word[0] == "=" for word in words) else frozenset()


def _by_head(text: str, offered: Sequence[Choice], language: str) -> set[str]:
    """Keys whose name shares its last part with a word of an answer of few words: "den Velohelm" for "Helm Kuppe".

    So do languages that write compounds as one word: a Velohelm is a Helm, and a Helm may be the Kinderhelm.
    """
    said = [word for word in fold(text).split() if word != "."]
    if len(said) > _FEW_WORDS:
        return set()
    least = _SHORTEST_NOUN if base_language(language) in _PUT_TOGETHER else _SHORTEST_HEAD
    heads = [word for word in said if len(word) >= least and word.isalpha() and not is_function_word(word)]
    return {
        choice.key
        for choice in offered
        for name in (*choice.labels, *choice.aliases)
        if any(_share_a_head(word, other, language) for word in heads for other in fold(name).split())
    }


def _share_a_head(one: str, other: str, language: str) -> bool:
    """Whether the longer word ends with the shorter; of three letters it is only one behind a word: the Rad of a Kinderrad."""
    short, long = sorted((one, other), key=len)
    if not long.endswith(short) or len(long) - len(short) < _SHORTEST_FRONT:
        return False
    if len(short) >= _SHORTEST_HEAD:
        return True
    front = long.removesuffix(short)
    return len(short) == _SHORTEST_NOUN and len(front) > _SHORTEST_FRONT and is_spelt(front, language)


def _placed(folded: str, keys: tuple[str, ...]) -> set[str]:
    """Keys by their place: "the second one", "the last two", "2 and 3"."""
    words = [word for word in folded.split() if word != "."]
    out: set[str] = set()
    for index, word in enumerate(words):
        place = _PLACES.get(word)
        if place is None or not index < 6:
            continue
        beside = (words[index + 1 : index + 2] or [""])[0], words[index - 1] if index else ""
        count = next((number for word in beside if (number := _count(word)) > 1), 1)
        if not 1 <= count <= len(keys) or place > len(keys):
            continue
        if place == -1:
            out |= set(keys[-count:])
        elif place == 1:
            out |= set(keys[:count])
        else:
            out.add(keys[place - 1])
    if out or not _ONLY_PLACES.fullmatch(folded):
        return out
    places = [int(word) for word in words if word.isdigit()]
    return (
        {keys[place - 1] for place in places} if places and all(1 <= place <= len(keys) for place in places) else set()
    )


def _count(word: str) -> int:
    return int(word) if word.isdigit() and len(word) < 3 else _COUNTS.get(word, 1)


def _ordered(some: Iterable[str], keys: tuple[str, ...]) -> tuple[str, ...]:
    wanted = set(some)
    return tuple(key for key in keys if key in wanted)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: compile_phrases(phrases) for name, phrases in word_lists("choosing").items()}


@lru_cache(maxsize=4)
def _words_of(name: str) -> frozenset[str]:
    return frozenset((".", *word_lists("choosing")[name]))


_PLACES = {fold(word).strip(" ."): place for word, place in ORDINALS.items()}
_COUNTS = {fold(word).strip(" ."): value for word, value in NUMBER_WORDS.items() if 1 < value < 10}
_A_COUNT = re.compile(r" (?:\d{1,2}|" + "|".join(sorted(_COUNTS)) + r") ")
