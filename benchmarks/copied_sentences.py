"""How many sentences that a model copies word for word from its passages verification cuts, and how many turned round it sends.

    python benchmarks/copied_sentences.py [--data FOLDER] [--passages 400] [--show]

Of each passage of the demo shop, and of some of the bank's (FOLDER as in `retrieval.py`), each sentence is held against that
passage and those that a search finds beside it, as a model is given them. What is cut should be but fragments that the heading
above them denies ("Opened make-up." under "What can't come back?"). `--show` shows them.

Each English sentence is also turned round by one small change: a "not" more or less, another figure, we for you, before for
after, "unless" for "if", a condition or an "only" that is left out, may for must. How many are let through is told by the change.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from convagent.answering.grounding import Source, Sources, check_sentence
from convagent.answering.units import sentences_of
from convagent.knowledge import Article, KnowledgeBase, Passage
from convagent.search import Embedder, open_embedder

HERE = Path(__file__).parent
AUXILIARY = re.compile(r"\b(?:is|are|was|were|will|can|may|must|has|have|does|do)\b")
DENIED = re.compile(r"n't\b|\b(?:not|no|never|cannot)\b")
ITEM = re.compile(r"^\s*(?:[-•*]|\d{1,2}[.)])\s+")
FEWEST = 4


def sentences(passage: Passage) -> Iterator[str]:
    """Its sentences of four words and more that end with a full stop."""
    for line in passage.text.splitlines():
        for sentence in sentences_of(ITEM.sub("", line)):
            if sentence.endswith((".", "!")) and len(sentence.split()) >= FEWEST:
                yield sentence


def _swapped(sentence: str, one: str, other: str) -> str:
    words = {one: other, other: one, one.capitalize(): other.capitalize(), other.capitalize(): one.capitalize()}
    return re.sub(rf"\b(?:{'|'.join(words)})\b", lambda found: words[found[0]], sentence)


def turned(sentence: str) -> Iterator[tuple[str, str]]:
    """What is wrong when one small thing of a sentence is changed, with the change."""
    plain = sentence.replace("’", "'")
    if (found := AUXILIARY.search(plain)) and not DENIED.search(plain):
        yield "a not added", f"{plain[: found.end()]} not{plain[found.end() :]}"
    yield "a not left out", re.sub(r"\b(can|do|does|is|are|was|will|has|have)(?:n't|not| not)\b", r"\1", plain, count=1)
    yield "another figure", re.sub(r"\d+", lambda found: str(int(found[0]) + 1), plain, count=1)
    yield "we for you", _swapped(plain, "we", "you")
    yield "before for after", _swapped(plain, "before", "after")
    yield "after for within", re.sub(r"\bwithin\b", "after", plain)
    yield "an only left out", re.sub(r"\b[Oo]nly ", "", plain, count=1)
    yield "may for must", re.sub(r"\b(?:must|have to|need to)\b", "can", plain, count=1)
    yield "must for may", re.sub(r"\b(?:can|may)\b(?! not)", "must", plain, count=1)
    if condition := re.match(r"(If|When) ([^,]{3,100}), (.+)$", plain):
        yield "unless for if", f"Unless {condition[2]}, {condition[3]}"
        yield "a condition left out", condition[3][0].upper() + condition[3][1:]


def tell(name: str, base: KnowledgeBase, language: str, *, most: int, embedder: Embedder | None, show: bool) -> None:
    """Counts and prints."""
    passages = [each for each in base.passages if each.language == language]
    kinds: Counter[str] = Counter()
    changed: dict[str, list[bool]] = {}
    said = cut = 0
    for passage in random.Random(1).sample(passages, min(most, len(passages))):
        found = base.search(f"{passage.title} {' '.join(passage.heading)}", 5, language=language)
        given = dict.fromkeys((passage, *(hit.passage for hit in found)))
        sources = Sources(
            tuple(Source(each.text, " ".join((each.title, *each.heading)), each.language) for each in given),
            language, embedder=embedder,
        )  # fmt: skip
        for sentence in sentences(passage):
            said += 1
            faults = check_sentence(sentence, sources).faults
            cut += bool(faults)
            kinds.update({fault.kind for fault in faults})
            if faults and show:
                print(
                    f"  {passage.title} {' > '.join(passage.heading)}: {sentence!r}: {faults[0].kind} {faults[0].words!r}"
                )
            for change, wrong in turned(sentence) if language == "en" else ():
                if wrong != sentence.replace("’", "'"):
                    changed.setdefault(change, []).append(not check_sentence(wrong, sources).faults)
    told = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
    print(f"{name}, {language}: {said} sentences, {cut} cut ({cut / max(1, said):.1%}){': ' if told else ''}{told}")
    for change, sent in changed.items():
        print(f"    {change:22} {sum(sent):4} of {len(sent):5} sent ({sum(sent) / len(sent):.1%})")


def main() -> None:
    """Measures and prints a line for each language of the demo shop, and one for the bank."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("CONVAGENT_DATA") or HERE.resolve().parents[1] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--passages", type=int, default=400, help="of the bank's, drawn by chance")
    parser.add_argument("--show", action="store_true", help="what is cut")
    given = parser.parse_args()
    embedder = open_embedder("embedded", languages=("en", "de", "fr"))
    shop = KnowledgeBase.from_folder(HERE.parent / "knowledge" / "articles")
    for language in ("en", "de", "fr"):
        tell("the demo shop", shop, language, most=10_000, embedder=embedder, show=given.show)
    documents = given.data / "bank-help-center" / "documents.jsonl"
    if not documents.is_file():
        print(f"{documents} isn't there: name the folder of the data with --data.")
        return
    rows = [json.loads(line) for line in documents.read_text(encoding="utf-8").splitlines()]
    bank = KnowledgeBase.from_articles([Article(id=row["id"], title=row["title"], text=row["content"]) for row in rows])
    tell("the bank", bank, "en", most=given.passages, embedder=embedder, show=given.show)


if __name__ == "__main__":
    main()
