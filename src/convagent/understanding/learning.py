"""What a shop's guides teach: the matcher of requests and the judge of judgements, learnt once and kept."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from convagent.guidance.interpreter.kernel import Kernel
from convagent.search.embedder import Embedder
from convagent.understanding.gist import mask
from convagent.understanding.glossary import Glossary
from convagent.understanding.judgements import FORMAT as JUDGE_FORMAT
from convagent.understanding.judgements import Judge
from convagent.understanding.judging import taught_by
from convagent.understanding.kept_learning import learn_or_load
from convagent.understanding.likeness import mostly_english
from convagent.understanding.matcher import FORMAT as MATCHER_FORMAT
from convagent.understanding.matcher import Matcher
from convagent.understanding.meaning import Embedded, embed_examples
from convagent.understanding.ngrams import forget_many
from convagent.understanding.safeguarding import SafeguardForms
from convagent.understanding.word_lists import word_lists

__all__ = ["LearntGuides", "TaughtExamples", "learn_guides", "taught_examples"]


class LearntGuides(NamedTuple):
    """What was learnt of a shop's guides.

    Attributes:
        matcher: Finds the guide of a message; None for a shop without guides that wait for one.
        judge: Knows what authors taught of safeguards and judgements.
        safeguards: Titles of the guides that are tried on every message, with what the judge calls them.
        forms: What form of message each of these waits for.
    """

    matcher: Matcher | None
    judge: Judge
    safeguards: dict[str, str]
    forms: SafeguardForms


class TaughtExamples(NamedTuple):
    """The examples of a shop's guides, as messages are read.

    Attributes:
        examples: Of each guide that waits for messages, its title last.
        negatives: What only looks like it, of the guides that say so.
        background: Examples of guides that are no safeguards and wait for no judgement.
    """

    examples: dict[str, list[str]]
    negatives: dict[str, list[str]]
    background: list[str]


def taught_examples(kernel: Kernel, glossary: Glossary) -> TaughtExamples:
    """What guides teach by their examples.

    Args:
        kernel: The guides.
        glossary: The shop's own words.
    """
    examples: dict[str, list[str]] = {}
    negatives: dict[str, list[str]] = {}
    background: list[str] = []
    for guide in kernel.guides:
        if guide.when is None:
            continue
        positive = [glossary.apply(mask(example.text)) for example in guide.when.examples if not example.negative]
        examples[guide.title] = [*positive, glossary.apply(guide.title)]
        if refused := [glossary.apply(mask(example.text)) for example in guide.when.examples if example.negative]:
            negatives[guide.title] = refused
        if not guide.when.judgement and not guide.safeguard:
            background += examples[guide.title]
    return TaughtExamples(examples, negatives, background)


def learn_guides(
    kernel: Kernel,
    *,
    languages: Sequence[str],
    glossary: Glossary,
    embedder: Embedder | None = None,
    folder: Path | None = None,
    topics: Sequence[str] = (),
) -> LearntGuides:
    """Learn a shop's guides from their examples and titles.

    A shop of 70 guides is learnt in about a second, once its examples have been embedded, which takes about 10 ms each; it is
    read from the folder in a few milliseconds as long as nothing of it changed.

    Args:
        kernel: The guides.
        languages: What examples may be written in, the shop's own first.
        glossary: The shop's own words; in examples they are read as in messages.
        embedder: Compares messages by their meaning too; one that fails leaves it at their words.
        folder: Where vectors and what was learnt are kept between runs; None for nowhere.
        topics: What messages may be about beside what guides are for: titles of articles.
    """

    def read(text: str) -> str:
        return glossary.apply(mask(text))

    beside = [read(text) for text in topics]
    examples, negatives, background = taught_examples(kernel, glossary)
    taught, safeguards = taught_by(kernel, read=read)

    one_at_a_time = Lock()

    def embedded() -> Embedded | None:
        with one_at_a_time:
            return embedded_once()

    @lru_cache(maxsize=1)
    def embedded_once() -> Embedded | None:
        of_guides = [text for groups in (examples, negatives) for group in groups.values() for text in group]
        of_judge = [text for one in taught.values() for text in (one.description, *one.examples, *one.negatives)]
        return embed_examples(
            embedder, [*of_guides, *of_judge, *beside], folder=folder / "examples" if folder else None,
            by_english=mostly_english(of_guides or of_judge, languages),
        )  # fmt: skip

    learnt_from = {
        "examples": [[title, group] for title, group in examples.items()],
        "negatives": [[title, group] for title, group in negatives.items()],
        "taught": [[name, one.description, one.examples, one.negatives] for name, one in taught.items()],
        "languages": list(languages),
        "topics": beside,
        "embedder": embedder.stamp if embedder is not None else None,
        "formats": [MATCHER_FORMAT, JUDGE_FORMAT],
        "words": [word_lists(name) for name in ("concepts", "senses", "everyday")],
    }

    def learnt_judge() -> Judge:
        return learn_or_load(
            "judgements", learnt_from, folder=folder,
            learn=lambda: Judge.fit(taught, background=background, embedded=embedded(), languages=languages),
            load=lambda arrays: Judge.from_arrays(arrays, embedder),
        )  # fmt: skip

    matcher = None
    with ThreadPoolExecutor(max_workers=1) as beside_it:  # both are mostly work on matrices, which threads do at once
        judging = beside_it.submit(learnt_judge)
        if examples:
            matcher = learn_or_load(
                "guides", learnt_from, folder=folder,
                learn=lambda: Matcher.fit(examples, negatives, topics=beside, embedded=embedded(), languages=languages),
                load=lambda arrays: Matcher.from_arrays(arrays, embedder),
            )  # fmt: skip
        judge = judging.result()
    forget_many()
    forms = SafeguardForms(
        {title: taught[name].examples for title, name in safeguards.items()},
        {title: taught[name].negatives for title, name in safeguards.items()},
    )
    return LearntGuides(matcher, judge, safeguards, forms)
