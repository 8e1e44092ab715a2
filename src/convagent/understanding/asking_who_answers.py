"""Whether a message asks who is writing, a person or a machine, and nothing else: that wants an honest answer, not a person."""

from __future__ import annotations

import re
from typing import Final

from convagent.guidance.interpreter.kernel import Kernel

__all__ = ["asks_who_answers", "guide_on_who_answers"]

_LONGEST: Final = 160

_EN_WHAT = (
    r"(?:(?:a|an|the|some|any)\s+)?(?:(?:real|actual|live|living|proper|human|virtual|automated|ai|chat)[\s-]+)*"
    r"(?:person|human|humans|people|being|one|bot|chatbot|robot|machine|computer|ai|a\.i\.|program|assistant|agent|real|alive|automated)"
)
_EN_OR = rf"{_EN_WHAT}(?:,?\s+or\s+(?:is\s+(?:it|this)\s+|am\s+i\s+\w+\s+(?:to|with)\s+)?(?:just\s+)?(?:{_EN_WHAT}|not|what))?"
_EN = (
    rf"(?:are|r)\s+(?:you|u)\s+(?:(?:just|really|actually|even|all)\s+)*{_EN_OR}|"
    rf"(?:you(?:['’]?re|\s+are)\s+(?:just\s+)?){_EN_OR},?\s*(?:aren['’]?t\s+you|right|no|yes)?|"
    rf"(?:am|are)\s+(?:i|we)\s+(?:(?:really|actually|just)\s+)*(?:talking|speaking|chatting|writing)\s+(?:to|with)\s+{_EN_OR}|"
    r"is\s+(?:this|that)\s+(?:(?:just|really|actually)\s+)*(?:an?\s+)?(?:(?:real|actual|live)\s+)?(?:person|human|bot|chatbot)"
    r"(?:,?\s+or\s+(?:an?\s+)?(?:real\s+)?(?:person|human|bot|chatbot|robot|machine|computer|ai|not|what))?"
    r"(?:\s+(?:writing|answering|typing|replying))?|"
    r"(?:who|what)\s+(?:exactly\s+)?are\s+you|who\s+am\s+i\s+(?:talking|speaking|chatting|writing)\s+(?:to|with)|"
    r"who\s+is\s+(?:this|writing|answering)"
)
_DE_WHAT = (
    r"(?:(?:ein|eine|einem|einer|einen|die|der)\s+)?(?:(?:echte[rnms]?|richtige[rnms]?|lebende[rnms]?|wirkliche[rnms]?)\s+)?"
    r"(?:mensch(?:en)?|person|bot|chatbot|roboter|maschine|computer|ki|programm|mitarbeiter(?:in)?|echt)"
)
_DE_OR = rf"{_DE_WHAT}(?:,?\s+oder\s+(?:nur\s+|bloß\s+)?(?:{_DE_WHAT}|nicht|was))?"
_DE = (
    rf"(?:bist\s+du|sind\s+sie|seid\s+ihr)\s+(?:(?:eigentlich|wirklich|nur|denn|etwa)\s+)*{_DE_OR}|"
    rf"(?:spreche|schreibe|chatte|rede)\s+ich\s+(?:(?:hier|gerade|jetzt|eigentlich|wirklich|da)\s+)*mit\s+{_DE_OR}|"
    r"ist\s+(?:das|da|hier)\s+(?:(?:hier|eigentlich|wirklich|nur|jetzt)\s+)*(?:ein\s+|eine\s+)?(?:echter?\s+)?(?:mensch|person|bot|chatbot)|"
    r"(?:wer|was)\s+(?:bist\s+du|sind\s+sie|seid\s+ihr)(?:\s+(?:eigentlich|denn))?|"
    r"(?:mit\s+wem|wem)\s+(?:spreche|schreibe|chatte|rede)\s+ich(?:\s+(?:hier|da|gerade|eigentlich))*"
)
_FR_WHAT = (
    r"(?:(?:un|une|des|le|la|l['’])\s*)?(?:(?:vrai|vraie|véritable)s?\s+)?"
    r"(?:personne|humaine?|être\s+humain|robot|bot|chatbot|machine|ordinateur|ia|intelligence\s+artificielle|programme|vraie?)"
)
_FR_OR = rf"{_FR_WHAT}(?:,?\s+ou\s+(?:(?:bien|juste)\s+)?(?:à\s+|avec\s+)?(?:{_FR_WHAT}|non|quoi))?"
_FR = (
    r"(?:est-ce\s+que\s+)?(?:(?:es-tu|êtes-vous|vous\s+êtes|tu\s+es|t['’]es)\s+(?:(?:vraiment|juste|bien)\s+)*"
    rf"|(?:je\s+(?:parle|discute|chatte)|(?:parlé|parle|discuté)-je)\s+(?:(?:vraiment|bien|là)\s+)*(?:à|avec)\s+"
    rf"){_FR_OR}|c['’]est\s+(?:(?:bien|juste|vraiment)\s+)*(?:un|une)\s+(?:vraie?\s+)?(?:bot|chatbot|humaine?|personne)|"
    r"(?:qui|qu['’]?)\s*(?:êtes-vous|es-tu)|(?:vous\s+êtes|tu\s+es|t['’]es)\s+qui|(?:à|avec)\s+qui\s+(?:je\s+parle|est-ce\s+que\s+je\s+parle|parlé-je)"
)
_HELLO = (
    r"(?:(?:hi|hello|hey|hallo|guten\s+tag|moin|bonjour|salut|sorry|wait|but|and|so|ok|um|also|aber|und|mais|et|alors|pardon)"
    r"[\s,!.:]+)*"
)
_ENDS = (
    r"(?:\s+(?:here|there|please|though|btw|hier|da|bitte|denn|eigentlich|là|svp|s['’]il\s+vous\s+pla[iî]t))*[\s?!.]*"
)
_ASKS: Final = re.compile(rf"{_HELLO}(?:{_EN}|{_DE}|{_FR}){_ENDS}", re.IGNORECASE)


def asks_who_answers(text: str) -> bool:
    """Whether a message asks whether a person writes or a machine, or who it is, and asks for nothing beside it.

    English, German and French. A wish for a person ("is there a human I can talk to?") is none.

    Args:
        text: The message; one of more than 160 characters asks for something else too.
    """
    said = " ".join(text.split())
    return len(said) <= _LONGEST and _ASKS.fullmatch(said) is not None


def guide_on_who_answers(kernel: Kernel) -> str | None:
    """The title of the first guide that has an example of who asks whether a person writes or a machine; None for none."""
    for guide in kernel.guides:
        examples = () if guide.when is None else guide.when.examples
        if any(asks_who_answers(example.text) for example in examples if not example.negative):
            return guide.title
    return None
