"""What can be wrong with one action of a file, besides what its data model refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from convagent.actions.http.faults import Faults
from convagent.actions.http.mapping import compile_expression
from convagent.actions.http.model import ActionModel, FieldModel, ParameterModel, ServiceModel
from convagent.actions.http.places import Path
from convagent.actions.http.run import url_parts
from convagent.actions.http.template import EACH, Slot, parse, slots_in
from convagent.actions.http.type_names import TypeNames, is_optional, unknown_type
from convagent.errors import ActionError
from convagent.facts import Customer, Money
from convagent.guidance.language.slips import RESERVED, suggest
from convagent.outbound.guard import split_url

__all__ = ["ActionTypes", "check_action", "check_header"]

_NAME = re.compile(r"[a-z_][A-Za-z0-9_]*")
_ENVIRONMENT = re.compile(r"[A-Z_][A-Z0-9_]*")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OURS = frozenset(
    {
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "accept-encoding",
        "upgrade",
        "te",
        "trailer",
        "expect",
    }
)
_CALL = {"key": str, "conversation": str, "now": datetime, "today": date, "customer": Customer}


@dataclass(frozen=True)
class ActionTypes:
    """What an action's words for types stand for.

    Attributes:
        parameters: Annotation by name.
        optional: Names of the parameters that may be left out.
        unread: Names of the parameters whose types are at fault.
        result: Annotation of the result.
    """

    parameters: Mapping[str, Any]
    optional: frozenset[str]
    result: Any
    unread: frozenset[str] = frozenset()


def check_action(
    name: str, model: ActionModel, service: ServiceModel, types: TypeNames, faults: Faults
) -> ActionTypes | None:
    """Finds what is wrong with an action.

    Returns:
        Its types, None when something is wrong.
    """
    here: Path = ("actions", name)
    before = len(faults.found)
    if not _speakable(name):
        faults.add(
            here, f"{name} is no name that guidance can write", code="action-declaration", remedy="Write find_parcel."
        )
    parameters, optional = _parameters(model, types, here, faults)
    unread = frozenset(set(model.parameters) - set(parameters))
    found = ActionTypes(parameters, optional, _result_type(model, types, here, faults), unread)
    _request(model, service, found, here, faults)
    result = model.result.model_dump(exclude_defaults=True, exclude={"type"})
    if found.result is not None and result:
        _field(model.result, found.result, (*here, "result"), faults)
    _outcomes(model, here, faults)
    for parameter, field in model.own.items():
        if parameter not in model.parameters:
            _unknown(parameter, list(model.parameters), (*here, "own", parameter), "parameter", faults)
        if field not in Customer.model_fields:
            _unknown(field, list(Customer.model_fields), (*here, "own", parameter), "field of a customer", faults)
    return found if not any(fault.severity == "error" for fault in faults.found[before:]) else None


def _speakable(name: str) -> bool:
    """Whether guidance can write a name: it is none of the language's own words."""
    return bool(_NAME.fullmatch(name)) and not name.startswith("_") and name not in RESERVED


def _parameters(
    model: ActionModel, types: TypeNames, here: Path, faults: Faults
) -> tuple[dict[str, Any], frozenset[str]]:
    out: dict[str, Any] = {}
    optional: set[str] = set()
    for name, given in model.parameters.items():
        place = (*here, "parameters", name)
        declared = ParameterModel(type=given) if isinstance(given, str) else given
        if not _speakable(name) or name in {"call", "env", "item", "context"}:
            faults.add(place, f"{name} is no name for a parameter", code="action-declaration", remedy="Choose another.")
        annotation = types.annotation(declared.type)
        if annotation is None:
            faults.add(
                place, unknown_type(declared.type), code="action-type",
                remedy='Write text, number, money, date, moment, yes or no, one of "a", "b", order id, address, list of ….',
            )  # fmt: skip
            continue
        out[name] = annotation
        if is_optional(declared.type) or declared.default is not None:
            optional.add(name)
        if declared.default is not None:
            try:
                TypeAdapter(annotation).validate_python(declared.default)
            except ValidationError:
                faults.add(place, f"the default of {name} is not of its type", code="action-type")
    return out, frozenset(optional)


