"""What names mean in guidance: facts with their types, kinds of records, actions and look-ups by signature."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any, Literal

from pydantic import BaseModel

import convagent.facts as facts
from convagent.guidance.schema import types as t
from convagent.guidance.schema.records import FieldType, RecordType, models_in, record_of

__all__ = ["NEED_TYPES", "ActionSignature", "Parameter", "Vocabulary"]

NEED_TYPES: Mapping[str, t.Type] = {
    "text": t.TEXT, "number": t.NUMBER, "quantity": t.NUMBER, "money": t.MONEY, "amount": t.MONEY, "percent": t.PERCENT,
    "days": t.DURATION, "duration": t.DURATION, "date": t.DAY, "day": t.DAY, "moment": t.MOMENT, "email": t.TEXT,
    "request": t.TEXT,
    "phone": t.TEXT, "name": t.TEXT, "first_name": t.TEXT, "last_name": t.TEXT, "postcode": t.TEXT, "zip": t.TEXT,
    "city": t.TEXT, "country": t.TEXT, "language": t.TEXT, "url": t.TEXT, "order_number": t.TEXT,
    "tracking_number": t.TEXT, "sku": t.TEXT, "code": t.TEXT, "colour": t.TEXT, "color": t.TEXT, "size": t.TEXT,
    "shade": t.TEXT, "material": t.TEXT, "reason": t.TEXT, "yes_or_no": t.YES_NO,
    # an address is read from the customer's words as a record or as a text; either serves
    "address": t.ANYTHING,
}  # fmt: skip
"""Types that a Need may name, and what a Need of that very name has without naming one."""

_CHANNELS = ("chat", "email", "sms", "whatsapp", "messenger", "instagram", "facebook", "phone", "contact form")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an action takes.

    Attributes:
        name: As guidance writes it.
        type: What fits.
        required: Whether a call must give it.
        description: For authors.
    """

    name: str
    type: t.Type = t.ANYTHING
    required: bool = True
    description: str = ""


@dataclass(frozen=True, slots=True)
class ActionSignature:
    """An action or look-up as guidance sees it.

    Attributes:
        name: As guidance writes it.
        kind: `lookup` only reads; `write` changes something outside the conversation.
        parameters: In the order of declaration.
        result: Type of what it gives.
        may_find_nothing: Its result may be `none`.
        requires: The level of verification that it demands of the customer.
        confirm: Whether a write demands a confirmation of exactly its arguments.
        description: One line for authors.
    """

    name: str
    kind: Literal["write", "lookup"]
    parameters: tuple[Parameter, ...] = ()
    result: t.Type = t.ANYTHING
    may_find_nothing: bool = False
    requires: Literal["anonymous", "claimed", "verified"] = "anonymous"
    confirm: bool = True
    description: str = ""

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


