"""A shop's settings for handovers: who takes over, from when on, and what the customer is told."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from convagent.conversation import HANDOVER_REASONS, HandoverReason
from convagent.errors import ShopError
from convagent.facts import Money
from convagent.handover.topics import KEPT_TOPICS, SENSITIVE_TOPICS, KeptTopic, SensitiveTopic

__all__ = ["TEXT_KEYS", "HandoverSettings", "SummaryLanguage"]

SummaryLanguage = Literal["en", "de", "fr"]

KeptRule = Literal["always", "without_guide", "never"]
"""What becomes of a kept topic: always a person; a person unless a guide takes it; the agent."""

TEXT_KEYS: tuple[str, ...] = (
    *HANDOVER_REASONS, *SENSITIVE_TOPICS, *KEPT_TOPICS, "sorry", "open", "away", "no_hours", "no_repeating", "contact",
    "failed", "late", "returned",
)  # fmt: skip
"""Names of the sentences that the customer may read: one for each reason and topic, then what follows it or comes later."""

_FIELDS: Final = frozenset({"when", "emergency"})
_LONGEST_TEXT: Final = 1000


class HandoverSettings(BaseModel):
    """How a shop hands over. Everything has a default; a shop with one team needs none of it.

    In `convagent.toml`:

        [handover]
        default_team = "care"
        answer_within_hours = 4
        familiar_languages = ["de"]
        teams = { medical = "safety", legal_threat = "management", press = "management", action_failed = "returns" }

        [handover.texts.en]
        customer_request = "Of course. One moment, a person takes over."

    Sentences under `texts` replace the built-in ones by language and name (`TEXT_KEYS`). They may hold `{when}` (the
    time an answer is expected; in `open` and `away`) and `{emergency}`. A language that isn't built in is used when all
    the sentences that a text needs are there, else the text is English.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    default_team: str = Field(default="care", min_length=1, description="Takes what no other setting gives to a team")
    teams: Mapping[HandoverReason | SensitiveTopic | KeptTopic, str] = Field(
        default_factory=dict, description="Team by reason code or topic; a topic says more than its reason"
    )
    guide_topics: Mapping[str, SensitiveTopic | KeptTopic] = Field(
        default_factory=dict,
        description="Title of a guide that hands over to the topic it is about; by default its own words and the "
        "customer's tell",
    )
    kept_topics: Mapping[KeptTopic, KeptRule] = Field(
        default_factory=dict,
        description="What becomes of `vip_complaint`, `refund_exception`, `billing_problem` and `technical_fault`: "
        "`always`, the default, hands over; `without_guide` does unless a guide takes the message; `never`",
    )
    team_by_language: Mapping[str, str] = Field(default_factory=dict, description="ISO 639 code to team")
    vip_team: str | None = Field(default=None, description="Takes what VIPs ask, where no guide or topic names a team")
    high_value_team: str | None = Field(default=None, description="Takes what is about orders of high value, likewise")
    covered_by: Mapping[str, str] = Field(
        default_factory=dict,
        description="Team to the team that takes its conversations while it is away and they are there",
    )
    vip_tags: tuple[str, ...] = Field(default=("vip",), description="Tags of customers who are VIPs")
    vip_levels: tuple[str, ...] = Field(default=(), description="Loyalty levels whose customers are VIPs")
    vip_spent: Money | None = Field(default=None, description="Who has spent this much so far is a VIP")
    upset_from: int = Field(default=2, ge=1, le=4, description="Degree from which a person takes over; 4: never for it")
    high_value: Money | None = Field(default=None, description="An order from this total on is answered sooner")
    summary_language: SummaryLanguage = Field(default="en", description="Language of the note for the team")
    answer_within_hours: Decimal = Field(default=Decimal(4), ge=0, le=400, description="Working hours")
    late_after_hours: Decimal = Field(
        default=Decimal(24),
        gt=0,
        le=1000,
        description="When nobody took it by then it is late, where no hours are known",
    )
    escalation_team: str | None = Field(
        default=None, description="Takes what nobody took in time; its own team by default"
    )
    asks_contact: bool = Field(
        default=True, description="Whether the customer is asked where to reach them, while nobody is there"
    )
    transcript: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s{}]*\{conversation\}[^\s{}]*$",
        description="Where a conversation can be read: https://desk.example/{conversation}",
    )
    emergency_number: str = Field(default="112", pattern=r"^[0-9 ]{2,15}$")
    familiar_languages: tuple[str, ...] | None = Field(
        default=None,
        description="Languages in which the agent's own sentences, all of them, say du and tu: `de`, `fr`. Left out, "
        "those in which the voice's register is `informal`",
    )
    names_zone: bool = Field(default=True, description="Whether times name the shop's zone: 10:30 (Dublin time)")
    texts: Mapping[str, Mapping[str, str]] = Field(default_factory=dict, description="Language to name to sentence")

    @classmethod
    def read(cls, data: HandoverSettings | Mapping[str, Any] | None) -> Self:
        """Settings from a table of `convagent.toml`.

        Raises:
            ShopError: Something in it doesn't fit; every such entry is named.
        """
        if isinstance(data, cls):
            return data
        try:
            return cls.model_validate(dict(data) if isinstance(data, Mapping) else ({} if data is None else data))
        except ValidationError as error:
            faults = [f"{'.'.join(map(str, fault['loc'])) or 'handover'}: {fault['msg']}" for fault in error.errors()]
            raise ShopError(
                "these handover settings don't fit: " + "; ".join(faults[:10]),
                code="handover-settings",
                remedy=f"Known settings are {', '.join(sorted(cls.model_fields))}.",
            ) from None

    def familiar_in(self, language: str) -> bool:
        """Whether customers are addressed as du and tu in a language; the register of a voice isn't known here.

        Args:
            language: ISO 639 code, with or without a region.
        """
        return language.replace("_", "-").partition("-")[0].lower() in (self.familiar_languages or ())

    @field_validator("texts")
    @classmethod
    def _texts_fit(cls, texts: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
        for language, sentences in texts.items():
            if re.fullmatch(r"[a-z]{2,3}", language) is None:
                raise ValueError(f"{language!r} is no language; write its code, such as en")
            unknown = sorted(set(sentences) - set(TEXT_KEYS))
            if unknown:
                raise ValueError(f"{language}: there is no text {_listed(unknown)}; there are {_listed(TEXT_KEYS)}")
            for name, sentence in sentences.items():
                _check_sentence(f"{language}.{name}", sentence)
        return texts


def _check_sentence(name: str, sentence: str) -> None:
    if not sentence.strip() or len(sentence) > _LONGEST_TEXT:
        raise ValueError(f"{name}: a text has 1 to {_LONGEST_TEXT} characters")
    try:
        parts = list(string.Formatter().parse(sentence))
    except ValueError as error:
        raise ValueError(f"{name}: {error}; a brace itself is written twice") from None
    for _text, field, form, conversion in parts:
        if field is None:
            continue
        if field not in _FIELDS or form or conversion:
            raise ValueError(f"{name}: {{{field}}} is not filled in; there are {{when}} and {{emergency}}")
        if field == "when" and not name.endswith((".open", ".away")):
            raise ValueError(f"{name}: {{when}} is known in the texts open and away alone")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
