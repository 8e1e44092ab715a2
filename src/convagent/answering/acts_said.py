"""What a sentence says that we did, are doing or will do: words that a model may not find of its own.

`convagent.guidance.claims` knows which acts can be claimed,
and verification holds each against what was done. A model words
answers, and no answer tells of an act: here the form alone is enough,
whatever the verb. What the source says in the same words
may be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["acts_said"]

_ADVERBS = r"(?: (?:now|already|just|also|personally|gladly|then|immediately|right away))*"
_ACTS = re.compile(
    r"\bi(?:'ve| have| had)\b(?! (?:no|to|understood|read)\b)[^.!?]{0,40}"
    r"|\bi(?:'ll| will| shall| can now| did| just)\b(?! (?:be )?(?:glad|happy|gladly))[^.!?]{0,40}"
    rf"|\bi(?:'m| am){_ADVERBS} \w+ing\b"
    rf"|\bwe(?:'ve| have| had){_ADVERBS} (?:\w+ed|done|sent|made|put|taken|given|found|begun|paid|kept|written|set)\b"
    r"|\bwe(?:'ll| will| shall)\b[^.!?]{0,30}"
    rf"|\bwe(?:'re| are){_ADVERBS} (?:going to|\w+ing)\b"
    r"|\blet me (?:check|look|see|do|send|cancel|book|find|get|transfer|forward)\b"
    r"|\b(?:colleague|team|person|somebody|someone|manager|agent|specialist|they|he|"
    r"she)\b[^.!?]{0,30}\bwill\b[^.!?]{0,30}"
    r"|\byou(?:'ll| will) (?:shortly |soon |now )?(?:get|receive|hear|be)\b[^.!?]{0,30}"
    r"|\byour [^.!?]{0,40}\b(?:has|have) (?:now |already |just )?been\b|\byour [^.!?]{0,40}\bwill be\b|"
    r"\bwas processed\b"
    r"|\bis (?:now |already )?(?:on its way|booked|cancelled|done|arranged|sorted|refunded|confirmed)\b|"
    r"^\W*(?:all )?done\b"
    r"|\bich (?:habe|hab|werde|storniere|erstatte|sende|schicke|buche|leite|kümmere|veranlasse|prüfe|melde|gebe|"
    r"lasse)\b[^.!?]{0,40}"
    r"|\bwir (?:haben|hatten)\b[^.!?]{0,80}\b(?:ge\w+(?:t|en)|\w+iert|ver\w+t|be\w+t|er\w+t)\b|"
    r"\bwir werden\b[^.!?]{0,40}"
    r"|\b(?:wurden?|worden)\b[^.!?]{0,60}\b(?:ge\w+|\w+iert|ver\w+t|er\w+t|be\w+t)\b|\bist (?:jetzt |bereits |"
    r"schon )?(?:storniert|"
    r"gekündigt|erstattet|unterwegs|erledigt|gebucht)\b|\b(?:kolleg\w*|team|mensch|mitarbeiter\w*|"
    r"jemand)\b[^.!?]{0,30}\bwird\b"
    r"|\bj'(?:ai|avais|arrive|envoie|annule)\b[^.!?]{0,40}|\bje (?:vais|viens de|m'occupe|vous (?:envoie|"
    r"rembourse)|procède|transmets)\b"
    r"|\bnous (?:vous |l'|les? )?(?:avons|allons|venons de)\b[^.!?]{0,40}|\bvient d'être\b|\b(?:a|ont) (?:bien |"
    r"déjà )?été\b"
    r"|\best (?:bien |maintenant |déjà )?(?:annulée?|remboursée?|en route|résiliée?|réservée?)\b"
    r"|\b(?:collègue|équipe|personne|quelqu'un)\b[^.!?]{0,30}\bva\b",
    re.IGNORECASE,
)


_IN_CONDITION = re.compile(
    r"(?<!\w)(?:once|when|after|as soon as|if|until|unless|before|wenn|sobald|nachdem|falls|bis|bevor|lorsque|quand|si|dès que|"
    r"après que|une fois)\s[^,.;:!?]*$",
    re.IGNORECASE,
)
"""Where a condition is open, nothing is claimed: "once the piece has reached us and we have checked it"."""


def acts_said(sentence: str, sources: Iterable[str] = ()) -> tuple[str, ...]:
    """What a sentence says that somebody of the shop did, does now or will do for the customer.

    Args:
        sentence: In English, German or French.
        sources: What it may rest on; what stands there in the same words is left out.
    """
    plain = sentence.replace("’", "'")
    found = [match[0].strip() for match in _ACTS.finditer(plain) if not _IN_CONDITION.search(plain[: match.start()])]
    if not found:
        return ()
    known = "\n".join(sources).replace("’", "'").casefold()
    return tuple(words for words in found if words.casefold() not in known)