def _result_type(model: ActionModel, types: TypeNames, here: Path, faults: Faults) -> Any:
    annotation = types.annotation(model.result.type)
    if annotation is None:
        faults.add(
            (*here, "result", "type"), unknown_type(model.result.type), code="action-type",
            remedy="Write a type such as shipment or none, list of order, text, or one that stands under [types].",
        )  # fmt: skip
    return annotation


# ---- what is sent
def _request(model: ActionModel, service: ServiceModel, types: ActionTypes, here: Path, faults: Faults) -> None:
    asked, place = model.request, (*here, "request")
    try:
        parts = url_parts(service.url, asked.url)
    except ValueError as error:
        faults.add((*place, "url"), f"the url can't be used: {error}", code="action-template")
    else:
        for slot in parts.host.slots:
            if slot.path[0] != "env":
                faults.add(
                    (*place, "url"), f"{'.'.join(slot.path)} can't choose the host", code="action-host",
                    remedy="Only env may stand in a host; values stand in the path or under query.",
                )  # fmt: skip
        for slot in parts.path.slots:
            _slot(slot, types, (*place, "url"), faults)
            if slot.path[0] in types.optional:
                faults.add(
                    (*place, "url"), f"{slot.path[0]} may be missing, and the path needs it", code="action-template",
                    remedy="Give it a type without `or none`.",
                )  # fmt: skip
        if not parts.host.slots:
            _static_url(parts.scheme, "".join(map(str, parts.host.parts)), (*place, "url"), faults)
    for name, text in asked.headers.items():
        check_header(name, text, (*place, "headers", name), faults, lambda slot, at: _slot(slot, types, at, faults))
    if model.idempotency_header:
        check_header(model.idempotency_header, "", (*here, "idempotency_header"), faults, lambda _slot, _at: None)
    for key, body in (
        ("query", asked.query), ("json", asked.json_body), ("form", asked.form), ("variables", asked.variables),
    ):  # fmt: skip
        for at, slot in _body_slots(body, (*place, key), faults):
            _slot(slot, types, at, faults)
    if model.idempotent and not model.idempotency_header and not _sends_key(model):
        faults.add(
            (*here, "idempotent"), "the key is sent nowhere, so the service can't know it", code="action-declaration",
            remedy="Name the header under idempotency_header, or put {{ call.key }} into the request.",
        )  # fmt: skip
    if asked.graphql is not None and re.search(r"\{\{\s*[a-z_][\w.]*\s*(\|\s*\w+\s*)?\}\}", asked.graphql):
        faults.add(
            (*place, "graphql"), "a placeholder stands in the document", code="action-template",
            remedy="Declare a variable in the document and give it its value under variables.",
        )  # fmt: skip


def _sends_key(model: ActionModel) -> bool:
    asked = model.request
    for part in (asked.query, asked.headers, asked.json_body, asked.form, asked.variables):
        try:
            if any(slot.path == ("call", "key") for slot in slots_in(part)):
                return True
        except ValueError:
            return True  # told with its place
    return False


def _static_url(scheme: str, host: str, place: Path, faults: Faults) -> None:
    try:
        split_url(f"{scheme}://{host}/")
    except ActionError as error:
        faults.add(place, error.message, code="action-host")


def check_header(name: str, text: str, place: Path, faults: Faults, check_slot: Callable[[Slot, Path], None]) -> None:
    """Finds what is wrong with a header."""
    if not _HEADER.fullmatch(name) or name.lower() in _OURS:
        faults.add(place, f"{name!r} is no header that can be set", code="action-template")
    if not text.isascii() or re.search(r"[\x00-\x1f\x7f]", text):
        faults.add(place, f"{name} holds what a header can't hold", code="action-template")
    try:
        template = parse(text)
    except ValueError as error:
        faults.add(place, str(error), code="action-template")
        return
    for slot in template.slots:
        check_slot(slot, place)


def _body_slots(value: Any, place: Path, faults: Faults) -> Iterator[tuple[Path, Slot]]:
    if isinstance(value, str):
        try:
            template = parse(value)
        except ValueError as error:
            faults.add(place, str(error), code="action-template")
            return
        yield from ((place, slot) for slot in template.slots)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if "{{" in key:
                faults.add((*place, key), "a key has no placeholder", code="action-template")
            if key == EACH:
                yield (*place, key), Slot(tuple(str(part).split(".")))
            else:
                yield from _body_slots(part, (*place, key), faults)
    elif isinstance(value, (list, tuple)):
        for index, part in enumerate(value):
            yield from _body_slots(part, (*place, index), faults)


