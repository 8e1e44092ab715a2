"""The check of values against a schema says what a full validator says, for the keywords that structured calls use."""

from __future__ import annotations

from typing import Any

import jsonschema
from hypothesis import given
from hypothesis import strategies as some

from convagent.models.meeting_schema import schema_faults

leaves = some.one_of(
    some.none(), some.booleans(), some.integers(-3, 3), some.sampled_from([0.5, 2.0, "", "a", "refund"])
)
values = some.recursive(
    leaves,
    lambda inner: some.one_of(
        some.lists(inner, max_size=3), some.dictionaries(some.sampled_from(["a", "b", "c"]), inner, max_size=3)
    ),
    max_leaves=6,
)
plain = some.one_of(
    some.fixed_dictionaries(
        {},
        optional={
            "type": some.one_of(
                some.sampled_from(["object", "array", "string", "number", "integer", "boolean", "null"]),
                some.just(["string", "null"]),
            ),
            "enum": some.lists(leaves, min_size=1, max_size=3),
            "const": leaves,
            "minLength": some.integers(0, 2),
            "maxLength": some.integers(0, 6),
            "minimum": some.integers(-2, 2),
            "exclusiveMaximum": some.integers(-2, 2),
            "minItems": some.integers(0, 2),
            "maxItems": some.integers(0, 2),
            "pattern": some.sampled_from(["^a", "u"]),
        },
    ),
)
schemas = some.recursive(
    plain,
    lambda inner: some.fixed_dictionaries(
        {},
        optional={
            "properties": some.dictionaries(some.sampled_from(["a", "b"]), inner, max_size=2),
            "required": some.lists(some.sampled_from(["a", "b"]), unique=True),
            "additionalProperties": some.one_of(some.booleans(), inner),
            "items": inner,
            "anyOf": some.lists(inner, min_size=1, max_size=2),
            "oneOf": some.lists(inner, min_size=1, max_size=2),
            "allOf": some.lists(inner, min_size=1, max_size=2),
        },
    ),
    max_leaves=5,
)


@given(value=values, schema=schemas)
def test_a_value_meets_a_schema_exactly_where_a_full_validator_says_so(value: Any, schema: dict[str, Any]) -> None:
    assert bool(schema_faults(value, schema)) is not jsonschema.Draft202012Validator(schema).is_valid(value)


def test_references_inside_the_schema_are_followed_and_never_without_end() -> None:
    schema = {
        "$ref": "#/$defs/node",
        "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}, "required": ["name"]}},
    }
    assert schema_faults({"name": "a", "next": {"name": "b"}}, schema) == ()
    assert schema_faults({"name": "a", "next": {}}, schema) == ("$.next: name is missing",)
    assert schema_faults(1, {"$ref": "#"}) == ()
