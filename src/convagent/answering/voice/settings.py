"""The section `[voice]` of `convagent.toml`: who the agent is and how it speaks, in every language or in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

__all__ = ["EmojiUse", "Register", "VoiceSettings", "VoiceVariant"]

Register = Literal["neutral", "formal", "informal"]
"""How customers are spoken to: German Sie or du, French vous or tu. `neutral` takes either, never both in one text."""

EmojiUse = Literal["never", "sparingly", "freely"]
"""`sparingly`: one in a text at most."""

_Word = Annotated[str, Field(min_length=1, max_length=200)]
_Text = Annotated[str, Field(max_length=2_000)]
_Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
_MOST_WORDS = 500


class VoiceVariant(BaseModel):
    """`[voice.languages.de]`: what is different in one language. What isn't set here is as it stands in `[voice]`."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    persona: Annotated[str, Field(max_length=1_000)] | None = None
    formality: Register | None = Field(default=None, alias="register")
    greeting: _Text | Mapping[_Word, _Text] | None = None
    sign_off: _Text | Mapping[_Word, _Text] | None = None
    disclosure: _Text | None = None
    use: Mapping[_Word, _Word] | None = Field(default=None, max_length=_MOST_WORDS)
    avoid: tuple[_Word, ...] | None = Field(default=None, max_length=_MOST_WORDS)
    emoji: EmojiUse | None = None
    exclamation_marks: Annotated[int, Field(ge=0, le=10)] | None = None


class VoiceSettings(BaseModel):
    """The section `[voice]`. Texts that customers read stand here by language; nothing of it is read by guidance."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    persona: str = Field(
        default="", max_length=1_000,
        description="Who the agent is, in a sentence or two: for the chat model that words replies",
    )  # fmt: skip
    formality: Register = Field(
        default="neutral", alias="register",
        description="How customers are spoken to: `formal` (German Sie, French vous), `informal` (du, tu), or `neutral`: "
        "either, never both in one text. The agent's own sentences follow it: familiar where it is `informal`",
    )  # fmt: skip
    greeting: Mapping[_Word, _Text | Mapping[_Language, _Text]] = Field(
        default_factory=dict,
        description="Opens e-mails, by language: `{en = \"Hello,\"}`. By channel and language for others, where it opens the "
        "first reply: `[voice.greeting.chat]`",
    )  # fmt: skip
    sign_off: Mapping[_Word, _Text | Mapping[_Language, _Text]] = Field(
        default_factory=dict,
        description="Below e-mails, by language. By channel and language for others, below each reply: "
        "`[voice.sign_off.sms]`",
    )  # fmt: skip
    disclosure: Mapping[_Language, _Text] = Field(
        default_factory=dict, description="Said with the first reply, by language"
    )
    use: Mapping[_Word, _Word] = Field(
        default_factory=dict, max_length=_MOST_WORDS,
        description="The shop's words by those that they replace: `{customer = \"guest\"}`",
    )  # fmt: skip
    avoid: tuple[_Word, ...] = Field(
        default=(), max_length=_MOST_WORDS, description="Words and phrases that are not used, in none of their forms"
    )
    emoji: EmojiUse = Field(default="sparingly", description="`never`, `sparingly` (one in a text) or `freely`")
    exclamation_marks: int = Field(default=1, ge=0, le=10, description="So many in a text at most")
    languages: Mapping[_Language, VoiceVariant] = Field(
        default_factory=dict,
        description="`[voice.languages.de]`: any of these settings as it is in one language; texts then without a language",
    )

    @field_validator("greeting", "sign_off")
    @classmethod
    def _by_language_or_channel(cls, value: Mapping[str, str | Mapping[str, str]]) -> Mapping[str, object]:
        for key, words in value.items():
            if isinstance(words, str) and not (
                len(key) in {2, 3} and key.isascii() and key.islower() and key.isalpha()
            ):
                raise ValueError(f'{key!r} is no language: write `en = "…"`, or a channel with texts by language')
        return value
