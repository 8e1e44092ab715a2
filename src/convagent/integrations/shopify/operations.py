"""The GraphQL documents that are sent, each with the page and version of the documentation that it was written from.

None of them was verified against the live service: `verified` says so of each.
"""

from __future__ import annotations

from convagent.integrations.shopify.documents import API_VERSION, Operation
from convagent.integrations.shopify.mutations import MUTATIONS
from convagent.integrations.shopify.queries import QUERIES

__all__ = ["API_VERSION", "OPERATIONS", "Operation"]

OPERATIONS = {operation.name: operation for operation in (*QUERIES, *MUTATIONS)}
"""Every document by its name."""
