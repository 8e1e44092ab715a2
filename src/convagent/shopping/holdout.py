"""The hold-out group: visitors who meet no assistant, so that it can be told honestly what it brings about."""

from __future__ import annotations

import hashlib

from convagent.errors import ConvagentError

__all__ = ["in_holdout"]


def in_holdout(customer_id: str, share: float, salt: str) -> bool:
    """Whether a customer belongs to the hold-out group: always the same for the same id, share and salt.

    The first 64 bits of SHA-256 over salt and id, as a number from 0 to 1, lie below the share. Who is in the group at a
    smaller share stays in it at a larger one; another salt draws another group, independent of the first.

    Args:
        customer_id: An id that stays: the customer's, or that of the storefront's long-lived cookie.
        share: 0 (nobody) to 1 (everybody).
        salt: Names the experiment, such as "2026-autumn".

    Raises:
        ConvagentError: `holdout-share`: the share isn't between 0 and 1; `holdout-id`: there is no id.
    """
    if not 0 <= share <= 1:
        raise ConvagentError(
            f"a share lies between 0 and 1, and {share!r} doesn't", code="holdout-share", remedy="Write 0.1 for 10%."
        )
    if not customer_id:
        raise ConvagentError(
            "nobody can be put into a group without an id", code="holdout-id", remedy="Hand in an id that stays."
        )
    digest = hashlib.sha256(f"{len(salt)}:{salt}{customer_id}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
