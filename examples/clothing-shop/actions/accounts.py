"""Accounts: who writes, what belongs to them, and what can be changed about them.

A small world in memory, read from `data/customers.toml` when the shop is opened. A real shop calls its own systems here; the
declarations stay as they are. Guides settle what may be done, and every write checks its own rule once more: it is the last
door before something happens.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from convagent.actions import ActionFailedError, CallContext, action
from convagent.facts import Address, Customer, Fact, Money, PaymentMethod

Level = Literal["guest", "bronze", "silver", "gold"]
Detail = Literal["street", "name", "phone", "payment method"]
Origin = Literal["subscription refund", "previous purchase", "promotional package"]

FEWEST_PROOFS = 2
"""Details that must fit, besides the name or account number that the account was found by."""


class Service(Fact):
    """Something that a customer has besides what they order.

    Attributes:
        id: Its number.
        name: As the customer knows it.
        running: Whether they have it now.
        our_mistake: Whether it was added or taken away without anybody asking for it.
    """

    id: str
    name: str
    running: bool
    our_mistake: bool


class Account(BaseModel):
    """Everything that is kept about one customer; what an agent may see is in the look-ups."""

    id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    username: str
    level: Level
    pin: str
    security_answer: str
    ships_abroad_free: bool
    address: Address
    payment_methods: tuple[PaymentMethod, ...]
    services: tuple[Service, ...] = ()
    missing_credits: dict[str, Money] = {}

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


def _read() -> dict[str, Account]:
    text = (Path(__file__).parents[1] / "data" / "customers.toml").read_text(encoding="utf-8")
    return {data["id"]: Account.model_validate(data) for data in tomllib.loads(text)["customer"]}


def _order_owners() -> dict[str, str]:
    text = (Path(__file__).parents[1] / "data" / "orders.toml").read_text(encoding="utf-8")
    return {_plain(order["id"]): order["customer"] for order in tomllib.loads(text)["order"]}


def _plain(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", text or "").casefold()


def _digits(text: str | None) -> str:
    """The last ten figures of a telephone number: what is left when a country code is written or not."""
    return re.sub(r"\D", "", text or "")[-10:]


ACCOUNTS = _read()
ORDER_OWNERS = _order_owners()
PROVEN: set[tuple[str, str]] = set()
"""Conversations in which a PIN or security answer fitted, each with the account that it proved."""
OUTBOX: list[tuple[str, str]] = []
"""What was sent to the e-mail address on file: account and what it was."""


def _account(number: str) -> Account:
    if number not in ACCOUNTS:
        raise ActionFailedError(f"there is no account {number}")
    return ACCOUNTS[number]


def _own(account: str, context: CallContext) -> Account:
    """The account, if it is that of the verified customer."""
    if context.customer is None or context.customer.id != account:
        raise ActionFailedError(f"{account} is not the account of the customer who writes")
    return _account(account)


def _put(number: str, **changes: Any) -> Account:
    ACCOUNTS[number] = _account(number).model_copy(update=changes)
    return ACCOUNTS[number]


# ---- who writes
@action(kind="lookup")
def pull_up_account(name_or_number: str) -> Customer | None:
    """The account that goes with a full name or an account number; only its number and name, since nothing is proven yet.

    Args:
        name_or_number: As the customer put it: "Nora Whitfield", "my number is A-10231".
    """
    words = f" {' '.join(re.findall(r'[a-z]+', name_or_number.casefold()))} "
    numbers = {f"A-{found}" for found in re.findall(r"\d{5}", name_or_number)}
    found = [a for a in ACCOUNTS.values() if a.id in numbers or f" {a.full_name.casefold()} " in words]
    if len(found) != 1:
        return None
    return Customer(id=found[0].id, first_name=found[0].first_name, verification="claimed")


@action(kind="lookup", proves=True)
def verify_identity(
    account: str, email: str | None = None, postcode: str | None = None, phone: str | None = None,
    order_number: str | None = None,
) -> Customer | None:  # fmt: skip
    """The customer, verified, when at least two details fit their account and none is wrong. Which one was is never told.

    Args:
        account: The account's number.
        email: E-mail address on file.
        postcode: Zip code on file.
        phone: Telephone number on file.
        order_number: One of their orders.
    """
    found = ACCOUNTS.get(account)
    if found is None:
        return None
    given = (
        (email, _plain(email) == _plain(found.email)),
        (postcode, _plain(postcode) == _plain(found.address.postcode)),
        (phone, _digits(phone) == _digits(found.phone)),
        (order_number, ORDER_OWNERS.get(_plain(order_number)) == account),
    )
    fits = [fitting for value, fitting in given if value is not None]
    if len(fits) < FEWEST_PROOFS or not all(fits):
        return None
    return Customer(
        id=found.id, email=found.email, first_name=found.first_name, last_name=found.last_name, phone=found.phone,
        address=found.address, payment_methods=found.payment_methods, verification="verified",
    )  # fmt: skip


@action(kind="lookup")
def verify_secret(account: str, secret: str, context: CallContext) -> Customer | None:
    """The account, when its PIN or security answer fits; the conversation may then have a password or code sent to it.

    Args:
        account: The account's number.
        secret: PIN, or the answer to the security question.
    """
    found = ACCOUNTS.get(account)
    if found is None or _plain(secret) not in {_plain(found.pin), _plain(found.security_answer)}:
        return None
    PROVEN.add((context.conversation, account))
    return Customer(id=found.id, first_name=found.first_name, verification="claimed")


@action(kind="lookup")
def email_fits(account: str, email: str) -> bool:
    """Whether this is the e-mail address on file.

    Args:
        account: The account's number.
        email: As the customer wrote it.
    """
    return _plain(email) == _plain(_account(account).email)


@action(kind="lookup")
def username_fits(account: str, username: str) -> bool:
    """Whether this is the account's username.

    Args:
        account: The account's number.
        username: As the customer wrote it.
    """
    return _plain(username) == _plain(_account(account).username)


@action(kind="lookup")
def email_hint(account: str) -> str:
    """The e-mail address on file, as much as its owner needs to recognise it: n•••@post.example.

    Args:
        account: The account's number.
    """
    name, _, domain = _account(account).email.partition("@")
    return f"{name[0]}•••@{domain}"


@action(kind="lookup", requires="verified")
def username_of(account: str, context: CallContext) -> str:
    """The username of the customer who writes.

    Args:
        account: The account's number.
    """
    return _own(account, context).username


@action(kind="lookup")
def current_detail_fits(account: str, detail: Detail, value: str) -> bool:
    """Whether somebody knows what is on file now. Guides tell it only to a customer who has proved who they are.

    Args:
        account: The account's number.
        detail: Which detail.
        value: As it was written; of a payment method, its kind.
    """
    found = _account(account)
    if detail == "phone":
        return _digits(value) == _digits(found.phone)
    if detail == "payment method":
        return any(_plain(value) == _plain(method.kind) for method in found.payment_methods)
    on_file = found.full_name if detail == "name" else found.address.line1
    return _plain(on_file) in _plain(value)


# ---- what belongs to them
@action(kind="lookup")
def membership_level(account: str) -> Level:
    """The level of membership, as our books have it.

    Args:
        account: The account's number.
    """
    return _account(account).level


@action(kind="lookup")
def ships_abroad_free(account: str) -> bool:
    """Whether the account comes with free delivery to and from other countries.

    Args:
        account: The account's number.
    """
    return _account(account).ships_abroad_free


@action(kind="lookup", requires="verified")
def services_of(account: str, context: CallContext) -> tuple[Service, ...]:
    """The services that a customer has now.

    Args:
        account: The account's number.
    """
    return tuple(service for service in _own(account, context).services if service.running)


@action(kind="lookup", requires="verified")
def former_services_of(account: str, context: CallContext) -> tuple[Service, ...]:
    """The services that a customer once had and has no longer.

    Args:
        account: The account's number.
    """
    return tuple(service for service in _own(account, context).services if not service.running)


@action(kind="lookup", requires="verified")
def changed_by_our_mistake(account: str, service: str, context: CallContext) -> bool:
    """Whether a service was added or taken away without the customer having asked for it.

    Args:
        account: The account's number.
        service: The service's id.
    """
    return any(known.our_mistake for known in _own(account, context).services if known.id == service)


@action(kind="lookup", requires="verified")
def missing_credit(account: str, origin: Origin, context: CallContext) -> Money | None:
    """Credit that should be on the account and isn't, none when the books are right.

    Args:
        account: The account's number.
        origin: Where the credit came from.
    """
    return _own(account, context).missing_credits.get(origin)


# ---- what can be changed about them
@action(kind="write", requires="anonymous")
def make_password(account: str, context: CallContext) -> str:
    """Ends the old password and sends a new one, good for one sign-in, to the e-mail address on file.

    Args:
        account: The account's number; its PIN or security answer must have been given in this conversation.
    """
    if (context.conversation, account) not in PROVEN:
        raise ActionFailedError(f"nobody proved in this conversation that {account} is theirs")
    OUTBOX.append((_account(account).id, "new password"))
    return "sent"


@action(kind="write", requires="anonymous", confirm=False)
def send_reset_code(account: str) -> str:
    """Sends a code that resets the second factor to the e-mail address on file, and to no other.

    Args:
        account: The account's number.
    """
    OUTBOX.append((_account(account).id, "reset code"))
    return "sent"


@action(kind="write")
def change_address(account: str, address: Address, context: CallContext) -> Address:
    """Puts a new address on the account.

    Args:
        account: The account's number.
        address: Street and number; what it leaves out stays as it was.
    """
    found = _own(account, context)
    return _put(found.id, address=found.address.model_copy(update=address.model_dump(exclude_none=True))).address


@action(kind="write")
def change_name(account: str, name: str, context: CallContext) -> str:
    """Puts a new name on the account.

    Args:
        account: The account's number.
        name: First and last name.
    """
    first, _, last = " ".join(name.split()).rpartition(" ")
    if not first:
        raise ActionFailedError(f"{name} is not a first and a last name")
    return _put(_own(account, context).id, first_name=first, last_name=last).full_name


@action(kind="write")
def change_phone(account: str, phone: str, context: CallContext) -> str:
    """Puts a new telephone number on the account.

    Args:
        account: The account's number.
        phone: The new number.
    """
    return _put(_own(account, context).id, phone=phone).phone


@action(kind="write")
def change_payment_method(account: str, method: str, context: CallContext) -> PaymentMethod:
    """Makes one of the customer's means of payment the one that is used first.

    Args:
        account: The account's number.
        method: The id of a means of payment on file.
    """
    found = _own(account, context)
    chosen = next((known for known in found.payment_methods if known.id == method), None)
    if chosen is None:
        raise ActionFailedError(f"{method} is not on file for {account}")
    others = tuple(known for known in found.payment_methods if known.id != method)
    _put(account, payment_methods=(chosen, *others))
    return chosen


@action(kind="write")
def remove_service(account: str, service: str, context: CallContext) -> str:
    """Takes a service off the account.

    Args:
        account: The account's number.
        service: The service's id.
    """
    return _switch(_own(account, context), service, running=False)


@action(kind="write")
def add_service(account: str, service: str, context: CallContext) -> str:
    """Puts a service back on the account.

    Args:
        account: The account's number.
        service: The service's id.
    """
    return _switch(_own(account, context), service, running=True)


def _switch(found: Account, service: str, *, running: bool) -> str:
    if all(known.id != service or known.running == running for known in found.services):
        raise ActionFailedError(f"{found.id} has no {service} to {'put back' if running else 'take off'}")
    changed = (s.model_copy(update={"running": running}) if s.id == service else s for s in found.services)
    _put(found.id, services=tuple(changed))
    return "done"
