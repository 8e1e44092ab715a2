"""TOML files → actions. Every fault of every file is found and told with its place."""

from __future__ import annotations

import inspect
import os
import re
import ssl
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from convagent.actions.amounts import AmountLimit
from convagent.actions.context import CallContext
from convagent.actions.declare import action, spec_of
from convagent.actions.http.check_action import ActionTypes, check_action, check_header
from convagent.actions.http.faults import Fault, Faults, as_error
from convagent.actions.http.model import ActionModel, FileModel, ParameterModel, ServiceModel
from convagent.actions.http.places import Path as KeyPath
from convagent.actions.http.places import places_of, written
from convagent.actions.http.run import Connection, HttpAction, url_parts
from convagent.actions.http.template import slots_in
from convagent.actions.http.type_names import TypeNames
from convagent.actions.limits import Limit
from convagent.actions.redaction import Secret
from convagent.actions.registry import ActionRegistry
from convagent.actions.spec import ActionSpec, ConfirmAbove
from convagent.errors import ActionError, Place
from convagent.facts import Money
from convagent.guidance.language.slips import suggest
from convagent.outbound.guard import Guard, Resolver, host_fault, network_fault, split_url

__all__ = ["HttpActions", "Surroundings", "add_http_actions", "load_http_actions", "load_texts"]

MAX_FILE_BYTES = 1_000_000
_GRACE = 1.0
"""Seconds beyond a call's own limit after which its caller gives it up."""


