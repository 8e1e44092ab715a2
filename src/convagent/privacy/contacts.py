"""E-mail addresses and telephone numbers as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["email_places", "own_addresses", "phone_places"]

_BEFORE_AT = re.compile(r"[\w.+%'-]{1,64}\Z")
_DOMAIN = re.compile(r"@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_SPELLED = re.compile(
    r"\b[\w.+-]{1,64} ?[\[({] ?(?:at|ät|arobase) ?[\])}] ?[\w-]{1,63}(?: ?(?:\.|[\[({] ?(?:dot|punkt|point) ?[\])}]|"
    r" dot ) ?[\w-]{1,63}){1,4}\b",
    re.IGNORECASE,
)
_SPELLED_OUT = re.compile(
    r"\b[a-z0-9][\w.+-]{0,63} (?:at|arobase) [\w-]{1,63} (?:dot|point|punkt) (?:com|net|org|ie|de|fr|eu|uk|at|ch|"
    r"example)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w#€$£@.,/=&?-])(?:\+|\(\+?)?\(?\d(?:[ \u00a0./()\-‐‑–]{0,3}\d){6,16}(?![\w%€$£])")
_CUE = re.compile(
    r"(?:phone|mobile|cell|tele?(?:fon|phone)?|tel\.?|handy|mobil|rufnummer|portable|téléphone|numéro|call(?: me)?|"
    r"ring(?: me)?|"
    r"text me|whats ?app|number is|reach me|rufen|anrufen|erreichen|erreichbar|nummer ist|appel\w*|joindre|"
    r"fax)\W(?:[^\d\n]{0,24})$",
    re.IGNORECASE,
)
_NO_PHONE = re.compile(
    r"(?:order|bestell\w*|auftrag\w*|commande|invoice|rechnung\w*|facture|track\w*|sendung\w*|paket\w*|parcel|colis|"
    r"suivi|shipment|"
    r"sku|item|article|artikel\w*|ean|gtin|isbn|reference|ref|référence|ticket|vorgang\w*|kundennummer|client|"
    r"customer (?:no|number|id)|"
    r"gutschein\w*|gift card|carte cadeau|serial|serien\w*|model|modell\w*|version|charge|batch|"
    r"lot)\W(?:[^\d\n]{0,18})$",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./] ?\d{1,2}[-./] ?\d{4}")
_SEPARATED = re.compile(r"[ \u00a0./()\-‐‑–]")
_SINGLE = re.compile(r"(?<!\d)\d(?!\d)")
_MOST_SINGLE = 4
"""Figures that stand alone: more of them count something ("1 2 3 4 5 6 7 8")."""
_BEFORE = 40
_PUBLIC = frozenset(
    """
    aol.com free.fr gmail.com gmx.at gmx.de gmx.net googlemail.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr
    icloud.com laposte.net live.com mail.com me.com msn.com myshopify.com orange.fr outlook.com outlook.de outlook.fr
    proton.me protonmail.com sfr.fr t-online.de wanadoo.fr web.de yahoo.co.uk yahoo.com yahoo.de yahoo.fr
    """.split()
)
"""Domains of nobody's own."""


def own_addresses(email: str | None, url: str | None) -> frozenset[str]:
    """What belongs to the shop: its e-mail address, with all others at its domain and at that of its pages.

    Args:
        email: The shop's; a domain that anybody may have an address at counts for nothing.
        url: Of its pages.
    """
    own = set()
    if email:
        own.add(email.strip().lower())
        domain = email.strip().lower().rpartition("@")[2]
        own |= {domain} - _PUBLIC
    if url:
        host = re.sub(r"^\w+://", "", url.strip().lower()).partition("/")[0].partition(":")[0].removeprefix("www.")
        own |= {host} - _PUBLIC - {""}
    return frozenset(own)


def email_places(text: str) -> Iterator[tuple[int, int]]:
    """Where e-mail addresses stand, also ones written as `ada (at) example.com`."""
    if "@" in text:
        at = text.find("@")
        while at >= 0:
            name, domain = _BEFORE_AT.search(text, max(0, at - 64), at), _DOMAIN.match(text, at)
            if name is not None and domain is not None:
                begun = len(name[0]) - len(name[0].lstrip("'.-%"))
                if begun < len(name[0]):
                    yield name.start() + begun, domain.end()
            at = text.find("@", at + 1)
    lower = text.lower()
    if any(sign in lower for sign in ("at)", "at]", "at}", "ät)", "ät]", " at )", " at ]", "arobase")):
        for found in _SPELLED.finditer(text):
            yield found.span()
    if " dot " in lower or " point " in lower or " punkt " in lower:
        for found in _SPELLED_OUT.finditer(text):
            yield found.span()


def phone_places(text: str, *, country: str | None = None) -> Iterator[tuple[int, int]]:
    """Where telephone numbers stand that a numbering plan of the phonenumbers library has.

    National numbers begin with 0, are parted as numbers are, or are announced ("my number is"); figures that are announced
    as something else, an order's or a parcel's, are none.

    Args:
        text: Any text.
        country: ISO 3166-1 code of the country that numbers without a country code belong to.
    """
    for found in _NUMBER.finditer(text):
        written = found[0]
        before = text[max(0, found.start() - _BEFORE) : found.start()]
        international = written.lstrip("(").startswith(("+", "00"))
        if not international and (_DATE.search(written) or len(_SINGLE.findall(written)) > _MOST_SINGLE):
            continue
        if not international and _NO_PHONE.search(before):
            continue
        digits = "".join(char for char in written if char.isdecimal())
        if not digits.isascii():
            continue
        begins = international or digits.startswith("0") or len(_SEPARATED.findall(written)) >= 2
        if not begins and not _CUE.search(before):
            continue
        if _is_number(
            "+" + digits if "+" in written else digits, None if "+" in written else country, bool(_CUE.search(before))
        ):
            yield found.span()


@lru_cache(maxsize=512)
def _is_number(written: str, country: str | None, announced: bool) -> bool:
    import phonenumbers

    if written.startswith("00"):
        written = "+" + written[2:]
    if country is None and not written.startswith("+"):
        return announced or written.startswith("0")
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) or (
        (announced or written.startswith("+")) and phonenumbers.is_possible_number(number)
    )
