"""A customer whom a chat model plays: the persona says who they are and what they know, the model finds the words.

Its slips are the simulator's, never the agent's: figures and addresses that it makes up, an answer that it keeps to itself,
leaving while the agent waits for it, or no answer at all. A conversation that one of them spoilt stays open.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from convagent.conversation import Asked, HandedOver, Silent, Turn
from convagent.errors import ModelError
from convagent.evals.cases import CaseTurn
from convagent.evals.judging.asking import transcript
from convagent.evals.judging.masking import mask_for
from convagent.evals.simulate.customer import CONFIRM, MOST_TURNS, Ending, needs_of, same_reply
from convagent.evals.simulate.persona import Persona
from convagent.evals.simulate.trouble import Trouble
from convagent.models import ChatModel, ChatRequest, ModelCalls, Section, prompt_of
from convagent.privacy import Placeholders, marks_in
from convagent.privacy.found import Kind
from convagent.settings import ShopSettings

__all__ = ["PlayedCustomer", "mask_of"]

SECONDS = 60.0
PROMPT_TOKENS = 8_000
SAID_TOKENS = 200
MOST_WORDS = 2_000
"""Nobody writes a message of more characters in a chat; what goes on is cut off."""

TEMPERATURE = 0.7

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "says": {"type": "string", "description": "What the customer writes next; empty when they are done"},
        "ends": {"type": "string", "enum": ["no", "satisfied", "gives_up", "leaves"]},
    },
    "required": ["says", "ends"],
    "additionalProperties": False,
}

_INSTRUCTIONS = """\
You play a customer who writes to a shop's support. Stay in the role: you are never the shop's assistant.

Answer in JSON:
- "says": what the customer writes next: one or two short sentences in the language and the manner of the role. Answer what \
you are asked. Tell only what stands in the role; where you are asked for something else, say that you don't know. Never make \
up numbers, names, addresses or dates. Something like [EMAIL_1] or [ADDRESS_1] in the role stands for what you know: write it as \
it stands.
- "ends": "no" while you want to go on; "satisfied" as soon as the assistant has done or answered what you came for; \
"gives_up" when your patience is over and you ask for a person; "leaves" when you go without another word."""

_FIGURES = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|#?\b[A-Z]{0,4}-?\d[\d\s/.-]*\d\b|#?\b\d{3,}\b", re.IGNORECASE)
"""What can be made up and then found wanting: e-mail addresses, and numbers of three digits or more."""

_LEAST_DIGITS = 3

_KINDS: dict[str, Kind] = {
    "email": "EMAIL", "phone": "PHONE", "telephone": "PHONE", "mobile": "PHONE", "name": "NAME", "address": "ADDRESS",
    "street": "ADDRESS", "iban": "IBAN", "card": "CARD", "password": "PASSWORD",
}  # fmt: skip
"""What the answer to a need is, by the last word of its name that tells."""

_OUT_OF_ROLE = re.compile(
    r"(?:(?:the|this) (?:customer|user|assistant)\b|(?:der|dieser) (?:kunde|nutzer)\b|die kundin\b|l[ea] cliente?\b|as an ai\b"
    r"|assistant ?:|how (?:can|may) i (?:help|assist) you"
    r"|(?:(?:i'?m|we'?re) )?sorry, but (?:i|we) can(?:'?t|not) (?:help|assist))",
    re.IGNORECASE,
)
"""Speaking of the customer, or as the shop: what a small model falls into."""

_LABEL = re.compile(r"(?:customer|kunde|kundin|client|cliente) ?: ?", re.IGNORECASE)


@dataclass
class PlayedCustomer:
    """One customer in one conversation.

    Attributes:
        persona: Who it is.
        model: Who plays.
        seed: With which; a server that honours it says the same again.
        mask: Hides from the model what is personal, in the role as in the conversation; `mask_of` makes one.
        ending: How it ended; empty while it goes on.
        troubles: What went wrong so far, as far as the customer notices.
    """

    persona: Persona
    model: ChatModel
    seed: int
    mask: Placeholders | None = None
    ending: Ending = ""
    troubles: list[Trouble] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)
    _gave_up: bool = False

    def speak(self, turns: Sequence[Turn]) -> CaseTurn | None:
        """What they write next, None when they are done."""
        if turns and self._is_over(turns):
            return None
        answer = self._played(turns)
        if answer is None:
            return self._ends("ended")
        said, ends = answer
        if invented := self._invented(said, turns):
            self._note("invented", turns, f"“{invented}” stands neither in the role nor in the conversation")
            return self._ends("ended")
        if slip := _OUT_OF_ROLE.match(said.replace("’", "'")):
            self._note("out_of_role", turns, f"“{slip[0].strip()} …” is nothing that a customer writes")
            return self._ends("ended")
        waits = not turns or isinstance(turns[-1].outcome, Asked)
        if said and waits and ends in {"satisfied", "leaves"}:
            ends = "no"  # models like to be content with the words that they are about to say
        if ends == "satisfied":
            if waits:
                self._note("left_early", turns, "the customer was content while the agent waited for an answer")
            return self._ends("satisfied")
        if ends == "leaves" or not said:
            return self._ends("left")
        self._gave_up = self._gave_up or ends == "gives_up"
        return CaseTurn(customer=said)

    def _is_over(self, turns: Sequence[Turn]) -> bool:
        """Whether the conversation ends here, whatever the customer would say; what the agent did wrong is noted."""
        last, number = turns[-1], len(turns)
        if number >= MOST_TURNS:
            self._note("out_of_turns", turns, f"still going after {MOST_TURNS} turns")
            self._ends("ended")
        elif isinstance(last.outcome, HandedOver):
            self._ends("gave_up" if self._gave_up else "handed_over")
        elif self._gave_up:
            self._ends("gave_up")
        elif isinstance(last.outcome, Silent):
            self._ends("ended")
        kept = [need for need in needs_of(last) if self._keeps(need, turns)]
        if not kept and (repeated := same_reply(turns)) is not None:
            self.troubles.append(repeated)  # who was not answered may ask once more
        return bool(self.ending)

    def _keeps(self, need: str, turns: Sequence[Turn]) -> bool:
        """Notes that a need is asked for again: the agent's fault where it was told, else the customer's, who keeps it."""
        known = self.persona.knows_of(need)
        if need == CONFIRM or known is None:
            return False
        again = need in self._asked
        self._asked.add(need)
        told = None
        if again:
            told = next((each for each in known if any(_holds(turn.message.text, each) for turn in turns)), None)
            if told is not None:
                self._note("asked_again", turns, f"“{need}” was answered: {told}")
            else:
                self._note("withheld", turns, f"the customer kept “{need}” to themselves: {known[0]}")
        return again and told is None

    def _played(self, turns: Sequence[Turn]) -> tuple[str, str] | None:
        """What the model has the customer say, and whether they end; None where it says nothing that can be used."""
        sections = (
            Section(_role(self.persona), label="role"),
            Section(transcript(turns) or "(nothing was said yet)", label="conversation"),
            Section("What does the customer write next?"),
        )
        try:
            messages = prompt_of(_INSTRUCTIONS, sections, most_tokens=PROMPT_TOKENS, model=self.model.name)
            request = ChatRequest(
                "customer", messages, schema=SCHEMA, max_tokens=SAID_TOKENS, temperature=TEMPERATURE,
                seed=random.Random(f"{self.persona.name}/{self.seed}/{len(turns)}").getrandbits(31),  # noqa: S311
                timeout=SECONDS,
            )  # fmt: skip
            reply = ModelCalls(self.model, SECONDS, mask=self.mask, most=1).complete(request)
            data = json.loads(reply.text)
            said, ends = " ".join(str(data["says"]).split())[:MOST_WORDS], str(data["ends"])
            said = _LABEL.sub("", said, count=1) if _LABEL.match(said) else said
        except ModelError as error:
            self._note("no_answer", turns, f"{error.message} [{error.code}]")
            return None
        except (ValueError, KeyError, TypeError, RecursionError):
            self._note("no_answer", turns, f"no message of a customer: {' '.join(reply.text.split())[:80]}")
            return None
        if not said and not turns:
            self._note("no_answer", turns, "the customer said nothing to begin with")
            return None
        return said, ends

    def _invented(self, said: str, turns: Sequence[Turn]) -> str | None:
        """A figure, an address or a placeholder that the customer can't know; None where there is none."""
        if self.mask is not None and (marks := [mark for mark in marks_in(said) if mark in self.mask.invented]):
            return marks[0]
        known = _role(self.persona) + json.dumps(self.persona.facts, default=str) + transcript(turns)
        for found in _FIGURES.findall(said):
            if "@" not in found and sum(letter.isdigit() for letter in found) < _LEAST_DIGITS:
                continue
            if not _holds(known, found):
                return str(found)
        return None

    def _note(self, kind: Any, turns: Sequence[Turn], text: str) -> None:
        self.troubles.append(Trouble(kind, len(turns), text))

    def _ends(self, how: Ending) -> CaseTurn | None:
        self.ending = how
        return None