@dataclass(frozen=True)
class Surroundings:
    """What HTTP actions have around them. Tests and hosts with their own certificates replace it.

    Attributes:
        environment: Where secrets are read.
        resolve: Gives a host's addresses; the system's resolver by default.
        context: For TLS; the system's certificates by default.
        sleep: Waits between two tries.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    resolve: Resolver | None = None
    context: ssl.SSLContext | None = None
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class HttpActions:
    """What a shop's TOML files came to.

    Attributes:
        functions: Declared as `@action` declares them, by file and in order.
        faults: Everything that is wrong; actions with errors are left out.
    """

    functions: tuple[Callable[..., Any], ...]
    faults: tuple[Fault, ...]

    @property
    def specs(self) -> tuple[ActionSpec, ...]:
        """The actions as the registry keeps them."""
        return tuple(spec for function in self.functions if (spec := spec_of(function)) is not None)


def load_http_actions(
    paths: Iterable[Path], *, base: Path | None = None, surroundings: Surroundings | None = None
) -> HttpActions:
    """Reads files of HTTP actions.

    Args:
        paths: TOML files.
        base: Faults name files relative to it.
        surroundings: The environment, resolver and certificates; this process's own by default.
    """
    texts: dict[str, str] = {}
    unread: list[Fault] = []
    for path in paths:
        name = path.relative_to(base).as_posix() if base is not None and path.is_relative_to(base) else str(path)
        try:
            large = path.stat().st_size > MAX_FILE_BYTES
            text = "" if large else path.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            told = f"the file can't be read: {error.strerror if isinstance(error, OSError) else error}"
            unread.append(Fault("action-toml", Place(name), told))
            continue
        if large:
            unread.append(Fault("action-toml", Place(name), f"the file has more than {MAX_FILE_BYTES} bytes"))
        else:
            texts[name] = text
    found = load_texts(texts, surroundings=surroundings)
    return HttpActions(found.functions, (*unread, *found.faults))


def add_http_actions(registry: ActionRegistry, paths: Iterable[Path], *, base: Path | None = None) -> None:
    """Adds the actions of TOML files to a shop's others.

    Raises:
        ActionError: `action-http` with every fault of every file, `action-twice` for a name that is taken.
    """
    found = load_http_actions(paths, base=base)
    if any(fault.severity == "error" for fault in found.faults):
        raise as_error(found.faults)
    for function in found.functions:
        registry.add(function)


def load_texts(texts: Mapping[str, str], *, surroundings: Surroundings | None = None) -> HttpActions:
    """`load_http_actions` for texts by the names of their files."""
    around = surroundings or Surroundings()
    types = TypeNames()
    faults = {name: Faults(name, {}) for name in texts}
    models = {name: model for name, text in texts.items() if (model := _read(text, faults[name])) is not None}
    for name, model in models.items():
        for title, fields in model.types.items():
            for at, why in types.define(title, fields):
                place = ("types", title, at) if at else ("types", title)
                faults[name].add(place, why, code="action-type", remedy="Choose another name or type.")
    functions: list[Callable[..., Any]] = []
    names: dict[str, str] = {}
    for file, model in models.items():
        functions += _functions(file, model, types, faults[file], around, names)
    return HttpActions(tuple(functions), tuple(fault for each in faults.values() for fault in each.found))


def _read(text: str, faults: Faults) -> FileModel | None:
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        told = re.fullmatch(r"(.*?) \(at line (\d+), column (\d+)\)", str(error), re.DOTALL)
        place = Place(faults.file, int(told[2]), int(told[3])) if told else Place(faults.file)
        faults.found.append(Fault("action-toml", place, f"this is not TOML: {told[1] if told else error}"))
        return None
    faults.places = places_of(text)
    try:
        return FileModel.model_validate(data)
    except ValidationError as error:
        known: list[KeyPath] = []
        by_depth = sorted(error.errors(), key=lambda fault: -len(written(faults.places, tuple(fault["loc"]))))
        for fault in by_depth:
            path = written(faults.places, tuple(fault["loc"]))
            # One of several forms that may stand here: told once, for the form that was read furthest.
            tagged = len(path) < len(fault["loc"]) and fault["type"] != "missing"
            if tagged and any(other[: len(path)] == path for other in known):
                continue
            known.append(path)
            _add_refused(fault, path, faults)
        return None


def _add_refused(fault: Any, path: KeyPath, faults: Faults) -> None:
    key = str(fault["loc"][-1] if fault["type"] == "missing" else path[-1] if path else "")
    if fault["type"] == "extra_forbidden":
        meant = suggest(key, _known_keys(path))
        faults.add(path, f"{key} is unknown here", code="action-key", remedy=f"Did you mean {meant}?" if meant else "")
    elif fault["type"] == "missing":
        faults.add(path, f"{key} is missing", code="action-key", remedy=f"Add {key}.")
    else:
        message = str(fault["msg"]).removeprefix("Value error, ")
        faults.add(path, f"{key}: {message}" if key else message, code="action-key")


def _known_keys(path: tuple[Any, ...]) -> list[str]:
    """The keys that may stand beside an unknown one."""
    match path:
        case ("service", _):
            model: Any = ServiceModel
        case ("actions", _, _):
            model = ActionModel
        case ("actions", _, str(part), *_) if part in ActionModel.model_fields:
            annotation = ActionModel.model_fields[part].annotation
            model = annotation if hasattr(annotation, "model_fields") else None
        case (_,):
            model = FileModel
        case _:
            model = None
    return [] if model is None else [info.alias or name for name, info in model.model_fields.items()]


# ---- actions
def _functions(
    file: str, model: FileModel, types: TypeNames, faults: Faults, around: Surroundings, names: dict[str, str]
) -> list[Callable[..., Any]]:
    before = len(faults.found)
    hosts = _service(model, faults)
    if any(fault.severity == "error" for fault in faults.found[before:]):
        hosts = ()
    service = model.service.model_copy(update={"name": model.service.name or Path(file).stem})
    connection = None
    if hosts:
        guard = Guard.of(hosts, service.private_networks, around.resolve)
        connection = Connection(service, guard, around.environment, around.context, around.sleep)
    out: list[Callable[..., Any]] = []
    for name, declared in model.actions.items():
        if name in names:
            told = f"{name} is in {names[name]} as well"
            faults.add(("actions", name), told, code="action-twice", remedy="Rename one of them.")
        names.setdefault(name, file)
        found = check_action(name, declared, service, types, faults)
        _secrets(name, declared, service, around.environment, faults)
        if found is None or connection is None:
            continue
        try:
            out.append(_declared(HttpAction(name, declared, found.result, connection), found))
        except (ActionError, ValueError) as error:
            told = error.message if isinstance(error, ActionError) else str(error)
            remedy = error.remedy or "" if isinstance(error, ActionError) else ""
            faults.add(("actions", name), told, code="action-declaration", remedy=remedy)
    return out


def _service(model: FileModel, faults: Faults) -> tuple[str, ...]:
    """Checks the service; gives the hosts that may be called."""
    service = model.service
    for key, entries, look in (
        ("hosts", service.hosts, host_fault), ("private_networks", service.private_networks, network_fault),
    ):  # fmt: skip
        for index, entry in enumerate(entries):
            if (why := look(entry)) is not None:
                faults.add(("service", key, index), why, code="action-host")
    for name, text in service.headers.items():
        check_header(
            name, text, ("service", "headers", name), faults, lambda slot, at: _only_env(slot.path, at, faults)
        )
    hosts: dict[str, None] = dict.fromkeys(service.hosts)
    for name, declared in model.actions.items():
        place = ("actions", name, "request", "url")
        try:
            parts = url_parts(service.url, declared.request.url)
        except ValueError:
            continue  # told with the action
        if parts.scheme == "http" and not service.private_networks:
            faults.add(
                place, "http is not encrypted", code="action-host",
                remedy="Use https; http is for addresses that private_networks names.",
            )  # fmt: skip
        if parts.host.slots:
            if not service.hosts:
                faults.add(
                    place, "the host comes from the environment, so hosts must say which may be called",
                    code="action-host", remedy='Write hosts = ["*.example.com"] under [service].',
                )  # fmt: skip
            continue
        _known_host(parts.scheme, "".join(map(str, parts.host.parts)), service.hosts, hosts, place, faults)
    return tuple(hosts)


def _known_host(
    scheme: str, host: str, named: tuple[str, ...], hosts: dict[str, None], place: tuple[str, ...], faults: Faults
) -> None:
    try:
        target = split_url(f"{scheme}://{host}/")
    except ActionError:
        return  # told with the action
    if named:
        try:
            Guard.of(named, ()).check(target)
        except (ActionError, ValueError):
            faults.add(
                place, f"{target.authority} is not among the hosts", code="action-host", remedy="Name it under hosts."
            )
        return
    hosts[target.authority] = None


def _only_env(path: tuple[str, ...], place: tuple[Any, ...], faults: Faults) -> None:
    if path[0] not in {"env", "call"}:
        faults.add(
            place, f"{path[0]} is not known to all actions", code="action-template",
            remedy="Headers of the service may name env and call.",
        )  # fmt: skip


def _secrets(
    name: str, model: ActionModel, service: ServiceModel, environment: Mapping[str, str], faults: Faults
) -> None:
    """Warns of secrets that aren't set: the actions that need them will fail."""
    asked = model.request
    texts: tuple[Any, ...] = (service.url, asked.url, {**service.headers, **asked.headers}, asked.query, asked.form)
    try:
        slots = [slot for text in (*texts, asked.json_body, asked.variables) for slot in slots_in(text)]
    except ValueError:
        return  # told with the action
    for variable in sorted({slot.path[1] for slot in slots if slot.path[0] == "env" and len(slot.path) == 2}):
        if not environment.get(variable):
            faults.add(
                ("actions", name), f"{variable} is not set in the environment", code="action-secret",
                remedy=f"Set {variable} before {name} is called.", severity="warning",
            )  # fmt: skip


