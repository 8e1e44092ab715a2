"""Who writes: anonymous, claimed or verified, and what may prove it. docs/identity.md says how a shop sets it up."""

from convagent.actions.identity.by_code import CodeProof
from convagent.actions.identity.by_order import OrderProof
from convagent.actions.identity.desk import add_identity, identity_proofs
from convagent.actions.identity.proof import Proof, Proven
from convagent.actions.identity.settings import CodeSettings, IdentitySettings, OrderSettings, TokenSettings
from convagent.actions.identity.token import TokenProof, sign_customer_token

__all__ = [
    "CodeProof",
    "CodeSettings",
    "IdentitySettings",
    "OrderProof",
    "OrderSettings",
    "Proof",
    "Proven",
    "TokenProof",
    "TokenSettings",
    "add_identity",
    "identity_proofs",
    "sign_customer_token",
]
