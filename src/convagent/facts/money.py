"""Money as whole minor units with a currency: exact, comparable only within one currency."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache, total_ordering
from typing import Any, Self, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    model_serializer,
    model_validator,
)

__all__ = ["Money", "minor_digits"]

_CURRENCY = re.compile(r"[A-Z]{3}")
_TEXT = re.compile(r"^\s*(?P<amount>[-+]?\d{1,15}(?:\.\d+)?)\s*(?P<currency>[A-Za-z]{3})\s*$")


_KNOWN: dict[tuple[str, str], Money] = {}
"""Money that was read, by its amount and currency as they were written."""

_MOST_KNOWN, _LONGEST_KNOWN = 2_000, 20
"""So many are remembered, of amounts of so many characters."""


@lru_cache(maxsize=256)
def minor_digits(currency: str) -> int:
    """How many digits the minor unit of `currency` has (2 for EUR, 0 for JPY, 3 for KWD).

    Args:
        currency: An ISO 4217 code in upper case.

    Returns:
        The number of decimal places, from Unicode CLDR.
    """
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)


@total_ordering
class Money(BaseModel):
    """An amount of money: `minor` whole minor units (cents) of `currency`.

    In JSON it is `{"amount": "12.50", "currency": "EUR"}`; `"12.50 EUR"` and `{"minor": 1250, "currency": "EUR"}` are
    read too. Sums and comparisons need one currency on both sides, else a `ValueError` is raised. Products are rounded
    half-even to the minor unit.

    Args:
        minor: Whole minor units, negative for a debt.
        currency: ISO 4217 code, three upper-case letters.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    minor: int = Field(ge=-(10**15), le=10**15)
    currency: str = Field(pattern=r"^[A-Z]{3}$")

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """What is read as money, in all three forms; what is written is the first."""
        made = handler(core)
        if handler.mode == "serialization":
            return made
        text = {"type": "string", "pattern": _TEXT.pattern.replace("(?P<amount>", "(").replace("(?P<currency>", "(")}
        amount = {"anyOf": [{"type": "string", "pattern": r"^\s*[-+]?[0-9]{1,15}(\.[0-9]+)?\s*$"}, {"type": "number"}]}
        code = {"type": "string", "pattern": "^[A-Za-z]{3}$"}
        by_amount = {"type": "object", "properties": {"amount": amount, "currency": code}}
        by_minor = {"type": "object", "properties": handler.resolve_ref_schema(made)["properties"]}
        forms = [
            {**form, "required": list(form["properties"]), "additionalProperties": False}
            for form in (by_amount, by_minor)
        ]
        return {"title": "Money", "description": "Such as 12.50 EUR", "anyOf": [*forms, text]}

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        # Prices come again and again, and money doesn't change: what was read once is that money.
        key = _key(data) if cls is Money else None
        if key is None:
            return handler(cls._from_amount(data))
        known = _KNOWN.get(key)
        if known is None:
            known = handler(cls._from_amount(data))
            if len(_KNOWN) >= _MOST_KNOWN:
                _KNOWN.clear()
            _KNOWN[key] = known
        return cast("Self", known)

    @classmethod
    def _from_amount(cls, data: Any) -> Any:
        if isinstance(data, str):
            found = _TEXT.match(data)
            if not found:
                raise ValueError('money is written "12.50 EUR" or {"amount": "12.50", "currency": "EUR"}')
            data = found.groupdict()
        if isinstance(data, dict) and "amount" in data:
            extra = set(data) - {"amount", "currency"}
            if extra:
                raise ValueError(f"money has an amount and a currency, but not {sorted(extra)}")
            currency = str(data.get("currency", "")).upper()
            if not _CURRENCY.fullmatch(currency):
                raise ValueError("money needs a currency of three letters, such as EUR")
            return {"minor": _to_minor(data["amount"], currency), "currency": currency}
        return data

    @model_serializer
    def _as_amount(self) -> dict[str, str]:
        return {"amount": _written(self.minor, self.currency), "currency": self.currency}

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Self:
        """Money from an amount in major units, which must not be finer than the currency's minor unit."""
        return cls.model_validate({"amount": str(amount), "currency": currency})

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with all its minor digits."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} can't be reckoned together")
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(minor=self.minor + self._same(other), currency=self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(minor=self.minor - self._same(other), currency=self.currency)

    def __neg__(self) -> Money:
        return Money(minor=-self.minor, currency=self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        product = (Decimal(self.minor) * factor).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return Money(minor=int(product), currency=self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


def _key(data: Any) -> tuple[str, str] | None:
    """What money is remembered by; None where it is written in another form."""
    if type(data) is not dict or len(data) != 2:
        return None
    amount, currency = data.get("amount"), data.get("currency")
    if type(amount) is not str or type(currency) is not str or len(amount) > _LONGEST_KNOWN:
        return None
    return amount, currency


@lru_cache(maxsize=2_000)
def _written(minor: int, currency: str) -> str:
    """An amount in major units; prices come again and again."""
    return str(Decimal(minor).scaleb(-minor_digits(currency)))


def _to_minor(amount: Any, currency: str) -> int:
    if isinstance(amount, (bool, float)):
        raise ValueError('an amount is a text such as "12.50" or a whole number, never a float')  # noqa: TRY004
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        raise ValueError(f"{str(amount)[:40]!r} is not an amount") from None
    if not value.is_finite() or abs(value) > 10**12:
        raise ValueError(f"{str(amount)[:40]!r} is not an amount")
    scaled = value.scaleb(minor_digits(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{str(amount)[:40]} {currency} is finer than the currency's smallest unit")
    return int(scaled)