@dataclass(frozen=True)
class Vocabulary:
    """Everything that guidance may name.

    Attributes:
        roots: Names that guidance may start from, with what they stand for.
        records: Kinds of records by name.
        actions: Actions and look-ups by name; None when they are not known, and guidance may name any.
        events: Storefront events that can start a guide; None when they are not known.
    """

    roots: Mapping[str, FieldType] = field(default_factory=dict)
    records: Mapping[str, RecordType] = field(default_factory=dict)
    actions: Mapping[str, ActionSignature] | None = None
    events: tuple[str, ...] | None = None

    @classmethod
    def standard(cls, *, currency: str | None = None) -> Vocabulary:
        """The vocabulary of `convagent.facts`; actions are not known until `with_actions` names them.

        Args:
            currency: ISO 4217 code when all the shop's amounts have one; amounts in others are then found at fault.
        """
        return _standard(currency)

    # ---- asking
    def field(self, kind: t.Type, name: str) -> FieldType | None:
        """What `kind.name` is, None when there is no such field. A list has its elements' fields, as lists."""
        match kind:
            case t.Record(name=record):
                known = self.records.get(record)
                if known is None:
                    return FieldType(t.ANYTHING, optional=True)
                found = known.fields.get(name)
                return FieldType(t.ANYTHING, optional=True) if found is None and known.open else found
            case t.Line(item=item, extras=extras):
                return next((FieldType(extra) for key, extra in extras if key == name), None) or self.field(item, name)
            case t.ListOf(item=item):
                inner = self.field(item, name)
                return None if inner is None else inner._replace(type=t.ListOf(inner.type))
            case t.MapOf(item=item):
                return FieldType(item, optional=True)
            case t.Anything():
                return FieldType(t.ANYTHING, optional=True)
            case t.MoneyType():
                return {"amount": FieldType(t.NUMBER), "currency": FieldType(t.TEXT)}.get(name)
        return None

    def field_names(self, kind: t.Type) -> tuple[str, ...]:
        """The fields that a value of this type has."""
        match kind:
            case t.Record(name=record) if record in self.records:
                return tuple(self.records[record].fields)
            case t.Line(item=item, extras=extras):
                return (*(key for key, _ in extras), *self.field_names(item))
            case t.ListOf(item=item):
                return self.field_names(item)
            case t.MoneyType():
                return ("amount", "currency")
        return ()

    def has_id(self, record: str) -> bool:
        """Whether a text can stand for such a record."""
        known = self.records.get(record)
        return known is None or known.open or "id" in known.fields

    @cached_property
    def need_types(self) -> Mapping[str, t.Type]:
        """What may stand behind a Need's colon: the types of `NEED_TYPES`, kinds of records and roots that are records."""
        found: dict[str, t.Type] = {t.record_words(name).replace(" ", "_"): t.Record(name) for name in self.records}
        found.update({name: root.type for name, root in self.roots.items() if isinstance(root.type, t.Record)})
        return {**found, **NEED_TYPES}

    @cached_property
    def record_names(self) -> Mapping[str, str]:
        """Names of record types by how an author may write them, in lower case."""
        found = {t.record_words(name): name for name in self.records}
        return {**found, **{name.lower(): name for name in self.records}}

    # ---- adding
    def with_actions(self, signatures: Iterable[ActionSignature]) -> Vocabulary:
        """The vocabulary with more actions and look-ups; one of the same name is replaced.

        Without any, the vocabulary knows that there are none.
        """
        return replace(
            self, actions={**(self.actions or {}), **{signature.name: signature for signature in signatures}}
        )

    def with_models(self, annotations: Iterable[Any]) -> Vocabulary:
        """The vocabulary with the records that these models and annotations name, where they aren't known yet."""
        records = dict(self.records)
        for annotation in annotations:
            for model in models_in(annotation):
                records.setdefault(model.__name__, record_of(model))
        return replace(self, records=records)

    def with_events(self, events: Iterable[str]) -> Vocabulary:
        """The vocabulary with the storefront events that occur."""
        return replace(self, events=tuple(dict.fromkeys((*(self.events or ()), *events))))

    def with_facts(self, mapping: Mapping[str, Any], *, place: str = "vocabulary") -> Vocabulary:
        """The vocabulary with what a shop adds.

        Args:
            mapping: Names with their types in words (`text`, `money`, `days`, `list of order`, `one of "gold", "silver"`;
                `… or none` for what may be absent), or with a mapping of fields. The name of a known record, or of a
                root that is one (`customer`), gets these fields besides its own; any other name is a new root.
            place: How errors name where it comes from.

        Raises:
            GuidanceError: A type's words aren't understood, or a name can't be one; every fault is named.
        """
        from convagent.guidance.schema.vocabulary_facts import added_facts

        roots, records = added_facts(self, mapping, place)
        return replace(self, roots=roots, records=records)

    def to_json_schema(self) -> dict[str, Any]:
        """The vocabulary as JSON Schema (draft 2020-12): roots as properties, records under `$defs`, actions besides."""
        from convagent.guidance.schema.vocabulary_schema import json_schema

        return json_schema(self)


@cache
def _standard(currency: str | None) -> Vocabulary:
    models = [
        kind
        for name in facts.__all__
        if isinstance(kind := getattr(facts, name), type) and issubclass(kind, BaseModel)
        if kind not in {facts.Fact, facts.Facts, facts.Money}
    ]
    records = {model.__name__: record_of(model) for model in models}
    channel = FieldType(t.OneOf(_CHANNELS), optional=True, description="Where the conversation takes place")
    customer = FieldType(t.Record("Customer"), optional=True, description="Who writes")
    language = FieldType(t.TEXT, description="ISO 639 code, such as en")
    records["Conversation"] = RecordType(
        "Conversation",
        {
            "id": FieldType(t.TEXT),
            "customer": customer,
            "channel": channel,
            "language": language,
        },
        "The conversation at hand.",
    )
    roots = {
        "customer": customer,
        "order": FieldType(t.Record("Order"), optional=True, description="The order that is talked about"),
        "cart": FieldType(t.Record("Cart"), optional=True, description="What lies in the cart"),
        "product": FieldType(t.Record("Product"), optional=True, description="The product the customer looks at"),
        "session": FieldType(t.Record("Session"), optional=True, description="The visit to the storefront"),
        "channel": channel,
        "discounts": FieldType(t.ListOf(t.Record("Discount")), optional=True, description="Discounts of the customer"),
        "conversation": FieldType(t.Record("Conversation"), description="The conversation at hand"),
        "shop": FieldType(t.Record("Shop"), description="The shop itself"),
        "now": FieldType(t.MOMENT, description="The moment of the turn, in the shop's zone"),
        "today": FieldType(t.DAY, description="The day of the turn, in the shop's zone"),
        "catalog": FieldType(t.ListOf(t.Record("Product")), description="All products"),
    }
    vocabulary = Vocabulary(roots, records)
    return vocabulary if currency is None else _in_currency(vocabulary, t.MoneyType(currency))


def _in_currency(vocabulary: Vocabulary, money: t.MoneyType) -> Vocabulary:
    def fixed(kind: t.Type) -> t.Type:
        if isinstance(kind, t.MoneyType):
            return money
        return type(kind)(fixed(kind.item)) if isinstance(kind, (t.ListOf, t.MapOf)) else kind

    records = {
        name: replace(record, fields={key: part._replace(type=fixed(part.type)) for key, part in record.fields.items()})
        for name, record in vocabulary.records.items()
    }
    return replace(vocabulary, records=records)
