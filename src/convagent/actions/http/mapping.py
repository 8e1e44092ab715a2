"""What a service answers → a result of the shop's types: fields by JMESPath, words translated, amounts exact."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from convagent.actions.http.model import FieldModel
from convagent.errors import ActionError
from convagent.facts import Money, minor_digits

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult

__all__ = ["compile_expression", "mapped", "read_json", "search"]

_MAX_DIGITS = 40


def read_json(body: bytes) -> Any:
    """JSON with exact numbers.

    Raises:
        ActionError: It isn't JSON in UTF-8, is nested without end, or has numbers that no shop reckons with.
    """
    try:
        return json.loads(body.decode("utf-8-sig"), parse_int=_whole, parse_float=_broken, parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise ActionError("the answer is not JSON that can be read", code="action-answer") from None


def _whole(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise ValueError("a number with too many digits")
    return int(text)


def _broken(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("no number") from None
    if len(text) > 4 * _MAX_DIGITS or abs(number.adjusted()) > _MAX_DIGITS:
        raise ValueError("a number with too many digits")
    return number


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


@lru_cache(maxsize=2048)
def compile_expression(text: str) -> ParsedResult:
    """A JMESPath expression.

    Raises:
        ValueError: It can't be read.
    """
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        return jmespath.compile(text)
    except (JMESPathError, RecursionError) as error:
        raise ValueError(f"no JMESPath expression: {str(error).splitlines()[0]}") from None


def search(expression: str, data: Any) -> Any:
    """What an expression finds, None for nothing.

    Raises:
        ActionError: It doesn't fit the data: a function on something that it doesn't take.
    """
    from jmespath.exceptions import JMESPathError

    try:
        return compile_expression(expression).search(data)
    except (JMESPathError, ArithmeticError, TypeError, RecursionError):
        raise ActionError(f"the answer doesn't fit {expression}", code="action-answer") from None


def mapped(data: Any, field: FieldModel, annotation: Any) -> Any:
    """A value of the annotation's shape; whether it fits is checked where results are.

    Args:
        data: What the field's expression is read from.
        field: Where things stand.
        annotation: The type that is wanted: a model, a list of it, money, a text …

    Raises:
        ActionError: An expression or an amount doesn't fit.
    """
    found = search(field.from_, data)
    if found is None:
        return None
    bare = _bare(annotation)
    if get_origin(bare) is tuple:
        if not isinstance(found, list):
            raise ActionError(f"{field.from_} is no list", code="action-answer")
        return [_one(item, field, get_args(bare)[0]) for item in found if item is not None]
    return _one(found, field, bare)


def _bare(annotation: Any) -> Any:
    """The annotation without None."""
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return parts[0] if type(None) in get_args(annotation) and len(parts) == 1 else annotation


def _one(value: Any, field: FieldModel, annotation: Any) -> Any:
    bare = _bare(annotation)
    if bare is Money:
        return _money(value, field)
    if field.values:
        word = str(value).lower() if isinstance(value, bool) else str(value)
        if word in field.values:
            return field.values[word]
        return field.otherwise if field.otherwise is not None else value
    if isinstance(bare, type) and issubclass(bare, BaseModel) and field.fields:
        return _record(value, field.fields, bare)
    if isinstance(value, str):
        return _dated(value, field, bare)
    return str(value) if bare is str and isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


def _dated(value: str, field: FieldModel, bare: Any) -> str:
    """The day of a moment where a day is wanted, and a moment's zone where its service leaves it out."""
    if bare is date:
        found = re.match(r"\d{4}-\d\d-\d\d(?=[T ])", value)
        return value if found is None else found[0]
    if field.zone is None:
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return value if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(field.zone)).isoformat()


def _record(value: Any, fields: Mapping[str, str | FieldModel], model: type[BaseModel]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, place in fields.items():
        info = model.model_fields.get(name)
        where = FieldModel(from_=place) if isinstance(place, str) else place
        annotation = Any if info is None else info.annotation
        part = mapped(value, where, annotation)
        # null says that there is none; where there always is one, that nobody said.
        if part is not None or type(None) in get_args(annotation):
            out[name] = part
    return out


def _money(value: Any, field: FieldModel) -> Any:
    if not (field.amount or field.minor):
        return value
    currency = search(field.currency or "currency", value)
    amount = search(field.minor or field.amount or "@", value)
    if amount is None or currency is None:
        return None
    text = str(amount).strip()
    try:
        number = Decimal(text) if len(text) <= _MAX_DIGITS else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    code = str(currency).upper()
    if not number.is_finite() or not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise ActionError("an amount in the answer is none", code="action-answer")
    if field.minor:
        if number != number.to_integral_value():
            raise ActionError("an amount in cents is no whole number", code="action-answer")
        return {"minor": int(number), "currency": code}
    # Services write 12.5000 as well: zeroes behind the smallest unit say nothing.
    whole = number.scaleb(minor_digits(code))
    if whole != whole.to_integral_value():
        raise ActionError("an amount in the answer is finer than its currency", code="action-answer")
    return {"minor": int(whole), "currency": code}
