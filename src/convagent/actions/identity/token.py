"""A token that the storefront signs for a customer who is signed in there: a JSON Web Token (RFC 7519) with HMAC."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from convagent.actions.identity.proof import Proven
from convagent.actions.identity.settings import TokenSettings
from convagent.errors import ShopError
from convagent.facts import Customer

if TYPE_CHECKING:
    from convagent.storage import Storage

__all__ = ["MAX_TOKEN", "TokenProof", "sign_customer_token"]

MAX_TOKEN = 4_096
"""Characters; a longer token is refused unread."""

_LEAST = {"HS256": 32, "HS384": 48, "HS512": 64}
"""Bytes of a secret: the size of the hash, as RFC 7518, section 3.2, asks for."""

_NAMES = {"email": "email", "given_name": "first_name", "family_name": "last_name", "phone_number": "phone"}
"""Claims of OpenID Connect (Core 1.0, section 5.1) that become the customer's fields."""


class TokenProof:
    """Proves the customer that a signed token names. It needs `sub` (the customer's id), `aud`, `iat` and `exp`.

    The key's id in the token's head chooses the secret, never the algorithm: that is the shop's own. To change a secret,
    put the new one first and leave the old one in until its last token has expired.

    Args:
        settings: The section `[identity.token]`.
        secrets: Secrets by key id; from the environment by default.

    Raises:
        ShopError: `identity-secret` when a variable is missing or its secret is too short.
    """

    evidence = ("customer_token",)

    def __init__(self, settings: TokenSettings, *, secrets: Mapping[str, str] | None = None) -> None:
        self._settings = settings
        self._secrets = dict(secrets) if secrets is not None else _from_environment(settings)
        for key, secret in self._secrets.items():
            if len(secret.encode()) < _LEAST[settings.algorithm]:
                raise ShopError(
                    f"the secret of the key {key!r} is shorter than {_LEAST[settings.algorithm]} bytes", code="identity-secret",
                    remedy='Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"',
                )  # fmt: skip

    def prove(
        self, evidence: Mapping[str, Any], *, conversation: str, now: datetime, storage: Storage | None = None  # noqa: ARG002
    ) -> Proven:  # fmt: skip
        """Whom the token names, when it was signed by the storefront for this agent and counts now."""
        token = evidence.get("customer_token")
        if not isinstance(token, str) or not token or len(token) > MAX_TOKEN:
            return Proven(None, "token-unreadable")
        jwt = _jwt()
        try:
            head = jwt.get_unverified_header(token)
            if head.get("alg") != self._settings.algorithm:
                return Proven(None, "token-algorithm")
            secret = self._secrets.get(str(head.get("kid", next(iter(self._secrets)))))
            if secret is None:
                return Proven(None, "token-key")
            # The times are compared below: with the turn's clock, not the machine's.
            unclocked = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
            claims = jwt.decode(
                token, secret, algorithms=[self._settings.algorithm], audience=self._settings.audience,
                issuer=self._settings.issuer, options={**unclocked, "require": ["sub", "aud", "exp", "iat"]},
            )  # fmt: skip
        except jwt.InvalidAudienceError:
            return Proven(None, "token-audience")
        except jwt.InvalidIssuerError:
            return Proven(None, "token-issuer")
        except jwt.InvalidSignatureError:
            return Proven(None, "token-signature")
        except jwt.MissingRequiredClaimError:
            return Proven(None, "token-incomplete")
        except Exception:  # noqa: BLE001 - a token is the most hostile input there is
            return Proven(None, "token-unreadable")
        fault = self._clock_fault(claims, now)
        return Proven(None, fault) if fault else _customer(claims)

    def _clock_fault(self, claims: Mapping[str, Any], now: datetime) -> str:
        times = [claims.get(name) for name in ("iat", "exp", "nbf") if name in claims]
        if any(isinstance(time, bool) or not isinstance(time, (int, float)) or not abs(time) < 1e12 for time in times):
            return "token-unreadable"
        issued, expires, at, leeway = claims["iat"], claims["exp"], now.timestamp(), self._settings.leeway_seconds
        if expires - issued > self._settings.max_age_minutes * 60:
            return "token-too-long"
        if max(issued, claims.get("nbf", issued)) > at + leeway:
            return "token-not-yet"
        return "token-expired" if expires + leeway <= at else ""


def sign_customer_token(
    customer: str, *, settings: TokenSettings, now: datetime | None = None, minutes: int = 30, email: str | None = None,
    secrets: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """A token for a customer who is signed in, for storefronts in Python; any other library for JSON Web Tokens does too.

    Args:
        customer: The customer's id, as the shop's look-ups know it.
        settings: As the agent has them; the first key signs.
        now: When it is signed; this moment by default.
        minutes: For how long it counts, 1 to the settings' longest life.
        email: Goes along as a claim.
        secrets: Secrets by key id; from the environment by default.

    Raises:
        ShopError: `identity-secret` when the secret is missing, `identity-token` for a life that is out of range.
    """
    if not 1 <= minutes <= settings.max_age_minutes:
        raise ShopError(
            f"a token can't count for {minutes} minutes", code="identity-token",
            remedy=f"1 to {settings.max_age_minutes}; [identity.token] max_age_minutes says so.",
        )  # fmt: skip
    held = secrets if secrets is not None else _from_environment(settings)
    key = next(iter(settings.secrets))
    at = now or datetime.now(UTC)
    claims: dict[str, Any] = {
        "sub": customer, "aud": settings.audience, "iat": int(at.timestamp()),
        "exp": int((at + timedelta(minutes=minutes)).timestamp()),
    }  # fmt: skip
    if settings.issuer is not None:
        claims["iss"] = settings.issuer
    if email is not None:
        claims["email"] = email
    signed: str = _jwt().encode(claims, held[key], algorithm=settings.algorithm, headers={"kid": key})
    return signed


def _customer(claims: Mapping[str, Any]) -> Proven:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip():
        return Proven(None, "token-incomplete")
    fields = {name: value for claim, name in _NAMES.items() if isinstance(value := claims.get(claim), str) and value}
    return Proven(Customer(id=subject, verification="verified", **fields))


def _from_environment(settings: TokenSettings) -> dict[str, str]:
    missing = [name for name in settings.secrets.values() if not os.environ.get(name)]
    if missing:
        raise ShopError(
            f"the storefront's secret is missing: {', '.join(missing)}", code="identity-secret",
            remedy="Set the environment variable that [identity.token] secrets names.",
        )  # fmt: skip
    return {key: os.environ[name] for key, name in settings.secrets.items()}


def _jwt() -> Any:
    """PyJWT, on its first use: it takes a while to import, and most shops know their customers otherwise."""
    import jwt

    return jwt
