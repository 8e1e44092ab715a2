"""Words that tell how customers are spoken to, and what counts as an emoji or as shouting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

__all__ = ["EMOJI", "SHOUTED", "SPOKEN", "STYLES", "Address"]


class Address(NamedTuple):
    """How a language speaks to a customer.

    Attributes:
        formal: Finds what is said to customers who are spoken to formally.
        informal: The same informally.
        formal_name: What to call it: Sie.
        informal_name: du.
    """

    formal: re.Pattern[str]
    informal: re.Pattern[str]
    formal_name: str
    informal_name: str


# "Sie" and "Ihr" at the beginning of a sentence may speak of others; behind another word they don't.
_SIE = (
    r"(?<=[^\W\d_] )(?:Sie|Ihnen|Ihr|Ihre[mnrs]?)\b|(?<=, )(?:Sie|Ihnen|Ihr|Ihre[mnrs]?)\b|\bIhnen\b"
    r"|\b(?:[Bb]itte )?[A-ZÄÖÜ]?[a-zäöüß]+en Sie\b"
)
_DU = (
    r"\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]ein(?:e[mnrs]?)?|[Ee]uch|[Ee]uer|[Ee]ure[mnrs]?)\b"
    r"|(?:^|(?<=[.!?:] )|\b[Bb]itte )(?:[Ss]chick|[Ss]chreib|[Ss]ag|[Gg]ib|[Nn]enn|[Nn]imm|[Ll]ass|[Ss]chau|[Kk]lick|"
    r"[Pp]rüf|[Mm]eld|"
    r"[Rr]uf|[Ww]ähl|[Ff]rag|[Kk]omm|[Ss]end|[Ss]ieh|[Öö]ffne|[Ll]ade|[Ww]arte|[Aa]ntworte|[Bb]estätige|"
    r"[Pp]robier)e?\b(?! (?:ich|wir)\b)"
)
_VOUS = r"(?<![Rr]endez-)\b[Vv]ous\b|\b[Vv]o(?:tre|s)\b|\b[Vv]ôtres?\b|\b[Vv]euillez\b"
_TU = (
    r"\b[Tt](?:u|e|oi)\b|\b[Tt]['’](?=\w)|-toi\b|\b[Tt](?:a|es|iens?|iennes?)\b(?! sur\b)"
    r"|(?<!\b[Ll]e )(?<!\b[Uu]n )(?<!\bsur )(?<!\bde )(?<!\bce )(?<!\bmême )(?<!\bau )\b[Tt]on\b(?! sur\b)"
)
_STIFF = (
    r"\b(?:dear sir|dear madam|dear customer|hereby|herewith|kindly|henceforth|we regret to inform|please be advised|"
    r"at your earliest convenience|to whom it may concern|aforementioned|pursuant)\b"
)
_SLANG = (
    r"\b(?:hey|hiya|yeah|yep|yup|nope|gonna|wanna|gotta|kinda|sorta|lemme|gimme|dunno|ain['’]t|y['’]all|guys|folks|"
    r"cheers|awesome|"
    r"super easy|no worries|no prob|ta|lol|omg|btw|asap|thx|pls)\b"
)

SPOKEN: Mapping[str, Address] = MappingProxyType(
    {
        "de": Address(re.compile(_SIE), re.compile(_DU, re.MULTILINE), "Sie", "du"),
        "fr": Address(re.compile(_VOUS), re.compile(_TU), "vous", "tu"),
    }
)
"""Languages that speak to a customer in two ways."""

STYLES: Mapping[str, Address] = MappingProxyType(
    {
        "en": Address(
            re.compile(_STIFF, re.IGNORECASE), re.compile(_SLANG, re.IGNORECASE), "a formal phrase", "a casual word"
        )
    }
)
"""Languages in which single words are formal or casual: both may stand in one text."""

EMOJI = re.compile(
    r"(?:[\U0001f1e6-\U0001f1ff]{2}|[#*0-9]\ufe0f?\u20e3"
    r"|"
    r"[\U0001f300-\U0001faff\u2600-\u26ff\u2702\u2708-\u270d\u2728\u274c\u2753-\u2755\u2757\u2763\u2764\u2b50\u231a\u231b\u23f0\u23f3]"
    r"|[\u00a9\u00ae\u203c-\u3299]\ufe0f)(?:\ufe0f|[\U0001f3fb-\U0001f3ff]|"
    r"\u200d[\u2640\u2642\u2764\U0001f300-\U0001faff]\ufe0f?)*"
    r"|(?<!\S)[:;=]-?[)DPp](?=[\s.,!?]|$)|(?<!\S)<3(?!\S)"
)
"""One emoji, however many characters it is made of, or a smiley."""

_LOUD_WORDS = (
    r"NOT|NEVER|ALWAYS|VERY|ONLY|MUST|FREE|NOW|PLEASE|IMPORTANT|ATTENTION|WARNING|URGENT|SORRY|THANKS|YES|"
    r"NICHT|NIE|NIEMALS|IMMER|SEHR|NUR|WICHTIG|ACHTUNG|GRATIS|JETZT|BITTE|SOFORT|DANKE|"
    r"PAS|JAMAIS|TOUJOURS|TRÈS|SEULEMENT|GRATUIT|MAINTENANT|MERCI"
)
SHOUTED = re.compile(
    rf"(?<![\w\"“„«'-])(?:[A-ZÀ-ÖØ-Þ]{{2,}} +)+[A-ZÀ-ÖØ-Þ]{{4,}}(?![\w\"”“»'-])|"
    rf"(?<![\w\"“„«'-])(?:{_LOUD_WORDS})(?![\w\"”“»'-])"
)
"""Several words in capitals, or one that is always said so to be loud. Names and codes alone are neither."""
