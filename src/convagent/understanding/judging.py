"""What a shop's guides teach of judgements and safeguards, and what `it seems "…"` is told of a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from convagent.guidance.interpreter.kernel import Kernel
from convagent.guidance.language.judgements import judgement_key, noticed_as
from convagent.understanding.gist import mask
from convagent.understanding.judgements import Judge, Taught
from convagent.understanding.segments import split_requests
from convagent.understanding.signals import Signals, read_signals

__all__ = ["Judging", "taught_by"]

MOST_EARLIER = 12
"""So many of the customer's earlier messages are judged too, the latest."""


@dataclass(frozen=True, slots=True)
class Judging:
    """Answers what `it seems "…"` asks of a message, each judgement when it is asked for.

    Attributes:
        judge: What authors taught.
        texts: The message and its parts.
        signals: What was noticed in it.
        earlier: What the customer wrote before for the open guide.
        read: What is made of a text before it is compared.
    """

    judge: Judge
    texts: tuple[str, ...]
    signals: Signals
    earlier: tuple[str, ...]
    read: Callable[[str], str] = mask

    def __call__(self, judgement: str) -> bool | None:
        """True, false or None (unsure) for a judgement of this message and of those before it."""
        name = _judgement_name(judgement)
        earlier = self.earlier[-MOST_EARLIER:]
        mood = noticed_as(judgement)
        if mood is not None:
            heard = (self.signals, *(read_signals(text, language=self.signals.language) for text in earlier))
            if any(signals.upset > 0 if mood == "upset" else signals.praise for signals in heard):
                return True
        if name in self.judge.names:
            parts = (part for text in earlier for part in (text, *split_requests(text).segments))
            return self.judge.judge(
                [self.read(part) for part in (*self.texts, *parts)], language=self.signals.language
            )[name]
        return None if mood is None else False


def _judgement_name(text: str) -> str:
    return f"it seems {judgement_key(text)}"


def taught_by(kernel: Kernel, *, read: Callable[[str], str] = mask) -> tuple[dict[str, Taught], dict[str, str]]:
    """What authors taught, by the judge's names; and the name of what each safeguard asks.

    Args:
        kernel: The guides.
        read: What is made of an example before it is compared, the same as of a message.
    """
    taught = {
        _judgement_name(one.text): Taught(
            one.text,
            tuple(read(example.text) for example in one.examples if not example.negative),
            tuple(read(example.text) for example in one.examples if example.negative),
        )
        for one in kernel.judgements
    }
    safeguards: dict[str, str] = {}
    for guide in kernel.guides:
        if guide.when is None or not guide.safeguard:
            continue
        if guide.when.judgement:
            name = _judgement_name(guide.when.text)
            known = taught.get(name, Taught(guide.when.text))
            # Without an example anywhere the words of the judgement have to do.
            taught[name] = known if known.examples else Taught(guide.when.text, (guide.when.text,), known.negatives)
        else:
            name = f"when {judgement_key(guide.title)}"
            taught[name] = Taught(
                guide.when.text,
                tuple(read(e.text) for e in guide.when.examples if not e.negative) or (guide.title,),
                tuple(read(e.text) for e in guide.when.examples if e.negative),
            )
        safeguards[guide.title] = name
    return taught, safeguards