def mask_of(persona: Persona, shop: ShopSettings) -> Placeholders:
    """What hides a persona's personal data from the model that plays it; what the customer says of it is put back whole.

    Args:
        persona: Who.
        shop: The section `[shop]`.
    """
    known = [
        (kind, answer)
        for need, answers in persona.knows.items()
        if (kind := next((_KINDS[part] for part in reversed(need.split("_")) if part in _KINDS), None)) is not None
        for answer in answers
    ]
    return mask_for(shop, persona.facts, known=known, secrets="restored")


def _role(persona: Persona) -> str:
    """Who the customer is, in lines."""
    lines = [f"What you want: {persona.goal}", f"You write in this language: {persona.language}"]
    lines += [f"You might say it so: {text}" for text in persona.opens]
    lines += [
        f"You know your {need.replace('_', ' ')}: {', then '.join(known)}" for need, known in persona.knows.items()
    ]
    lines += [f"You would also like to ask at some point: {text}" for text in persona.asides]
    lines.append(f"When you are asked to confirm, you {'agree' if persona.agrees else 'refuse'}.")
    lines.append(f"You are {', '.join((persona.mood, *persona.manner)).replace('_', ' ')}.")
    over = "ask for a person" if persona.gives_up == "asks_for_a_person" else "leave"
    lines.append(f"You bear {persona.patience} disappointments; after that you {over}.")
    return "\n".join(lines)


def _holds(text: str, words: str) -> bool:
    """Whether a text holds words, whatever their case, spaces and signs."""
    return _bare(words) in _bare(text)


def _bare(text: str) -> str:
    return re.sub(r"[^\w@]+", "", text).casefold()
