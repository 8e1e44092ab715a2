"""Secrets that people write down: security codes of cards, passwords, one-time codes, keys and tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

__all__ = ["SAID_SECRETS", "one_time_code_places", "said_secret_places", "token_places"]

_SECURITY_CODE = re.compile(
    r"(\b(?:cvc2?|cvv2?|csc|security code|prüfnummer|prüfziffer|sicherheitscode|cryptogramme|code de sécurité)"
    r"[^0-9]{0,12})(\d{3,4})\b",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"(\b(?:password|passwort|kennwort|mot de passe|passcode|pin(?: code)?)(?: (?:is|was|ist|lautet|war|est|"
    r"était))?[:= ]+)"
    r"(?!(?:is|was|ist|est|reset|link|and|or|und|oder|et|vergessen|forgotten)\b)([^\s,;]*[\d!$%&@#+=?][^\s,;]*)",
    re.IGNORECASE,
)
_SAID_PASSWORD = re.compile(
    r"(\b(?:password is|passwort ist|passwort lautet|kennwort ist|mot de passe est)[: ]+)(\S{4,})", re.IGNORECASE
)
SAID_SECRETS: tuple[re.Pattern[str], ...] = (_SECURITY_CODE, _PASSWORD, _SAID_PASSWORD)
"""Each finds the words that announce a secret and the secret: groups 1 and 2."""

_ANNOUNCED = re.compile(
    r"\b(?:(?:pass ?word|pass ?phrase|pwd|passwd|pw)s?|passwort|kennwort|mot de passe|mdp)\b"
    r"(?: (?:for|of|to|für|von|zu|zum|pour|du|de|des)(?: [^\W\d_]{1,15}){1,4}?)?"
    r"(?:(?: (?:is|was|ist|lautet|war|est|était)(?: (?:now|jetzt|maintenant))?)? ?[:=] ?| (?:is|was|ist|lautet|war|"
    r"est|était) )"
    r"[\"'“„«‘]?(?!(?:is|was|ist|est|wrong|invalid|incorrect|not|never|still|always|too|being|expired|reset|the|a|an|"
    r"my|your|"
    r"falsch|ungültig|nicht|nie|abgelaufen|immer|mein|ihr|faux|incorrecte?|invalide|pas|toujours|expiré|mon|votre)\b)"
    r"([^\s,;\"'”“»’]{4,})",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\b(?:pw|pwd|passwd|mdp)[:= ]+([^\s,;]*[\d!$%&@#+=?][^\s,;]*)", re.IGNORECASE)
_STATE = re.compile(
    r"(?:wrong|invalid|incorrect|expired|rejected|refused|accepted|correct|required|falsch|ungültig|abgelaufen|abgelehnt|richtig|"
    r"faux|fausse|incorrecte?|invalide|expiré|refusé|accepté|correct|perdu|lost|weak|nicht|never|still|always)\W*",
    re.IGNORECASE,
)
"""What a password may be said to be without being told."""
_ONE_TIME = re.compile(
    r"\b(?:(?:verification|confirmation|one[- ]time|security|login|sms|access|2fa) ?code|otp|passcode|tan|"
    r"(?:bestätigungs|verifizierungs|einmal|sicherheits|zugangs|sms-?)code|"
    r"code (?:de vérification|de confirmation|à usage unique|de sécurité|sms|reçu))\b"
    r"(?:[ :=]|\b(?:is|was|ist|lautet|est|i got|you sent me|par sms|per sms)\b){1,8}(?=[\w-]{0,11}\d)([\w-]{4,12})\b",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]{4,})?"  # JSON Web Tokens (RFC 7519)
    r"|\b(?:sk|pk|rk|whsec|ghp|gho|ghu|ghs|github_pat|glpat|xox[abpr]|shpat|shpss|shpca|npm|hf|key|"
    r"token)[-_](?=[\w-]*\d)[\w-]{12,}"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}"
    r"|(?<=\bBearer )[\w.~+/=-]{12,}|(?<=\bBasic )[A-Za-z0-9+/]{12,}={0,2}"
)
_KEY_VALUE = re.compile(
    r"(?:\b|_)(?:(?:api|access|private|secret)[-_ ]?key|(?:access|auth|refresh|session|reset)?[-_ ]?token|"
    r"client[-_ ]?secret|session[-_ ]?id)"
    r"[\"']?(?: (?:is|ist|est))? ?[:=]? ?[\"']?(?=[\w.~+/-]*\d)(?=[\w.~+/-]*[A-Za-z])([\w.~+/-]{12,}={0,2})",
    re.IGNORECASE,
)
_LONG = re.compile(r"(?<![\w/+.-])(?:[0-9a-f]{32,}|[0-9A-F]{32,}|[A-Za-z0-9_+/-]{24,}={0,2})(?![\w/+=])")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-fA-F]{32,}")
_SECRET_WORDS = (
    "cvc", "cvv", "csc", "security code", "prüf", "sicherheitscode", "cryptogramme", "code de sécurité", "passw", "pass w",
    "passc", "passp", "pass p", "kennwort", "mot de passe", "pin ", "pin:", "pin=", "pw", "mdp",
)  # fmt: skip
_KEY_WORDS = (
    "eyJ", "sk-", "sk_", "pk-", "pk_", "rk-", "rk_", "whsec", "ghp", "gho", "ghu", "ghs", "github_pat", "glpat", "xox", "shp",
    "npm-", "npm_", "hf-", "hf_", "key-", "key_", "token-", "token_", "AKIA", "ASIA", "AIza", "Bearer ", "Basic ",
)  # fmt: skip
_CODE_WORDS = ("code", "otp", "tan ", "tan:", "tan=")
"""A text without any of them holds none of these secrets: telling that takes no time. Most passages of articles,
of which a prompt has several, hold none."""

_LONG_FROM = 24
_FEWEST_TURNS = 6
"""A random string changes between capitals, small letters and figures at least so often."""


def said_secret_places(text: str) -> Iterator[tuple[str, int, int]]:
    """Where secrets stand that are announced: `SECURITY_CODE` or `PASSWORD`, start, end."""
    lower = text.lower()
    if not any(word in lower for word in _SECRET_WORDS):
        return
    for number, pattern in enumerate(SAID_SECRETS):
        for found in pattern.finditer(text):
            if not _STATE.fullmatch(found[2]):
                yield "PASSWORD" if number else "SECURITY_CODE", *found.span(2)
    for found in _ANNOUNCED.finditer(text):
        start, said = found.start(1), found[1].rstrip(".!?)") or found[1]
        if not _STATE.fullmatch(said):
            yield "PASSWORD", start, start + len(said)
    for found in _SHORT.finditer(text):
        yield "PASSWORD", *found.span(1)


def one_time_code_places(text: str) -> Iterator[tuple[int, int]]:
    """Where codes stand that somebody was sent to prove who they are."""
    lower = text.lower()
    if any(word in lower for word in _CODE_WORDS):
        for found in _ONE_TIME.finditer(text):
            yield found.span(1)


def token_places(text: str) -> Iterator[tuple[int, int]]:
    """Where keys and tokens stand: of known forms, announced ones, and long strings that look drawn at random.

    Identifiers in words (`organic-cotton-shirt-navy`), UUIDs and numbers of parcels are none.
    """
    if any(word in text for word in _KEY_WORDS):
        for found in _KEY.finditer(text):
            yield found.span()
    lower = text.lower()
    if any(word in lower for word in ("key", "token", "secret", "session")):
        for found in _KEY_VALUE.finditer(text):
            yield found.span(1)
    if max(map(len, text.split()), default=0) < _LONG_FROM:
        return
    for found in _LONG.finditer(text):
        if _looks_drawn(found[0]):
            yield found.span()


def _looks_drawn(word: str) -> bool:
    if _HEX.fullmatch(word):
        return any(char.isdigit() for char in word) and any(char.isalpha() for char in word)
    if _UUID.search(word):
        return False
    kinds = [1 if char.isdigit() else 2 if char.isupper() else 3 for char in word if char.isalnum()]
    turns = sum(before != after for before, after in pairwise(kinds))
    return len(set(kinds)) == 3 and turns >= _FEWEST_TURNS
