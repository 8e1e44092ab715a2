"""Before patterns are tried it is looked whether a text can hold what they find at all: that look never hides anything."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.privacy import cards, names, secrets
from convagent.privacy.cards import card_places
from convagent.privacy.names import said_name_places
from convagent.privacy.secrets import one_time_code_places, said_secret_places, token_places

PIECES = st.sampled_from(
    [
        "password", "Passwort", "pass word", "passphrase", "pass phrase", "passcode", "passwd", "pwd", "pw", "pws", "PIN", "pin code",
        "kennwort", "mot de passe", "mdp", "CVC", "cvv2", "csc", "security code", "Prüfziffer", "Sicherheitscode", "cryptogramme",
        "code de sécurité", "OTP", "TAN", "passage", "shipping", "is", "ist", "est", "was", "lautet", "now", ":", "=", " ", " ", "\n",
        "for my account", "hunter2!", "abc123", "1234", "123", "987654", "sk-", "sk_", "ghp_", "github_pat_", "xoxb-", "shpat_",
        "npm_", "hf_", "key-", "token_", "AKIA", "Bearer ", "Basic ", "eyJ", "a1B2c3D4e5F6g7H8i9J0", "ABCDEFGH12345678", "api_key",
        "deadbeef" * 5, "4111", "1111", "4111111111111111", "-", ".", "/", ",", "·", "5500 0000 0000 0004", "name is", "my name is",
        "ich heiße", "je m'appelle", "Mr", "Mrs", "Ms.", "Dr", "Herrn", "Herr", "Frau", "Madame", "Monsieur", "Mme", "Mlle", "Ada",
        "Lovelace", "von", "regards,", "lg", "vg,", "thanks!", "merci,", "This is", "Hier spricht", "ici", "x", "٣",
    ]
)  # fmt: skip
texts = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", " ", "\n"])), max_size=14).map(
    lambda parts: "".join(piece + between for piece, between in parts)
)
ANY = ("",)

TOLD = [
    *(f"{word}{between}hunter2!x" for word in ("password", "Passwort", "passcode", "passwd", "pwd", "pw", "mdp", "kennwort", "mot de passe",
      "pin", "PIN code", "pass word", "passphrase", "pass phrase") for between in (":", "=", ": ", " = ")),
    *(f"the {word} is hunter2!x" for word in ("password", "pass word", "pass phrase", "pw", "pwd", "kennwort", "mot de passe", "mdp")),
    *(f"{word} 123" for word in ("cvc", "CVC2", "cvv", "csc", "security code", "Prüfnummer", "Prüfziffer", "Sicherheitscode", "cryptogramme",
      "code de sécurité")),
    *(f"{word} 123456" for word in ("verification code", "one-time code", "OTP", "passcode", "TAN", "Bestätigungscode", "code reçu",
      "login code")),
    *("tan:123456", "TAN=123456", "otp=123456", "sms-code: 123456"),
    *(f"{start}{between}a1b2c3d4e5f6g7" for start in ("sk", "pk", "rk", "whsec", "ghp", "gho", "ghu", "ghs", "github_pat", "glpat", "xoxb",
      "shpat", "shpss", "shpca", "npm", "hf", "key", "token") for between in "-_"),
    *("AKIAABCDEFGH12345678", "ASIAABCDEFGH12345678", "AIza" + "Ab1" * 11, "Bearer abc.def-123456", "Basic QWxhZGRpbjpvcGVu",
      "eyJhbGciOi.eyJzdWIiOj.SflKx", "api_key: abcdef123456", "session id=abcdef123456", "client secret abcdef123456", "deadbeef1" * 4,
      "aB3dE5gH7jK9mN1pQ3rS5tU7"),
    *(f"{title} Ada Lovelace" for title in ("Mr", "Mr.", "Mrs", "Ms", "Dr", "Dr.", "Herr", "Herrn", "Frau", "Madame", "Monsieur", "Mme",
      "Mlle")),
    *("my name is Ada Lovelace", "Name: Ada Lovelace", "I am called Ada", "ich heiße Ada", "je m’appelle Ada", "au nom de Ada Lovelace",
      "Regards\nAda", "lg\nAda", "vg\nAda", "Merci, Ada", "This is Ada Lovelace, hello", "Hier spricht Ada Lovelace.", "Ici Ada Lovelace,"),
    *("4111 1111 1111 1111", "4111-1111-1111-1111", "5500000000000004", "3782 822463 10005", "4111/1111.1111:1111"),
]  # fmt: skip
"""Each is found: one for each way that a pattern begins."""


@pytest.mark.parametrize("text", TOLD)
def test_what_is_told_is_found(text: str) -> None:
    assert any(_found(text)), text


@given(texts)
def test_a_quick_look_hides_no_secret_no_name_and_no_card(text: str) -> None:
    quick = _found(text)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_SECRET_WORDS", "_KEY_WORDS", "_CODE_WORDS"):
            patch.setattr(secrets, name, ANY)
        patch.setattr(secrets, "_LONG_FROM", 0)
        patch.setattr(names, "_TITLES", ANY)
        patch.setattr(names, "_PATTERNS", tuple((pattern, ANY) for pattern, _ in names._PATTERNS))
        patch.setattr(cards, "_ENOUGH_FIGURES", re.compile(""))
        assert _found(text) == quick


def _found(text: str) -> list[object]:
    finders = (said_secret_places, one_time_code_places, token_places, said_name_places, card_places)
    return [sorted(find(text)) for find in finders]
