"""Where a model declines to answer: the word that it was told to write, in whatever wrapping, or a sentence of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["declines", "leads_up", "says_none"]

_LOUD = re.compile(r"(?<![\w-])NONE(?![\w-])")
_ALONE = re.compile(
    r"(?:[^\W\d_]+[^\w:]*:)?[\W_]*(?:none|n/a|nil|null|keine?[rs]?|nichts|aucune?|rien|"
    r"(?:no|keine|aucune) (?:answer|antwort|réponse))[\W_]*",
    re.IGNORECASE,
)
_DECLINES = re.compile(
    r"\bi (?:really |just |unfortunately )?(?:do not|don't|cannot|can't|can not|could not|couldn't|am unable to|am not able to) "
    r"(?:know|say|tell|answer|find|determine)\b"
    r"|\bi(?:'m| am)(?: \w+){0,2} (?:not (?:sure|certain|aware)|unsure|unable|unaware)\b"
    r"|\b(?:i|we)(?: \w+)? (?:have|found|find|can find|know of) (?:no|nothing) ?(?:information|answer|details?|about|on)\b"
    r"|\b(?:i|we) (?:do not|don't|did not|didn't)(?: \w+)? (?:have|find|see)(?: \w+){0,4} (?:information|details?|answer|data)\b"
    r"|\bthere(?:'s| is| are) no (?:\w+ )?(?:information|mention|details?|answer)\b"
    r"|\bno (?:\w+ )?(?:information|answer|details?) (?:is |are |was |were )?(?:\w+ )?(?:available|given|found|provided)\b"
    r"|\bcan(?:no|')t be answered\b|\b(?:not|n't) answer (?:the|your|this|that)\b"
    r"|\bwei(?:ß|ss) ich (?:\w+ )?nicht\b|\bich wei(?:ß|ss) (?:\w+ ){0,2}nicht\b|\bich bin (?:mir )?(?:\w+ )?nicht sicher\b"
    r"|\b(?:habe|finde|kenne) ich (?:\w+ ){0,3}(?:keine|nichts)\b|\bich (?:habe|finde|kenne) (?:\w+ ){0,3}"
    r"(?:keine (?:information|angabe|antwort|auskunft)\w*|nichts)\b"
    r"|\bkeine (?:\w+ )?(?:information|angabe|auskunft|auskünfte|antwort|details)\w*\b|\bnicht (?:\w+ )?beantworten\b"
    r"|\bkann ich (?:\w+ ){0,3}nicht (?:sagen|beantworten|finden)\b"
    r"|\bje (?:ne|n') ?(?:sais|connais|trouve|dispose|peux|vois|suis)(?: \w+)? (?:pas|aucune?|rien)\b|\bje l'ignore\b"
    r"|\bje n'ai (?:pas|aucune?|rien)\b|\bnous n'avons (?:pas|aucune?) (?:d'|de )?(?:information|réponse|renseignement|précision)"
    r"|\baucune (?:information|réponse|précision|mention)\b|\bpas d'informations?\b",
    re.IGNORECASE,
)
_LEADS_UP = re.compile(
    r"\b(?:sorry|unfortunately|afraid|apolog\w+|regret\w*|leider|bedau\w+|tut (?:mir|uns) leid|entschuldig\w+|verzeih\w+|"
    r"désolée?s?|malheureusement|regrett\w+|navrée?s?|excus\w+|pardon\w*|sure|of course|certainly|absolutely|definitely|"
    r"gerne?|natürlich|selbstverständlich|klar|bien sûr|volontiers|certainement|naturellement)\b",
    re.IGNORECASE,
)


def says_none(line: str) -> bool:
    """Whether a sentence or line is the word for "the passages don't answer it": `NONE`, alone or with other words about it.

    Args:
        line: As the model wrote it, markup and all.
    """
    return _LOUD.search(line) is not None or _ALONE.fullmatch(line) is not None


def declines(sentence: str, sources: Iterable[str] = ()) -> bool:
    """Whether a sentence says that the answer isn't known.

    Args:
        sentence: In English, German or French.
        sources: What it may rest on; what stands there in the same words declines nothing.
    """
    found = _DECLINES.search(sentence.replace("’", "'"))
    if found is None:
        return False
    words = found[0].casefold()
    return not any(words in source.replace("’", "'").casefold() for source in sources)


def leads_up(sentence: str) -> bool:
    """Whether a polite sentence may lead up to a refusal, or agrees ahead of what is agreed to: "I'm sorry.", "Of course!"."""
    return _LEADS_UP.search(sentence) is not None
