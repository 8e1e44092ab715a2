"""Arguments as people may see them: what is secret is left out of records, traces and the ledger.

A parameter is secret when its type is pydantic's `SecretStr` or `SecretBytes`, when it is annotated with `Secret`, or when
its name says so (password, token, card_number, iban …). Numbers of payment cards are masked wherever they stand.

    @action(kind="write")
    def log_in(account: str, phrase: Annotated[str, Secret()]) -> None: ...
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Any, get_args, get_origin

from pydantic import SecretBytes, SecretStr

from convagent.privacy.check_digits import passes_luhn

__all__ = ["HIDDEN", "Secret", "is_secret", "redacted", "without"]

HIDDEN = "(secret)"
"""What stands in place of a secret."""

_DEEPEST = 12
_TOO_SHORT = 2
_NAMES = frozenset(
    "password passwort passphrase pin cvv cvc cvv2 secret token credential credentials iban otp ssn authorization".split()
)
_PAIRS = frozenset(
    {
        ("card", "number"), ("account", "number"), ("api", "key"), ("access", "key"), ("private", "key"),
        ("security", "code"), ("one", "time"), ("credit", "card"), ("bank", "account"), ("routing", "number"),
    }
)  # fmt: skip
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_CARD = re.compile(r"(?<![\w#-])\d(?:[ -]?\d){12,18}(?![\w-])")


@dataclass(frozen=True, slots=True)
class Secret:
    """Marks a parameter as secret: `Annotated[str, Secret()]`."""


def is_secret(name: str, annotation: Any = None) -> bool:
    """Whether a parameter or field is secret, by its type or by its name."""
    if annotation is not None and _marked(annotation):
        return True
    return _named_secret(name)


@lru_cache(maxsize=2000)
def _named_secret(name: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(name)]
    return any(word in _NAMES for word in words) or any(pair in _PAIRS for pair in pairwise(words))


def redacted(value: Any, *, depth: int = 0) -> Any:
    """A value in JSON without fields that are secret by name, and with numbers of payment cards masked."""
    if depth > _DEEPEST:
        return HIDDEN
    if isinstance(value, str):
        return _CARD.sub(_masked, value)
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if isinstance(key, str) and is_secret(key) else redacted(part, depth=depth + 1)
            for key, part in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [redacted(part, depth=depth + 1) for part in value]
    return value


def without(value: Any, secrets: Collection[str], *, depth: int = 0) -> Any:
    """A value in JSON in which no text holds one of these secrets. Those of one or two characters would blot out too much.

    Args:
        value: Texts, lists and mappings.
        secrets: The secrets themselves.
        depth: How deep it lies; what lies too deep is left out.
    """
    if not secrets:
        return value
    if depth > _DEEPEST:
        return HIDDEN
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, HIDDEN) if len(secret) > _TOO_SHORT else value
        return value
    if isinstance(value, Mapping):
        return {key: without(part, secrets, depth=depth + 1) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [without(part, secrets, depth=depth + 1) for part in value]
    return value


def _marked(annotation: Any) -> bool:
    if annotation in (SecretStr, SecretBytes):
        return True
    if get_origin(annotation) is Annotated:
        return any(isinstance(mark, Secret) or mark is Secret for mark in get_args(annotation)[1:]) or _marked(
            get_args(annotation)[0]
        )
    return any(_marked(part) for part in get_args(annotation))


def _masked(found: re.Match[str]) -> str:
    digits = "".join(str(int(digit)) for digit in found[0] if digit.isdigit())
    # the check digit tells cards from order numbers, nine times in ten
    return f"•••• {digits[-4:]}" if passes_luhn(digits) else found[0]