def _slot(slot: Slot, types: ActionTypes, place: Path, faults: Faults) -> None:
    root, rest = slot.path[0], slot.path[1:]
    if root == "env":
        if len(rest) != 1 or not _ENVIRONMENT.fullmatch(rest[0]):
            faults.add(
                place,
                "a secret is written env.NAME, in capitals",
                code="action-template",
                remedy="Write env.PARCELS_KEY.",
            )
        return
    if root == "item":
        return  # what an element holds is known when it is there
    if root == "call":
        if not rest or rest[0] not in _CALL:
            _unknown(".".join(rest), list(_CALL), place, "part of call", faults)
            return
        annotation, rest = _CALL[rest[0]], rest[1:]
    elif root in types.parameters:
        annotation = types.parameters[root]
    else:
        if root not in types.unread:
            _unknown(root, [*types.parameters, "env", "call"], place, "parameter", faults)
        return
    for name in rest:
        fields = _fields(annotation)
        if fields is None:
            return
        if name not in fields:
            _unknown(name, list(fields), place, f"part of {root}", faults)
            return
        annotation = fields[name]


def _fields(annotation: Any) -> Mapping[str, Any] | None:
    bare = _bare(annotation)
    if bare is Money:
        return {"amount": Decimal, "minor": int, "currency": str}
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return {name: info.annotation for name, info in bare.model_fields.items()}
    return {} if bare in (str, Decimal, bool, int, date, datetime) else None


def _bare(annotation: Any) -> Any:
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return parts[0] if type(None) in get_args(annotation) and len(parts) == 1 else annotation


# ---- what comes back
def _field(field: FieldModel, annotation: Any, place: Path, faults: Faults) -> None:
    _expression(field.from_, (*place, "from"), faults)
    for name in ("amount", "minor", "currency"):
        if (text := getattr(field, name)) is not None:
            _expression(text, (*place, name), faults)
    bare = _bare(annotation)
    bare = get_args(bare)[0] if get_origin(bare) is tuple else bare
    if bare is Money and field.currency is not None and not (field.amount or field.minor):
        faults.add(place, "money needs its amount or minor as well", code="action-result")
    if not field.fields:
        return
    if not (isinstance(bare, type) and issubclass(bare, BaseModel) and bare is not Money):
        faults.add((*place, "fields"), "this type has no fields", code="action-result")
        return
    for name, where in field.fields.items():
        at = (*place, "fields", name)
        if name not in bare.model_fields:
            _unknown(name, list(bare.model_fields), at, f"field of {bare.__name__}", faults)
            continue
        inner = FieldModel(from_=where) if isinstance(where, str) else where
        _field(inner, bare.model_fields[name].annotation, at, faults)
    missing = [name for name, info in bare.model_fields.items() if info.is_required() and name not in field.fields]
    if missing:
        faults.add(
            (*place, "fields"), f"{bare.__name__} needs {', '.join(missing)} as well", code="action-result",
            remedy="Say where they stand in the answer.",
        )  # fmt: skip


def _outcomes(model: ActionModel, here: Path, faults: Faults) -> None:
    for index, rule in enumerate(model.outcomes):
        place = (*here, "outcomes", index)
        for key, text in (("when", rule.when), ("text_from", rule.text_from)):
            if text is not None:
                _expression(text, (*place, key), faults)
        if rule.means == "none" and not (
            is_optional(model.result.type) or model.result.type.strip() in {"any", "anything"}
        ):
            faults.add(
                (*place, "means"), f"there is always {model.result.type}", code="action-outcome",
                remedy=f'Write type = "{model.result.type} or none".',
            )  # fmt: skip
        if rule.means == "uncertain" and model.kind == "lookup":
            faults.add((*place, "means"), "a look-up that got no answer failed", code="action-outcome")


def _expression(text: str, place: Path, faults: Faults) -> None:
    try:
        compile_expression(text)
    except ValueError as error:
        faults.add(place, str(error), code="action-result", remedy="See jmespath.org for how it is written.")


def _unknown(name: str, known: list[str], place: Path, what: str, faults: Faults) -> None:
    meant = suggest(name, known)
    remedy = f"Did you mean {meant}?" if meant else f"There is: {', '.join(known[:12])}." if known else ""
    faults.add(place, f"there is no {what} called {name}", code="action-template", remedy=remedy)
