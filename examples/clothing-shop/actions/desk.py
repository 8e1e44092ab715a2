"""The help desk: notes on a case, links, codes, other teams, and the questions that everybody asks.

Kept in memory; codes that were issued before come from `data/customers.toml`, questions from `data/faq.toml`.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from convagent.actions import ActionFailedError, CallContext, action
from convagent.facts import Discount, Fact, Money

Team = Literal["manager", "website team", "purchasing department"]
Page = Literal["account login", "subscription", "keeping your account safe"]
EnteredDetail = Literal["account number", "amount to pay", "call-back number", "refund address", "return label address"]
Attempt = Literal["try again", "log out and in", "check details", "instructions"]
Topic = Literal["boots", "shirts", "jeans", "jackets", "pricing", "membership", "dates", "policies"]

CODE_DAYS = 7
"""How long a promotion code can be used."""
REST_DAYS = 30
"""Days in which a customer gets one goodwill code at most."""
_DATA = Path(__file__).parents[1] / "data"


class Question(Fact):
    """A question that many ask.

    Attributes:
        id: Its name in the books.
        title: How it is offered to the customer.
    """

    id: str
    title: str


class IssuedCode(BaseModel):
    """A promotion code that a customer was given before."""

    code: str
    issued_on: date
    should_work: bool


def _tables(name: str, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))[key]
    return found


FAQ = {topic["name"]: topic["questions"] for topic in _tables("faq", "topic")}
ISSUED = {
    c["id"]: [IssuedCode.model_validate(code) for code in c.get("codes", ())] for c in _tables("customers", "customer")
}
GOODWILL: dict[str, date] = {}
"""The day of each account's latest goodwill code."""
CASES: list[tuple[str, str, str]] = []
"""Notes: account, what kind of note, and what it says."""
SENT: list[tuple[str, str]] = []
"""Links sent and teams told: to whom, and what."""


# ---- notes on the case
@action(kind="write", requires="verified", confirm=False)
def enter_details(account: str, detail: EnteredDetail, value: Any) -> str:
    """Puts a detail that the customer gave on the case, where colleagues and the warehouse find it.

    Args:
        account: The account's number.
        detail: What it is.
        value: As the customer gave it.
    """
    CASES.append((account, detail, str(value)))
    return "entered"


@action(kind="write", requires="anonymous", confirm=False)
def note_attempt(attempt: Attempt, page: str) -> str:
    """Notes what was tried on a page that doesn't work, so that the website team needn't ask again.

    Args:
        attempt: What the customer tried.
        page: Where: checkout, cart, search, any page.
    """
    CASES.append(("", "attempt", f"{page}: {attempt}"))
    return "noted"


# ---- links, teams, codes
@action(kind="write", requires="anonymous", confirm=False)
def send_link(account: str, page: Page) -> str:
    """Sends a link to one of our own pages to the e-mail address on file.

    Args:
        account: The account's number.
        page: Which page.
    """
    SENT.append((account, page))
    return "sent"


@action(kind="write", requires="anonymous", confirm=False)
def notify_team(team: Team, about: str, account: str | None = None) -> str:
    """Tells another team; they act on it by themselves.

    Args:
        team: Which team.
        about: What it is about.
        account: Whose account, if it is about one.
    """
    SENT.append((team, f"{account}: {about}" if account else about))
    return "told"


@action(kind="lookup")
def code_should_work(account: str, code: str, context: CallContext) -> bool:
    """Whether a code was issued to this account, is not older than 7 days, and ought to work by our books.

    Args:
        account: The account's number.
        code: As the customer wrote it.
    """
    today = context.now.date()
    return any(
        known.code.casefold() == code.strip().casefold() and known.should_work and today - known.issued_on <= timedelta(CODE_DAYS)
        for known in ISSUED.get(account, ())
    )  # fmt: skip


@action(kind="lookup")
def got_a_code_lately(account: str, context: CallContext) -> bool:
    """Whether the account was given a goodwill code in the last 30 days.

    Args:
        account: The account's number.
    """
    return account in GOODWILL and context.now.date() - GOODWILL[account] < timedelta(REST_DAYS)


@action(kind="write", requires="anonymous", confirm=False)
def promo_code(account: str, context: CallContext, amount: Money | None = None) -> Discount:
    """Issues a code that only this account can use: 20% off the next purchase, or an amount that was owed to it.

    Args:
        account: The account's number.
        amount: What was owed; without it, the code is goodwill.
    """
    today = context.now.date()
    if amount is None:
        if account in GOODWILL and today - GOODWILL[account] < timedelta(REST_DAYS):
            raise ActionFailedError(f"{account} had a goodwill code on {GOODWILL[account]}")
        GOODWILL[account] = today
    codes = ISSUED.setdefault(account, [])
    code = f"LARK-{account[-3:]}{len(codes) + 1}"
    codes.append(IssuedCode(code=code, issued_on=today, should_work=True))
    return Discount(
        code=code, percent=None if amount is not None else Decimal(20), amount=amount, status="active",
        expires_at=context.now + timedelta(days=CODE_DAYS),
    )  # fmt: skip


# ---- questions
@action(kind="lookup")
def search_faq(topic: Topic) -> tuple[Question, ...]:
    """The questions about a topic.

    Args:
        topic: Which topic.
    """
    return tuple(Question(id=question["id"], title=question["title"]) for question in FAQ[topic])


@action(kind="lookup")
def select_faq(question: str) -> str:
    """The answer to a question.

    Args:
        question: The question's id.
    """
    found = next((q for questions in FAQ.values() for q in questions if q["id"] == question), None)
    if found is None:
        raise ActionFailedError(f"there is no question {question}")
    return str(found["answer"])
