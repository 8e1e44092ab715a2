"""Shopify: look-ups, actions and webhooks over the Admin GraphQL API. See docs/shopify.md; not verified live."""

from convagent.integrations.shopify.actions import ShopifyActions
from convagent.integrations.shopify.client import ShopifyClient, UserError
from convagent.integrations.shopify.operations import API_VERSION, OPERATIONS, Operation
from convagent.integrations.shopify.webhooks import DeliveryIds, Webhook, read_webhook

__all__ = [
    "API_VERSION",
    "OPERATIONS",
    "DeliveryIds",
    "Operation",
    "ShopifyActions",
    "ShopifyClient",
    "UserError",
    "Webhook",
    "read_webhook",
]
