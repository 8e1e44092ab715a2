"""Requests to the outside, guarded: to addresses that were checked, in bounded time and space.

Used by HTTP actions, by the integrations, and by whatever fetches articles from the web.
"""
