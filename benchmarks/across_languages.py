"""Whether guides with examples in one language are found by messages in another.

    python benchmarks/across_languages.py [--final] [--all-languages]

Of the demo shop's guides those with two examples or more in each of English, German and French are learnt, from at most four
examples of one language and without their titles, as a shop of that language writes them. Held against them are the messages
of `data/demo-messages.jsonl` (the half that may be tuned on; with `--final` the other, which is only reported) and the
first messages of the visible suites, by their language; what is an example itself is left out. Told are the shares of messages
to these guides for which the right guide is found, and another; and of messages outside of all guides for which one is found.
By default a shop answers in its own language alone; with `--all-languages` in all three.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from convagent import Agent
from convagent.evals import load_cases
from convagent.search import open_embedder
from convagent.understanding import Matcher
from convagent.understanding.gist import mask
from convagent.understanding.language import detect_language
from convagent.understanding.likeness import mostly_english
from convagent.understanding.meaning import embed_examples

HERE = Path(__file__).parent
LANGUAGES = ("en", "de", "fr")
FEWEST, MOST = 2, 4
KEPT = {"final", "shopping-final", "everyday-final", "personas"}
Messages = dict[str, list[tuple[str, str | None]]]


def examples_by_language() -> dict[str, dict[str, list[str]]]:
    """The guides that have examples in each language: title, examples by language."""
    kernel = Agent.open(HERE.parent, storage="memory:").shop.kernel
    out: dict[str, dict[str, list[str]]] = {}
    for guide in kernel.guides:
        if guide.when is None or guide.safeguard:
            continue
        found: dict[str, list[str]] = {language: [] for language in LANGUAGES}
        for example in guide.when.examples:
            language = detect_language(example.text, languages=LANGUAGES)
            if not example.negative and language in found:
                found[language].append(example.text)
        if all(len(texts) >= FEWEST for texts in found.values()):
            out[guide.title] = found
    return out


def messages(half: str) -> Messages:
    """By language: messages with the one guide that they ask for, None for none at all."""
    out: defaultdict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for line in (HERE / "data" / "demo-messages.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["half"] == half and ("guide" in row["expect"] or "outside" in row["expect"]):
            out[row["language"]].append((row["text"], row["expect"].get("guide")))
    if half == "final":
        return out
    for suite in sorted((HERE.parent / "evals").glob("*.yaml")):
        if suite.stem in KEPT:
            continue
        for case in load_cases([suite]):
            first = case.turns[0]
            if first.customer and first.expect is not None and first.expect.guide:
                language = detect_language(first.customer, languages=LANGUAGES)
                out[language].append((first.customer, str(first.expect.guide)))
    return out


def main() -> None:
    """Prints a row for each pair of languages."""
    half = "final" if "--final" in sys.argv else "tune"
    guides = examples_by_language()
    asked = messages(half)
    written = {text for found in guides.values() for texts in found.values() for text in texts}
    print(f"{len(guides)} guides")
    for own in LANGUAGES:
        answered = (own, *(other for other in LANGUAGES if other != own)) if "--all-languages" in sys.argv else (own,)
        examples = {title: [mask(text) for text in found[own][:MOST]] for title, found in guides.items()}
        embedder = open_embedder("embedded", languages=answered)
        texts = [text for group in examples.values() for text in group]
        embedded = embed_examples(embedder, texts, by_english=mostly_english(texts, answered))
        matcher = Matcher.fit(examples, embedded=embedded, languages=answered)
        for language in LANGUAGES:
            counts: Counter[str] = Counter()
            for text, expected in asked[language]:
                if text in written or (expected is not None and expected not in guides):
                    continue
                label = matcher.match(mask(text), language=language).label
                if expected is None:
                    counts["outside"] += 1
                    counts["drawn in"] += label is not None
                    continue
                counts["meant"] += 1
                counts["right"] += label == expected
                counts["wrong"] += label not in (None, expected)
            meant, outside = max(counts["meant"], 1), max(counts["outside"], 1)
            print(
                f"{own} guides, {language} messages: right {counts['right'] / meant:.2f}, wrong {counts['wrong'] / meant:.2f} "
                f"of {counts['meant']}; drawn in {counts['drawn in'] / outside:.2f} of {counts['outside']}"
            )


if __name__ == "__main__":
    main()
