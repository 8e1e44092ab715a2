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
