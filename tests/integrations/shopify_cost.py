"""What a request costs on Shopify before it is run, by the stricter of the published rules, and a bucket that runs dry.

From "GraphQL Admin API rate limits" (shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits): a scalar or an
enumeration costs nothing, an object one point, an interface or union the most that one of its types may cost; a single
request over 1,000 points is refused before it is run. From "Rate Limiting GraphQL APIs by Calculating Query Complexity"
(shopify.engineering): a connection costs two points and as much for each record as its size says, a mutation ten. Answers of
the live service show connections that cost less today (a discount for large ones), so this is at least what is asked.

Not written anywhere, and reckoned so that it is never too little: `pageInfo` is an object like any other; a plain list with
a size counts as many records as the size says. A list without a size counts once: there is nothing to size it by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    value_from_ast_untyped,
)  # fmt: skip

MOST = 1000
"""Points that a single request may ask for."""
_MUTATION = 10
_CONNECTION = 2


def requested_cost(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> int:
    """The points that a document with one operation asks for.

    Args:
        schema: That it is valid against.
        document: Parsed.
        variables: Of the request; the sizes among them count.

    Raises:
        ValueError: A connection without a size, or one beyond 250.
    """
    (operation,) = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    root = schema.get_root_type(operation.operation)
    assert root is not None
    return _Reckoning(schema, fragments, variables).of(operation.selection_set, root)


@dataclass(frozen=True)
class _Reckoning:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def of(self, selections: SelectionSetNode | None, kind: Any) -> int:
        """The cost of what is selected of a type."""
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            return max(self.of(selections, each) for each in self.schema.get_possible_types(kind))
        return sum(self._field(field, kind) for field in self._fields(selections, kind))

    def _fields(self, selections: SelectionSetNode | None, kind: GraphQLObjectType) -> Iterable[FieldNode]:
        for each in selections.selections if selections is not None else ():
            if isinstance(each, FieldNode):
                yield each
                continue
            inside: Any = self.fragments[each.name.value] if isinstance(each, FragmentSpreadNode) else each
            assert isinstance(inside, FragmentDefinitionNode | InlineFragmentNode)
            on = self.schema.type_map[inside.type_condition.name.value] if inside.type_condition else kind
            if on is kind or (
                isinstance(on, GraphQLInterfaceType | GraphQLUnionType) and self.schema.is_sub_type(on, kind)
            ):
                yield from self._fields(inside.selection_set, kind)

    def _field(self, field: FieldNode, parent: GraphQLObjectType) -> int:
        if field.name.value.startswith("__"):
            return 0
        given = parent.fields[field.name.value].type
        kind = get_named_type(given)
        if is_leaf_type(kind):
            return 0
        size = self._size(field)
        if kind.name.endswith("Connection"):
            if size is None:
                raise ValueError(f"{field.name.value} has no size")
            return _CONNECTION + self._records(field.selection_set, kind, size)
        inside = self.of(field.selection_set, kind)
        if parent is self.schema.mutation_type:
            return _MUTATION + inside
        return (size if size is not None and is_list_type(get_nullable_type(given)) else 1) * (1 + inside)

    def _records(self, selections: SelectionSetNode | None, kind: Any, size: int) -> int:
        total = 0
        for field in self._fields(selections, kind):
            inner = get_named_type(kind.fields[field.name.value].type)
            if not is_leaf_type(inner):
                times = size if field.name.value in {"nodes", "edges"} else 1
                total += times * (1 + self.of(field.selection_set, inner))
        return total

    def _size(self, field: FieldNode) -> int | None:
        sizes = [each.value for each in field.arguments or () if each.name.value in {"first", "last"}]
        found = [value_from_ast_untyped(each, dict(self.variables)) for each in sizes]
        if any(not isinstance(each, int) or not 1 <= each <= 250 for each in found):
            raise ValueError(f"{field.name.value} is asked for by a size that is none")
        return max(found, default=None)


def actual_cost(data: Any) -> int:
    """The points of what was given: one for each record."""
    if isinstance(data, Mapping):
        return 1 + sum(actual_cost(each) for each in data.values())
    return sum(actual_cost(each) for each in data) if isinstance(data, list) else 0


@dataclass
class Bucket:
    """Points that an app has, as Shopify's leaky bucket: it fills while the client waits, not by the clock.

    Attributes:
        most: That it holds.
        rate: Points a second.
        left: Points now.
    """

    most: float = 2000.0
    rate: float = 100.0
    left: float = 2000.0

    def wait(self, seconds: float) -> None:
        """Lets time pass."""
        self.left = min(self.most, self.left + seconds * self.rate)

    def status(self, requested: int, actual: int | None) -> dict[str, Any]:
        """What stands under `extensions.cost` of an answer."""
        throttle = {"maximumAvailable": self.most, "currentlyAvailable": self.left, "restoreRate": self.rate}
        return {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": throttle}


def too_costly(cost: int) -> dict[str, Any]:
    """The documented answer to a request that asks for too much."""
    told = (
        f"Query cost is {cost}, which exceeds the single query max cost limit ({MOST}).\n\n"
        "See https://shopify.dev/concepts/about-apis/rate-limits for more information on how the cost of a query is calculated."
    )
    page = "https://shopify.dev/api/usage/rate-limits"
    extensions = {"code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": MOST, "documentation": page}
    return {"errors": [{"message": told, "extensions": extensions}]}


def throttled(bucket: Bucket, cost: int) -> dict[str, Any]:
    """The documented answer where the bucket holds less than is asked for."""
    error = {"message": "Throttled", "extensions": {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"}}  # fmt: skip
    return {"errors": [error], "extensions": {"cost": bucket.status(cost, None)}}