def _declared(made: HttpAction, types: ActionTypes) -> Callable[..., Any]:
    """The action as a function with a signature, declared like any other."""
    model = made.model

    def call(**arguments: Any) -> Any:
        context = arguments.pop("context")
        return made.run(arguments, context)

    # what must be given stands before what may be left out
    order = sorted(types.parameters, key=lambda name: name in types.optional)
    call.__name__ = call.__qualname__ = made.name
    call.__doc__ = model.description or f"Calls {made.connection.service.name}."
    parameters = [_parameter(name, model, types) for name in order]
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters.append(inspect.Parameter("context", keyword, annotation=CallContext))
    call.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": made.result}
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    above = model.confirm_above
    declare = action(
        kind=model.kind, name=made.name, requires=model.requires, own=model.own, proves=model.proves, provides=model.provides,
        confirm=ConfirmAbove(above.parameter, _amount(above.amount)) if above is not None else model.confirm,
        timeout_seconds=(model.timeout_seconds or made.connection.service.timeout_seconds) + _GRACE,
        limits=[Limit(each.count, within=_hours(each.within_hours), per=each.per) for each in model.limits],
        amounts=[
            AmountLimit(each.parameter, _amount(each.at_most), within=_hours(each.within_hours), per=each.per)
            for each in model.amounts
        ],
        idempotent=model.idempotent, once_per=model.once_per,
    )  # fmt: skip
    return declare(call)


def _parameter(name: str, model: ActionModel, types: ActionTypes) -> inspect.Parameter:
    given = model.parameters[name]
    declared = ParameterModel(type=given) if isinstance(given, str) else given
    annotation = types.parameters[name]
    default: Any = inspect.Parameter.empty
    if name in types.optional:
        default = None if declared.default is None else TypeAdapter(annotation).validate_python(declared.default)
    if declared.description:
        annotation = Annotated[annotation, declared.description]
    if declared.secret:
        annotation = Annotated[annotation, Secret()]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _hours(count: float | None) -> timedelta | None:
    return None if count is None else timedelta(hours=count)


def _amount(text: str) -> Any:
    """Money, or a number for a parameter that is one."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Money.model_validate(text)
